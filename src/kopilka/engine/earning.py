"""Points earned: exact shares for every line, collected in lots, rounded once per lot."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from kopilka.engine.compiling.book import Book
from kopilka.engine.compiling.earns import HUNDRED, EarnRule, Pot, Way
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import Carry, LotPlan, Reason, Why
from kopilka.engine.money import split
from kopilka.engine.points import MAX_POINTS, round_by
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import EarnBase
from kopilka.engine.sale import Sale
from kopilka.engine.standing import WalletState

CARRY_GRID = 10**9
"""A kept fraction is never finer than this part of a unit."""

NO_WALLET = WalletState("")


class Worked(NamedTuple):
    """A promotion that has worked: the lines it gives points on, and those its switches hold on."""

    rule: Rule
    lines: Sequence[int]
    touched: Sequence[int]


class Earned(NamedTuple):
    """The lots to be made, units of each line by index of the lot, and the kept fractions."""

    lots: list[LotPlan]
    by_line: list[dict[int, int]]
    carry: list[Carry]


def earn(sale: Sale, book: Book, worked: list[Worked]) -> Earned:
    """Earn on what is left: every rule's shares, then what multiplies them, then one rounding per lot."""
    if sale.standing.member_id is None:
        sale.refused += [rule.anonymous for rule, _, _ in worked if rule.earns]
        return Earned([], [{} for _ in sale.lines], [])
    bases = bases_of(sale, book.rulebook.earn_base)
    pots: dict[int, list[int]] = {}
    multipliers: list[tuple[EarnRule, Rule, Sequence[int]]] = []
    for rule, selected, _ in worked:
        if not rule.earns:
            continue
        lines = [i for i in selected if i not in sale.earning_off] if sale.earning_off else selected
        if not lines:
            sale.refused.append(rule.no_lines)
            continue
        for given in rule.earns:
            if given.way is Way.MULTIPLY:
                multipliers.append((given, rule, lines))
            else:
                _collect(sale, rule, given, lines, bases, book.pots, pots)
    if multipliers:
        _multiply(sale, multipliers, book.pots, pots)
    return _round(sale, book, pots)


def bases_of(sale: Sale, base: EarnBase) -> list[int]:
    """Minor units of each line on which percents are counted."""
    if base is EarnBase.NET:
        return sale.nets
    return [net - points for net, points in zip(sale.nets, sale.points, strict=True)]


def shares_of(sale: Sale, given: EarnRule, lines: Sequence[int], bases: list[int]) -> list[int]:
    """What a rule gives on each of these lines, in parts of its grid, within the limit of the rule."""
    factor = given.factor
    match given.way:
        case Way.BASE:
            shares = [bases[i] * factor for i in lines]
        case Way.QUANTITY:
            shares = [sale.lines[i].quantity * factor for i in lines]
        case Way.LINE:
            shares = [factor] * len(lines)
        case _:
            shares = split(factor, [sale.nets[i] for i in lines])
    if given.limit is not None and sum(shares) > given.limit:
        shares = split(given.limit, shares)
    return shares


def gains_of(sale: Sale, rule: Rule, lines: Sequence[int], others: list[Worked]) -> dict[int, int]:
    """How much a rule's points are worth on each line, before anything is paid with points; to be compared only."""
    gains = dict.fromkeys(lines, 0)
    for given in rule.earns:
        if given.way is Way.MULTIPLY:
            shares = _extra(sale, given, lines, others)
        else:
            shares = shares_of(sale, given, lines, sale.nets)
        for i, share in zip(lines, shares, strict=True):
            gains[i] += share * given.weight
    return gains


