"""Friends and agents of a member: his code for friends, who invited him, whose customer he is, how a share is split."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.events import record_all
from kopilka.bookkeeping.locking import lock_members, reading_before_writing
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segments import Putting, must_be_put_together, put_into, record_happened
from kopilka.bookkeeping.sharing.inviting import (
    lock_for_inviting,
    member_by_referral,
    must_be_another,
    note_invited,
    referral_code,
)
from kopilka.bookkeeping.sharing.people import must_be_agent
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.mechanics import Split, SplitFor
from kopilka.engine.mechanics_things import Referral
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.stays import stays_of
from kopilka.queries.network import NetworkLevel, NetworkMember, members_of_level, network_of_member

TRIES = 5
LEVELS_MAX = 10


@dataclass(frozen=True, slots=True)
class ReferralCode:
    """What a member gives his friends; `link` is what to put behind the address of the registration page."""

    member_id: UUID
    code: str
    link: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Who stands behind a member: his inviter, his agent, the split of a share that holds for him."""

    member_id: UUID
    inviter_id: UUID | None = None
    agent: str = ""
    split: str = ""
    segment: str = ""
    until: str = ""
    replayed: bool = False


@transaction.atomic(durable=True)
def issue_referral_code(*, program_id: UUID, member_id: UUID, asking: Asking) -> ReferralCode:
    """The member's code for friends, the same for ever; made when it is first asked for. `not_found`."""
    asking.by.must(Capability.ENROL)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    if member.role:
        raise Refusal(Code.NOT_FOUND, what="member")
    said = load_rulebook(program_id)[1].mechanics.referral or Referral()
    code = referral_code(program_id, member_id, said, at=asking.at)
    done = told_before(program_id, asking, "referral_code", str)
    if done is None:
        keep_answer(program_id, asking, "referral_code", code, member_id=member_id, subject_id=member_id)
    return ReferralCode(member_id, code, f"?invited_by={code}", replayed=done is not None)


def name_inviter(*, program_id: UUID, member_id: UUID, invited_by: str, asking: Asking, device: str = "") -> Relation:
    """Who brought a member, named after he enrolled: once, before his first purchase, where the rules allow it.

    `not_found` (member, referral_code), `inviter_refused` (himself, invited_before, bought_before, circle,
    at_enrolment_only).
    """
    asking.by.must(Capability.ENROL)
    for left in reversed(range(TRIES)):
        try:
            return _name_inviter(program_id, member_id, invited_by, device, asking)
        except Refusal as refusal:
            if refusal.code is not Code.BUSY or not left:
                raise
    raise AssertionError("unreachable")


@transaction.atomic(durable=True)
def name_agent(*, program_id: UUID, member_id: UUID, agent: str, asking: Asking) -> Relation:
    """Whose customer a member is from now on; an empty code: nobody's. `not_found`, `invalid` (himself)."""
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    done = told_before(program_id, asking, "agent_named", str)
    if done is None:
        if agent:
            must_be_agent(program_id, agent, member_id=member_id)
        before, member.agent = member.agent, agent
        member.save(update_fields=["agent"])
        record_audit(
            program_id, "agent_named", member_id, by=asking.by, at=asking.at,
            before={"agent": before}, after={"agent": agent}, request_id=asking.request_id,
        )  # fmt: skip
        keep_answer(program_id, asking, "agent_named", agent, member_id=member_id, subject_id=member_id)
    return Relation(member_id, member.inviter_id, member.agent, replayed=done is not None)


@transaction.atomic(durable=True)
def choose_split(*, program_id: UUID, member_id: UUID, share: str, split: str, asking: Asking) -> Relation:
    """Another split of a share holds for the member: for his next sale, for a time, or always (S4.37).

    `not_found` (member, split), `invalid` (the split's segment has a condition).
    """
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    rulebook = load_rulebook(program_id)[1]
    said = _split(rulebook, share, split)
    must_be_put_together(rulebook, said.segment)
    until = None if said.life.is_empty else said.life.after(asking.at, rulebook.zone)
    once = said.holds is SplitFor.NEXT_SALE and said.life.is_empty
    done = told_before(program_id, asking, "split_chosen", str)
    if done is None:
        putting = Putting(said.segment, until, next_sale=once, by=asking.by.name)
        _, happened = put_into(program_id, member_id, stays_of(member.segments), putting, at=asking.at)
        record_happened(program_id, happened)
        record_audit(
            program_id, "split_chosen", member_id, by=asking.by, at=asking.at, after={"share": share, "split": split},
            request_id=asking.request_id,
        )  # fmt: skip
        keep_answer(program_id, asking, "split_chosen", split, member_id=member_id, subject_id=member_id)
    told = until.isoformat() if until else ""
    return Relation(member_id, member.inviter_id, member.agent, split, said.segment, told, replayed=done is not None)


def read_network(*, program_id: UUID, member_id: UUID, levels: int, by: Actor) -> list[NetworkLevel]:
    """Totals of everybody a member brought, level by level; `not_found`, `out_of_range`."""
    by.must(Capability.READ)
    _must_be_level(levels)
    return network_of_member(program_id, member_id, levels)


def read_network_level(
    *, program_id: UUID, member_id: UUID, level: int, by: Actor, after: UUID | None = None, limit: int = 50
) -> tuple[tuple[NetworkMember, ...], UUID | None]:
    """Those of one level, a page at a time."""
    by.must(Capability.READ)
    _must_be_level(level)
    return members_of_level(program_id, member_id, level, after=after, limit=limit)


def _must_be_level(level: int) -> None:
    if not 1 <= level <= LEVELS_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="level", minimum=1, maximum=LEVELS_MAX)


@transaction.atomic(durable=True)
def _name_inviter(program_id: UUID, member_id: UUID, invited_by: str, device: str, asking: Asking) -> Relation:
    enter_program(program_id)
    with reading_before_writing():
        done = told_before(program_id, asking, "inviter_named", str)
        if done is not None:
            return Relation(member_id, UUID(done), replayed=True)
        said = load_rulebook(program_id)[1].mechanics.referral
        if said is None or not said.until_first_purchase:
            raise Refusal(Code.INVITER_REFUSED, reason="at_enrolment_only")
        inviter = member_by_referral(program_id, invited_by)
        must_be_another(program_id, inviter, member_id, device)
        member = lock_for_inviting(program_id, member_id, inviter)
        if member.purchases:
            raise Refusal(Code.INVITER_REFUSED, reason="bought_before")
    member.inviter_id = inviter
    member.save(update_fields=["inviter"])
    record_all(program_id, [note_invited(program_id, inviter, member_id, at=asking.at)])
    record_audit(
        program_id, "inviter_named", member_id, by=asking.by, at=asking.at, after={"inviter": str(inviter)},
        request_id=asking.request_id,
    )  # fmt: skip
    keep_answer(program_id, asking, "inviter_named", str(inviter), member_id=member_id, subject_id=member_id)
    return Relation(member_id, inviter, member.agent)


def _split(rulebook: Rulebook, share: str, split: str) -> Split:
    said = rulebook.mechanics.shares.get(share)
    found = next((one for one in said.splits if one.code == split), None) if said else None
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="split")
    return found
