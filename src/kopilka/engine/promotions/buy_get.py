"""Buy some, get some: whole sets of bought and got units, the got ones free or cheaper."""

from __future__ import annotations

from collections.abc import Sequence

from kopilka.engine.checks import Selects, selector
from kopilka.engine.decision import Why
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.promotions.nth_free import cheapest_off
from kopilka.engine.promotions.units import Run, SetOffer, off_piece, room_of, runs_of, take, use_up
from kopilka.engine.rulebook import BuyGet
from kopilka.engine.sale import Offer, Sale


def kind(discount: BuyGet, _digits: int) -> Kind:
    buy, get, percent, times = discount.buy, discount.get, discount.percent, discount.times

    def offer_same(sale: Sale, lines: list[int]) -> Offer:
        return cheapest_off(sale, lines, in_set=buy + get, off=get, percent=percent, times=times)

    if discount.gets is None:
        return Kind(Step.SETS, offer_same, settle=use_up, nothing=Why.NO_SETS)
    gets: Selects = selector(discount.gets)

    def offer_other(sale: Sale, lines: list[int]) -> Offer:
        bought = set(lines)
        got = {i for i in sale.open_lines() if gets(sale.lines[i], sale.facts)}
        runs = runs_of(sale, sorted(bought | got))
        sets, spare = _sets(runs, bought, got, discount)
        offer = SetOffer()
        reduced = sets * get
        for run in runs:
            if run.line not in got or not reduced:
                continue
            now = min(run.count, reduced)
            if run.line in bought:
                now = min(now, spare)
                spare -= now
            if now:
                take(offer, run, now, off_piece(run.price, percent), room_of(sale, run.line))
                reduced -= now
        _use_bought(offer, runs, bought, got, sets * buy)
        return offer

    return Kind(Step.SETS, offer_other, settle=use_up, nothing=Why.NO_SETS)


def _sets(runs: Sequence[Run], bought: set[int], got: set[int], discount: BuyGet) -> tuple[int, int]:
    """How many whole sets there are, and how many units wanted for both may be got and not bought."""
    only_bought = sum(run.count for run in runs if run.line not in got)
    only_got = sum(run.count for run in runs if run.line not in bought)
    both = sum(run.count for run in runs) - only_bought - only_got
    sets = min(
        (only_bought + only_got + both) // (discount.buy + discount.get),
        (only_bought + both) // discount.buy,
        (only_got + both) // discount.get,
    )
    if discount.times:
        sets = min(sets, discount.times)
    return sets, both - max(0, sets * discount.buy - only_bought)


def _use_bought(offer: SetOffer, runs: Sequence[Run], bought: set[int], got: set[int], wanted: int) -> None:
    """Bought units are used up too: those that can only be bought first, the cheapest first."""
    for run in sorted(runs, key=lambda run: run.line in got):
        now = min(run.count, wanted) if run.line in bought else 0
        if now:
            take(offer, run, now, 0, 0)
            wanted -= now
