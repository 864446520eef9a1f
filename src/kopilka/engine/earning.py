"""Points earned: exact shares for every line, collected in lots, rounded once per lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kopilka.engine.coalition import gives_here
from kopilka.engine.compiling.book import Book
from kopilka.engine.compiling.earns import HUNDRED, EarnRule, Pot, Way
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import Carry, LotPlan, Reason, Why
from kopilka.engine.money import common_divisor, lowest_terms, split, total_of
from kopilka.engine.points import MAX_POINTS, Rounding, round_by
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import EarnBase
from kopilka.engine.sale import Sale
from kopilka.engine.standing import WalletState

CARRY_GRID: Final = 10**9
"""A kept fraction is never finer than this part of a unit."""

NO_WALLET = WalletState("")


Worked = tuple[Rule, list[int], list[int]]
"""A promotion that has worked, the lines it gives points on, and those its switches hold on."""


Multiplier = tuple[int, int, int, EarnRule, Rule, list[int]]
"""A multiplier and the lines it works on, after what it is sorted by: minus its factor, the rule, their own order."""

Pots = list[list[int]]
"""The exact shares of every line, by index of the pot; empty for a pot nobody put anything into."""


@dataclass(slots=True)
class Earned:
    """The lots to be made, units of each line by index of the lot (none when brief), and the kept
    fractions."""

    lots: list[LotPlan]
    by_line: list[dict[int, int]]
    carry: list[Carry]


def earn(sale: Sale, book: Book, worked: list[Worked]) -> Earned:
    """Earn on what is left: every rule's shares, then what multiplies them, then one rounding per lot."""
    if sale.standing.member_id is None:
        sale.refused += [rule.anonymous for rule, _, _ in worked if rule.earns]
        return Earned([], [{} for _ in sale.lines], [])
    bases = bases_of(sale, book.rulebook.earn_base)
    pots: Pots = [[] for _ in book.pots]
    multipliers = _collect_all(sale, worked, bases, pots)
    if multipliers:
        _multiply(sale, book, multipliers, pots)
    if book.restricted:
        _keep_given_here(sale, book, pots)
    return _round(sale, book, pots)


def bases_of(sale: Sale, base: EarnBase) -> list[int]:
    """Minor units of each line on which percents are counted."""
    if base is EarnBase.NET or not total_of(sale.points):
        return sale.nets
    points = sale.points
    return [net - points[i] for i, net in enumerate(sale.nets)]


def shares_of(sale: Sale, given: EarnRule, lines: list[int], bases: list[int]) -> list[int]:
    """What a rule gives on each of these lines, in parts of its grid, within the limit of the rule."""
    factor = given.factor
    match given.way:
        case Way.BASE:
            shares = [bases[i] * factor for i in lines]
        case Way.QUANTITY:
            shares = [(sale.lines[i].quantity - sale.gifts.get(i, 0)) * factor for i in lines]
        case Way.LINE:
            shares = [factor] * len(lines)
        case _:
            shares = split(factor, [sale.nets[i] for i in lines])
    if given.limit is not None and total_of(shares) > given.limit:
        shares = split(given.limit, shares)
    return shares


def gains_of(sale: Sale, rule: Rule, lines: list[int], others: list[Worked]) -> dict[int, int]:
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


