"""Two records of one person become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.documents import Balance, from_text, to_text
from kopilka.bookkeeping.events import EventKind, record, record_all
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import Known, balances_of, load_several
from kopilka.bookkeeping.merging import add_counters, hand_over_lots, merge_points, merge_rows, write_counters
from kopilka.bookkeeping.merging_rows import merge_inviters
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.inviting import top_of
from kopilka.bookkeeping.tier_rows import TierChanged, TierWhy, write_tier_changes
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.families import IN_FAMILY

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Merged:
    """`kept` has everything now; `gone` is closed and names it. `moved`: what came over, `balances`: what is there."""

    operation_id: UUID
    kept: UUID
    gone: UUID
    moved: dict[str, Balance]
    balances: dict[str, Balance]
    at: datetime
    replayed: bool = False


def merge_members(
    *,
    program_id: UUID,
    kept: UUID,
    gone: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    request: Request = NO_KEY,
    request_id: str = "",
) -> Merged:
    """`gone` was the same person as `kept`: points with their lives, purchases, identifiers, everything goes over.

    `dry_run` only tells what would come over. Refuses with `not_allowed`, `missing` (reason), `invalid` (the same
    member, one already merged or in a family, an account of a beneficiary), `hold_open` while points of `gone` stand
    aside, `busy` when somebody above one of them got an inviter meanwhile.
    """
    by.must(Capability.ADJUST)
    told = clean_text(reason, field="reason", length_max=REASON_MAX)
    if not told:
        raise Refusal(Code.MISSING, field="reason")
    if kept == gone:
        raise Refusal(Code.INVALID, field="gone", reason="same_member")
    asked = _Asked(program_id, kept, gone, told, by, at, request, request_id)
    return try_again(lambda: _merge(asked, dry_run=dry_run))


@dataclass(frozen=True, slots=True)
class _Asked:
    program_id: UUID
    kept: UUID
    gone: UUID
    reason: str
    by: Actor
    at: datetime
    request: Request
    request_id: str


@transaction.atomic(durable=True)
def _merge(asked: _Asked, *, dry_run: bool) -> Merged:
    program_id = asked.program_id
    enter_program(program_id)
    tops = [top_of(program_id, one) for one in (asked.kept, asked.gone)]
    known = load_several(program_id, [asked.kept, asked.gone, *tops])
    if done := _answered(asked):
        return done
    kept, gone = known[asked.kept], known[asked.gone]
    _must_fit(program_id, kept, gone)
    if tops != [top_of(program_id, one) for one in (asked.kept, asked.gone)]:
        raise Refusal(Code.BUSY)  # the trees of inviters have grown meanwhile: to be tried again
    rulebook = load_rulebook(program_id)[1]
    moved = balances_of(gone.standing)
    if dry_run:
        return Merged(new_id(), asked.kept, asked.gone, moved, balances_of(kept.standing), asked.at)
    due = [one for each in (kept, gone) for one in settle_due(each.standing, at=asked.at, recorded_at=asked.at)]
    moved = balances_of(gone.standing)
    leaving, coming = Act(gone.standing, asked.at, new_id), Act(kept.standing, asked.at, new_id)
    merge_points(leaving, coming, rulebook)
    before, since = kept.standing.tier, kept.tier_since
    add_counters(gone, kept, [tier.code for tier in rulebook.tiers])
    kept.standing.referrals -= merge_inviters(program_id, asked.gone, asked.kept)
    result = Merged(new_id(), asked.kept, asked.gone, moved, balances_of(kept.standing), asked.at)
    _write(asked, result, due, leaving, coming)
    write_counters(program_id, [kept, gone])
    _look_at_tier(asked, kept, before, since, is_tiered=bool(rulebook.tiers))
    record(program_id, EventKind.MEMBER_CHANGED, member_id=asked.kept, subject_id=asked.kept, at=asked.at)
    return result


def _must_fit(program_id: UUID, kept: Known, gone: Known) -> None:
    rows = Member.objects.of(program_id).filter(id__in=[kept.standing.member_id, gone.standing.member_id])
    if any(rows.values_list("merged_into", flat=True)):
        raise Refusal(Code.INVALID, field="gone", reason="merged_already")
    states = set(rows.values_list("status", flat=True))
    for state in (IN_FAMILY, "erased"):
        if state in states:
            raise Refusal(Code.INVALID, field="gone", reason=state)
    if any(rows.values_list("role", flat=True)):
        raise Refusal(Code.INVALID, field="gone", reason="account_of_beneficiary")
    if any(wallet.held for wallet in gone.standing.wallets.values()):
        raise Refusal(Code.HOLD_OPEN)


def _look_at_tier(asked: _Asked, kept: Known, before: str, since: datetime | None, *, is_tiered: bool) -> None:
    """A tier that came over is told; both records' purchases together may be worth another one: the worker looks."""
    members = Member.objects.of(asked.program_id)
    members.filter(id=asked.gone).update(tier_review_at=None)
    members.filter(id=asked.kept).update(tier_review_at=asked.at if is_tiered else None)
    after = kept.standing.tier
    if after != before:
        change = TierChanged(
            asked.kept, before, after, asked.at, asked.at, TierWhy.HAND, since, by=asked.by.name, reason=asked.reason
        )
        write_tier_changes(asked.program_id, [change])
        record_all(asked.program_id, [change.happened()])


def _write(asked: _Asked, result: Merged, due: list[Written], leaving: Act, coming: Act) -> None:
    """Lots go over between the two writings: the second may draw on them to pay a debt."""
    program_id, about = asked.program_id, asked.kept
    gone = Written(Kind.MOVE, asked.gone, about, asked.at, asked.at, asked.by, leaving, reason=asked.reason)
    kept = Written(
        Kind.MOVE, asked.kept, asked.gone, asked.at, asked.at, asked.by, coming, reason=asked.reason,
        request=asked.request, request_id=asked.request_id, status=CREATED, answer=to_text(result),
        id=result.operation_id,
    )  # fmt: skip
    write_acts(program_id, [*due, gone, kept])
    hand_over_lots(program_id, asked.gone, asked.kept)
    merge_rows(program_id, asked.gone, asked.kept, at=asked.at)
    members = Member.objects.of(program_id)
    members.filter(id=asked.gone).update(status="merged", merged_into_id=asked.kept)
    members.filter(merged_into_id=asked.gone).update(merged_into_id=asked.kept)
    record_audit(
        program_id, "members_merged", asked.kept, by=asked.by, at=asked.at, reason=asked.reason,
        after={"gone": asked.gone, "balances": {code: one.available for code, one in result.balances.items()}},
        request_id=asked.request_id,
    )  # fmt: skip


def _answered(asked: _Asked) -> Merged | None:
    found = find_answered(asked.program_id, asked.request)
    if found is None:
        return None
    if found.kind != Kind.MOVE or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=asked.request.key)
    answer = from_text(found.answer, Merged)
    return Merged(
        answer.operation_id, answer.kept, answer.gone, answer.moved, answer.balances, answer.at, replayed=True
    )
