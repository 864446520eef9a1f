"""Addresses that are told of events, or called by rules: made, changed, listed, and calls sent anew."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.scope import enter_program
from kopilka.connectors.posting import AddressRefused, must_be_address
from kopilka.data.ids import new_id
from kopilka.data.models.automations import Webhook, WebhookCall
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code, Refusal

SECRET_BYTES = 32
URL_MAX = 500
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

DUE, DELIVERED, DEAD = "due", "delivered", "dead"


@dataclass(frozen=True, slots=True)
class WebhookTold:
    """An endpoint; `secret` only in the answer that made it. `events`: kinds it is told of."""

    code: str
    url: str
    events: list[str]
    active: bool
    created_at: datetime
    secret: str = ""
    replayed: bool = False


def create_webhook(
    *, program_id: UUID, code: str, url: str, events: list[str], private: bool, asking: Asking
) -> WebhookTold:
    """A new endpoint with its secret, which is shown this once. `identifier_taken` (kind) for a code in use.

    `private`: addresses that are not on the open internet are allowed. Also `invalid` (code, url, events).
    """
    asking.by.must(Capability.PUBLISH)
    if not _CODE.fullmatch(code):
        raise Refusal(Code.INVALID, field="code", reason="not_a_code")
    _must_be_url(url, private=private)
    _must_be_kinds(events)
    try:
        return _create(program_id, code, url, events, asking)
    except IntegrityError:
        return _create(program_id, code, url, events, asking)


@transaction.atomic(durable=True)
def _create(program_id: UUID, code: str, url: str, events: list[str], asking: Asking) -> WebhookTold:
    enter_program(program_id)
    done = told_before(program_id, asking, "webhook", WebhookTold)
    if done is not None:
        return replace(done, replayed=True)
    if Webhook.objects.of(program_id).filter(code=code).exists():
        raise Refusal(Code.IDENTIFIER_TAKEN, kind="webhook")
    row = Webhook.objects.create(
        id=new_id(), program_id=program_id, code=code, url=url, secret=secrets.token_hex(SECRET_BYTES),
        events=" ".join(sorted(set(events))), created_at=asking.at,
    )  # fmt: skip
    told = _told(row)
    record_audit(program_id, "webhook_created", row.id, by=asking.by, at=asking.at, after=_plain(told))
    keep_answer(program_id, asking, "webhook", told, member_id=None, subject_id=row.id)
    return replace(told, secret=row.secret)


@transaction.atomic(durable=True)
def change_webhook(
    *, program_id: UUID, code: str, url: str | None, events: list[str] | None, active: bool | None, private: bool,
    asking: Asking,
) -> WebhookTold:  # fmt: skip
    """Change what is given (None: stays). `not_found` (webhook), `invalid` (url, events)."""
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = Webhook.objects.of(program_id).filter(code=code).select_for_update().first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="webhook")
    done = told_before(program_id, asking, "webhook_change", WebhookTold)
    if done is not None:
        return replace(done, replayed=True)
    before = _plain(_told(row))
    if url is not None:
        _must_be_url(url, private=private)
        row.url = url
    if events is not None:
        _must_be_kinds(events)
        row.events = " ".join(sorted(set(events)))
    if active is not None:
        row.active = active
    row.save(update_fields=["url", "events", "active"])
    told = _told(row)
    record_audit(program_id, "webhook_changed", row.id, by=asking.by, at=asking.at, before=before, after=_plain(told))
    keep_answer(program_id, asking, "webhook_change", told, member_id=None, subject_id=row.id)
    return told


@transaction.atomic(durable=True)
def list_webhooks(*, program_id: UUID) -> list[WebhookTold]:
    enter_program(program_id)
    return [_told(row) for row in Webhook.objects.of(program_id).order_by("code")]


@transaction.atomic(durable=True)
def replay_call(*, program_id: UUID, call_id: UUID, asking: Asking) -> UUID:
    """Send a call again, whatever became of it, at the next turn of the worker; `not_found` (call)."""
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = WebhookCall.objects.of(program_id).filter(id=call_id).select_for_update().first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="webhook_call")
    if told_before(program_id, asking, "webhook_replay", str) is None:
        WebhookCall.objects.of(program_id).filter(id=row.id).update(state=DUE, tries=0, at=asking.at, due_at=asking.at)
        keep_answer(program_id, asking, "webhook_replay", str(call_id), member_id=row.member_id, subject_id=row.id)
    return call_id


def _must_be_url(url: str, *, private: bool) -> None:
    try:
        must_be_address(url, private=private)
    except AddressRefused:
        raise Refusal(Code.INVALID, field="url", reason="not_an_https_address") from None
    if len(url) > URL_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="url", minimum=1, maximum=URL_MAX)


def _must_be_kinds(events: list[str]) -> None:
    known = {kind.value for kind in EventKind} - {EventKind.WEBHOOK_REQUESTED.value}
    if set(events) - known:
        raise Refusal(Code.INVALID, field="events", reason="unknown_value")


def _told(row: Webhook) -> WebhookTold:
    return WebhookTold(row.code, row.url, row.events.split(), row.active, row.created_at)


def _plain(told: WebhookTold) -> dict[str, object]:
    return {name: value for name, value in asdict(told).items() if name in {"code", "url", "events", "active"}}
