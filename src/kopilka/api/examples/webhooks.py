"""What the document says about webhooks."""

from __future__ import annotations

from kopilka.api.examples.automations import EVENT_ID
from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

CALL_ID = "0192f3a0-7b00-7e55-8d11-6f3e2d1c0b9a"

HOOK = {
    "code": "crm",
    "url": "https://crm.example.com/kopilka",
    "events": ["purchase_confirmed", "tier_changed"],
    "active": True,
    "created_at": "2026-03-01T10:15:00Z",
}
CALL = {
    "id": CALL_ID,
    "event_id": EVENT_ID,
    "member_id": MEMBER_ID,
    "state": "delivered",
    "tries": 1,
    "status": 204,
    "told": "",
    "at": "2026-03-14T18:02:11Z",
    "due_at": "2026-03-14T18:08:11Z",
    "delivered_at": "2026-03-14T18:02:12Z",
}

CREATE = Told(
    summary="Register a webhook",
    description=(
        "An `https` address on the open internet that is told of the kinds of events it asks for, and that rules call"
        " by its code. The secret that signs calls is shown only in this answer."
    ),
    request={"code": "crm", "url": HOOK["url"], "events": HOOK["events"]},
    response=HOOK | {"secret": "5f0c…"},
    errors=(Code.IDENTIFIER_TAKEN, Code.OUT_OF_RANGE),
)
ALL = Told(summary="List the webhooks", description="All of them, without their secrets.", response={"items": [HOOK]})
CHANGE = Told(
    summary="Change or stop a webhook",
    description="Only what is sent changes. `active: false` stops it: nothing more is written down for it or sent.",
    request={"active": False},
    response=HOOK | {"active": False},
    errors=(Code.NOT_FOUND, Code.OUT_OF_RANGE),
)
CALLS = Told(
    summary="List the calls of a webhook",
    description="The newest first, with what the last try came to. `dead`: given up after three days.",
    response={"items": [CALL], "next": None},
    errors=(Code.NOT_FOUND,),
)
REPLAY = Told(
    summary="Send a call again",
    description="Whatever became of it, it is sent once more within a second, with the same id.",
    response={"id": CALL_ID},
    errors=(Code.NOT_FOUND,),
)

RUSSIAN: dict[str, tuple[str, str]] = {
    "create_endpoint": (
        "Зарегистрировать вебхук",
        "Адрес `https` в открытом интернете, которому сообщают о выбранных событиях и который правила вызывают по коду."
        " Секрет, которым подписаны вызовы, показан только в этом ответе.",
    ),
    "get_endpoints": ("Список вебхуков", "Все, без секретов."),
    "change_endpoint": (
        "Изменить или остановить вебхук",
        "Меняется только присланное. `active: false` останавливает: для него ничего больше не записывается и не"
        " отправляется.",
    ),
    "get_calls": (
        "Вызовы вебхука",
        "Сначала новые, с итогом последней попытки. `dead`: через три дня попытки прекращены.",
    ),
    "send_again": (
        "Отправить вызов ещё раз",
        "Чем бы он ни кончился, в течение секунды он уйдёт ещё раз, с тем же номером.",
    ),
}
