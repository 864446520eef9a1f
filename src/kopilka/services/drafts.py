"""Drafts of the next rules: saved, compared, approved by a second person where the owner wants two, published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.publishing import (
    NOTE_LENGTH_MAX,
    add_version,
    lock_program,
    must_fit_books,
    must_not_roll_out,
    put_in_force,
)
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.programs import Program
from kopilka.data.models.publishing import RulebookDraft
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.drafts import CLOSED, DraftView, draft_view
from kopilka.services.rulebook_cases import must_pass

NAME_LENGTH_MAX = 100
SOURCE_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it stands after the act; `number` of the version it was published as (0: none)."""

    draft: DraftView
    replayed: bool = False


@transaction.atomic(durable=True)
def save_draft(
    *,
    program_id: UUID,
    name: str,
    source: str,
    note: str = "",
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> Drafted:
    """Save a rulebook under a name, in place of the open draft of that name; an approval of other text is gone.

    `rulebook_invalid` when the document has errors; its tests are played when it is published.
    """
    by.must(Capability.PUBLISH)
    fingerprint = check_rulebook(source).rulebook.fingerprint
    title = clean_text(name, field="name", length_max=NAME_LENGTH_MAX)
    if not title:
        raise Refusal(Code.MISSING, field="name")

    def act(program: Program) -> RulebookDraft:
        draft = RulebookDraft.objects.of(program.id).filter(name=title).exclude(state__in=CLOSED).first()
        draft = draft or RulebookDraft(id=new_id(), program_id=program.id, name=title)
        is_new = draft._state.adding  # noqa: SLF001 - Django's own mark of a row that is not stored yet
        draft.source, draft.fingerprint, draft.state, draft.saved_at = source, fingerprint, "open", at
        draft.note = clean_text(note, field="note", length_max=NOTE_LENGTH_MAX)
        draft.author_kind, draft.author_id, draft.author_name = by.kind.value, by.id, by.name
        draft.approved_at, draft.approver_kind, draft.approver_id, draft.approver_name = None, "", None, ""
        draft.save(force_insert=is_new)
        _audit("draft_saved", draft, by, at, request_id)
        return draft

    return _once(program_id, request, by, at, request_id, act)


@transaction.atomic(durable=True)
def approve_draft(
    *,
    program_id: UUID,
    draft_id: UUID,
    fingerprint: str = "",
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> Drafted:
    """Say yes to a draft as the second person. Whoever saved its text may not: `approval_by_author`.

    With `fingerprint` only the text that was read is approved: `invalid` (fingerprint) when it has changed since.
    """
    by.must(Capability.PUBLISH)

    def act(program: Program) -> RulebookDraft:
        draft = _open(program, draft_id)
        if _is_author(draft, by):
            raise Refusal(Code.APPROVAL_BY_AUTHOR)
        if fingerprint and fingerprint != draft.fingerprint:
            raise Refusal(Code.INVALID, field="fingerprint", reason="changed_meanwhile")
        draft.state, draft.approved_at = "approved", at
        draft.approver_kind, draft.approver_id, draft.approver_name = by.kind.value, by.id, by.name
        draft.save()
        _audit("draft_approved", draft, by, at, request_id)
        return draft

    return _once(program_id, request, by, at, request_id, act)


@transaction.atomic(durable=True)
def publish_draft(
    *, program_id: UUID, draft_id: UUID, request: Request = NO_KEY, by: Actor, at: datetime, request_id: str = ""
) -> Drafted:
    """Publish a draft as the next version: its tests are played, its points must fit the books.

    `approval_needed` where the program wants two persons and the second has not approved this very text.
    """
    by.must(Capability.PUBLISH)

    def act(program: Program) -> RulebookDraft:
        draft = _open(program, draft_id)
        if program.needs_approval and draft.state != "approved":
            raise Refusal(Code.APPROVAL_NEEDED)
        must_not_roll_out(program)
        reading = check_rulebook(draft.source)
        must_pass(reading)
        must_fit_books(program, reading.rulebook)
        version = add_version(program, draft.source, reading, draft.note or draft.name, by, at)
        put_in_force(program, version, reading.rulebook, by=by, at=at, request_id=request_id)
        draft.state, draft.number = "published", version.number
        draft.save()
        return draft

    return _once(program_id, request, by, at, request_id, act)


@transaction.atomic(durable=True)
def drop_draft(
    *, program_id: UUID, draft_id: UUID, request: Request = NO_KEY, by: Actor, at: datetime, request_id: str = ""
) -> Drafted:
    """Put a draft away; it stays readable."""
    by.must(Capability.PUBLISH)

    def act(program: Program) -> RulebookDraft:
        draft = _open(program, draft_id)
        draft.state = "dropped"
        draft.save()
        _audit("draft_dropped", draft, by, at, request_id)
        return draft

    return _once(program_id, request, by, at, request_id, act)


@transaction.atomic(durable=True)
def ask_for_approval(*, program_id: UUID, needed: bool, by: Actor, at: datetime) -> bool:
    """Turn the second person on or off; True when that changed anything. For the operator's command alone."""
    by.must(Capability.PUBLISH)
    program = lock_program(program_id)
    before = program.needs_approval
    if before != needed:
        program.needs_approval = needed
        program.save(update_fields=["needs_approval"])
        values = [{"needs_approval": one} for one in (before, needed)]
        record_audit(program_id, "approval_set", program_id, by=by, at=at, before=values[0], after=values[1])
    return bool(before != needed)


def _open(program: Program, draft_id: UUID) -> RulebookDraft:
    draft: RulebookDraft | None = RulebookDraft.objects.of(program.id).filter(id=draft_id).first()
    if draft is None:
        raise Refusal(Code.NOT_FOUND, what="draft")
    if draft.state in CLOSED:
        raise Refusal(Code.DRAFT_CLOSED, state=draft.state)
    return draft


def _is_author(draft: RulebookDraft, by: Actor) -> bool:
    """The same key or person; who has no id is known by the name."""
    author = (draft.author_kind, draft.author_id, "" if draft.author_id else draft.author_name)
    return author == (by.kind.value, by.id, "" if by.id else by.name)


def _audit(act: str, draft: RulebookDraft, by: Actor, at: datetime, request_id: str) -> None:
    after = {"name": draft.name, "fingerprint": draft.fingerprint}
    record_audit(draft.program_id, act, draft.id, by=by, at=at, after=after, reason=draft.note, request_id=request_id)


def _once(
    program_id: UUID,
    request: Request,
    by: Actor,
    at: datetime,
    request_id: str,
    act: Callable[[Program], RulebookDraft],
) -> Drafted:
    """The act under the program's lock, or what the same request was answered before."""
    program = lock_program(program_id)
    if done := find_answered(program_id, request):
        return replace(msgspec.json.decode(done.answer or "", type=Drafted), replayed=True)
    told = Drafted(draft_view(act(program)))
    written = Written(
        Kind.PUBLISH, None, program_id, at, at, by, request=request, request_id=request_id,
        status=DONE, answer=msgspec.json.encode(told).decode() if request.key else None,
    )  # fmt: skip
    write_acts(program_id, [written])
    return told
