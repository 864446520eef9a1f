"""Many simple deeds of moments in one transaction: everybody's birthday on one day must not take minutes.

Simple are those that give their own members points or tags and ask for messages: nothing else is locked for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kopilka.bookkeeping.deeds import Due
from kopilka.bookkeeping.documents import from_text
from kopilka.engine.automations import MOMENTS
from kopilka.engine.mechanics import Automation, On, Person, Whose
from kopilka.engine.rulebook import Rulebook
from kopilka.services.automations.plans import Plan, rules_in_force

OWN = frozenset({Whose.MEMBER, Whose.RECEIPT})
"""Limits that are counted for one member, who is locked."""


@dataclass(slots=True)
class Crowd:
    """What a batch of deeds shares: the rules of every version that is needed, read once.

    `seen`: rules and members of the batch. Of two deeds of one rule for one member the second must see the first.
    """

    program_id: UUID
    rules: dict[int, tuple[int, Rulebook] | None] = field(default_factory=dict)
    seen: set[tuple[str, UUID]] = field(default_factory=set)

    def rules_of(self, version: int) -> tuple[int, Rulebook] | None:
        if version not in self.rules:
            self.rules[version] = rules_in_force(self.program_id, version)
        return self.rules[version]

    def is_unusual(self, deed: Due) -> bool:
        """Must it be done in a transaction of its own?"""
        plan = from_text(deed.payload, Plan)
        rules = self.rules_of(plan.version)
        automation = rules[1].mechanics.automations.get(deed.rule) if rules else None
        if plan.on not in MOMENTS or plan.on is On.EXPIRING or automation is None or not _is_simple(automation):
            return True
        if (deed.rule, deed.member_id) in self.seen:
            return True
        self.seen.add((deed.rule, deed.member_id))
        return False

    def write(self, program_id: UUID) -> None:
        """Nothing is written for all of them."""


def crowd_of(program_id: UUID, _deeds: Sequence[Due]) -> Crowd:
    return Crowd(program_id)


def _is_simple(automation: Automation) -> bool:
    bounds = automation.bounds
    return (
        all(one.to is Person.MEMBER for one in automation.grants)
        and not (automation.gives or automation.unlocks or automation.put_into or automation.take_out_of)
        and not (automation.tier or automation.added)
        and bounds.budget is None
        and all(limit.whose in OWN for limit in bounds.limits)
    )
