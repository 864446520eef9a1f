"""The rules a program plays by, for whoever has just looked the program up."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from kopilka.bookkeeping.rulebooks import KEPT_VERSIONS, load_rulebook_in_force
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading


def rulebook_in_force(program: ProgramView) -> Rulebook:
    """Its values at the moment it was looked up, without asking again; `rulebook_missing` when none was published."""
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    return _kept(program.id, program.rulebook_number, program.switches_number)


@lru_cache(maxsize=KEPT_VERSIONS)
def _kept(program_id: UUID, number: int, switches_number: int) -> Rulebook:
    """Neither a version nor a change of the switches is ever changed itself."""
    with reading(program_id):
        return load_rulebook_in_force(program_id, number, switches_number)
