"""The buyer's gifts: found by their codes or by whose they are, collected with the purchase, once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.coupons import normal_word
from kopilka.engine.decision import Decision, Why
from kopilka.engine.gifts import OF_GIFTS
from kopilka.engine.returned import is_back
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Claim

_CLAIMS = Rows(GiftClaim, "id", "state", "purchase_id", "changed_at")


def _open_claims() -> Any:
    return GiftClaim.objects.filter(state="open").order_by("id")


def _of_members() -> Any:
    return _open_claims().of(Hole("program_id")).filter(member_id__in=Each("members"))


_READ = Prepared(_of_members)
_LOCKED = Prepared(lambda: _of_members().select_for_update(no_key=True))


class GiftsOfBuyer(Belonging):
    """A code is good for its member and for a buyer nobody named; another member cannot use it.

    Claims are locked themselves: a code can be named without its member.
    """

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._known: dict[UUID, GiftClaim] = {}
        self._of_purchase: dict[UUID, list[GiftClaim]] = {}
        self._changed: dict[UUID, GiftClaim] = {}

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.mechanics.gifts)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        members = {buyer.member_id for buyer in buyers if buyer.member_id is not None}
        words = {normal_word(code) for buyer in buyers for code in buyer.receipt.codes}
        if not members and not words:
            return
        locking = lock and locks_are_on() and connection.vendor == "postgresql"
        if words:
            rows = _open_claims().of(self.program_id).filter(Q(member_id__in=members) | Q(code__in=words))
            found: Iterable[GiftClaim] = rows.select_for_update(no_key=True) if locking else rows
        else:
            found = (_LOCKED if locking else _READ).all(program_id=self.program_id, members=members)
        self._known = {row.id: row for row in found}

    def lay(self, buyer: Buyer) -> None:
        named = {normal_word(code) for code in buyer.receipt.codes}
        buyer.standing.claims = {
            row.code or str(row.id): Claim(
                row.id, row.gift, row.sku, row.pieces, row.until, row.name, row.cash_minor, bool(row.code)
            )
            for row in self._known.values()
            if row.state == "open"
            and (row.until is None or buyer.at < row.until)
            and (row.member_id == buyer.member_id or (buyer.member_id is None and row.code in named))
        }

    def use(self, sold: Sold) -> None:
        for key in sold.decision.beyond.claims if sold.decision.beyond else ():
            self._change(self._known[key], "collected" if sold.final else "set_aside", sold)

    def finish(self, sold: Sold) -> None:
        for row in self._claims_of(sold.purchase_id):
            self._change(row, "collected", sold)

    def give_back(self, sold: Sold) -> None:
        for row in self._claims_of(sold.purchase_id):
            self._change(row, "open", sold)

    def undo(self, sold: Sold) -> None:
        """When all of a gift is brought back it waits again, unless spent points are not given back at all."""
        if not sold.rulebook.returns.give_back:
            return
        returned = sold.returned.lines if sold.returned else {}
        quantities = {line.number: line.quantity for line in sold.decision.lines}
        for row in self._claims_of(sold.purchase_id):
            if row.state == "collected" and is_back(_lines_of(sold.decision, row.gift), quantities, returned):
                self._change(row, "open", sold)

    def write(self) -> None:
        values = [(one.id, one.state, one.purchase_id, one.changed_at) for one in self._changed.values()]
        store.update(_CLAIMS, self.program_id, values)

    def _claims_of(self, purchase_id: UUID) -> list[GiftClaim]:
        if purchase_id not in self._of_purchase:
            rows = GiftClaim.objects.of(self.program_id).filter(purchase_id=purchase_id).order_by("id")
            self._of_purchase[purchase_id] = list(rows)
        return self._of_purchase[purchase_id]

    def _change(self, row: GiftClaim, state: str, sold: Sold) -> None:
        row.state, row.changed_at = state, sold.at
        row.purchase_id = None if state == "open" else sold.purchase_id
        self._changed[row.id] = row
        if state == "collected":
            told = json.dumps({"gift": row.gift, "claim": str(row.id)}, separators=(",", ":"))
            self.events.append(Happened(EventKind.GIFT_COLLECTED, row.member_id, row.id, sold.at, told))


def _lines_of(decision: Decision, gift: str) -> list[int]:
    rule = OF_GIFTS + gift
    return [reason.line for reason in decision.reasons if reason.why is Why.GIFT_GIVEN and reason.rule == rule]
