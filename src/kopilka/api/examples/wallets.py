"""What the document says about wallets and entries."""

from __future__ import annotations

from kopilka.api.examples.decisions import MEMBER_ID, PURCHASE_ID
from kopilka.api.faults import Fault
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

WALLET_ID = "0192f3a0-6d2f-7d4b-8e22-4a1a7c2d3e5f"
ENTRY_ID = "0192f3b2-77aa-7d11-9a4d-3c2b1a0d9e8f"
OPERATION_ID = "0192f3b2-77aa-7d12-8b5e-4d3c2b1a0e9f"

_BALANCE = {"currency": "bonus", "decimals": 0, "available": 534, "pending": 0, "held": 0, "debt": 0}

_WALLET = {
    "id": WALLET_ID,
    "currency": "bonus",
    "name": "Бонусы",
    "decimals": 0,
    "worth_minor": 100,
    "balance": 484,
    "available": 434,
    "pending": 50,
    "held": 0,
    "debt": 0,
    "pending_by_date": [{"points": 50, "at": "2026-03-28T21:00:00Z"}],
    "expiring_by_date": [{"points": 434, "at": "2027-03-14T18:02:11Z"}],
}

WALLETS = Told(
    summary="Read a member's wallets",
    description=(
        "What may be spent, what is pending and from when, what is held, and what expires when: as it is at this"
        " moment, whether or not the worker has passed by."
    ),
    response={
        "member_id": MEMBER_ID,
        "wallets": [_WALLET],
    },
    errors=(Code.NOT_FOUND,),
)
WALLET = Told(
    summary="Read a wallet",
    description="One wallet by its id, as in the list of the member's wallets.",
    response={"member_id": MEMBER_ID, "wallet": _WALLET},
    errors=(Code.NOT_FOUND,),
)
ADJUST = Told(
    summary="Adjust points by hand",
    description="Gives (positive) or takes (negative) points with a reason that stays in the books for ever.",
    request={"currency": "bonus", "points": 100, "reason": "Извинение за ожидание", "life_days": 30},
    response={
        "id": OPERATION_ID,
        "member_id": MEMBER_ID,
        "currency": "bonus",
        "decimals": 0,
        "points": 100,
        "reason": "Извинение за ожидание",
        "recorded_at": "2026-03-15T10:00:00Z",
        "expires_at": "2026-04-14T10:00:00Z",
        "balances": [_BALANCE],
    },
    errors=(Code.NOT_FOUND, Code.OUT_OF_RANGE, Code.INSUFFICIENT_POINTS, Code.RULEBOOK_MISSING),
)
_ENTRY = {
    "id": ENTRY_ID,
    "operation_id": OPERATION_ID,
    "kind": "purchase",
    "account": "available",
    "currency": "bonus",
    "decimals": 0,
    "points": 34,
    "at": "2026-03-14T18:02:11Z",
    "recorded_at": "2026-03-14T18:02:12.153Z",
    "subject_id": PURCHASE_ID,
    "reason": "",
    "by": "касса 1",
}
ENTRIES = Told(
    summary="Read a member's statement",
    description="Every movement of the member's points, the newest first; `next` gives the next page.",
    response={"items": [_ENTRY], "next": None},
    errors=(Code.NOT_FOUND, Fault.CURSOR_INVALID),
)
ENTRY = Told(
    summary="Read an entry",
    description="One movement of the books.",
    response=_ENTRY,
    errors=(Code.NOT_FOUND,),
)
EXPLANATION = Told(
    summary="Explain an entry",
    description="Why it moved so many points: which rules applied, which did not and why, with the figures.",
    response={
        "entry": _ENTRY,
        "text": ["За покупку начислено: 34 бонуса.", "5 % от 695,00 ₽ = 34,75, округлено вниз до 34 бонусов."],
    },
    errors=(Code.NOT_FOUND,),
)
