"""The rules by which a deed of an automation is done."""

from __future__ import annotations

from uuid import UUID

from kopilka.bookkeeping.owed import Plan
from kopilka.bookkeeping.rulebooks import load_rulebook_in_force
from kopilka.data.models.programs import Program
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

__all__ = ["Plan", "rules_in_force"]


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
