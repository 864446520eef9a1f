"""The tests of a program: receipts in its document with what is expected of them, played by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.bookkeeping.rulebooks import Reading, as_params
from kopilka.engine.certificates import paid_beforehand
from kopilka.engine.decision import Decision, PricedLine
from kopilka.engine.document.case_codes import Codes, codes_of
from kopilka.engine.document.case_gifts import given_away, hints_in_short, keep_gifts, lay_gifts
from kopilka.engine.document.case_values import FRACTION_SCALE, Read, points_text, receipt_of, standing_of, units_of
from kopilka.engine.document.kinds import written
from kopilka.engine.document.problems import Problem, ProblemCode
from kopilka.engine.ledger import Act
from kopilka.engine.quote import decide
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import segments_at
from kopilka.engine.standing import Bought, CouponState, Standing

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Failure:
    """One figure that came out otherwise: `place` such as `lines.1.pay` or `steps[1].earned`."""

    test: str
    place: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one document: errors and advice of its text, how many tests it has, what came out otherwise."""

    problems: list[Problem]
    tests: int
    failures: list[Failure]

    @property
    def is_good(self) -> bool:
        return not self.failures and not any(problem.is_error for problem in self.problems)


def play_source(source: str | bytes) -> Report:
    """Read a document and play its tests; one with errors is not played."""
    read = read_source(source)
    if read.rulebook is None:
        return Report(read.problems, 0, [])
    return Report(read.problems, len(read.tests), failures_of(read.rulebook, read.tests))


def must_pass(reading: Reading) -> None:
    """Refuse with `rulebook_invalid` (problems of code `test_failed`) a document whose own tests come out otherwise."""
    problems = [_as_problem(failure, reading.lines) for failure in failures_of(reading.rulebook, reading.tests)]
    if problems:
        raise Refusal(Code.RULEBOOK_INVALID, problems=[as_params(problem) for problem in problems])


def _as_problem(failure: Failure, lines: dict[str, int]) -> Problem:
    test = f"tests.{failure.test}"
    params: dict[str, object] = {
        "test": failure.test, "place": failure.place, "expected": failure.expected, "got": failure.got,
    }  # fmt: skip
    return Problem(f"{test}.{failure.place}", ProblemCode.TEST_FAILED, params, lines.get(test, 1))


def failures_of(rulebook: Rulebook, tests: Mapping[str, Read]) -> list[Failure]:
    """Play every test of a document; the figures that differ, in its order."""
    return [failure for name, test in tests.items() for failure in _play(name, test, rulebook)]


def _play(name: str, test: Read, rulebook: Rulebook) -> Iterator[Failure]:
    steps: list[Read] = list(test.get("steps", ())) or [test]
    standing: Standing | None = None
    codes: Codes | None = None
    made = iter(range(1_000, 1_000_000))
    for index, step in enumerate(steps):
        receipt = receipt_of(step["receipt"], rulebook)
        codes = codes or codes_of(test, rulebook, receipt)
        if standing is None:
            standing = standing_of(test.get("member"), rulebook, receipt.at)
            lay_gifts(standing, test.get("member") or {}, rulebook)
        act = Act(standing, receipt.at, lambda: UUID(int=next(made)))
        _wake(act)
        codes.lay(standing, receipt)
        decided: Decision | Refusal
        try:
            standing.segments = segments_at(rulebook, standing, receipt.at)
            decided = decide(rulebook, standing, receipt)
        except Refusal as refusal:
            decided = refusal
        place = f"steps[{index}]." if "steps" in test else ""
        for key, expected, got in _differences(step.get("expect", {}), decided, rulebook):
            yield Failure(name, f"{place}{key}", expected, got)
        if isinstance(decided, Decision):
            codes.keep(decided)
            if standing.member_id is not None:
                _book(act, decided, rulebook)


def _wake(act: Act) -> None:
    """Points whose time has come can be spent, those whose life has ended are gone."""
    for lots in act.standing.lots.values():
        for lot in lots:
            if not lot.active and lot.starts_at <= act.at:
                act.activate(lot)
            if lot.active and lot.remaining and lot.expires_at is not None and lot.expires_at <= act.at:
                act.expire(lot)


def _book(act: Act, decision: Decision, rulebook: Rulebook) -> None:
    """What the purchase leaves for the next receipt of the same member."""
    for plan in decision.spend:
        if plan.units:
            act.spend(plan.currency, plan.units)
    for lot in decision.lots:
        act.grant(lot.currency, lot.units, starts_at=lot.starts_at, expires_at=lot.expires_at)
    for carry in decision.carry:
        act.keep_fraction(carry.currency, carry.num, carry.den)
    Known(act.standing).count_purchase(decision)
    act.standing.bought.append(Bought(decision.at, decision.totals.paid, decision.totals.net))
    for lot in decision.lots:
        act.standing.earned[lot.currency] = act.standing.earned.get(lot.currency, 0) + lot.units
    if decision.beyond is not None:
        over = decision.beyond.segments
        act.standing.stays = tuple(stay for stay in act.standing.stays if stay.segment not in over)
    for code in decision.coupons:
        state = act.standing.coupons.setdefault(code, CouponState())
        state.used += 1
        state.used_by_member += 1
    keep_gifts(act, decision, rulebook)


