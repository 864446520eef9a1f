"""Delivering calls: each is taken for a while, sent outside any transaction, and what came of it written down.

Whoever dies in between leaves a call that is due again when its time is over: a receiver may hear it twice, with the
same id. Calls about one member go out one after another; one that is given up lets the next ones pass.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from kopilka.bookkeeping.scope import enter_program
from kopilka.connectors.posting import Posted, post
from kopilka.data.models.automations import WebhookCall
from kopilka.services.webhooks.endpoints import DEAD, DELIVERED, DUE

TIMEOUT_SECONDS = 5.0
AT_ONCE = 50
"""So many calls in one turn, so that a slow receiver does not keep the worker from everything else."""
TAKEN_FOR = timedelta(minutes=6)
"""Longer than a turn of slow calls can last."""
FIRST_WAIT = timedelta(seconds=10)
DOUBLINGS_MAX = 20
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that is ours until `until`."""

    id: UUID
    webhook_id: UUID
    url: str
    secret: str
    event_id: UUID
    body: str
    tries: int
    until: datetime


def deliver_calls(
    *, program_id: UUID, at: datetime, private: bool, progress: Callable[[int], None] | None = None
) -> int:
    """Send what is due; how many calls arrived. A receiver that fails is left alone until the next turn."""
    delivered = 0
    failing: set[UUID] = set()
    for _ in range(AT_ONCE):
        call = _take(program_id, at, failing)
        if call is None:
            break
        came = post(
            call.url, call.body.encode(), signed(call.secret, call.body, call.event_id, at), private=private,
            seconds=TIMEOUT_SECONDS,
        )  # fmt: skip
        _write_down(program_id, call, came, at)
        delivered += came.is_good
        if not came.is_good:
            failing.add(call.webhook_id)
        if progress:
            progress(1)
    return delivered


def wait_after(tries: int) -> timedelta:
    """How long is waited after one more failure: each time twice as long, at last six hours."""
    doubled: int = 2 ** min(tries, DOUBLINGS_MAX)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def signed(secret: str, body: str, event_id: UUID, at: datetime) -> dict[str, str]:
    """Headers by which a receiver knows who sent it: HMAC-SHA256 over "timestamp.body"."""
    timestamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), "sha256").hexdigest()
    return {
        "User-Agent": "Kopilka",
        "Kopilka-Id": str(event_id),
        "Kopilka-Timestamp": timestamp,
        "Kopilka-Signature": f"v1={mac}",
    }


@transaction.atomic(durable=True)
def _take(program_id: UUID, at: datetime, failing: set[UUID]) -> Taken | None:
    enter_program(program_id)
    earlier = WebhookCall.objects.of(program_id).filter(
        webhook_id=OuterRef("webhook_id"), member_id=OuterRef("member_id"), state=DUE, id__lt=OuterRef("id")
    )
    rows = (
        WebhookCall.objects.of(program_id)
        .filter(Q(member_id__isnull=True) | ~Exists(earlier), state=DUE, due_at__lte=at, webhook__active=True)
        .exclude(webhook_id__in=failing)
        .select_related("webhook")
        .order_by("due_at", "id")
    )
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    row = rows.first()
    if row is None:
        return None
    until = at + TAKEN_FOR
    WebhookCall.objects.of(program_id).filter(id=row.id).update(due_at=until)
    hook = row.webhook
    return Taken(row.id, hook.id, hook.url, hook.secret, row.event_id, row.body, row.tries, until)


@transaction.atomic(durable=True)
def _write_down(program_id: UUID, call: Taken, came: Posted, at: datetime) -> None:
    """Only while it is still ours: somebody else may have taken it after we were asleep for too long."""
    enter_program(program_id)
    rows = WebhookCall.objects.of(program_id).filter(id=call.id, state=DUE, due_at=call.until)
    if came.is_good:
        rows.update(state=DELIVERED, status=came.status, told="", tries=F("tries") + 1, delivered_at=at)
        return
    over = sum((wait_after(tries) for tries in range(call.tries + 1)), timedelta()) > GIVEN_UP_AFTER
    due_at = at + wait_after(call.tries)
    rows.update(
        state=DEAD if over else DUE, status=came.status, told=came.told, tries=F("tries") + 1,
        due_at=at if over else due_at,
    )  # fmt: skip
