"""The rules a program plays by, from memory: only their numbers are asked for, or known already."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from kopilka.bookkeeping.rulebooks import KEPT_VERSIONS, load_rulebook_in_force, numbers_in_force
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading


def rulebook_now(program_id: UUID) -> Rulebook:
    """Its values at this moment; `rulebook_missing` when none was published."""
    return _kept(program_id, *numbers_in_force(program_id))


def rulebook_in_force(program: ProgramView) -> Rulebook:
    """The same for a page that has just looked the program up: nothing is asked again."""
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    return _kept(program.id, program.rulebook_number, program.switches_number)


@lru_cache(maxsize=KEPT_VERSIONS)
def _kept(program_id: UUID, number: int, switches_number: int) -> Rulebook:
    """Neither a version nor a change of the switches is ever changed itself."""
    with reading(program_id):
        return load_rulebook_in_force(program_id, number, switches_number)
