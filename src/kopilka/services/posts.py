"""News of the business on members' cards: texts with photos and films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import Post, PostMedia
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_lines, clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.pictures import draw_anew, drop_file, keep_film, keep_picture

TITLE_MAX, TEXT_MAX, ALT_MAX = 200, 10_000, 200
MEDIA_MAX = 10
FILMS = (".mp4", ".webm", ".mov", ".m4v")


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A photo or a film on this machine, and what it shows, for those who cannot see it."""

    path: Path
    alt: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    kind: str
    file: str
    alt: str
    width: int = 0
    height: int = 0


def add_post(
    *,
    program_id: UUID,
    title: str,
    text: str,
    media: Sequence[NewMedia] = (),
    published_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Publish it now, or at a moment to come; its id. `missing` (title), `invalid` (title, text, file).

    Photos are drawn anew and lose what the camera wrote into them; films are taken as they are (MP4, WebM).
    """
    by.must(Capability.PUBLISH)
    shown = clean_text(title, field="title", length_max=TITLE_MAX)
    if not shown:
        raise Refusal(Code.MISSING, field="title")
    told = clean_lines(text, field="text", length_max=TEXT_MAX)
    if len(media) > MEDIA_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="file", minimum=0, maximum=MEDIA_MAX)
    kept: list[_Kept] = []
    try:
        kept.extend(_keep(program_id, one) for one in media)
        return _write(program_id, (shown, told, published_at or at), kept, by, at)
    except BaseException:
        for each in kept:
            drop_file(program_id, each.file)
        raise


@transaction.atomic(durable=True)
def hide_post(*, program_id: UUID, post_id: UUID, by: Actor, at: datetime) -> None:
    """Nobody sees it any more; `not_found`."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    rows = Post.objects.of(program_id).filter(id=post_id)
    if not rows.exists():
        raise Refusal(Code.NOT_FOUND, what="post")
    if rows.filter(hidden_at=None).update(hidden_at=at):
        record_audit(program_id, "post_hidden", post_id, by=by, at=at)


@transaction.atomic(durable=True)
def _write(
    program_id: UUID, said: tuple[str, str, datetime], kept: Sequence[_Kept], by: Actor, at: datetime
) -> UUID:  # fmt: skip
    enter_program(program_id)
    title, text, published_at = said
    post = Post.objects.create(id=new_id(), program_id=program_id, title=title, text=text, published_at=published_at)
    PostMedia.objects.bulk_create(
        PostMedia(
            id=new_id(), program_id=program_id, post=post, kind=one.kind, file=one.file, alt=one.alt, width=one.width,
            height=one.height, place=place,
        )
        for place, one in enumerate(kept)
    )  # fmt: skip
    record_audit(program_id, "post_added", post.id, by=by, at=at, after={"title": title, "media": len(kept)})
    return post.id


def _keep(program_id: UUID, one: NewMedia) -> _Kept:
    alt = clean_text(one.alt, field="alt", length_max=ALT_MAX)
    if one.path.suffix.lower() in FILMS:
        return _Kept("video", keep_film(program_id, one.path), alt)
    drawn = draw_anew(one.path.read_bytes())
    return _Kept("photo", keep_picture(program_id, drawn), alt, drawn.width, drawn.height)
