"""What the document says about clearing between partners."""

from __future__ import annotations

from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

CLEARED = {
    "lines": [
        {
            "issuer": "bakery", "acceptor": "books", "currency": "bonus", "points": 100, "paid_minor": 10000,
            "fee_minor": 250, "owed_minor": 9750,
        }
    ],
    "payments": [{"payer": "bakery", "payee": "books", "minor": 9750}],
    "balances": {"bakery": -9750, "books": 9750},
}  # fmt: skip

ROW = {
    "number": 1,
    "since": None,
    "until": "2026-04-01T00:00:00+03:00",
    "made_at": "2026-04-01T09:00:00Z",
    "made_by": "офис",
}

FULL = {
    **ROW,
    "clearing": CLEARED,
    "csv": "Выпустил,Принял,Баллы,Количество,Оплачено,Комиссия,К перечислению\r\n…",
    "html": "<!doctype html>…",
}

CLEARING = Told(
    summary="What partners owe each other",
    description=(
        "What one partner's points paid at another's branches, less returns, less the fee of whoever took them; set off"
        " between each two. Without a period: what the next act would settle."
    ),
    response=CLEARED,
    errors=(Code.OUT_OF_RANGE,),
)
SETTLE = Told(
    summary="Close a period by an act",
    description=(
        "Everything before `until` that no act has settled goes into the next numbered act, once for all. What comes"
        " late lands in the act after it."
    ),
    request={"until": "2026-04-01T00:00:00+03:00"},
    response=FULL,
    errors=(Code.INVALID, Code.RULEBOOK_MISSING),
)
ACTS = Told(
    summary="List clearing acts",
    description="The newest first; `next` asks for the following page.",
    response={"items": [ROW], "next": None},
)
ACT = Told(
    summary="Read a clearing act",
    description="With a table to compute with (CSV) and a page to print (HTML) in the language of the request.",
    response=FULL,
    errors=(Code.NOT_FOUND,),
)
LIABILITIES = Told(
    summary="Points that are out, by who answers for them",
    description="What members hold, pending points too, by the partner who gave or funded it; empty: the owner.",
    response={"items": [{"issuer": "bakery", "currency": "bonus", "decimals": 0, "points": 1200, "minor": 120000}]},
    errors=(Code.RULEBOOK_MISSING,),
)

RUSSIAN: dict[str, tuple[str, str]] = {
    "get_clearing": (
        "Кто кому должен из партнёров",
        "Сколько баллы одного партнёра оплатили в точках другого, без возвратов и комиссии принявшего; взаимно"
        " зачтено между каждыми двумя. Без периода — то, что закроет следующий акт.",
    ),
    "create_act": (
        "Закрыть период актом",
        "Всё до `until`, что не вошло ни в один акт, входит в следующий по номеру, раз и навсегда. Что придёт позже,"
        " попадёт в акт после него.",
    ),
    "get_acts": ("Список актов взаиморасчётов", "Новые сверху; `next` — следующая страница."),
    "get_act": (
        "Прочитать акт взаиморасчётов",
        "С таблицей для расчётов (CSV) и страницей для печати (HTML) на языке запроса.",
    ),
    "get_liabilities": (
        "Баллы на руках, по тому, кто за них отвечает",
        "Что есть у участников, ожидающие баллы тоже, по партнёру, который их начислил или оплатил; пусто — владелец.",
    ),
}
