"""What the document says about rules that answer events, events of the shop's own and answers of profiles."""

from __future__ import annotations

from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

EVENT_ID = "0192f3a0-7a10-7d44-8c7b-5f2f6a3b4c5d"
DEED_ID = "0192f3a0-7a11-7b21-9f10-2a4d6c8e0b1f"

RULE_TOLD = {
    "path": "automations.welcome",
    "code": "welcome",
    "name": "Приветственные баллы",
    "event": "enrolled",
    "to": "",
    "state": "on",
    "money_left_minor": None,
    "points_left": 49500,
    "currency": "bonus",
}
DEED_TOLD = {
    "id": DEED_ID,
    "kind": "automation",
    "rule": "welcome",
    "cause": "enrolled",
    "state": "done",
    "told": "",
    "currency": "bonus",
    "points": 500,
    "about": MEMBER_ID,
    "subject_id": MEMBER_ID,
    "planned_at": "2026-03-01T10:15:00Z",
    "due_at": "2026-03-01T10:15:00Z",
    "done_at": "2026-03-01T10:15:01Z",
}
ANSWERS_TOLD = {
    "member_id": MEMBER_ID,
    "answers": {"pets": [{"value": "2024-11-20", "name": "Барсик"}]},
    "missing": ["size"],
}

RULES = Told(
    summary="List the rules",
    description="Automations and shares of the rulebook, in its order, and whether each works now.",
    response={"items": [RULE_TOLD]},
    errors=(Code.RULEBOOK_MISSING,),
)
RULE = Told(
    summary="Read what a rule has done",
    description=(
        "By its code, or by its path where an automation and a share share one. `deeds` counts what it owed by what"
        " became of it, `points` are given less taken back. `over_budget`: less is left than it gives at least."
    ),
    response={"rule": RULE_TOLD, "deeds": {"done": 1, "holdout": 2}, "points": {"bonus": 500}, "members": 1},
    errors=(Code.NOT_FOUND, Code.INVALID, Code.RULEBOOK_MISSING),
)
DEEDS = Told(
    summary="Read what rules did for a member",
    description="The newest first, of one rule or of all: what was done, what was not and why.",
    response={"items": [DEED_TOLD], "next": None},
    errors=(Code.NOT_FOUND,),
)
ANSWERS = Told(
    summary="Read a member's profile answers",
    description="Answers to the questions of the rulebook's profile, and which are still to be asked.",
    response=ANSWERS_TOLD,
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
ANSWER = Told(
    summary="Change a member's profile answers",
    description=(
        "Only the questions that are named change; an empty list takes the answers away. Once nothing required is"
        " missing, the event `profile_filled` happens. The same answers can be sent with the enrolment."
    ),
    request={"answers": {"pets": [{"value": "2024-11-20", "name": "Барсик"}]}},
    response=ANSWERS_TOLD,
    errors=(Code.NOT_FOUND, Code.OUT_OF_RANGE, Code.MISSING, Code.RULEBOOK_MISSING),
)
EVENT = Told(
    summary="Tell an event of your own",
    description=(
        "A review was written, a newsletter subscribed to: automations with `event: {custom: review}` answer it within"
        " a second. With a `subject` it counts once for this subject, however often it is told."
    ),
    request={
        "name": "review",
        "member": {"phone": "+79161234567"},
        "subject": "order-17",
        "facts": {"stars": 5},
        "occurred_at": "2026-03-14T18:02:11Z",
    },
    response={
        "id": EVENT_ID,
        "name": "review",
        "member_id": MEMBER_ID,
        "subject": "order-17",
        "occurred_at": "2026-03-14T18:02:11Z",
    },
    errors=(Code.NOT_FOUND, Code.PHONE_INVALID, Code.OUT_OF_RANGE, Code.TOO_OLD, Code.IN_FUTURE),
)

RUSSIAN: dict[str, tuple[str, str]] = {
    "get_rules": (
        "Список правил",
        "Автоматические правила и доли продаж из правил программы, по порядку, и работает ли каждое сейчас.",
    ),
    "get_rule": (
        "Что сделало правило",
        "По коду или по пути, если код есть и у правила, и у доли. `deeds` — сколько раз оно было должно и чем это"
        " кончилось, `points` — начислено за вычетом снятого. `over_budget`: осталось меньше, чем оно даёт за раз.",
    ),
    "get_deeds": (
        "Что правила сделали для участника",
        "Сначала новое, по одному правилу или по всем: что сделано, что нет и почему.",
    ),
    "get_answers": (
        "Ответы анкеты участника",
        "Ответы на вопросы анкеты из правил программы и какие вопросы ещё не заданы.",
    ),
    "change_answers": (
        "Изменить ответы анкеты",
        "Меняются только названные вопросы; пустой список убирает ответы. Когда есть все обязательные, происходит"
        " событие `profile_filled`. Те же ответы можно прислать при регистрации.",
    ),
    "create_event": (
        "Сообщить о своём событии",
        "Написан отзыв, оформлена подписка: правила с `event: {custom: review}` ответят в течение секунды. С `subject`"
        " событие считается для него один раз, сколько бы о нём ни сообщали.",
    ),
}
