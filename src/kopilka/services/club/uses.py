"""Services of the club: who may have them, how often, and each use written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.loading import BIRTH_DATE, load_known, load_standing
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rule_uses import lock_uses
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.club import ClubUse
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.mechanics import ClubService, Limit, Whose
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import holds_for, segments_at
from kopilka.engine.standing import Standing
from kopilka.queries.club import latest_uses

COUNTER = "club"


@dataclass(frozen=True, slots=True)
class UseAnswer:
    """One use of a service; `cost_minor` is what it cost the shop."""

    id: UUID
    member_id: UUID
    service: str
    at: datetime
    cost_minor: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as it stands for one member: `left` uses (None: no bound); `is_open`: it is for him."""

    code: str
    name_ru: str
    name_en: str
    is_open: bool
    left: int | None


@transaction.atomic(durable=True)
def use_service(*, program_id: UUID, member_id: UUID, service: str, branch: str, asking: Asking) -> UseAnswer:
    """Write down that a member used a service of the club.

    `not_found` (member, service), `service_not_open`, `service_used_up` (maximum), `member_blocked`.
    """
    asking.by.must(Capability.EARN)
    enter_program(program_id)
    known = load_known(program_id, member_id)
    done = told_before(program_id, asking, "club_use", UseAnswer)
    if done is not None:
        return replace(done, replayed=True)
    known.must_be_active()
    rulebook = load_rulebook(program_id)[1]
    said = rulebook.mechanics.club.get(service)
    if said is None:
        raise Refusal(Code.NOT_FOUND, what="service")
    if not _is_open(rulebook, known.standing, said, asking.at):
        raise Refusal(Code.SERVICE_NOT_OPEN, service=service)
    if any(limit.whose is not Whose.MEMBER for limit in said.limits):
        lock_uses(program_id, [(COUNTER, service)])
    for limit in said.limits:
        if not _left(program_id, rulebook, limit, service, member_id, branch, asking.at):
            raise Refusal(Code.SERVICE_USED_UP, service=service, maximum=limit.times)
    row = ClubUse.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, service=service, at=asking.at, branch=branch,
        cost_minor=said.cost_minor, by=asking.by.name,
    )  # fmt: skip
    answer = UseAnswer(row.id, member_id, service, asking.at, said.cost_minor)
    keep_answer(program_id, asking, "club_use", answer, member_id=member_id, subject_id=row.id)
    return answer


@transaction.atomic(durable=True)
def services_of_member(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> list[ServiceView]:
    """All services of the club, as they stand for this member now."""
    by.must(Capability.READ)
    enter_program(program_id)
    standing = load_standing(program_id, member_id, at=at, lock=False, want=frozenset({BIRTH_DATE}))
    rulebook = load_rulebook(program_id)[1]
    return [
        ServiceView(
            said.code,
            said.name_ru,
            said.name_en,
            _is_open(rulebook, standing, said, at),
            _least_left(program_id, rulebook, said, member_id, at),
        )
        for said in rulebook.mechanics.club.values()
    ]


def _least_left(program_id: UUID, rulebook: Rulebook, said: ClubService, member_id: UUID, at: datetime) -> int | None:
    left = [_left(program_id, rulebook, limit, said.code, member_id, "", at) for limit in said.limits]
    return min(left, default=None)


def _is_open(rulebook: Rulebook, standing: Standing, said: ClubService, at: datetime) -> bool:
    standing.segments = segments_at(rulebook, standing, at)
    return said.when is None or holds_for(rulebook, standing, said.when, at)


def _left(
    program_id: UUID, rulebook: Rulebook, limit: Limit, service: str, member_id: UUID, branch: str, at: datetime
) -> int:
    """How many uses a limit still allows: those whose stretch of time is over no longer count."""
    uses = latest_uses(
        program_id, service, limit=limit.times,
        member_id=member_id if limit.whose is Whose.MEMBER else None,
        branch=branch if limit.whose is Whose.BRANCH else None,
    )  # fmt: skip
    counted = [used for used in uses if limit.within.is_empty or limit.within.after(used, rulebook.zone) > at]
    return limit.times - len(counted)
