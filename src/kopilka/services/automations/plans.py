"""What a deed of an automation carries from its planning to its doing, and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.rulebooks import load_rulebook_in_force
from kopilka.data.models.programs import Program
from kopilka.engine.automations import Owed
from kopilka.engine.mechanics import On
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import Returned
from kopilka.engine.rulebook import Rulebook


@dataclass(slots=True)
class Plan:
    """`on`, `name`, `at` and `facts` of the event; `version`: the rules that answered it, by which it is done.

    `owed`: all that is given to the deed's member, by line of the purchase where it goes back with the goods.
    `returned`: what returns have taken back of it so far.
    """

    on: On
    version: int
    at: datetime
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)
    returned: Returned | None = None


def rules_in_force(program_id: UUID, version: int | None = None) -> tuple[int, Rulebook] | None:
    """A version (None: the current one) as the switches stand; None before anything was published."""
    found = Program.objects.filter(id=program_id).values_list("rulebook_number", "switches_number").first()
    if found is None or not found[0]:
        return None
    number = version or found[0]
    try:
        return number, load_rulebook_in_force(program_id, number, found[1])
    except Refusal as refusal:
        if refusal.code is Code.RULEBOOK_MISSING:
            return None
        raise
