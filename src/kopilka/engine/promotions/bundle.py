"""A bundle: one unit of each part together cost a stated price, or less by a percent; the dearest units first."""

from __future__ import annotations

from kopilka.engine.checks import selector
from kopilka.engine.decision import Why
from kopilka.engine.money import fill, share_of
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.promotions.units import Run, SetOffer, cut, room_of, runs_of, take, use_up
from kopilka.engine.rulebook import Bundle
from kopilka.engine.sale import Offer, Sale


def kind(discount: Bundle, _digits: int) -> Kind:
    parts = [selector(part) for part in discount.parts]

    def offer(sale: Sale, lines: list[int]) -> Offer:
        fits = {i: [k for k, part in enumerate(parts) if part(sale.lines[i], sale.facts)] for i in lines}
        runs = [run for run in runs_of(sale, lines) if fits[run.line]]
        offered = SetOffer()
        left = discount.times or sum(run.count for run in runs)
        while left:
            chosen = _one_set(runs, fits, len(parts))
            if not chosen:
                break
            sets = min(left, *(run.count // chosen.count(run) for run in chosen))
            off = _off(sum(run.price for run in chosen), discount)
            if off <= 0:
                break
            _take_sets(sale, offered, chosen, sets, off)
            left -= sets
        return offered

    return Kind(Step.SETS, offer, settle=use_up, nothing=Why.NO_SETS)


def _off(cost: int, discount: Bundle) -> int:
    """Minor units that one set of this cost gets cheaper."""
    if discount.price_minor is not None:
        return cost - discount.price_minor
    return share_of(cost, discount.percent)


def _one_set(runs: list[Run], fits: dict[int, list[int]], parts: int) -> list[Run]:
    """A unit for each part, or nothing: scarcest part first, from the line that fits fewest parts, dearest first."""
    supply = [sum(run.count for run in runs if part in fits[run.line]) for part in range(parts)]
    chosen: list[Run] = []
    for part in sorted(range(parts), key=lambda part: (supply[part], part)):
        free = [run for run in runs if part in fits[run.line] and run.count > chosen.count(run)]
        if not free:
            return []
        chosen.append(min(free, key=lambda run: (len(fits[run.line]), -run.price, run.line)))
    return chosen


def _take_sets(sale: Sale, offer: SetOffer, chosen: list[Run], sets: int, off: int) -> None:
    """Use the units up and spread what comes off over them by their price."""
    costs = [run.price * sets for run in chosen]
    for run, part in zip(chosen, fill(off * sets, costs, costs), strict=True):
        take(offer, run, sets, 0, 0)
        cut(offer, run.line, part, room_of(sale, run.line))
