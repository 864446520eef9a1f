"""The document says what the door does: types, examples, refusals, and nothing else (S3.21)."""

import json
from typing import get_args, get_type_hints

import jsonschema_rs
import msgspec
import pytest

from kopilka.api.error_examples import EXAMPLES
from kopilka.api.errors import STATUSES
from kopilka.api.openapi import document
from kopilka.api.operations import body_of, operation_of
from kopilka.api.routers import ROUTES
from tests.house.tree import ROOT

OPERATIONS = [(f"{method} {path}", told) for path, item in document()["paths"].items() for method, told in item.items()]


def schema_of(reference: dict) -> dict:
    return reference | {"components": document()["components"]}


def test_document_is_the_snapshot():
    snapshot = json.loads((ROOT / "docs/api/openapi.json").read_text(encoding="utf-8"))

    assert snapshot == document(), "python -m tools.openapi --write"


def test_document_is_served(shop):
    answer = shop.get("openapi.json", authorization=None)

    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    assert answer.json() == document()


def test_operations_of_the_issue_exist():
    assert {
        "post /api/v1/members", "get /api/v1/members", "get /api/v1/members/{member_id}",
        "patch /api/v1/members/{member_id}", "post /api/v1/members/{member_id}/codes",
        "get /api/v1/members/{member_id}/wallets", "get /api/v1/members/{member_id}/entries",
        "post /api/v1/members/{member_id}/adjustments", "post /api/v1/quotes", "get /api/v1/quotes/{quote_id}",
        "post /api/v1/holds", "get /api/v1/holds/{hold_id}", "post /api/v1/holds/{hold_id}/release",
        "post /api/v1/purchases", "get /api/v1/purchases", "get /api/v1/purchases/{purchase_id}",
        "post /api/v1/purchases/{purchase_id}/confirm", "post /api/v1/purchases/{purchase_id}/cancel",
        "post /api/v1/returns", "get /api/v1/returns", "get /api/v1/returns/{return_id}",
        "get /api/v1/wallets/{wallet_id}", "get /api/v1/entries/{entry_id}",
        "get /api/v1/entries/{entry_id}/explanation", "get /api/v1/program", "get /api/v1/program/rulebook",
        "get /api/v1/program/versions", "post /api/v1/program/versions", "get /api/v1/program/versions/{number}",
        "get /api/v1/program/versions/{first}/diff/{second}",
    } <= {name for name, _ in OPERATIONS}  # fmt: skip


@pytest.mark.parametrize("handler", ROUTES, ids=lambda handler: handler.name)
def test_examples_are_values_of_their_types(handler):
    declared = operation_of(handler)
    hints = get_type_hints(handler.fn, include_extras=True)
    answered = get_args(hints["return"])[0]

    msgspec.convert(declared.told.response, answered, strict=True)
    assert set(declared.told.response) == {field.encode_name for field in msgspec.structs.fields(answered)}
    if "data" in hints:
        msgspec.json.decode(msgspec.json.encode(declared.told.request), type=body_of(hints))


@pytest.mark.parametrize(("name", "told"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_examples_fit_their_schemas(name, told):
    contents = [told["requestBody"]["content"]["application/json"]] if "requestBody" in told else []
    contents += [
        one["content"]["application/json"] for status, one in told["responses"].items() if status.startswith("2")
    ]

    for content in contents:
        jsonschema_rs.validator_for(schema_of(content["schema"])).validate(content["example"])


def test_every_error_has_an_example_and_fits_the_schema():
    problem = jsonschema_rs.validator_for(schema_of({"$ref": "#/components/schemas/ProblemOut"}))

    assert set(EXAMPLES) == set(STATUSES)
    for example in document()["components"]["examples"].values():
        problem.validate(example["value"])


@pytest.mark.parametrize(("name", "told"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_is_told_in_both_languages(name, told):
    assert told["summary"]
    assert told["description"]
    assert told["x-ru-summary"]
    assert told["x-ru-description"]


def test_every_operation_names_the_errors_of_a_missing_key():
    assert [name for name, told in OPERATIONS if not {"401", "403", "503"} <= set(told["responses"])] == []
