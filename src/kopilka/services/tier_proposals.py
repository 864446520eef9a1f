"""Thresholds of tiers proposed from what the program's members bought within a year (S3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.engine.actor import Actor, Capability
from kopilka.engine.document.kinds import written
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.spans import before
from kopilka.queries.programs import program_by_id
from kopilka.queries.yearly_sums import YearlySums

LEVELS = 3
LEVELS_MAX = 6
SHARE_ABOVE_FIRST = 3_000
"""Hundredths of a percent of buyers who reach the second level; each further one is reached by a third of those."""

FULL = 10_000
ROUND_STEPS = (10, 15, 20, 30, 50, 75)
NAMES = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True, slots=True)
class ProposedTier:
    """`members` stand here (not on a higher one); `share` of all buyers, hundredths of a percent."""

    from_minor: int
    members: int
    share: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Over the year before `at`. `text`: the tiers as a rulebook says them. Fewer tiers where sums are too alike."""

    at: datetime
    members: int
    currency: str
    average_receipt_minor: int
    tiers: tuple[ProposedTier, ...]
    text: str


def propose_tiers(*, program_id: UUID, levels: int = LEVELS, by: Actor, at: datetime) -> Proposal:
    """Round thresholds near the sums that 30 %, 10 %, 3 % … of buyers reached. `out_of_range` (levels)."""
    by.must(Capability.READ)
    if not 2 <= levels <= LEVELS_MAX:  # noqa: PLR2004 - one level is none
        raise Refusal(Code.OUT_OF_RANGE, field="levels", minimum=2, maximum=LEVELS_MAX)
    program = program_by_id(program_id)
    sums = YearlySums(program_id, before(Life(months=12), at, ZoneInfo(program.timezone)), at)
    bought = sums.all()
    digits = CURRENCY_DIGITS[program.currency]
    ranks = [_rank(bought.members, share) for share in _shares(levels)] if bought.members else []
    found = sorted({rounded(one, digits) for one in sums.at_ranks(ranks)} - {0})
    reached = [bought.members, *(sums.members_from(minor) for minor in found), 0]
    tiers = tuple(
        ProposedTier(minor, here - above, (here - above) * FULL // max(1, bought.members))
        for minor, here, above in zip([0, *found], reached, reached[1:], strict=False)
    )
    average = bought.spent_minor // max(1, bought.purchases)
    return Proposal(at, bought.members, program.currency, average, tiers, _text(found, digits))


def _shares(levels: int) -> Iterator[int]:
    share = SHARE_ABOVE_FIRST
    for _ in range(levels - 1):
        yield share
        share //= 3


def _rank(members: int, share: int) -> int:
    """The place of the poorest of the richest share."""
    return members - max(1, members * share // FULL)


def rounded(minor: int, digits: int) -> int:
    """The nearest sum that people remember: 1, 1.5, 2, 3, 5 or 7.5 and zeros, in whole units of money."""
    unit, step = int(10**digits), 10
    found = [0] if minor <= 0 else []
    while step <= minor * 10:
        found += [one for leading in ROUND_STEPS if not (one := step * leading // 10) % unit and one]
        step *= 10
    return min(found, key=lambda one: (abs(one - minor), one), default=unit)


def tiers_of_discounts(steps: str) -> str:
    """A discount that grows with what was bought (10000=3,30000=5: from 10 000 on 3 %) as tiers of a rulebook (S2.6).

    `invalid` (discounts) for what is no such ladder.
    """
    lines = ["tiers:", "  first: {}"]
    lowest, number = -1, 0
    for part in steps.split(","):
        minimum, _, percent = (piece.strip() for piece in part.partition("="))
        if not (minimum.isdecimal() and percent.isdecimal()) or not 0 < int(percent) <= 100 or int(minimum) <= lowest:  # noqa: PLR2004
            raise Refusal(Code.INVALID, field="discounts", reason="not_understood", given=part.strip())
        lowest = int(minimum)
        if not lowest:
            lines[1] = f"  first: {{discount: {percent}}}"
            continue
        number += 1
        lines.append(f'  step-{number}: {{enter: {{spent: {{at_least: "{minimum}.00"}}}}, discount: {percent}}}')
    return "\n".join(lines) + "\n"


def _text(found: list[int], digits: int) -> str:
    lines = ["tiers:", "  first: {}"]
    lines += [
        f'  {name}: {{enter: {{spent: {{at_least: "{written(minor, digits)}"}}}}, within: {{months: 12}}}}'
        for name, minor in zip(NAMES[1:], found, strict=False)
    ]
    return "\n".join(lines) + "\n"
