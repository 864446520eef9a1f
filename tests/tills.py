"""A till for tests: receipts and purchase requests with few words, and what the books hold afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation, Wallet
from kopilka.data.models.members import Member
from kopilka.engine.actor import TILL, Actor, ActorKind
from kopilka.engine.money import line_amount
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.services.purchases import (
    MemberRef,
    Proof,
    PurchaseRequest,
    PurchaseResult,
    RefKind,
    confirm_purchase,
)
from tests.factories import NOON

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
spending:
  bonus: {share_of_receipt: 50}
promotions:
  cashback: {earn: {percent: 10}}
"""
"""Ten percent back in points that live a year; points pay half of a receipt; spending needs a code."""

FREE_RULES = RULES + "spending_proof: {by: none}\n"
"""The same, and anybody may spend."""

KEY_ID = UUID("00000000-0000-7000-8000-000000000001")
TILL_1 = Actor(ActorKind.KEY, KEY_ID, "касса 1", TILL, till="1", branch="center")


def receipt(*lines: tuple[str, str, int], at: datetime = NOON, spend: int | str = 0, **facts: object) -> Receipt:
    """Lines of (article, price in roubles, quantity); `spend` points, or "max"."""
    made = []
    for number, (sku, price, quantity) in enumerate(lines, 1):
        roubles, _, kopecks = price.partition(".")
        exact = int(roubles) * 10_000 + int((kopecks or "0").ljust(4, "0"))
        made.append(Line(number, sku, quantity * 1000, exact, line_amount(exact, quantity * 1000)))
    wish = SpendWish(SpendMode.MAX) if spend == "max" else SpendWish()
    if isinstance(spend, int) and spend:
        wish = SpendWish(SpendMode.AMOUNT, spend)
    return Receipt(tuple(made), at, spend=wish, **facts)


def bread(price: str = "100", **facts: object) -> Receipt:
    """One line for so many roubles."""
    return receipt(("BREAD", price, 1), **facts)


def by_id(member_id: UUID | None) -> MemberRef | None:
    return None if member_id is None else MemberRef(RefKind.ID, str(member_id))


def request(member_id: UUID | None, sold: Receipt | None, number: str = "1", **facts: object) -> PurchaseRequest:
    """A purchase at till 1 at noon, with no key."""
    made = PurchaseRequest("till:1", number, TILL_1, NOON, receipt=sold, member=by_id(member_id))
    return replace(made, **facts)


def with_key(key: str, content: str = "same", owner: UUID = KEY_ID) -> Request:
    return Request(owner, key, sha256(content.encode()).digest())


def buy(program_id: UUID, member_id: UUID | None, price: str = "100", **facts: object) -> PurchaseResult:
    """Sell bread for so many roubles, under a receipt number nobody has used."""
    number = str(facts.pop("number", uuid4()))
    spend = facts.pop("spend", 0)
    at = facts.get("at", NOON)
    sold = bread(price, spend=spend, at=at)
    return confirm_purchase(program_id=program_id, request=request(member_id, sold, number, **facts))


VOUCHED = Proof(vouched=True)


def rows(program_id: UUID, model: type, *names: str, order: str = "id") -> list[tuple]:
    """Columns of a program's rows."""
    with transaction.atomic():
        enter_program(program_id)
        return list(model.objects.of(program_id).order_by(order).values_list(*names))


def wallet(program_id: UUID, member_id: UUID) -> tuple[int, int, int, int]:
    """Available, pending, held and debt of the member's bonus wallet."""
    with transaction.atomic():
        enter_program(program_id)
        found = Wallet.objects.of(program_id).filter(member_id=member_id, currency="bonus")
        return found.values_list("available", "pending", "held", "debt").first() or (0, 0, 0, 0)


def books_agree(program_id: UUID) -> bool:
    """Entries sum to zero, wallets are the sums of their entries, lots hold what was not drawn and what wallets say."""
    with transaction.atomic():
        enter_program(program_id)
        entries = list(LedgerEntry.objects.of(program_id))
        wallets = list(Wallet.objects.of(program_id))
        lots = list(Lot.objects.of(program_id))
        draws = list(Draw.objects.of(program_id))
        operations = {row.id for row in Operation.objects.of(program_id)}
    by_operation = {one: sum(e.units for e in entries if e.operation_id == one) for one in operations}
    drawn = {lot.id: sum(d.units for d in draws if d.lot_id == lot.id) for lot in lots}
    return (
        not any(by_operation.values())
        and all(
            (w.available, w.pending, w.held, -w.debt)
            == tuple(
                sum(e.units for e in entries if e.wallet_id == w.id and e.account == account)
                for account in ("available", "pending", "held", "debt")
            )
            for w in wallets
        )
        and all(lot.amount == lot.remaining + drawn[lot.id] + lot.expired for lot in lots)
        and all(
            (w.available, w.pending)
            == tuple(
                sum(lot.remaining for lot in lots if lot.wallet_id == w.id and lot.active is active)
                for active in (True, False)
            )
            for w in wallets
        )
    )


def member_row(program_id: UUID, member_id: UUID) -> Member:
    with transaction.atomic():
        enter_program(program_id)
        return Member.objects.of(program_id).get(id=member_id)
