"""Which webhooks an event goes to: those that asked for its kind, and the one a rule calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.data.ids import new_id
from kopilka.data.models.automations import Webhook, WebhookCall

TOLD = tuple(kind for kind in EventKind if kind is not EventKind.CODE_ISSUED)
"""All that happens may be told, but for codes with which a member proves himself."""

RULE = "rule"
"""The event's name in calls that a rule asks for."""


CALLS_AT_ONCE = 500


def anybody_listens(program_id: UUID) -> bool:
    """Is there a webhook at all?"""
    return Webhook.objects.of(program_id).filter(active=True).exists()


def plan_calls(program_id: UUID, happened: Sequence[Happened]) -> None:
    """Write down the calls of these events, in the transaction that handles them."""
    hooks = list(Webhook.objects.of(program_id).filter(active=True).order_by("code"))
    calls = [call for one in happened for call in _calls(program_id, one, hooks)]
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True, batch_size=CALLS_AT_ONCE)


def _calls(program_id: UUID, happened: Happened, hooks: Sequence[Webhook]) -> Iterator[WebhookCall]:
    facts: dict[str, Any] = json.loads(happened.payload) if happened.payload else {}
    if happened.kind == EventKind.WEBHOOK_REQUESTED:
        hooks = [hook for hook in hooks if hook.code == facts.get("webhook")]
    else:
        hooks = [hook for hook in hooks if happened.kind in hook.events.split()]
    body = _body(program_id, happened, facts) if hooks else ""
    for hook in hooks:
        yield WebhookCall(
            id=new_id(), program_id=program_id, webhook=hook, event_id=happened.id, member_id=happened.member_id,
            body=body, at=happened.at, due_at=happened.at,
        )  # fmt: skip


def _body(program_id: UUID, happened: Happened, facts: dict[str, Any]) -> str:
    told = {
        "id": str(happened.id),
        "event": RULE if happened.kind == EventKind.WEBHOOK_REQUESTED else happened.kind,
        "at": happened.at.isoformat(),
        "program_id": str(program_id),
        "member_id": str(happened.member_id) if happened.member_id else None,
        "subject_id": str(happened.subject_id) if happened.subject_id else None,
        "facts": facts,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
