"""Invite links: made, listed, looked at by visitors, and what they have brought."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.links import find_link, new_slug, write_rows
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segments import must_be_put_together
from kopilka.data.ids import new_id
from kopilka.data.models.links import InviteLink, LinkView
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.money import MAX_MINOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.links import LinkFigures, LinkPage, LinkRow, figures_of_links, link_row, list_links

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
VISITOR_MAX = 200
LIMIT_MAX = 10**9


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made. `limit` 0: no bound; it works in [starts_at, expires_at), None: open; cost in minor units."""

    code: str
    name: str = ""
    labels: tuple[str, ...] = ()
    partner: str = ""
    segment: str = ""
    tags_on: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    limit: int = 0
    cost_minor: int = 0


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    link: LinkRow
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class ViewAnswer:
    """`is_new` False: this visitor has looked at the link before."""

    code: str
    is_new: bool


def create_link(*, program_id: UUID, new: NewLink, asking: Asking) -> LinkAnswer:
    """A link beside those of the document, with a random slug.

    `invalid` (code taken or malformed, segment with a condition, end before the start), `not_found` (segment).
    """
    asking.by.must(Capability.PUBLISH)
    _must_be_sound(new)
    try:
        return _create(program_id, new, asking)
    except IntegrityError:  # the same code or key at once; a slug drawn twice is drawn anew
        return _create(program_id, new, asking)


@transaction.atomic(durable=True)
def close_link(*, program_id: UUID, code: str, asking: Asking) -> LinkAnswer:
    """A link made beside the document ends now; again: it stays ended as it was."""
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    done = told_before(program_id, asking, "link_closed", str)
    rulebook = load_rulebook(program_id)[1]
    terms = find_link(program_id, rulebook, code, at=asking.at, lock=True)
    if terms.in_rulebook:
        raise Refusal(Code.INVALID, field="link", reason="in_the_rulebook")
    row = InviteLink.objects.of(program_id).get(id=terms.id)
    if done is None and (row.expires_at is None or row.expires_at > asking.at):
        row.expires_at = asking.at
        row.save(update_fields=["expires_at"])
        record_audit(program_id, "link_closed", row.id, by=asking.by, at=asking.at, request_id=asking.request_id)
    if done is None:
        keep_answer(program_id, asking, "link_closed", code, member_id=None, subject_id=row.id)
    return LinkAnswer(link_row(rulebook, row), replayed=done is not None)


def links_of_program(
    *, program_id: UUID, by: Actor, at: datetime, after: str | None = None, limit: int = 50
) -> LinkPage:
    """Those of the document and those made beside it, a page at a time."""
    by.must(Capability.READ)
    return list_links(program_id, _with_rows(program_id, at), after=after, limit=limit)


@transaction.atomic(durable=True)
def read_link(*, program_id: UUID, code: str, by: Actor, at: datetime) -> LinkRow:
    """By code or slug; `not_found`."""
    by.must(Capability.READ)
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    terms = find_link(program_id, rulebook, code, at=at, lock=False)
    return link_row(rulebook, InviteLink.objects.of(program_id).get(id=terms.id))


@transaction.atomic(durable=True)
def count_view(*, program_id: UUID, code: str, visitor: str, by: Actor, at: datetime) -> ViewAnswer:
    """Somebody looked at the page of a link; the same visitor counts once, whatever he does."""
    by.must(Capability.READ)
    if not visitor or len(visitor) > VISITOR_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="visitor", minimum=1, maximum=VISITOR_MAX)
    enter_program(program_id)
    terms = find_link(program_id, load_rulebook(program_id)[1], code, at=at, lock=False)
    hashed = sha256(terms.id.bytes + visitor.encode()).hexdigest()
    views = LinkView.objects.of(program_id).filter(link_id=terms.id, visitor=hashed)
    is_new = not views.exists()
    if is_new:
        row = LinkView(id=new_id(), program_id=program_id, link_id=terms.id, visitor=hashed, at=at)
        LinkView.objects.bulk_create([row], ignore_conflicts=True)
    return ViewAnswer(terms.said.code, is_new)


def link_figures(
    *,
    program_id: UUID,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    codes: Sequence[str] = (),
) -> list[LinkFigures]:
    """What the links have brought in a period [since, until)."""
    by.must(Capability.READ)
    return figures_of_links(program_id, _with_rows(program_id, at), since=since, until=until, codes=codes)


@transaction.atomic(durable=True)
def _with_rows(program_id: UUID, at: datetime) -> Rulebook:
    """The current rules, each link of theirs with a row."""
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    write_rows(program_id, rulebook, at=at)
    return rulebook


def _must_be_sound(new: NewLink) -> None:
    if CODE.fullmatch(new.code) is None:
        raise Refusal(Code.INVALID, field="code", reason="not_a_code")
    if new.starts_at is not None and new.expires_at is not None and new.expires_at <= new.starts_at:
        raise Refusal(Code.INVALID, field="expires_at", reason="end_before_start")
    if not 0 <= new.limit <= LIMIT_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="limit", minimum=0, maximum=LIMIT_MAX)
    if not 0 <= new.cost_minor <= MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field="cost_minor", minimum=0, maximum=MAX_MINOR)
    for field in ("labels", "tags_on", "tags_off"):
        if any(not word or word.split() != [word] for word in getattr(new, field)):
            raise Refusal(Code.INVALID, field=field, reason="not_a_code")


@transaction.atomic(durable=True)
def _create(program_id: UUID, new: NewLink, asking: Asking) -> LinkAnswer:
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    done = told_before(program_id, asking, "link_created", UUID)
    if done is not None:
        row = InviteLink.objects.of(program_id).get(id=done)
        return LinkAnswer(link_row(rulebook, row), replayed=True)
    if new.segment:
        must_be_put_together(rulebook, new.segment)
    taken = InviteLink.objects.of(program_id).filter(code=new.code).exists()
    if taken or new.code in rulebook.mechanics.links:
        raise Refusal(Code.INVALID, field="code", reason="taken")
    row = InviteLink.objects.create(
        id=new_id(), program_id=program_id, code=new.code, slug=new_slug(), name=new.name,
        labels=" ".join(new.labels), partner=new.partner, segment=new.segment, tags_on=" ".join(new.tags_on),
        tags_off=" ".join(new.tags_off), starts_at=new.starts_at, expires_at=new.expires_at, limit=new.limit,
        cost_minor=new.cost_minor, created_at=asking.at, created_by=asking.by.name,
    )  # fmt: skip
    record_audit(
        program_id, "link_created", row.id, by=asking.by, at=asking.at, after={"code": new.code},
        request_id=asking.request_id,
    )  # fmt: skip
    keep_answer(program_id, asking, "link_created", row.id, member_id=None, subject_id=row.id)
    return LinkAnswer(link_row(rulebook, row))