def _differences(expect: Read, decided: Decision | Refusal, rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    """(place, expected, got) of every figure that differs."""
    if isinstance(decided, Refusal):
        if expect.get("refused") != decided.code.value:
            yield "refused", expect.get("refused", NOTHING), str(decided)
        return
    for key, expected in expect.items():
        if key == "hints":
            told, got = _hints(expected, decided)
            if told != got:
                yield key, told, got
        elif key == "lines":
            yield from _line_differences(expected, decided, rulebook)
        elif key == "refused":
            yield key, expected, NOTHING
        else:
            told = _told(key, expected, rulebook)
            got = _got(key, decided, rulebook)
            if told != got:
                yield key, told, got


def _told(key: str, expected: Any, rulebook: Rulebook) -> str:  # noqa: PLR0911 - one form per kind of figure
    """An expected figure as text, in the form `_got` gives."""
    if key in {"discount", "net", "pay", "points", "advance"}:
        return written(expected, rulebook.digits)
    if key == "carry":
        return _fractions({code: Fraction(millionths, FRACTION_SCALE) for code, millionths in expected.items()})
    if key in {"spent", "spendable", "earned"}:
        units = {code: units_of(hundredths, rulebook.points[code]) for code, hundredths in expected.items()}
        return _points(units, rulebook)
    if key == "gifts":
        return _pieces({sku: int(count) for sku, count in expected.items()})
    if key == "refused_coupons":
        return _words(expected)
    if key == "shares":
        return _shares({code: _told("earned", points, rulebook) for code, points in expected.items()})
    if isinstance(expected, tuple):
        return ", ".join(sorted(expected)) or NOTHING
    return str(expected)


def _got(key: str, decided: Decision, rulebook: Rulebook) -> str:  # noqa: PLR0911 - one form per kind of figure
    totals = decided.totals
    match key:
        case "discount" | "net" | "pay":
            minor = {"discount": totals.discount, "net": totals.net, "pay": totals.paid}[key]
            return written(minor, rulebook.digits)
        case "spent" | "spendable" | "earned":
            return _points(_moved(key, decided), rulebook)
        case "carry":
            return _fractions({carry.currency: Fraction(carry.num, carry.den) for carry in decided.carry})
        case "shares":
            plans = decided.beyond.shares if decided.beyond else []
            by_rule = {plan.rule: _sums((p.currency, p.units) for p in plans if p.rule == plan.rule) for plan in plans}
            return _shares({code: _points(units, rulebook) for code, units in by_rule.items()})
        case "gifts":
            return _pieces(given_away(decided))
        case "advance":
            return written(sum(paid_beforehand(decided).values()), rulebook.digits)
        case "refused_coupons":
            return _words(decided.beyond.refused if decided.beyond else {})
        case "coupons" | "prompts":
            codes = decided.coupons if key == "coupons" else decided.prompts
            return ", ".join(sorted(codes)) or NOTHING
    return decided.tier_after


def _pieces(given: Mapping[str, int]) -> str:
    return ", ".join(f"{sku} {count}" for sku, count in sorted(given.items())) or NOTHING


def _words(refused: Mapping[str, str]) -> str:
    return ", ".join(f"{word} {why}" for word, why in sorted(refused.items())) or NOTHING


def _hints(expected: tuple[str, ...], decided: Decision) -> tuple[str, str]:
    """Expected and told; hints of kinds that the test does not name are not looked at."""
    kinds = {text.partition(" ")[0] for text in expected}
    return ", ".join(sorted(expected)) or NOTHING, ", ".join(hints_in_short(decided, kinds)) or NOTHING


def _moved(key: str, decided: Decision) -> dict[str, int]:
    """Units by currency: spent, the most that could be spent, earned."""
    match key:
        case "spent":
            return {plan.currency: plan.units for plan in decided.spend}
        case "spendable":
            return {plan.currency: plan.units_max for plan in decided.spend}
    return _sums((lot.currency, lot.units) for lot in decided.lots)


def _line_differences(
    expected: Mapping[str, Read], decided: Decision, rulebook: Rulebook
) -> Iterator[tuple[str, str, str]]:
    by_number = {line.number: line for line in decided.lines}
    for number, figures in expected.items():
        line = by_number.get(int(number))
        if line is None:
            yield f"lines.{number}", "a line", NOTHING
            continue
        for key, figure in figures.items():
            told = _told(key, figure, rulebook)
            got = _line_got(key, line, decided, rulebook)
            if told != got:
                yield f"lines.{number}.{key}", told, got


def _line_got(key: str, line: PricedLine, decided: Decision, rulebook: Rulebook) -> str:
    match key:
        case "discount":
            return written(sum(minor for _, minor in line.discounts), rulebook.digits)
        case "net" | "points":
            return written(getattr(line, key), rulebook.digits)
        case "pay":
            return written(line.paid, rulebook.digits)
        case "earned":
            lots = ((decided.lots[index].currency, units) for index, units in line.earned.items())
            return _points(_sums(lots), rulebook)
    return str(getattr(line, key))


def _sums(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, units in parts:
        found[code] = found.get(code, 0) + units
    return found


def _points(units: Mapping[str, int], rulebook: Rulebook) -> str:
    told = [f"{code} {points_text(count, rulebook.points[code])}" for code, count in sorted(units.items()) if count]
    return ", ".join(told) or NOTHING


def _shares(given: Mapping[str, str]) -> str:
    return "; ".join(f"{code}: {points}" for code, points in sorted(given.items())) or NOTHING


def _fractions(kept: Mapping[str, Fraction]) -> str:
    """Fractions of a smallest unit to six digits, as tests write them."""
    millionths = {code: fraction.numerator * FRACTION_SCALE // fraction.denominator for code, fraction in kept.items()}
    return ", ".join(f"{code} {written(part, 6)}" for code, part in sorted(millionths.items()) if part) or NOTHING
