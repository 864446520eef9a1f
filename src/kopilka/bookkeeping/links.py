"""Invite links: found under their lock, judged, and what they do to whoever enrols by them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kopilka.bookkeeping.events import Happened
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.segments import LINK, Putting, end_of_stay, put_into
from kopilka.data.ids import new_id
from kopilka.data.models.links import InviteLink
from kopilka.data.models.members import Member
from kopilka.engine.mechanics_things import Link
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

SLUG_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
SLUG_LENGTH = 8
"""Without letters that look alike: 31^8, over 850,000,000,000 slugs."""


@dataclass(frozen=True, slots=True)
class LinkTerms:
    """An invite link as it works: its rules from the rulebook's document, or from its own row."""

    id: UUID
    said: Link
    slug: str
    labels: tuple[str, ...]
    in_rulebook: bool
    rulebook: Rulebook

    def must_be_usable(self, at: datetime) -> None:
        """`link_unusable` before its time and after it."""
        window = self.said.window
        if window.start is not None and at < window.start:
            raise Refusal(Code.LINK_UNUSABLE, link=self.said.code, reason="not_begun")
        if not window.holds(at):
            raise Refusal(Code.LINK_UNUSABLE, link=self.said.code, reason="over")


def find_link(program_id: UUID, rulebook: Rulebook, named: str, *, at: datetime, lock: bool) -> LinkTerms:
    """By code or slug; `not_found`. A link of the document gets its row when it is first looked for.

    `lock`: its row, so that enrolments by a bounded link come one after another.
    """
    row = _row(program_id, named, lock=lock)
    if row is None and named in rulebook.mechanics.links:
        write_rows(program_id, rulebook, at=at)
        row = _row(program_id, named, lock=lock)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="link")
    return terms_of(rulebook, row)


def write_rows(program_id: UUID, rulebook: Rulebook, *, at: datetime) -> None:
    """Rows for those links of the document that have none; two at once make one."""
    known = set(InviteLink.objects.of(program_id).values_list("code", flat=True))
    missing = [code for code in rulebook.mechanics.links if code not in known]
    rows = [
        InviteLink(id=new_id(), program_id=program_id, code=code, slug=new_slug(), in_rulebook=True, created_at=at)
        for code in missing
    ]
    InviteLink.objects.bulk_create(rows, ignore_conflicts=True)


def terms_of(rulebook: Rulebook, row: InviteLink) -> LinkTerms:
    said = row.rules(rulebook.mechanics.links)
    return LinkTerms(row.id, said, row.slug, tuple(row.labels.split()), row.in_rulebook, rulebook)


def must_have_room(program_id: UUID, terms: LinkTerms) -> None:
    """`link_unusable` when as many as may have enrolled by it; the link is locked."""
    if terms.said.limit and enrolled_by(program_id, terms.said.code) >= terms.said.limit:
        raise Refusal(Code.LINK_UNUSABLE, link=terms.said.code, reason="full")


def enrolled_by(program_id: UUID, code: str) -> int:
    return int(Member.objects.of(program_id).filter(link=code).count())


def mark_by_link(
    program_id: UUID, member_id: UUID, tags: Iterable[str], terms: LinkTerms, *, at: datetime
) -> list[Happened]:
    """Mark a member just enrolled: the link itself, its tags, its segment; what is to be told."""
    said, rulebook = terms.said, terms.rulebook
    kept = sorted(set(tags) - set(said.tags_off) | set(said.tags_on))
    Member.objects.of(program_id).filter(id=member_id).update(link=said.code, tags=" ".join(kept))
    segment = rulebook.mechanics.segments.get(said.segment)
    if segment is None or segment.when is not None:
        return []
    putting = Putting(said.segment, source=LINK, by=said.code)
    until = end_of_stay(rulebook, putting, at)
    return put_into(program_id, member_id, (), Putting(said.segment, until, source=LINK, by=said.code), at=at)[1]


def new_slug() -> str:
    return "".join(secrets.choice(SLUG_LETTERS) for _ in range(SLUG_LENGTH))


def _row(program_id: UUID, named: str, *, lock: bool) -> InviteLink | None:
    """Who names a code means it before a slug."""
    rows = InviteLink.objects.of(program_id).filter(Q(code=named) | Q(slug=named.lower()))
    if lock and locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True)
    found = {row.code == named: row for row in rows}
    return found.get(True) or found.get(False)
