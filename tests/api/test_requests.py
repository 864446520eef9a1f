"""What is made of a body for the kernel."""

from typing import get_args

from kopilka.api import receipts
from kopilka.api.schemas.receipts import LineIn, MemberIn


def test_a_line_is_taken_apart_in_the_order_of_its_fields():
    """`receipts` takes all values of a line at once, by their places."""
    assert LineIn.__struct_fields__ == (
        "sku", "price", "quantity", "line", "name", "category", "brand", "tags", "discount_minor", "vat", "cost",
        "min_price", "kind",
    )  # fmt: skip
    assert len(get_args(receipts._Fields)) == len(LineIn.__struct_fields__)


def test_a_member_is_taken_apart_in_the_order_of_his_names():
    assert MemberIn.__struct_fields__ == ("id", "phone", "card", "email", "external", "code")
