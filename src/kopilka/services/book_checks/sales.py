"""Checks of purchases and returns against their stored decisions and the ledger (I11, I12, I15, I18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument
from kopilka.engine.decision import Decision
from kopilka.engine.returned import Resettled, ReturnDecision, Returned, refund_of, spent_on, undone_by
from kopilka.queries import books
from kopilka.services.book_checks.finding import Finding, finding, gathered, side_by_side

Sums = dict[tuple[str, str], int]
"""Units by (currency, account)."""


def receipts_are_booked_once(program_id: UUID) -> Iterator[Finding]:
    for what, source, number, times in books.numbers_twice(program_id):
        yield finding(f"{what}_twice", source=source, number=number, times=times)


def acts_are_whole(program_id: UUID) -> Iterator[Finding]:
    for what, key, missing in books.facts_without_operation(program_id):
        yield finding(f"{what}_without_{missing}", id=key)
    for operation, kind in books.operations_about_nothing(program_id):
        yield finding("operation_about_nothing", operation=operation, kind=kind)


def purchases_add_up(program_id: UUID) -> Iterator[Finding]:
    """Lines sum to the receipt, lots and draws to their lines, and the ledger moved what was decided."""
    moved = ((key, {row[1:3]: row[3] for row in group}) for key, group in gathered(books.purchase_sums(program_id)))
    for purchase, sums in side_by_side(books.purchases(program_id), moved):
        if purchase is None:
            continue  # an operation about no purchase of ours: `acts_are_whole` names it
        key, state, net, paid, text = purchase
        decision = decision_from_text(text)
        yield from _totals(key, net, paid, decision)
        expected = _granted_and_paid(decision) if state == "confirmed" else {}
        found = sums[1] if sums else {}
        if found != expected:
            yield finding("ledger_not_as_decided", purchase=key, decided=_named(expected), ledger=_named(found))


def _totals(key: UUID, net: int, paid: int, decision: Decision) -> Iterator[Finding]:
    totals, lines = decision.totals, decision.lines
    sums = tuple(sum(getattr(line, name) for line in lines) for name in ("amount", "manual", "net", "points", "paid"))
    stated = (totals.amount, totals.manual, totals.net, totals.points, totals.paid)
    if sums != stated or (net, paid) != (totals.net, totals.paid):
        yield finding("lines_do_not_sum", purchase=key, lines=sums, totals=stated, row=(net, paid))
    for line in lines:
        off = sum(minor for _, minor in line.discounts)
        if line.amount - line.manual - off != line.net or line.net - line.points != line.paid:
            yield finding("line_does_not_add_up", purchase=key, line=line.number)
    for index, lot in enumerate(decision.lots):
        if sum(line.earned.get(index, 0) for line in lines) != lot.units:
            yield finding("lot_not_its_lines", purchase=key, lot=index, units=lot.units)
    for plan in decision.spend:
        drawn = sum(draw.units for draw in decision.draws if draw.currency == plan.currency)
        on_lines = sum(line.spent.get(plan.currency, 0) for line in lines)
        if not plan.units == drawn == on_lines:
            yield finding("spent_not_its_lines", purchase=key, units=plan.units, drawn=drawn, lines=on_lines)


def _granted_and_paid(decision: Decision) -> Sums:
    found: Counter[tuple[str, str]] = Counter()
    for lot in decision.lots:
        found[lot.currency, "expense"] -= lot.units
    for plan in decision.spend:
        found[plan.currency, "liability"] += plan.units
    return {key: units for key, units in found.items() if units}


def _named(sums: Sums) -> dict[str, int]:
    return {" ".join(key): units for key, units in sorted(sums.items())}


@dataclass(slots=True)
class _Brought:
    """What the returns of one purchase say together."""

    lines: Counter[int] = field(default_factory=Counter)
    refund: int = 0
    taken: Counter[UUID] = field(default_factory=Counter)
    given: Counter[UUID] = field(default_factory=Counter)
    owed: Counter[str] = field(default_factory=Counter)
    forgotten: Counter[str] = field(default_factory=Counter)


def returns_stay_within_purchases(program_id: UUID) -> Iterator[Finding]:
    """Goods, money and points of all returns of a purchase: what the purchase remembers, and no more than it had."""
    brought: dict[UUID, _Brought] = {}
    for key, refund, text in books.returns(program_id):
        document = from_text(text, ReturnDocument)
        stated = sum(one.refund_minor for one in document.decisions)
        if refund != stated + sum(line.amount_minor for line in document.unmatched):
            yield finding("refund_not_its_lines", id=key, refund=refund, lines=stated)
        _gather(brought, document)
    for text in books.reversals(program_id):
        _gather_settled(brought, from_text(text, list[Resettled]))
    for key, paid, returned_minor, text, undone in books.returned_purchases(program_id):
        returned = from_text(undone, Returned) if undone else Returned()
        yield from _bounded(key, decision_from_text(text), returned, paid, returned_minor)
        yield from _remembered(key, returned, returned_minor, brought.pop(key, _Brought()))
    for key in brought:
        yield finding("return_of_nothing", purchase=key)


def _gather(brought: dict[UUID, _Brought], document: ReturnDocument) -> None:
    for decided in document.decisions:
        one = brought.setdefault(decided.purchase, _Brought())
        one.lines.update({line.number: line.quantity for line in decided.lines})
        one.refund += decided.refund_minor
        one.given.update({move.lot: move.units for move in decided.gives})
        _gather_settled(brought, [decided, *decided.resettled])


def _gather_settled(brought: dict[UUID, _Brought], all_settled: Sequence[ReturnDecision | Resettled]) -> None:
    for settled in all_settled:
        other = brought.setdefault(settled.purchase, _Brought())
        for move in settled.takes:
            other.taken[move.lot] += move.units
        for back in settled.points:
            other.owed[back.currency] += back.owed
            other.forgotten[back.currency] += back.forgotten


def _bounded(key: UUID, decision: Decision, returned: Returned, paid: int, returned_minor: int) -> Iterator[Finding]:
    sold = {line.number: line.quantity for line in decision.lines}
    for number, quantity in returned.lines.items():
        if not 0 < quantity <= sold.get(number, 0):
            yield finding(
                "returned_more_than_sold", purchase=key, line=number, returned=quantity, sold=sold.get(number)
            )
    refund = sum(refund_of(line, returned.lines) for line in decision.lines)
    if not 0 <= returned_minor <= paid or refund != returned_minor:
        yield finding("refund_out_of_bounds", purchase=key, paid=paid, returned=returned_minor, by_lines=refund)
    back = sum(returned.given.values())
    spent = sum(spent_on(decision, returned.lines, currency) for currency in {draw.currency for draw in decision.draws})
    if back > spent:
        yield finding("gave_back_more_than_spent", purchase=key, given=back, spent=spent)
    claimed = sum(sum(each.values()) for each in (returned.taken, returned.owed, returned.forgotten, returned.settled))
    earned = sum(
        undone_by(decision, returned.lines, returned.reversed, currency)
        for currency in {lot.currency for lot in decision.lots}
    )
    if claimed > earned:
        yield finding("took_back_more_than_earned", purchase=key, taken=claimed, earned=earned)


def _remembered(key: UUID, returned: Returned, returned_minor: int, brought: _Brought) -> Iterator[Finding]:
    """`settled` is no sum of returns: it grows when a debt was repaid in between, at the expense of `owed`."""
    told = {
        "lines": (returned.lines, dict(brought.lines)),
        "refund": (returned_minor, brought.refund),
        "taken": (returned.taken, dict(+brought.taken)),
        "given": (returned.given, dict(+brought.given)),
        "forgotten": (returned.forgotten, dict(+brought.forgotten)),
    }
    for name, (remembered, returns) in told.items():
        if remembered != returns:
            yield finding(
                "purchase_not_its_returns", purchase=key, figure=name, purchase_says=remembered, returns_say=returns
            )
    owed = Counter(returned.owed) + Counter(returned.settled)
    if owed != +brought.owed:
        yield finding(
            "purchase_not_its_returns", purchase=key, figure="owed", purchase_says=owed, returns_say=brought.owed
        )