def _extra(sale: Sale, times: EarnRule, lines: list[int], others: list[Worked]) -> list[int]:
    """What a multiplier would add to what the others give."""
    given = dict.fromkeys(lines, 0)
    for rule, selected, _ in others:
        for earned in rule.earns:
            if earned.currency == times.currency and earned.way is not Way.MULTIPLY:
                shares = shares_of(sale, earned, selected, sale.nets)
                for i, share in zip(selected, shares, strict=True):
                    given[i] = given.get(i, 0) + share
    return [given[i] * (times.factor - HUNDRED) // HUNDRED for i in lines]


def _collect_all(sale: Sale, worked: list[Worked], bases: list[int], pots: Pots) -> list[Multiplier]:
    """Collect what all rules give but the multipliers, which are handed back."""
    multipliers: list[Multiplier] = []
    off = sale.earning_off
    for rule, lines, _ in worked:
        if not rule.earns:
            continue
        open_lines = [i for i in lines if i not in off] if off else lines
        if not open_lines:
            sale.refused.append(rule.no_lines)
            continue
        for given in rule.earns:
            if given.way is Way.MULTIPLY:
                multipliers.append((-given.factor, rule.index, len(multipliers), given, rule, open_lines))
            elif given.limit is None and given.way is not Way.RECEIPT:
                _collect(sale, rule, given, open_lines, bases, pots)
            else:
                _collect_shared(sale, rule, given, open_lines, bases, pots)
    return multipliers


def _collect(sale: Sale, rule: Rule, given: EarnRule, lines: list[int], bases: list[int], pots: Pots) -> None:
    """Put what a rule gives on each line into its pot, and tell it with the sum it was counted on.

    `times` is how often it gives. What divides `times * num` and `den` divides `times`: `num/den` is in lowest terms.
    """
    shares = _open(pots, given.pot, len(bases))
    way, factor, den = given.way, given.factor, given.den
    base = times = 0
    for i in lines:
        worth = bases[i]
        counted = worth if way is Way.BASE else 1
        if way is Way.QUANTITY:
            counted = sale.lines[i].quantity - sale.gifts.get(i, 0)
        base += worth
        times += counted
        shares[i] = shares[i] + counted * factor  # not +=, which mypyc leaves to Python
    if sale.is_brief:
        return
    common = common_divisor(times, den) if den > 1 else 1
    number = sale.lines[lines[0]].number if len(lines) == 1 else 0
    sale.told.append(
        Reason(Why.EARNED, rule.code, number, base, given.currency, times // common * given.num, den // common)
    )


def _collect_shared(sale: Sale, rule: Rule, given: EarnRule, lines: list[int], bases: list[int], pots: Pots) -> None:
    """The same for what is given once for all lines, or within a limit."""
    into = _open(pots, given.pot, len(bases))
    shares = shares_of(sale, given, lines, bases)
    for at, i in enumerate(lines):
        into[i] = into[i] + shares[at]
    _tell(sale, Why.EARNED, rule, given, lines, total_of([bases[i] for i in lines]), total_of(shares))


def _open(pots: Pots, at: int | None, lines: int) -> list[int]:
    """The shares in a pot, to be changed."""
    assert at is not None, "only a multiplier may be without a pot of its own"
    shares = pots[at]
    if not shares:
        shares = pots[at] = [0] * lines
    return shares


def _multiply(sale: Sale, book: Book, multipliers: list[Multiplier], pots: Pots) -> None:
    """On each line the largest multiplier of a currency counts, over what the other rules have given there."""
    multipliers.sort()
    before = [(at, pot.code, list(pots[at])) for at, pot in enumerate(book.pots) if pots[at]]
    first: dict[str, dict[int, Rule]] = {}
    for _, _, _, times, rule, lines in multipliers:
        taken = first.setdefault(times.currency, {})
        won = [i for i in lines if i not in taken] if taken else lines
        if not won:
            sale.refused.append(rule.beaten_by(taken[lines[0]].code))
            continue
        total, more = 0, times.factor - HUNDRED
        for at, currency, given in before:
            if currency == times.currency:
                shares = _open(pots, at if times.pot is None else times.pot, len(sale.lines))
                for i in won:
                    extra = given[i] * more // HUNDRED
                    shares[i] = shares[i] + extra
                    total += extra
        for i in won:
            taken[i] = rule
        _tell(sale, Why.MULTIPLIED, rule, times, won, 0, total)


def _tell(sale: Sale, why: Why, rule: Rule, given: EarnRule, lines: list[int], base: int, total: int) -> None:
    """The exact units in lowest terms, and the minor units they were counted on."""
    num, den = lowest_terms(total, given.grid)
    number = sale.lines[lines[0]].number if len(lines) == 1 else 0
    sale.told.append(Reason(why, rule.code, number, base, given.currency, num, den))


def _keep_given_here(sale: Sale, book: Book, pots: Pots) -> None:
    """Points of kinds that a partner does not give are not earned at his branches."""
    for at, pot in enumerate(book.pots):
        if pots[at] and not gives_here(book.restricted, sale.receipt.branch, pot.code):
            pots[at] = []
            sale.told.append(Reason(Why.NOT_GIVEN_HERE, detail=pot.code))


def _round(sale: Sale, book: Book, pots: Pots) -> Earned:
    """One rounding per lot; in a currency that carries, each lot begins with the fraction left by the one before."""
    earned = Earned([], [] if sale.is_brief else [{} for _ in sale.lines], [])
    for at, pot in enumerate(book.pots):
        shares = pots[at]
        if not shares:
            continue
        exact = total_of(shares)
        if pot.carries:
            kept = _kept(sale, earned.carry, pot.code)
            units, (kept.num, kept.den) = carried(exact, pot.grid, kept.num, kept.den)
        elif pot.rounding is Rounding.DOWN:
            units = exact // pot.grid
        else:
            units = round_by(pot.rounding, exact, pot.grid)
        if units > MAX_POINTS:
            raise Refusal(Code.OUT_OF_RANGE, field="points", minimum=0, maximum=MAX_POINTS)
        num, den = lowest_terms(exact, pot.grid)
        if not sale.is_brief:
            sale.told.append(Reason(Why.ROUNDED, "", 0, units, pot.code, num, den))
            _lay(earned, units, shares)
        if units:
            earned.lots.append(_lot(sale, pot, units, num, den))
    return earned


def _lay(earned: Earned, units: int, shares: list[int]) -> None:
    """Lay the units of the lot to be made on the lines."""
    index = len(earned.lots)
    for i, part in enumerate(split(units, shares) if units else []):
        if part:
            earned.by_line[i][index] = part


def _kept(sale: Sale, carry: list[Carry], currency: str) -> Carry:
    """The fraction kept so far, to be changed; of the lot before, for the lots of a currency follow each other."""
    if not carry or carry[-1].currency != currency:
        wallet = sale.standing.wallets.get(currency, NO_WALLET)
        carry.append(Carry(currency, wallet.carry_num, wallet.carry_den))
    return carry[-1]


def carried(exact: int, grid: int, num: int, den: int) -> tuple[int, tuple[int, int]]:
    """Whole units of `exact/grid` plus the kept `num/den`, and the fraction kept now, in lowest terms."""
    whole = grid * den
    total = exact * den + num * grid
    units = total // whole if total > 0 else 0
    rest = total - units * whole
    rest, whole = lowest_terms(rest, whole)
    if whole > CARRY_GRID:
        rest, whole = lowest_terms(rest * CARRY_GRID // whole, CARRY_GRID)
    return units, (rest, whole)


def _lot(sale: Sale, pot: Pot, units: int, num: int, den: int) -> LotPlan:
    zone, at = sale.local.tzinfo, sale.at
    assert zone is not None
    starts_at = pot.starts_after.after(sale.local, zone) if pot.waits else at
    begins = starts_at if pot.waits else sale.local
    expires_at = pot.life.after(begins, zone) if pot.ends else None
    return LotPlan(pot.code, units, starts_at, expires_at, pot.waits and starts_at > at, num, den)
