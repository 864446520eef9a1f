"""Which column holds what."""

import pytest

from kopilka.engine.refusal import Code, Refusal
from kopilka.services.imports.columns import LINE, RECEIPT_FIELDS, parse_map, places_of

HEADER = ["Invoice", "InvoiceDate", "Customer ID", "Disc1", "Disc2", "a+b", "invoice"]


def read(text):
    return parse_map(text, fields=RECEIPT_FIELDS, required=("receipt", "at"))


def test_map_may_name_columns_with_spaces():
    assert read("receipt=Invoice, at = InvoiceDate,member=Customer ID") == {
        "receipt": "Invoice",
        "at": "InvoiceDate",
        "member": "Customer ID",
    }


@pytest.mark.parametrize(
    ("text", "given"),
    [("receipt", "receipt"), ("receipt=", "receipt="), ("what=Invoice", "what=Invoice"), ("", ""),
     ("receipt=a,receipt=b", "receipt=b")],
)  # fmt: skip
def test_map_that_cannot_be_understood_is_refused(text, given):
    with pytest.raises(Refusal) as refused:
        read(text)

    assert refused.value.code == Code.INVALID
    assert (refused.value.params["reason"], refused.value.params["given"]) == ("not_understood", given)


def test_map_without_a_needed_field_is_refused():
    with pytest.raises(Refusal) as refused:
        read("receipt=Invoice")

    assert (refused.value.code, refused.value.params) == (Code.MISSING, {"field": "map", "columns": ["at"]})


def test_places_are_found_exactly_then_without_case():
    chosen = {"receipt": "Invoice", "at": "invoicedate ", "discount": "Disc1+Disc2", "sku": "a+b"}

    assert places_of(chosen, HEADER) == {"receipt": (0,), "at": (1,), "discount": (3, 4), "sku": (5,)}


def test_place_of_a_receipt_may_be_its_line():
    assert places_of({"receipt": "@line", "at": "InvoiceDate"}, HEADER) == {"receipt": (LINE,), "at": (1,)}


@pytest.mark.parametrize(("column", "reason"), [("Nowhere", "column_missing"), ("INVOICE", "column_repeated")])
def test_place_that_is_not_there_or_twice_is_refused_with_what_there_is(column, reason):
    with pytest.raises(Refusal) as refused:
        places_of({"receipt": column}, HEADER)

    assert refused.value.params == {"field": "map", "reason": reason, "given": column, "known": HEADER}
