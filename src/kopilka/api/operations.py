"""Declaring an operation once: as a Litestar handler, for the hot lane, and for the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation

from kopilka.api.calls import Call, KeyUse, Rule
from kopilka.api.faults import Fault
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code

Opened = NamedDependency[SkipValidation[Call]]
"""The opened request, in the signature of every handler."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the document says about an operation beyond its types."""

    summary: str
    description: str
    request: Mapping[str, Any] = field(default_factory=dict)
    response: Any = None
    errors: tuple[Code | Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: found under `opt["operation"]` of its handler."""

    rule: Rule
    told: Told
    statuses: tuple[int, ...]
    decoder: msgspec.json.Decoder[Any] | None

    def __deepcopy__(self, memo: dict[int, Any]) -> Operation:
        """Litestar copies handlers when it registers them; this is immutable, and a decoder cannot be copied."""
        del memo
        return self


def operation(
    method: str,
    path: str,
    *,
    needs: Capability,
    told: Told,
    key: KeyUse = KeyUse.NONE,
    status: int = 200,
    also: tuple[int, ...] = (),
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A handler `(call, [data], [path parameters], [query parameters])` that answers with an `Answer`.

    `also`: other statuses of success, as a dry run's 200 beside 201.
    """

    def declare(function: Callable[..., Any]) -> HTTPRouteHandler:
        hints = get_type_hints(function, include_extras=True)
        data = body_of(hints)
        query = {
            name: hint
            for name, hint in hints.items()
            if name not in {"call", "data", "return"} and f"{{{name}:" not in path
        }
        declared = Operation(
            rule=Rule(needs=needs, key=key, body=data is not None, query=_query_type(query)),
            told=told,
            statuses=(status, *also),
            decoder=None if data is None else msgspec.json.Decoder(data),
        )
        return HTTPRouteHandler(
            path,
            http_method=HttpMethod(method),
            status_code=status,
            opt={"operation": declared},
            summary=told.summary,
            name=function.__name__,
        )(function)

    return declare


def _query_type(hints: Mapping[str, Any]) -> type[msgspec.Struct] | None:
    """A value with these fields, all optional: what a query string is checked against. `from_` is called from."""
    if not hints:
        return None
    fields = [(name, hint, None) for name, hint in hints.items()]
    rename = {name: name.rstrip("_") for name in hints}
    return msgspec.defstruct("Query", fields, rename=rename, kw_only=True)


def body_of(hints: Mapping[str, Any]) -> Any:
    """The type of the body, without Litestar's marker; None where there is none."""
    data = hints.get("data")
    return get_args(data)[0] if get_origin(data) is Annotated else data


def operation_of(handler: HTTPRouteHandler) -> Operation:
    declared: Operation = handler.opt["operation"]
    return declared
