"""Looking before somebody is enrolled at a counter: is what was typed good, and is he one of ours already?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.sharing.inviting import member_by_referral
from kopilka.bookkeeping.sharing.people import must_be_agent
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.members import member_id_by
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.services.profiles import MemberFacts, clean_fields, clean_identifier


def find_by_phone(*, program: ProgramView, phone: str, by: Actor) -> UUID | None:
    """The member recognised by a phone, however it was written; None for a new one. `phone_invalid`."""
    by.must(Capability.ENROL)
    value = clean_identifier(program, "phone", phone)
    try:
        return member_id_by(program.id, "phone", value)
    except Refusal:
        return None


def check_newcomer(*, program: ProgramView, facts: MemberFacts, by: Actor, at: datetime) -> None:
    """Would he be enrolled? Nothing is written. `identifier_taken`, `phone_invalid`, `missing`, `invalid`, `not_found`
    (referral_code, agent) as `enrol_member` says them, which looks again."""
    by.must(Capability.ENROL)
    if not facts.phone:
        raise Refusal(Code.MISSING, field="phone")
    if find_by_phone(program=program, phone=facts.phone, by=by) is not None:
        raise Refusal(Code.IDENTIFIER_TAKEN, kind="phone")
    clean_fields(program, {"name": facts.name, "birth_date": facts.birth_date}, at=at)
    with reading(program.id):
        if facts.invited_by:
            member_by_referral(program.id, facts.invited_by)
        if facts.agent:
            must_be_agent(program.id, facts.agent, member_id=None)
