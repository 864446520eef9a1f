"""Employees, agents and partners: found by their codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.shares import EnrolledBy
from kopilka.engine.refusal import Code, Refusal


def beneficiary_of(program_id: UUID, kind: str, code: str) -> Beneficiary:
    """`not_found` (employee, agent, partner)."""
    found: Beneficiary | None = Beneficiary.objects.of(program_id).filter(kind=kind, code=code).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what=kind)
    return found


def must_be_agent(program_id: UUID, code: str, *, member_id: UUID | None) -> None:
    """An agent who still works, and not the member himself; `not_found`, `invalid` (himself)."""
    agent = beneficiary_of(program_id, "agent", code)
    if not agent.active:
        raise Refusal(Code.NOT_FOUND, what="agent")
    if member_id is not None and member_id in {agent.person_id, agent.account_id}:
        raise Refusal(Code.INVALID, field="agent", reason="himself")


def note_enrolled_by(program_id: UUID, member_id: UUID, staff: str, *, at: datetime) -> None:
    """The employee's own count grows; nobody need have added him as one."""
    EnrolledBy.objects.create(id=new_id(), program_id=program_id, member_id=member_id, staff=staff, at=at)
