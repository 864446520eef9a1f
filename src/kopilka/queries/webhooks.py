"""Calls of webhooks, as whoever looks for a lost one sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.automations import Webhook, WebhookCall
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class CallView:
    """`state`: due, delivered, dead; `status` of the last answer, 0: there was none."""

    id: UUID
    event_id: UUID
    member_id: UUID | None
    state: str
    tries: int
    status: int
    told: str
    at: datetime
    due_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallsPage:
    """The newest first; `next_cursor` asks for the older ones, None when there are none."""

    calls: tuple[CallView, ...]
    next_cursor: UUID | None


def calls_of_webhook(
    program_id: UUID, code: str, *, state: str = "", before: UUID | None = None, limit: int = 50
) -> CallsPage:
    """A page of the calls of a webhook; `not_found` for an unknown one."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        hook = Webhook.objects.of(program_id).filter(code=code).first()
        if hook is None:
            raise Refusal(Code.NOT_FOUND, what="webhook")
        rows = WebhookCall.objects.of(program_id).filter(webhook_id=hook.id)
        if state:
            rows = rows.filter(state=state)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    page = tuple(
        CallView(
            row.id, row.event_id, row.member_id, row.state, row.tries, row.status, row.told, row.at, row.due_at,
            row.delivered_at,
        )
        for row in found[:limit]
    )  # fmt: skip
    return CallsPage(page, page[-1].id if len(found) > limit else None)
