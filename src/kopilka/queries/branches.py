"""The places of sale."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.data.models.programs import Branch
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class BranchView:
    code: str
    name: str


def branch_names(program_id: UUID) -> dict[str, str]:
    """What people call each place, by its code."""
    return {branch.code: branch.name for branch in list_branches(program_id)}


def list_branches(program_id: UUID) -> list[BranchView]:
    """By name; a branch without one is called by its code."""
    with reading(program_id):
        rows = Branch.objects.of(program_id).values_list("code", "name")
        found = [BranchView(code, name or code) for code, name in rows]
    return sorted(found, key=lambda branch: (branch.name.casefold(), branch.code))
