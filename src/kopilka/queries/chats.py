"""Chats as the member sees his, and as the shop sees all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from kopilka.data.models.card import ChatMessage
from kopilka.data.models.members import Identifier, Profile
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class MessageView:
    """`author`: member or shop; `read_at`: when the other side saw it."""

    id: UUID
    author: str
    staff: str
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The elder first; `before`: the message in front of which there are more, None: this is the beginning."""

    messages: tuple[MessageView, ...]
    before: UUID | None


@dataclass(frozen=True, slots=True)
class ChatView:
    """One member's chat in the shop's list; `waiting` of his messages nobody has answered."""

    member_id: UUID
    name: str
    phone: str
    messages: int
    waiting: int
    waiting_since: datetime | None
    last_at: datetime


def messages_of(program_id: UUID, member_id: UUID, *, before: UUID | None = None, limit: int = 50) -> MessagePage:
    """The last messages, or those before one of them."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        rows = ChatMessage.objects.of(program_id).filter(member_id=member_id)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    page = tuple(_view(row) for row in reversed(found[:limit]))
    return MessagePage(page, page[0].id if len(found) > limit else None)


def unread_by_member(program_id: UUID, member_id: UUID) -> int:
    """Answers of the shop he has not seen."""
    with reading(program_id):
        return ChatMessage.objects.of(program_id).filter(member_id=member_id, author="shop", read_at=None).count()


def chats_for_office(program_id: UUID, *, only_waiting: bool = False, limit: int = 50) -> list[ChatView]:
    """Whoever waits longest first, then the latest."""
    is_waiting = Q(author="member", read_at=None)
    with reading(program_id):
        rows = ChatMessage.objects.of(program_id)
        if only_waiting:
            rows = rows.filter(member_id__in=rows.filter(is_waiting).values("member_id"))
        found = list(
            rows.values("member_id")
            .annotate(
                messages=Count("id"), waiting=Count("id", filter=is_waiting), since=Min("at", filter=is_waiting),
                last=Max("at"),
            )
            .order_by("-last")[: max(1, min(limit, PAGE_MAX))]
        )  # fmt: skip
        members = [row["member_id"] for row in found]
        names = dict(Profile.objects.of(program_id).filter(member_id__in=members).values_list("member_id", "name"))
        known = Identifier.objects.of(program_id).filter(member_id__in=members, kind="phone")
        phones = dict(known.values_list("member_id", "value"))
    chats = [
        ChatView(
            row["member_id"], names.get(row["member_id"], ""), phones.get(row["member_id"], ""), row["messages"],
            row["waiting"], row["since"], row["last"],
        )
        for row in found
    ]  # fmt: skip
    waiting = sorted((one for one in chats if one.waiting_since), key=lambda one: str(one.waiting_since))
    return waiting + [one for one in chats if not one.waiting_since]


def _view(row: ChatMessage) -> MessageView:
    return MessageView(row.id, row.author, row.staff, row.text, row.at, row.read_at)
