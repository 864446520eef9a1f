"""A receipt found again by the number a person reads on paper."""

from __future__ import annotations

from uuid import UUID

from kopilka.data.models.purchases import Purchase
from kopilka.queries.purchases import ROW, PurchaseRow
from kopilka.queries.scope import reading

FOUND_MAX = 20
SOURCES_MAX = 1_000
DIGITS = 6
"""A till's own numbers are its code, a dash and so many digits at least."""


def receipts_by_number(program_id: UUID, text: str, *, till: str) -> list[PurchaseRow]:
    """Those with this number, of whichever till: this till's first, then the latest. A short number is this till's own.

    "123", "k1-123" and "k1-000123" all find the receipt k1-000123 at till k1; a number of a cash register finds what
    was recorded under it.
    """
    number = text.strip().removeprefix("№").removeprefix("#").strip()
    if not number:
        return []
    with reading(program_id):
        found = Purchase.objects.of(program_id).filter(
            source__in=_sources(program_id), external_id__in=_spellings(number, till)
        )
        rows = [PurchaseRow(*row) for row in found.order_by("-id").values_list(*ROW)[:FOUND_MAX]]
    return sorted(rows, key=lambda row: row.till != till)


def _spellings(number: str, till: str) -> list[str]:
    found = [number]
    code, dash, digits = number.rpartition("-")
    if digits.isascii() and digits.isdigit():
        full = f"{int(digits):0{DIGITS}}"
        found.append(f"{code if dash else till}-{full}")
    return list(dict.fromkeys(found))


def _sources(program_id: UUID) -> list[str]:
    """Everybody who gives receipts their numbers: one short look in the unique index for each, and one for all of them
    finds the receipt, where a search by the number alone would read every purchase."""
    found: list[str] = []
    purchases = Purchase.objects.of(program_id).order_by("source").values_list("source", flat=True)
    while len(found) < SOURCES_MAX:
        following = purchases.filter(source__gt=found[-1] if found else "").first()
        if following is None:
            break
        found.append(following)
    return found
