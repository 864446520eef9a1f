"""What two records of one person have both: added up, joined, or closed, so that nothing is there twice or lost."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from kopilka.bookkeeping.deeds import DeedState
from kopilka.bookkeeping.segments import LIVE
from kopilka.data.models.automations import ProfileAnswer
from kopilka.data.models.balances import Transfer
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.coupons import RuleCount
from kopilka.data.models.deeds import Deed
from kopilka.data.models.members import Member
from kopilka.data.models.segments import SegmentMember
from kopilka.data.models.tiers import Opening
from kopilka.engine.stays import Stay, text_of

MERGED = "merged"
"""What a deed says that was owed to both records of one person."""


def close_between(program_id: UUID, gone: UUID, kept: UUID, *, at: datetime) -> None:
    """Before rows go over: what both asked for is asked for once, and nobody hands points to himself."""
    wanted = GoodsRequest.objects.of(program_id).filter(state__in=("open", "arrived"))
    twice = wanted.filter(member_id=kept).values_list("sku", flat=True)
    wanted.filter(member_id=gone, sku__in=list(twice)).update(state="withdrawn", closed_at=at)
    between = Q(giver_id=gone, taker_id=kept) | Q(giver_id=kept, taker_id=gone)
    Transfer.objects.of(program_id).filter(between, state="proposed").update(state="declined", ended_at=at)


def merge_deeds(program_id: UUID, gone: UUID, kept: UUID, *, at: datetime) -> None:
    """Deeds go over. What was owed to both because of one moment is owed once: done for either, it is done."""
    deeds = Deed.objects.of(program_id)
    twins = {(one.kind, one.rule, one.cause): one for one in deeds.filter(member_id=kept)}
    for deed in deeds.filter(member_id=gone).order_by("id"):
        twin = twins.get((deed.kind, deed.rule, deed.cause))
        if twin is not None:
            left = deed if deed.state == DeedState.DUE else twin
            if left.state == DeedState.DUE:
                deeds.filter(id=left.id).update(state=DeedState.NOTHING, told=MERGED, done_at=at)
            deeds.filter(id=deed.id).update(cause=f"{deed.cause} {gone}")
    deeds.filter(member_id=gone).update(member_id=kept)
    deeds.filter(about=gone).update(about=kept)


def merge_openings(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """What both brought along from elsewhere is one sum."""
    openings = Opening.objects.of(program_id)
    old = openings.filter(member_id=gone).first()
    if old is None:
        return
    both = openings.filter(member_id=kept)
    if both.update(spent_minor=F("spent_minor") + old.spent_minor, purchases=F("purchases") + old.purchases):
        old.delete()
    else:
        openings.filter(id=old.id).update(member_id=kept)


def merge_counts(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """What both used of a rule with limits for each member, one has used."""
    counts = RuleCount.objects.of(program_id)
    for count in counts.filter(whose=f"m:{gone}").order_by("rule", "span"):
        twin = counts.filter(rule=count.rule, whose=f"m:{kept}", span=count.span)
        if twin.update(uses=F("uses") + count.uses, minor=F("minor") + count.minor, units=F("units") + count.units):
            count.delete()
        else:
            counts.filter(id=count.id).update(whose=f"m:{kept}")


def merge_answers(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """Questions that only the other record had answered are answered; its other answers are personal data and go."""
    answers = ProfileAnswer.objects.of(program_id)
    known = answers.filter(member_id=kept).values_list("question", flat=True)
    answers.filter(member_id=gone, question__in=list(known)).delete()
    answers.filter(member_id=gone).update(member_id=kept)


def merge_stays(program_id: UUID, gone: UUID, kept: UUID, *, at: datetime) -> None:
    """Stays in segments go over; of two in one segment the longer one counts. The text of the member's row follows."""
    stays = SegmentMember.objects.of(program_id)
    mine = {one.segment: one for one in stays.filter(member_id=kept, ended_at__isnull=True)}
    for stay in stays.filter(member_id=gone, ended_at__isnull=True).order_by("id"):
        twin = mine.get(stay.segment)
        if twin is not None:
            ends = (stay.until, twin.until)
            until = None if None in ends else max(end for end in ends if end)
            stays.filter(id=twin.id).update(until=until, next_sale=stay.next_sale and twin.next_sale)
            stays.filter(id=stay.id).update(ended_at=at)
    stays.filter(member_id=gone).update(member_id=kept)
    put = stays.filter(member_id=kept, ended_at__isnull=True).exclude(source=LIVE)
    text = text_of(Stay(*row) for row in put.values_list("segment", "until", "next_sale"))
    Member.objects.of(program_id).filter(id=kept).update(segments=text)
    Member.objects.of(program_id).filter(id=gone).update(segments="")


def merge_inviters(program_id: UUID, gone: UUID, kept: UUID) -> bool:
    """Friends of `gone` are friends of `kept`. Nobody stands above himself; was `gone` a friend of `kept` himself?

    Was `gone` above `kept`, its own inviter takes its place; else `kept` keeps his, or gets that of `gone` when he has
    none. Both and the tops of their trees are locked.
    """
    members = Member.objects.of(program_id)
    links = dict(members.filter(id__in=[gone, kept]).values_list("id", "inviter_id"))
    above_kept, above_gone = _above(program_id, kept), _above(program_id, gone)
    inviter = links[kept]
    if gone in above_kept or (inviter is None and kept not in above_gone):
        inviter = links[gone]
    told_twice = links[gone] in {kept, inviter}
    members.filter(inviter_id=gone).exclude(id=kept).update(inviter_id=kept)
    members.filter(id=kept).update(inviter_id=inviter)
    if told_twice:
        members.filter(id=gone).update(inviter_id=None)
    return bool(links[gone] == kept)


def _above(program_id: UUID, member_id: UUID) -> set[UUID]:
    """Everybody above a member."""
    found: set[UUID] = set()
    links = Member.objects.of(program_id)
    above = links.filter(id=member_id).values_list("inviter_id", flat=True).first()
    while above is not None and above not in found:
        found.add(above)
        above = links.filter(id=above).values_list("inviter_id", flat=True).first()
    return found
