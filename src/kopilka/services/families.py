"""A family: several members who earn and spend in one account, the head's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.loading import Known, load_several
from kopilka.bookkeeping.notes import keep_answer, told_before
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.transfers import Signed, prove_member

JOINED, LEFT = "family_joined", "family_left"
IN_FAMILY = "in_family"
"""Status of a member who has joined a family: his phone and card now find the head."""


@dataclass(frozen=True, slots=True)
class FamilyView:
    """The head and those who joined, the first first."""

    head: UUID
    members: tuple[UUID, ...]
    replayed: bool = False


def join_family(*, program_id: UUID, head: UUID, joining: UUID, head_code: str | None, signed: Signed) -> FamilyView:
    """`joining` (who signs) puts his points into the account of `head`, who agrees by `head_code`.

    From now on his phone, card and other identifiers find the head. Earlier purchases stay his own. `not_offered`,
    `out_of_range` (family full), `invalid` (one of them is in a family already), `hold_open`, refusals of codes.
    """
    if head == joining:
        raise Refusal(Code.INVALID, field="member", reason="same_member")

    def work(outcome: Outcome) -> FamilyView:
        enter_program(program_id)
        known = load_several(program_id, [head, joining])
        if done := told_before(program_id, signed.asking, JOINED, FamilyView):
            return replace(done, replayed=True)
        family = load_rulebook(program_id)[1].mechanics.family
        if family is None:
            raise Refusal(Code.NOT_OFFERED, what="family")
        inside = family_of(program_id, head)
        if joining in inside.members:
            return inside
        _must_fit(program_id, known, inside, joining, family.size)
        prove_member(outcome, program_id, joining, signed)
        prove_member(outcome, program_id, head, Signed(head_code, signed.by, signed.at))
        outcome.written += _pool(known[joining], known[head], signed)
        Identifier.objects.of(program_id).filter(member_id=joining).update(member_id=head, owner_id=joining)
        _set_status(program_id, joining, IN_FAMILY)
        record_audit(
            program_id, "family_joined", head, by=signed.by, at=signed.at, after={"member": joining},
            request_id=signed.request_id,
        )  # fmt: skip
        outcome.events.append(Happened(EventKind.MEMBER_CHANGED, joining, head, signed.at))
        view = FamilyView(head, (*inside.members, joining))
        keep_answer(program_id, signed.asking, JOINED, view, member_id=head, subject_id=joining)
        return view

    return act_once(program_id, work)


def leave_family(*, program_id: UUID, head: UUID, leaving: UUID, signed: Signed) -> FamilyView:
    """His identifiers are his again and he starts with an empty wallet; the points stay with the family."""

    def work(outcome: Outcome) -> FamilyView:
        enter_program(program_id)
        load_several(program_id, [head, leaving])
        if done := told_before(program_id, signed.asking, LEFT, FamilyView):
            return replace(done, replayed=True)
        inside = family_of(program_id, head)
        if leaving not in inside.members:
            raise Refusal(Code.NOT_FOUND, what="member")
        prove_member(outcome, program_id, head, signed)
        Identifier.objects.of(program_id).filter(member_id=head, owner_id=leaving).update(
            member_id=leaving, owner_id=None
        )
        _set_status(program_id, leaving, "active")
        record_audit(
            program_id, "family_left", head, by=signed.by, at=signed.at, before={"member": leaving},
            request_id=signed.request_id,
        )  # fmt: skip
        outcome.events.append(Happened(EventKind.MEMBER_CHANGED, leaving, head, signed.at))
        view = FamilyView(head, tuple(one for one in inside.members if one != leaving))
        keep_answer(program_id, signed.asking, LEFT, view, member_id=head, subject_id=leaving)
        return view

    return act_once(program_id, work)


def family_of(program_id: UUID, head: UUID) -> FamilyView:
    """Those whose identifiers find this member; inside a transaction that entered the program."""
    owned = Identifier.objects.of(program_id).filter(member_id=head, owner__isnull=False).order_by("created_at", "id")
    return FamilyView(head, tuple(dict.fromkeys(owned.values_list("owner_id", flat=True))))


def _must_fit(program_id: UUID, known: dict[UUID, Known], inside: FamilyView, joining: UUID, size: int) -> None:
    for one in known.values():
        one.must_be_active()
    if Identifier.objects.of(program_id).filter(member_id=joining, owner__isnull=False).exists():
        raise Refusal(Code.INVALID, field="member", reason="head_of_family")
    if len(inside.members) + 2 > size:
        raise Refusal(Code.OUT_OF_RANGE, field="family", minimum=2, maximum=size)
    wallets = known[joining].standing.wallets.values()
    if any(wallet.held for wallet in wallets):
        raise Refusal(Code.HOLD_OPEN)
    if any(wallet.debt for wallet in wallets):
        raise Refusal(Code.INVALID, field="member", reason="in_debt")


def _pool(joining: Known, head: Known, signed: Signed) -> list[Written]:
    """Everything he has goes into the head's wallets, lot by lot with its life, pending ones too."""
    due = [one for each in (joining, head) for one in settle_due(each.standing, at=signed.at, recorded_at=signed.at)]
    leaving, coming = Act(joining.standing, signed.at, new_id), Act(head.standing, signed.at, new_id)
    for currency, lots in sorted(joining.standing.lots.items()):
        for lot in list(lots):
            if lot.remaining:
                units = lot.remaining
                leaving.move_out(lot, units)
                coming.move_in(currency, units, starts_at=lot.starts_at, expires_at=lot.expires_at)
    who, with_whom = joining.standing.member_id, head.standing.member_id
    return [
        *due,
        Written(Kind.MOVE, who, with_whom, signed.at, signed.at, signed.by, leaving, request_id=signed.request_id),
        Written(Kind.MOVE, with_whom, who, signed.at, signed.at, signed.by, coming, request_id=signed.request_id),
    ]


def _set_status(program_id: UUID, member_id: UUID, status: str) -> None:
    Member.objects.of(program_id).filter(id=member_id).update(status=status)


def read_family(*, program_id: UUID, head: UUID, by: Actor) -> FamilyView:
    by.must(Capability.READ)
    with transaction.atomic():
        enter_program(program_id)
        if not Member.objects.of(program_id).filter(id=head).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
        return family_of(program_id, head)