def _extra(sale: Sale, times: EarnRule, lines: Sequence[int], others: list[Worked]) -> list[int]:
    """What a multiplier would add to what the others give."""
    given = dict.fromkeys(lines, 0)
    for rule, selected, _ in others:
        for earned in rule.earns:
            if earned.currency == times.currency and earned.way is not Way.MULTIPLY:
                shares = shares_of(sale, earned, selected, sale.nets)
                for i, share in zip(selected, shares, strict=True):
                    given[i] = given.get(i, 0) + share
    return [given[i] * (times.factor - HUNDRED) // HUNDRED for i in lines]


def _collect(
    sale: Sale,
    rule: Rule,
    given: EarnRule,
    lines: Sequence[int],
    bases: list[int],
    all_pots: Sequence[Pot],
    pots: dict[int, list[int]],
) -> None:
    """Put a rule's shares into its pot and tell it with the sum it was counted on."""
    assert given.pot is not None
    pot = pots.get(given.pot)
    if pot is None:
        pot = pots[given.pot] = [0] * len(sale.lines)
    base = total = 0
    for i, share in zip(lines, shares_of(sale, given, lines, bases), strict=True):
        pot[i] += share
        total += share
        base += bases[i]
    grid = all_pots[given.pot].grid
    common = gcd(total, grid)
    number = sale.lines[lines[0]].number if len(lines) == 1 else 0
    sale.told.append(Reason(Why.EARNED, rule.code, number, base, given.currency, total // common, grid // common))


def _multiply(
    sale: Sale,
    multipliers: list[tuple[EarnRule, Rule, Sequence[int]]],
    all_pots: Sequence[Pot],
    pots: dict[int, list[int]],
) -> None:
    """The largest multiplier counts on each line and currency."""
    first: dict[tuple[str, int], Rule] = {}
    before = {at: list(pot) for at, pot in pots.items()}
    for times, rule, lines in sorted(multipliers, key=lambda one: (-one[0].factor, one[1].index)):
        won = [i for i in lines if (times.currency, i) not in first]
        if not won:
            beaten_by = first[times.currency, lines[0]].code
            sale.refused.append(Reason(Why.BEATEN, rule.code, 0, 0, beaten_by))
            continue
        total, grid = 0, 1
        for at, pot in before.items():
            if all_pots[at].currency.code != times.currency:
                continue
            grid = all_pots[at].grid
            target = pots.setdefault(at if times.pot is None else times.pot, [0] * len(pot))
            for i in won:
                extra = pot[i] * (times.factor - HUNDRED) // HUNDRED
                target[i] += extra
                total += extra
        first.update({(times.currency, i): rule for i in won})
        common = gcd(total, grid)
        number = sale.lines[won[0]].number if len(won) == 1 else 0
        sale.told.append(Reason(Why.MULTIPLIED, rule.code, number, 0, times.currency, total // common, grid // common))


def _round(sale: Sale, book: Book, pots: dict[int, list[int]]) -> Earned:
    """One rounding per lot; in a currency that carries, each lot begins with the fraction left by the one before."""
    lots: list[LotPlan] = []
    by_line: list[dict[int, int]] = [{} for _ in sale.lines]
    kept: dict[str, tuple[int, int]] = {}
    for at in sorted(pots):
        pot, shares = book.pots[at], pots[at]
        exact, code = sum(shares), pot.currency.code
        if pot.currency.carry:
            wallet = sale.standing.wallets.get(code, NO_WALLET)
            before = kept.get(code, (wallet.carry_num, wallet.carry_den))
            units, kept[code] = carried(exact, pot.grid, *before)
        else:
            units = round_by(pot.currency.rounding, exact, pot.grid)
        if units > MAX_POINTS:
            raise Refusal(Code.OUT_OF_RANGE, field="points", minimum=0, maximum=MAX_POINTS)
        common = gcd(exact, pot.grid)
        num, den = exact // common, pot.grid // common
        sale.told.append(Reason(Why.ROUNDED, "", 0, units, code, num, den))
        if units:
            for i, part in enumerate(split(units, shares)):
                if part:
                    by_line[i][len(lots)] = part
            lots.append(_lot(sale, pot, units, num, den))
    return Earned(lots, by_line, [Carry(code, num, den) for code, (num, den) in kept.items()])


def carried(exact: int, grid: int, num: int, den: int) -> tuple[int, tuple[int, int]]:
    """Whole units of `exact/grid` plus the kept `num/den`, and the fraction kept now, in lowest terms."""
    whole = grid * den
    total = exact * den + num * grid
    units = total // whole if total > 0 else 0
    rest = total - units * whole
    common = gcd(rest, whole)
    rest, whole = rest // common, whole // common
    if whole > CARRY_GRID:
        rest, whole = rest * CARRY_GRID // whole, CARRY_GRID
        common = gcd(rest, whole)
        rest, whole = rest // common, whole // common
    return units, (rest, whole)


def _lot(sale: Sale, pot: Pot, units: int, num: int, den: int) -> LotPlan:
    zone, at = sale.local.tzinfo, sale.at
    assert zone is not None
    starts_at = at if pot.starts_after.is_empty else pot.starts_after.after(at, zone)
    expires_at = None if pot.life.is_empty else pot.life.after(starts_at, zone)
    return LotPlan(pot.currency.code, units, starts_at, expires_at, starts_at > at, num, den)
