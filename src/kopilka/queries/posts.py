"""News as members read them, and as the business sees its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kopilka.data.models.card import Post, PostMedia
from kopilka.queries.scope import reading

PAGE_MAX = 100


@dataclass(frozen=True, slots=True)
class MediaView:
    """`kind`: photo or video; `file` its name in the media folder; pixels, 0 where they are not known."""

    kind: str
    file: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PostView:
    id: UUID
    title: str
    text: str
    published_at: datetime
    hidden_at: datetime | None
    media: tuple[MediaView, ...]


@dataclass(frozen=True, slots=True)
class PostPage:
    """`after`: the post behind which the next page begins; None: this is the last one."""

    posts: tuple[PostView, ...]
    after: UUID | None


def posts_for_card(program_id: UUID, *, at: datetime, after: UUID | None = None, limit: int = 10) -> PostPage:
    """What is published by now and not hidden, the newest first."""
    with reading(program_id):
        rows = Post.objects.of(program_id).filter(hidden_at=None, published_at__lte=at)
        return _page(program_id, rows, after, limit)


def posts_for_office(program_id: UUID, *, after: UUID | None = None, limit: int = 50) -> PostPage:
    """All of them, also hidden ones and those to come, the newest first."""
    with reading(program_id):
        return _page(program_id, Post.objects.of(program_id), after, limit)


def _page(program_id: UUID, rows: object, after: UUID | None, limit: int) -> PostPage:
    limit = max(1, min(limit, PAGE_MAX))
    found = rows.order_by("-published_at", "-id")  # type: ignore[attr-defined]
    last = Post.objects.of(program_id).filter(id=after).first() if after else None
    if last is not None:
        found = found.filter(Q(published_at__lt=last.published_at) | Q(published_at=last.published_at, id__lt=last.id))
    page = list(found[: limit + 1])
    media: dict[UUID, list[MediaView]] = {}
    shown = PostMedia.objects.of(program_id).filter(post_id__in=[row.id for row in page[:limit]]).order_by("place")
    for one in shown:
        media.setdefault(one.post_id, []).append(MediaView(one.kind, one.file, one.alt, one.width, one.height))
    posts = tuple(
        PostView(row.id, row.title, row.text, row.published_at, row.hidden_at, tuple(media.get(row.id, ())))
        for row in page[:limit]
    )
    return PostPage(posts, posts[-1].id if len(page) > limit else None)
