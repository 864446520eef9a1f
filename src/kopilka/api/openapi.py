"""The OpenAPI 3.1 document of /api/v1, made of the Litestar handlers: their paths, types, texts and refusals."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar.handlers import HTTPRouteHandler

from kopilka import __version__
from kopilka.api.calls import KeyUse
from kopilka.api.error_examples import EXAMPLES, always_possible, problem_example
from kopilka.api.errors import STATUSES
from kopilka.api.examples.russian import ABOUT, RUSSIAN
from kopilka.api.examples.russian import HEADERS as RUSSIAN_HEADERS
from kopilka.api.examples.russian import TAGS as RUSSIAN_TAGS
from kopilka.api.hot import PREFIX
from kopilka.api.operations import Operation, body_of, operation_of
from kopilka.api.routers import ROUTES
from kopilka.api.schemas.problems import ProblemOut

Json = dict[str, Any]

REF = "#/components/schemas/{name}"
DESCRIPTION = """\
Money is in integer minor units of the program's currency, points in the smallest unit of theirs (`decimals` stands
beside them), quantities are decimals as texts, times RFC 3339 with an offset.

Every request carries `Authorization: Bearer kp_…`. Every POST and PATCH that writes to the books carries an
`Idempotency-Key`: sent again with the same key and body it is answered with the same bytes and
`Idempotent-Replayed: true`. Errors are RFC 9457 problem documents with a stable `code`, in Russian or English by
`Accept-Language`. Unknown fields and unknown query parameters are refused.
"""
TAGS = {
    "members": "People enrolled in the program.",
    "quotes": "What would happen to a receipt now.",
    "holds": "Points set aside for a purchase to come.",
    "purchases": "Receipts recorded for good.",
    "returns": "Goods brought back.",
    "wallets": "Points of members.",
    "entries": "The books, line by line, and why.",
    "program": "The rulebook and its versions.",
    "rules": "Rules that answer events, and what they did.",
    "events": "Events of the shop's own.",
    "webhooks": "Addresses that are told of events.",
    "gifts": "The gift catalogue.",
    "claims": "Gifts that are somebody's and wait to be collected.",
    "privileges": "What promotions opened by a purchase bring.",
    "segments": "Members by a condition, and those put together by hand.",
    "coupons": "Coupon codes: found, bound to a phone, withdrawn.",
    "coupon-batches": "Coupon codes made in numbers.",
    "certificates": "Gift certificates: money paid beforehand.",
    "raffles": "Prizes drawn so that anybody can check it.",
    "links": "Invite links and what they have brought.",
    "club": "What the closed club costs and brings.",
    "goods": "Goods that were not there, and who waits for them.",
    "ambassadors": "Who recommends most.",
    "beneficiaries": "Employees, agents and partners: who gets shares of sales.",
    "staff": "What employees do and reach.",
    "premiums": "Premiums for goals.",
    "clearing": "What partners owe each other.",
}
PARAMETERS = {
    "IdempotencyKey": (
        "Idempotency-Key", True, "One key of its own for each act, the same one for its repetition.", 255
    ),
    "OptionalIdempotencyKey": ("Idempotency-Key", False, "Allowed and without effect: nothing is booked.", 255),
    "AcceptLanguage": ("Accept-Language", False, "ru or en; else the language of the program.", 200),
    "RequestId": ("X-Request-Id", False, "Your own id of the request; else one is made.", 64),
}  # fmt: skip


@cache
def document() -> Json:
    """The whole document; the same for every program and every process."""
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kopilka API",
            "version": __version__,
            "description": DESCRIPTION,
            "x-ru-description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [
            {"name": name, "description": text, "x-ru-description": RUSSIAN_TAGS[name]} for name, text in TAGS.items()
        ],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "kp_…"}},
            "parameters": {name: _header_parameter(*parts) for name, parts in PARAMETERS.items()},
            "headers": {
                "RequestId": {"description": "The request's id.", "required": True, "schema": {"type": "string"}},
                "Replayed": {"description": "true: it was done before.", "schema": {"const": "true"}},
                "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "string"}},
            },
            "examples": {str(code): {"value": problem_example(str(code))} for code in EXAMPLES},
            "schemas": schemas,
        },
    }


def _schemas() -> Json:
    types_used: list[Any] = [ProblemOut]
    for handler in ROUTES:
        hints = get_type_hints(handler.fn, include_extras=True)
        types_used += [body_of(hints)] if "data" in hints else []
        types_used.append(_answered(hints))
    _, found = msgspec.json.schema_components(types_used, ref_template=REF)
    schemas = {name: found[name] for name in sorted(found)}
    schemas["ProblemOut"]["properties"]["code"]["enum"] = sorted(STATUSES)
    schemas["ProblemOut"]["additionalProperties"] = True
    return schemas


def _paths() -> Json:
    paths: dict[str, Json] = {}
    for handler in ROUTES:
        for path in handler.paths:
            shown = PREFIX + path.replace(":str}", "}")
            for method in handler.http_methods:
                paths.setdefault(shown, {})[method.lower()] = _operation(handler, path)
    return {path: paths[path] for path in sorted(paths)}


def _operation(handler: HTTPRouteHandler, path: str) -> Json:
    declared = operation_of(handler)
    hints = get_type_hints(handler.fn, include_extras=True)
    capability = declared.rule.needs.value
    summary, description = RUSSIAN[handler.fn.__name__]
    told: Json = {
        "operationId": handler.fn.__name__,
        "tags": [path.split("/")[1]],
        "summary": declared.told.summary,
        "description": f"{declared.told.description}\n\nNeeds the capability `{capability}`.",
        "x-ru-summary": summary,
        "x-ru-description": f"{description}\n\nНужно право `{capability}`.",
        "parameters": _parameters(declared, hints, path),
        "responses": _responses(declared, _answered(hints)),
    }
    if "data" in hints:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(body_of(hints)), "example": declared.told.request}},
        }
    return told


def _parameters(declared: Operation, hints: Json, path: str) -> list[Json]:
    found: list[Json] = []
    for name, hint in hints.items():
        if name in {"call", "data", "return"}:
            continue
        where = "path" if f"{{{name}:" in path else "query"
        schema = _path_schema(name) if where == "path" else _query_schema(hint)
        found.append({"name": name.rstrip("_"), "in": where, "required": where == "path", "schema": schema})
    headers = {KeyUse.REQUIRED: ["IdempotencyKey"], KeyUse.OPTIONAL: ["OptionalIdempotencyKey"], KeyUse.NONE: []}
    named = [*headers[declared.rule.key], "AcceptLanguage", "RequestId"]
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in named]


def _path_schema(name: str) -> Json:
    if name.endswith("_id"):
        return {"type": "string", "format": "uuid"}
    return {"type": "integer", "minimum": 1}


def _query_schema(hint: Any) -> Json:
    """The schema of an optional parameter: without its None."""
    meta: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *rest = get_args(hint)
        meta = tuple(part for part in rest if isinstance(part, msgspec.Meta))
    if get_origin(hint) in {Union, types.UnionType}:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return msgspec.json.schema(Annotated[hint, *meta] if meta else hint)


def _responses(declared: Operation, answered: Any) -> Json:
    headers: Json = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    replayed = {"Idempotent-Replayed": {"$ref": "#/components/headers/Replayed"}}
    good = {
        "description": declared.told.summary,
        "headers": headers | (replayed if declared.rule.key is KeyUse.REQUIRED else {}),
        "content": {"application/json": {"schema": _ref(answered), "example": declared.told.response}},
    }
    found: dict[str, Json] = {str(status): good for status in declared.statuses}
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys([*map(str, declared.told.errors), *always_possible(declared.rule)]):
        by_status.setdefault(STATUSES[code], []).append(code)
    for status, codes in sorted(by_status.items()):
        found[str(status)] = _refusal(codes, headers)
    return found


def _refusal(codes: list[str], headers: Json) -> Json:
    return {
        "description": ", ".join(f"`{code}`" for code in codes),
        "headers": headers,
        "content": {
            "application/problem+json": {
                "schema": _ref(ProblemOut),
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }


def _header_parameter(name: str, required: bool, description: str, length_max: int) -> Json:  # noqa: FBT001
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "x-ru-description": RUSSIAN_HEADERS[name],
        "schema": {"type": "string", "minLength": 1 if required else 0, "maxLength": length_max},
    }


def _answered(hints: Json) -> Any:
    (kind,) = get_args(hints["return"])
    return kind


def _ref(kind: Any) -> Json:
    return {"$ref": REF.format(name=kind.__name__)}
