"""Gifts that are somebody's, as a till or the member sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.members import Member
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class ClaimView:
    """`pieces` of `sku` that wait to be collected together; `paid` units by currency.

    `state`: open, set_aside, collected, cancelled, expired; `origin`: chosen, granted, card.
    """

    id: UUID
    member_id: UUID
    gift: str
    sku: str
    name: str
    pieces: int
    code: str
    cash_minor: int
    paid: dict[str, int]
    origin: str
    state: str
    chosen_at: datetime
    until: datetime | None
    purchase_id: UUID | None


_BY_CODE = Prepared(lambda: GiftClaim.objects.of(Hole("program_id")).filter(code=Hole("code"))[:1])
_OPEN = Prepared(
    lambda: (
        GiftClaim.objects.of(Hole("program_id"))
        .filter(member_id=Hole("member_id"), state="open")
        .order_by("-id")[:PAGE_MAX]
    )
)


def claims_of_member(
    program_id: UUID, member_id: UUID, *, before: UUID | None = None, limit: int = 50
) -> tuple[tuple[ClaimView, ...], UUID | None]:
    """A page of a member's gifts, the newest first, and where the next one begins; `not_found`."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        if not Member.objects.of(program_id).filter(id=member_id).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
        rows = GiftClaim.objects.of(program_id).filter(member_id=member_id)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    page = tuple(_view(row) for row in found[:limit])
    return page, page[-1].id if len(found) > limit else None


def open_claims(program_id: UUID, member_id: UUID) -> list[ClaimView]:
    """A member's gifts that wait to be collected, over or not, the newest first, at most PAGE_MAX."""
    with reading(program_id):
        return [_view(row) for row in _OPEN.all(program_id=program_id, member_id=member_id)]


def claim_for_till(program_id: UUID, code: str) -> ClaimView:
    """By the code the buyer names, or by its id; `not_found`."""
    with reading(program_id):
        row = _by_code_or_id(program_id, code)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="gift")
    return _view(row)


def _by_code_or_id(program_id: UUID, code: str) -> GiftClaim | None:
    word = "".join(letter for letter in code.upper() if letter.isalnum())  # shown in groups of four
    found: GiftClaim | None = _BY_CODE.first(program_id=program_id, code=word) if word else None
    if found is not None:
        return found
    try:
        return GiftClaim.objects.of(program_id).filter(id=UUID(code)).first()
    except ValueError:
        return None


def _view(row: GiftClaim) -> ClaimView:
    paid: dict[str, int] = {}
    for _, currency, units in json.loads(row.paid) if row.paid else ():
        paid[currency] = paid.get(currency, 0) + units
    return ClaimView(
        row.id, row.member_id, row.gift, row.sku, row.name, row.pieces, row.code, row.cash_minor, paid, row.origin,
        row.state, row.chosen_at, row.until, row.purchase_id,
    )  # fmt: skip
