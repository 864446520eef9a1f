"""Gifts that are somebody's: made with a code nobody can guess, taken from the stock, paid with points, given back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import choice
from typing import Any
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.loading import lot_of
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.ledger import Lot
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Lot as LotState
from kopilka.engine.standing import Standing

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 13
"""Thirteen of 32 letters are 65 random bits: nobody guesses one, however often he tries."""

STOCK = "gift"
"""What the counters of the catalogue are called."""

Paid = list[tuple[str, str, int]]
"""Points taken for a gift: lot, currency, units."""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A gift about to be somebody's: `count` gifts of the catalogue; `life` None: as the gift says."""

    member_id: UUID
    gift: Gift
    origin: str
    at: datetime
    count: int = 1
    life: Life | None = None
    deed_id: UUID | None = None


def make_claim(program_id: UUID, new: NewClaim, rulebook: Rulebook, paid: Paid) -> GiftClaim:
    """Write it down; stock and points are the caller's."""
    gift = new.gift
    life = gift.life if new.life is None else new.life
    row = GiftClaim(
        id=new_id(), program_id=program_id, member_id=new.member_id, gift=gift.code, sku=gift.sku,
        name=gift.name_ru or gift.name_en, pieces=gift.quantity * new.count, count=new.count,
        code="".join(choice(LETTERS) for _ in range(CODE_LENGTH)) if gift.code_needed else "",
        cash_minor=gift.cash_minor * new.count if new.origin == "chosen" else 0, paid=json.dumps(paid) if paid else "",
        origin=new.origin, deed_id=new.deed_id, chosen_at=new.at, changed_at=new.at,
        until=None if life.is_empty else life.after(new.at, rulebook.zone),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def take_from_stock(program_id: UUID, gift: Gift, count: int) -> None:
    """Lock the gift's counter and count on; `gift_unavailable` (out_of_stock) when not so many are left."""
    if gift.stock is None:
        return
    row = _counter(program_id, gift.code)
    if row.used + count > gift.stock:
        raise Refusal(Code.GIFT_UNAVAILABLE, gift=gift.code, reason="out_of_stock")
    _count(program_id, row, count)


def put_back(program_id: UUID, gift: str, count: int) -> None:
    """So many of a gift are free again."""
    row = RuleUse.objects.of(program_id).filter(kind=STOCK, code=gift, member=None)
    found = _locked(row).first()
    if found is not None:
        _count(program_id, found, -min(count, found.used))


def taken_of(program_id: UUID, gifts: Iterable[str]) -> dict[str, int]:
    """How many of each gift are somebody's or gone."""
    rows = RuleUse.objects.of(program_id).filter(kind=STOCK, code__in=list(gifts), member=None)
    return dict(rows.values_list("code", "used"))


def pay_for(act: Act, gift: Gift) -> Paid:
    """Take the price of one gift; `insufficient_points`."""
    return [
        (str(drawn.lot.id), currency, drawn.units)
        for currency, units in gift.prices.items()
        for drawn in act.spend(currency, units)
    ]


def pay_back(program_id: UUID, act: Act, claim: GiftClaim, rulebook: Rulebook) -> bool:
    """Give the points back to the lots they came from; is there anything to give?"""
    paid: Paid = json.loads(claim.paid) if claim.paid else []
    if not paid:
        return False
    grace = rulebook.returns.grace
    grace_until = None if grace.is_empty else grace.after(act.at, rulebook.zone)
    lots = _lots(program_id, act.standing, [UUID(lot) for lot, _, _ in paid])
    for lot, _, units in paid:
        act.give_back(lots[UUID(lot)], units, grace_until=grace_until)
    return True


def lock_claim(program_id: UUID, claim_id: UUID) -> GiftClaim | None:
    """The claim, locked after its member."""
    found: GiftClaim | None = _locked(GiftClaim.objects.of(program_id).filter(id=claim_id)).first()
    return found


def owner_of_claim(program_id: UUID, claim_id: UUID) -> UUID | None:
    """Whose it is, so that he can be locked first."""
    found: UUID | None = (
        GiftClaim.objects.of(program_id).filter(id=claim_id).values_list("member_id", flat=True).first()
    )
    return found


def due_claims(program_id: UUID, *, at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Gifts whose time is over, with their members: the elder first. Nothing is locked."""
    rows = GiftClaim.objects.of(program_id).filter(state="open", until__lte=at).order_by("until", "id")
    return list(rows.values_list("id", "member_id")[:limit])


def close_claim(program_id: UUID, claim: GiftClaim, state: str, at: datetime) -> None:
    claim.state, claim.changed_at = state, at
    GiftClaim.objects.of(program_id).filter(id=claim.id).update(state=state, changed_at=at)


def _locked(rows: Any) -> Any:
    if locks_are_on() and connection.vendor == "postgresql":
        return rows.select_for_update(no_key=True)
    return rows


def _counter(program_id: UUID, gift: str) -> RuleUse:
    with store.together():
        store.insert_missing_counters(program_id, [(new_id(), STOCK, gift, None)])
    row: RuleUse = _locked(RuleUse.objects.of(program_id).filter(kind=STOCK, code=gift, member=None)).get()
    return row


def _count(program_id: UUID, row: RuleUse, more: int) -> None:
    RuleUse.objects.of(program_id).filter(id=row.id).update(used=row.used + more)


def _lots(program_id: UUID, standing: Standing, ids: list[UUID]) -> dict[UUID, LotState]:
    """These lots as the standing's own values, read into it where they are missing."""
    known = {lot.id: lot for lots in standing.lots.values() for lot in lots}
    missing = [one for one in ids if one not in known]
    rows = Lot.objects.of(program_id).filter(id__in=missing).select_related("wallet")
    for row in rows:
        columns = (
            row.id, row.amount, row.remaining, row.starts_at, row.expires_at, row.active, row.expired, row.purchase_id,
            row.grace,
        )  # fmt: skip
        known[row.id] = lot_of(row.wallet.currency, columns)
        standing.lots.setdefault(row.wallet.currency, []).append(known[row.id])
    return known
