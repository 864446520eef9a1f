"""How promotions combine: one after another, or in groups of which one wins."""

from __future__ import annotations

from kopilka.engine.claiming import Claim
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import Reason, Why
from kopilka.engine.earning import Worked, gains_of
from kopilka.engine.money import split, total_of
from kopilka.engine.rulebook import Stacking
from kopilka.engine.sale import Offer, Sale

Offered = tuple[Rule, list[int], Offer]
"""A claim to the price, with what its promotion would take off."""


def play(sale: Sale, claims: list[Claim], groups: dict[str, Stacking]) -> list[Worked]:
    """Play all claims in the order of calculation; a group as a whole where its first claim stands."""
    worked: list[Worked] = []
    undecided: list[list[Claim]] = []
    settled = ""
    for at, (rule, lines) in enumerate(claims):
        group = rule.group
        if rule.is_alone:
            worked.append((rule, lines, lines))
        elif not group:
            _play_one(sale, rule, lines, worked)
        elif group != settled:  # they stand together
            settled = group
            together = [claim for claim in claims[at : at + rule.group_size] if claim[0].group == group]
            undecided.append(_play_group(sale, together, groups[group], worked))
    for rest in undecided:
        if rest:
            _best_for_points(sale, rest, worked)
    return worked


def take(sale: Sale, rule: Rule, offer: Offer) -> None:
    """Take an offer: lower the prices and tell it."""
    if rule.settle is not None:
        rule.settle(sale, offer)
    nets, offs, code, is_brief = sale.nets, sale.offs, rule.code, sale.is_brief
    before = total = i = 0
    for i, off in offer.items():
        net = nets[i]
        before += net
        total += off
        nets[i] = net - off
        if not is_brief:
            offs[i].append((code, off))
    if is_brief:
        return
    number = sale.lines[i].number if len(offer) == 1 else 0
    sale.told.append(Reason(rule.did, code, number, total, "", before, 1))


def _play_one(sale: Sale, rule: Rule, lines: list[int], worked: list[Worked]) -> None:
    if rule.offer is None:
        worked.append((rule, lines, lines))
        return
    offer = _offer(sale, rule, lines) if sale.closed or rule.discount_max is not None else rule.offer(sale, lines)
    if offer:
        take(sale, rule, offer)
        worked.append((rule, lines, list(offer.keys())))
    elif offer is not None:
        sale.refused.append(rule.nothing)
        if rule.earns and rule.nothing.why is Why.NOTHING_LEFT:
            worked.append((rule, lines, []))


def _offer(sale: Sale, rule: Rule, lines: list[int]) -> Offer | None:
    """What the promotion offers, within what it may take off one receipt; None when all its lines are closed.

    Of a gift that is worth more than that nothing is given.
    """
    assert rule.offer is not None
    if sale.closed:
        lines = [i for i in lines if i not in sale.closed]
        if not lines:
            sale.refused.append(rule.closed)
            return None
    offer = rule.offer(sale, lines)
    cap = rule.discount_max
    if cap is not None and total_of(list(offer.values())) > cap:
        if rule.did is Why.GIFT_ADDED:
            return {}
        for i, part in zip(list(offer.keys()), split(cap, list(offer.values())), strict=True):
            offer[i] = part
    return offer


def _play_group(sale: Sale, claims: list[Claim], mode: Stacking, worked: list[Worked]) -> list[Claim]:
    """Settle a group's prices. Claims to points only, of which the best is to win, are left to be settled later."""
    if mode is Stacking.ALL:
        for rule, lines in claims:
            _play_one(sale, rule, lines, worked)
        return []
    if mode is Stacking.FIRST:
        _first(sale, claims, worked)
        return []
    winners = _best(sale, claims, worked, exclusive=mode is Stacking.EXCLUSIVE)
    return [left for claim in claims if claim[0].offer is None for left in _left(sale, claim, winners)]


