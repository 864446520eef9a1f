"""Employees, agents and partners: added, changed, closed, linked to their own memberships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.members import NewMember, insert_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.people import beneficiary_of
from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.members import Member
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_name
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.beneficiaries import BeneficiaryView, list_beneficiaries, view_of

KINDS = ("employee", "agent", "partner")
CODE_MAX = 64


@dataclass(frozen=True, slots=True)
class NewBeneficiary:
    """Who shall get shares, by the code receipts name him with. `person`: the same human as a buyer."""

    kind: str
    code: str
    name: str = ""
    branch: str = ""
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class BeneficiaryChange:
    """What shall be different; None stays. `person` UUID(int=0) takes the link to his own membership away."""

    name: str | None = None
    branch: str | None = None
    person: UUID | None = None
    active: bool | None = None


NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class BeneficiaryAnswer:
    beneficiary: BeneficiaryView
    replayed: bool = False


def add_beneficiary(*, program_id: UUID, new: NewBeneficiary, asking: Asking) -> BeneficiaryAnswer:
    """With an account of his own. `invalid` (code malformed or taken), `not_found` (partner, member)."""
    asking.by.must(Capability.ADJUST)
    if new.kind not in KINDS:
        raise Refusal(Code.INVALID, field="kind", reason="unknown_value")
    if not new.code or len(new.code) > CODE_MAX or new.code.split() != [new.code]:
        raise Refusal(Code.INVALID, field="code", reason="not_a_code")
    try:
        return _add(program_id, new, asking)
    except IntegrityError:  # the same code or key at once
        return _add(program_id, new, asking)


@transaction.atomic(durable=True)
def change_beneficiary(
    *, program_id: UUID, kind: str, code: str, change: BeneficiaryChange, asking: Asking
) -> BeneficiaryAnswer:
    """Name, branch, own membership; one who is closed gets nothing from new sales, and keeps what he has."""
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    row = beneficiary_of(program_id, kind, code)
    lock_members(program_id, [row.account_id])
    if told_before(program_id, asking, "beneficiary_changed", UUID) is not None:
        return BeneficiaryAnswer(view_of(row), replayed=True)
    row = beneficiary_of(program_id, kind, code)
    before = {"branch": row.branch, "active": row.active, "person": row.person_id}
    if change.name is not None:
        row.name = clean_name(change.name) if change.name else ""
    if change.branch is not None:
        row.branch = change.branch
    if change.active is not None:
        row.active = change.active
    if change.person is not None:
        row.person_id = None if change.person == NOBODY else _buyer(program_id, change.person)
    row.save(update_fields=["name", "branch", "active", "person"])
    after = {"branch": row.branch, "active": row.active, "person": row.person_id}
    record_audit(
        program_id, "beneficiary_changed", row.id, by=asking.by, at=asking.at, before=before, after=after,
        request_id=asking.request_id,
    )  # fmt: skip
    keep_answer(program_id, asking, "beneficiary_changed", row.id, member_id=row.account_id, subject_id=row.id)
    return BeneficiaryAnswer(view_of(row))


def beneficiaries_of_program(
    *, program_id: UUID, by: Actor, kind: str = "", after: str = "", limit: int = 50
) -> tuple[tuple[BeneficiaryView, ...], str | None]:
    by.must(Capability.READ)
    return list_beneficiaries(program_id, kind=kind, after=after, limit=limit)


@transaction.atomic(durable=True)
def _add(program_id: UUID, new: NewBeneficiary, asking: Asking) -> BeneficiaryAnswer:
    enter_program(program_id)
    done = told_before(program_id, asking, "beneficiary_added", UUID)
    if done is not None:
        return BeneficiaryAnswer(view_of(Beneficiary.objects.of(program_id).get(id=done)), replayed=True)
    if new.kind == "partner" and new.code not in load_rulebook(program_id)[1].mechanics.partners:
        raise Refusal(Code.NOT_FOUND, what="partner")
    if Beneficiary.objects.of(program_id).filter(kind=new.kind, code=new.code).exists():
        raise Refusal(Code.INVALID, field="code", reason="taken")
    person = _buyer(program_id, new.person) if new.person is not None else None
    account = _open_account(program_id, new.kind, at=asking.at)
    row = Beneficiary.objects.create(
        id=new_id(), program_id=program_id, kind=new.kind, code=new.code,
        name=clean_name(new.name) if new.name else "", branch=new.branch, account_id=account, person_id=person,
        created_at=asking.at,
    )  # fmt: skip
    record_audit(
        program_id, "beneficiary_added", row.id, by=asking.by, at=asking.at,
        after={"kind": new.kind, "code": new.code}, request_id=asking.request_id,
    )  # fmt: skip
    keep_answer(program_id, asking, "beneficiary_added", row.id, member_id=account, subject_id=row.id)
    return BeneficiaryAnswer(view_of(row))


def _open_account(program_id: UUID, kind: str, *, at: datetime) -> UUID:
    """A member who is nobody's: his wallets hold what the beneficiary gets."""
    made = NewMember(new_id(), at, {}, role=kind)
    insert_members(program_id, [made], at=at)
    return made.id


def _buyer(program_id: UUID, member_id: UUID) -> UUID:
    """`not_found` for accounts of beneficiaries too: they buy nothing."""
    if not Member.objects.of(program_id).filter(id=member_id, role="").exists():
        raise Refusal(Code.NOT_FOUND, what="member")
    return member_id
