"""Which rules may work at all, kept by what was asked: the same few combinations come again at every till.

Most of fifty promotions do nothing on a receipt, for reasons that do not depend on its figures: there are no goods of
theirs, or one of the book's questions was answered with no. Both are bits, so the answer for them is found, not made.
"""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import Reason

CHOICES_MAX = 1_000


@dataclass(slots=True)
class Choice:
    """`able` rules hold and have lines by their keys; `refused` tells of all others, in the order of calculation.

    `asking`: of those that ask still more of a line, by index, how many of the refused stand before them.
    """

    able: list[Rule]
    refused: list[Reason]
    asking: dict[int, int]


class Choices:
    """The choices made so far, by the bits of the rules with lines and of the questions that failed."""

    __slots__ = ("_made", "_rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._made: dict[tuple[int, int], Choice] = {}

    def of(self, present: int, failed: int) -> Choice:
        choice = self._made.get((present, failed))
        if choice is None:
            if len(self._made) >= CHOICES_MAX:
                self._made.clear()
            choice = self._made[present, failed] = self._make(present, failed)
        return choice

    def _make(self, present: int, failed: int) -> Choice:
        able: list[Rule] = []
        refused: list[Reason] = []
        asking: dict[int, int] = {}
        for index, rule in enumerate(self._rules):
            if not present >> index & 1:
                refused.append(rule.no_lines)
            elif failed & rule.needs:
                refused.append(rule.refusal(failed))
            else:
                able.append(rule)
                if rule.selects is not None:
                    asking[index] = len(refused)
        return Choice(able, refused, asking)