def _first(sale: Sale, claims: list[Claim], worked: list[Worked]) -> None:
    """Each line goes to the first promotion that does something there; all lines, where one is not line by line."""
    by_line = all(rule.by_line for rule, _ in claims)
    winners: dict[int, Rule] = {}
    for rule, selected in claims:
        lines = [i for i in selected if i not in winners] if by_line else selected if not winners else []
        if not lines:
            _beaten(sale, rule, next(winners[i] for i in (*selected, *winners) if i in winners))
            continue
        if rule.offer is None:
            worked.append((rule, lines, lines))
            winners.update(dict.fromkeys(lines, rule))
            continue
        offer = _offer(sale, rule, lines)
        if offer:
            take(sale, rule, offer)
            worked.append((rule, list(offer.keys()) if by_line else lines, list(offer.keys())))
            winners.update(dict.fromkeys(offer, rule))
        elif offer is not None:
            sale.refused.append(rule.nothing)


def _best(sale: Sale, claims: list[Claim], worked: list[Worked], *, exclusive: bool) -> dict[int, Rule]:
    """Of the group's claims to the price the best wins; which promotion won which line."""
    offers: list[Offered] = []
    by_line = not exclusive
    for rule, lines in claims:
        if rule.offer is None:
            continue
        offer = _offer(sale, rule, lines) if sale.closed or rule.discount_max is not None else rule.offer(sale, lines)
        if offer:
            offers.append((rule, lines, offer))
            by_line = by_line and rule.by_line
        elif offer is not None:
            sale.refused.append(rule.nothing)
    if by_line:
        return _best_by_line(sale, offers, worked)
    return _best_as_whole(sale, offers, worked, exclusive=exclusive)


def _best_by_line(sale: Sale, offers: list[Offered], worked: list[Worked]) -> dict[int, Rule]:
    best = [0] * len(sale.lines)
    winners: dict[int, Rule] = {}
    is_contested = False
    for rule, _, offer in offers:
        for i, off in offer.items():
            if i not in winners:
                best[i], winners[i] = off, rule
            else:
                is_contested = True
                if off > best[i]:
                    best[i], winners[i] = off, rule
    for rule, _, offer in offers:
        won = {i: off for i, off in offer.items() if winners[i] is rule} if is_contested else offer
        if won:
            take(sale, rule, won)
            lines = list(won.keys())
            worked.append((rule, lines, lines))
        else:
            _beaten(sale, rule, winners[next(iter(offer))])
    return winners


def _best_as_whole(sale: Sale, offers: list[Offered], worked: list[Worked], *, exclusive: bool) -> dict[int, Rule]:
    if not offers:
        return {}
    totals = [total_of(list(offer.values())) for _, _, offer in offers]
    rule, lines, offer = offers[totals.index(max(totals))]
    take(sale, rule, offer)
    worked.append((rule, lines, list(offer.keys())))
    for other, _, _ in offers:
        if other is not rule:
            sale.refused.append(other.beaten_by(rule.code))
    if exclusive:
        sale.closed.update(offer)
    return dict.fromkeys(offer, rule)


def _left(sale: Sale, claim: Claim, winners: dict[int, Rule]) -> list[Claim]:
    """A claim to points keeps the lines whose price the group has not touched."""
    rule, selected = claim
    lines = [i for i in selected if i not in winners]
    if lines:
        return [(rule, lines)]
    _beaten(sale, rule, winners[selected[0]])
    return []


def _best_for_points(sale: Sale, claims: list[Claim], worked: list[Worked]) -> None:
    """Of claims to points the one that is worth most wins, line by line where all of them go by the line."""
    gains = [gains_of(sale, rule, lines, worked) for rule, lines in claims]
    if all(rule.by_line for rule, _ in claims):
        best: dict[int, tuple[int, Rule]] = {}
        for (rule, _), gain in zip(claims, gains, strict=True):
            for i, worth in gain.items():
                if i not in best or worth > best[i][0]:
                    best[i] = (worth, rule)
        winners = {i: rule for i, (_, rule) in best.items()}
    else:
        at = max(range(len(claims)), key=lambda at: (sum(gains[at].values()), -at))
        winners = {i: claims[at][0] for _, lines in claims for i in lines}
    for rule, lines in claims:
        won = [i for i in lines if winners[i] is rule]
        if won:
            worked.append((rule, won, won))
        else:
            _beaten(sale, rule, winners[lines[0]])


def _beaten(sale: Sale, rule: Rule, by: Rule) -> None:
    sale.refused.append(rule.beaten_by(by.code))
