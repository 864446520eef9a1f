"""What the document says about gifts and privileges."""

from __future__ import annotations

from kopilka.api.examples.decisions import MEMBER_ID, PURCHASE_ID
from kopilka.api.faults import Fault
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

CLAIM_ID = "0192f3c4-11aa-7c01-8d2e-5b6a7c8d9e0f"
PRIVILEGE_ID = "0192f3c4-22bb-7c02-9e3f-6c7b8d9e0f1a"

_PRICE = {"currency": "bonus", "decimals": 0, "points": 300}

_OFFERED = {
    "gift": "cake",
    "name": "Торт",
    "sku": "CAKE",
    "quantity": 1,
    "prices": [_PRICE],
    "cash_minor": 0,
    "picture": "cake.jpg",
    "until": None,
    "tiers": [],
    "by_itself": False,
    "left": 17,
    "missing": [],
    "can_choose": True,
}

_CLAIM = {
    "id": CLAIM_ID,
    "member_id": MEMBER_ID,
    "gift": "cake",
    "name": "Торт",
    "sku": "CAKE",
    "quantity": 1,
    "code": "7K3D9QXM2T5BZ",
    "cash_minor": 0,
    "paid": [_PRICE],
    "origin": "chosen",
    "state": "open",
    "chosen_at": "2026-03-14T18:05:00Z",
    "until": "2026-03-28T18:05:00Z",
}

_BALANCE = {"currency": "bonus", "decimals": 0, "available": 134, "pending": 0, "held": 0, "debt": 0}

CATALOGUE = Told(
    summary="Read the gift catalogue",
    description="Gifts given at this moment, at a branch where one is named, with what is left of each.",
    response={"items": [_OFFERED]},
    errors=(Code.RULEBOOK_MISSING,),
)
OF_MEMBER = Told(
    summary="Read a member's gifts",
    description="What he can choose now, by his tier and his points, and the gifts that are his already.",
    response={"offered": [_OFFERED], "claims": [_CLAIM], "next": None},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING, Fault.CURSOR_INVALID),
)
CHOOSE = Told(
    summary="Choose a gift",
    description=(
        "The points are taken at once, and a coupon comes: its code, named at the till, makes the article free."
        " A gift nobody collects in its time gives the points back."
    ),
    request={"gift": "cake", "code": "402913"},
    response={**_CLAIM, "balances": [_BALANCE]},
    errors=(
        Code.NOT_FOUND,
        Code.GIFT_UNAVAILABLE,
        Code.INSUFFICIENT_POINTS,
        Code.CONFIRMATION_REQUIRED,
        Code.CODE_WRONG,
        Code.CODE_EXPIRED,
        Code.MEMBER_BLOCKED,
        Code.RULEBOOK_MISSING,
    ),
)
CANCEL = Told(
    summary="Call a gift off",
    description="Its points go back to the lots they came from. One that was collected stays.",
    response={**_CLAIM, "state": "cancelled", "balances": [{**_BALANCE, "available": 434}]},
    errors=(Code.NOT_FOUND, Code.GIFT_CLOSED),
)
CLAIM = Told(
    summary="Find a gift by its code",
    description="What a coupon is for, before it is entered into a receipt. Its id does as well.",
    response=_CLAIM,
    errors=(Code.NOT_FOUND,),
)
PRIVILEGES = Told(
    summary="Read a member's privileges",
    description="Promotions that his purchases have opened for him, with how long and how often each works.",
    response={
        "items": [
            {
                "id": PRIVILEGE_ID,
                "promotion": "aqua-della",
                "name": "Растения AQUA DELLA",
                "opened_at": "2026-03-14T18:02:11Z",
                "until": "2026-04-13T18:02:11Z",
                "left": 2,
                "used": 1,
                "state": "open",
                "purchase_id": PURCHASE_ID,
                "text": "Открыто: «Растения AQUA DELLA», используйте до 13.04.2026, осталось покупок: 2",
            }
        ]
    },
    errors=(Code.NOT_FOUND,),
)
FIGURES = Told(
    summary="See what privileges bring",
    description="By promotion: how many were opened, how many members used them, with what revenue and conversion.",
    response={
        "items": [
            {
                "promotion": "aqua-della",
                "name": "Растения AQUA DELLA",
                "opened": 120,
                "used": 93,
                "members": 110,
                "members_used": 88,
                "purchases": 141,
                "revenue_minor": 8461000,
                "conversion": "80",
            }
        ]
    },
)
