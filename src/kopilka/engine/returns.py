"""A return: what bringing goods back undoes of a purchase, computed from its stored decision, never from today's rules.

A purchase remembers what its returns have undone so far, all together. Each return works out the state for everything
brought back up to now and posts only the difference. So any sequence of partial returns ends where one full return
ends (docs/algorithms/returns.md has worked figures).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from uuid import UUID

from kopilka.engine.certificates import given_back
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import (
    Resettled,
    ReturnDecision,
    ReturnedLine,
    Reversed,
    Sold,
    refund_of,
    returnable,
)
from kopilka.engine.settling import Settling


def decide_return(
    sold: Sold, wanted: Mapping[int, int], act: Act, *, zone: tzinfo, others: Mapping[UUID, Sold] | None = None
) -> ReturnDecision:
    """Return `wanted` (thousandths by line number) of a purchase; moves points through `act`.

    The act's standing holds the member's wallets and, for every currency of the decision, all lots that have something
    left, those the purchase made or was paid from, and those its returns took from. `others` are purchases of the
    member with returns of their own: those that own any of these lots (and so on, for their lots) or left a debt. What
    comes back is theirs to take first, in place of what they took elsewhere or could not take.
    Raises `line_unknown`, `return_exceeds` before anything moved.
    """
    lines = _grown(sold, wanted)
    main = Settling(sold, lines, act, zone)
    again = {key: Settling(one, one.returned.lines, act, zone) for key, one in (others or {}).items() if key != sold.id}
    for currency in _currencies(sold.decision):
        _settle(currency, main, again)
    back = list(_lines_back(sold, lines))
    return ReturnDecision(
        sold.id, act.at, back, sum(line.refund_minor for line in back), list(main.back.values()),
        main.takes, main.gives, sold.policy.take_back, main.after,
        [Resettled(key, list(one.back.values()), one.takes, one.after) for key, one in again.items() if one.takes],
        _to_certificates(sold, lines),
    )  # fmt: skip


def decide_reversal(
    sold: Sold, reversed_: Reversed, act: Act, *, zone: tzinfo, others: Mapping[UUID, Sold] | None = None
) -> list[Resettled]:
    """Make `reversed_` what reversed rules had given on a purchase; moves points through `act`.

    What is more than before is taken back as a return would take it, what is less is given again. Lots as for
    `decide_return`. The first of the values is the purchase itself, the others are purchases it lets be settled anew.
    """
    main = Settling(sold, dict(sold.returned.lines), act, zone, reversed=reversed_)
    again = {key: Settling(one, one.returned.lines, act, zone) for key, one in (others or {}).items() if key != sold.id}
    for currency in _currencies(sold.decision):
        _settle(currency, main, again)
    told = [Resettled(sold.id, list(main.back.values()), main.takes, main.after)]
    return told + [
        Resettled(key, list(one.back.values()), one.takes, one.after) for key, one in again.items() if one.takes
    ]


def _settle(currency: str, main: Settling, again: Mapping[UUID, Settling]) -> None:
    """Points that come back to a lot are first for the earlier return of what earned them, which had to look elsewhere.

    Otherwise a buyer could swap points that expire soon for points that expire late by returning two purchases.
    """
    owners = {lot.id: lot.purchase_id for lot in main.act.standing.lots.get(currency, ())}
    gaining = {owners[lot] for lot in main.to_give(currency)}
    first = [one for key, one in again.items() if key in gaining or one.after.owed.get(currency)]
    for one in [main, *first]:
        one.forgive(currency)
    main.give(currency)
    for one in [*first, main]:
        one.take(currency)
    main.carry(currency)
    settled = {main.sold.id: main, **again}
    while gained := {lot for one in settled.values() for lot in one.gained}:
        for one in settled.values():
            one.gained = set()
        for key, one in settled.items():
            if key in {owners.get(lot) for lot in gained}:
                one.forgive(currency)
                one.take(currency)


def _grown(sold: Sold, wanted: Mapping[int, int]) -> dict[int, int]:
    known = {line.number for line in sold.decision.lines}
    left = returnable(sold.decision, sold.returned)
    if not wanted:
        raise Refusal(Code.RETURN_EXCEEDS, line=0, returnable=0)
    lines = dict(sold.returned.lines)
    for number, quantity in wanted.items():
        if number not in known:
            raise Refusal(Code.LINE_UNKNOWN, line=number)
        if not 0 < quantity <= left.get(number, 0):
            raise Refusal(Code.RETURN_EXCEEDS, line=number, returnable=left.get(number, 0))
        lines[number] = lines.get(number, 0) + quantity
    return lines


def _lines_back(sold: Sold, lines: Mapping[int, int]) -> Iterator[ReturnedLine]:
    before = sold.returned.lines
    for line in sold.decision.lines:
        more = lines.get(line.number, 0) - before.get(line.number, 0)
        if more:
            refund = refund_of(line, lines) - refund_of(line, before)
            yield ReturnedLine(line.number, line.sku, line.name, more, refund)


def _to_certificates(sold: Sold, lines: Mapping[int, int]) -> dict[UUID, int]:
    before = given_back(sold.decision, sold.returned.lines)
    now = given_back(sold.decision, lines)
    return {key: minor - before[key] for key, minor in now.items() if minor > before[key]}


def _currencies(decision: Decision) -> list[str]:
    if decision.member is None:
        return []
    found = {lot.currency for lot in decision.lots} | {draw.currency for draw in decision.draws}
    return sorted(found | {carry.currency for carry in decision.carry})
