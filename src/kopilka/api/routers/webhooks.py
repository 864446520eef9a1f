"""Webhooks: registered, changed, listed; their calls looked at and sent again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.conf import settings
from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import webhooks as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, capped, make_cursor, read_cursor
from kopilka.api.routers.automations import asking_of
from kopilka.api.schemas.automations import (
    CallOut,
    CallsOut,
    NewWebhookOut,
    ReplayOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookOut,
    WebhooksOut,
)
from kopilka.engine.actor import Capability
from kopilka.queries.webhooks import CallView, calls_of_webhook
from kopilka.services.webhooks.endpoints import (
    WebhookTold,
    change_webhook,
    create_webhook,
    list_webhooks,
    replay_call,
)

CallState = Literal["due", "delivered", "dead"]


@operation("POST", "/webhooks", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.CREATE)
async def create_endpoint(call: Opened, data: JSONBody[WebhookIn]) -> Answer[NewWebhookOut]:
    with call.once():
        told = await call.desk.write(
            create_webhook, program_id=call.program_id, code=data.code, url=data.url, events=data.events,
            private=settings.KOPILKA_WEBHOOKS_PRIVATE, asking=asking_of(call),
        )  # fmt: skip
    out = NewWebhookOut(**_values(told), secret=told.secret)
    return answer_with(out, status=201, replayed=told.replayed)


@operation("GET", "/webhooks", needs=Capability.PUBLISH, told=examples.ALL)
async def get_endpoints(call: Opened) -> Answer[WebhooksOut]:
    found = await call.desk.read(list_webhooks, program_id=call.program_id)
    return answer_with(WebhooksOut(items=[WebhookOut(**_values(one)) for one in found]))


@operation("PATCH", "/webhooks/{code:str}", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.CHANGE)
async def change_endpoint(call: Opened, code: FromPath[str], data: JSONBody[WebhookChangeIn]) -> Answer[WebhookOut]:
    given = {name: None if value is msgspec.UNSET else value for name, value in msgspec.structs.asdict(data).items()}
    with call.once():
        told = await call.desk.write(
            change_webhook, program_id=call.program_id, code=code, private=settings.KOPILKA_WEBHOOKS_PRIVATE,
            asking=asking_of(call), **given,
        )  # fmt: skip
    return answer_with(WebhookOut(**_values(told)), replayed=told.replayed)


@operation("GET", "/webhooks/{code:str}/calls", needs=Capability.PUBLISH, told=examples.CALLS)
async def get_calls(
    call: Opened,
    code: FromPath[str],
    in_state: FromQuery[CallState | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[CallsOut]:
    listed = f"calls {code} {in_state or ''}"
    before = None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID)
    page = await call.desk.read(
        calls_of_webhook, call.program_id, code, state=in_state or "", before=before, limit=capped(limit)
    )
    following = None if page.next_cursor is None else make_cursor(call.program_id, listed, page.next_cursor)
    return answer_with(CallsOut(items=[_call(one) for one in page.calls], next=following))


@operation(
    "POST", "/webhooks/calls/{call_id:str}/replay", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.REPLAY
)
async def send_again(call: Opened, call_id: FromPath[str]) -> Answer[ReplayOut]:
    with call.once():
        found = await call.desk.write(
            replay_call, program_id=call.program_id, call_id=read_id(call_id, "webhook_call"), asking=asking_of(call)
        )
    return answer_with(ReplayOut(id=found))


def _values(told: WebhookTold) -> dict[str, Any]:
    return {name: value for name, value in asdict(told).items() if name not in {"secret", "replayed"}}


def _call(view: CallView) -> CallOut:
    return CallOut(**asdict(view))
