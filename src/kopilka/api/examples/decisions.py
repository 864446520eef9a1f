"""One receipt that the examples of quotes and purchases share: two lines, a promotion, points spent and earned."""

from __future__ import annotations

from typing import Any

MEMBER_ID = "0192f3a0-5c1e-7c3a-9d11-3f0f6b1c2d4e"
QUOTE_ID = "0192f3b1-0a2b-7c3d-8e4f-5a6b7c8d9e0f"
PURCHASE_ID = "0192f3b2-77aa-7d10-8f3c-2b1a0c9d8e7f"

RECEIPT: dict[str, Any] = {
    "member": {"phone": "+79161234567"},
    "branch": "center",
    "till": "t1",
    "staff": "anna",
    "occurred_at": "2026-03-14T21:02:11+03:00",
    "lines": [
        {"sku": "COFFEE-250", "name": "Кофе в зёрнах, 250 г", "category": "coffee", "price": 75000, "vat": "20"},
        {"sku": "BUN", "name": "Булочка", "category": "bakery", "quantity": "2", "price": 6000},
    ],
    "codes": [],
    "spend": {"mode": "amount", "points": 100},
}


def _line(
    number: int, sku: str, name: str, quantity: str, price: int, vat: str | None, **figures: Any
) -> dict[str, Any]:
    return {
        "line": number, "sku": sku, "name": name, "quantity": quantity, "price": price, "vat": vat,
        "manual_discount_minor": 0, "gift": False, **figures,
    }  # fmt: skip


def _points(points: int) -> list[dict[str, Any]]:
    return [{"currency": "bonus", "decimals": 0, "points": points}]


DECISION: dict[str, Any] = {
    "member_id": MEMBER_ID,
    "currency": "RUB",
    "program_version": 2,
    "tier": "bronze",
    "tier_after": "bronze",
    "lines": [
        _line(
            1, "COFFEE-250", "Кофе в зёрнах, 250 г", "1", 75000, "20", amount_minor=75000,
            discounts=[{"promotion": "coffee10", "name": "Кофе −10 %", "amount_minor": 7500}],
            net_minor=67500, points_minor=8490, paid_minor=59010, spent=_points(85), earned=_points(30),
        ),
        _line(
            2, "BUN", "Булочка", "2", 6000, None, amount_minor=12000, discounts=[],
            net_minor=12000, points_minor=1510, paid_minor=10490, spent=_points(15), earned=_points(4),
        ),
    ],
    "fiscal_lines": [
        {
            "line": 1, "sku": "COFFEE-250", "name": "Кофе в зёрнах, 250 г", "quantity": "1", "price": 59010,
            "total_minor": 59010, "counter_provision_minor": 0, "vat": "20", "gift": False,
        },
        {
            "line": 2, "sku": "BUN", "name": "Булочка", "quantity": "2", "price": 5245, "total_minor": 10490,
            "counter_provision_minor": 0, "vat": None, "gift": False,
        },
    ],
    "totals": {
        "amount_minor": 87000, "manual_discount_minor": 0, "discount_minor": 7500, "net_minor": 79500,
        "points_minor": 10000, "paid_minor": 69500,
    },
    "spend": [
        {
            "currency": "bonus", "decimals": 0, "max": 238, "applied": 100, "applied_minor": 10000,
            "limited_by": "wish", "limited_by_text": "сколько попросил покупатель",
        }
    ],
    "earn": [
        {
            "currency": "bonus", "decimals": 0, "points": 34, "pending": False,
            "starts_at": "2026-03-14T18:02:11Z", "expires_at": "2027-03-14T18:02:11Z",
        }
    ],
    "gifts": [],
    "privileges_used": [],
    "coupons": [],
    "coupons_refused": [],
    "certificates": [],
    "certificates_sold": [],
    "hints": [
        {
            "code": "can_spend", "subject": "bonus", "text": "Можно потратить ещё: 138 бонусов", "until": None,
            "count": 0, "amount": 0,
        }
    ],
    "prompts_for_cashier": [],
    "balances": [{"currency": "bonus", "decimals": 0, "available": 434, "pending": 0, "held": 0, "debt": 0}],
    "slip_text": "Оплачено баллами: 100 бонусов = 100,00 ₽\nНачислено: 34 бонуса\nНа счёте: 434 бонуса",
    "trace": [
        {"code": "discounted", "promotion": "coffee10", "line": 1, "text": "«Кофе −10 %»: 10 % от 750,00 ₽ = 75,00 ₽"},
        {"code": "rounded", "promotion": "", "line": 0, "text": "34,75 бонуса, округлено вниз до 34"},
    ],
}  # fmt: skip

EXPLAINED: dict[str, Any] = {
    **DECISION,
    "trace": [
        *DECISION["trace"],
        {
            "code": "no_lines", "promotion": "milk", "line": 0,
            "text": "Акция «Жёлтый ценник»: в чеке нет подходящих товаров",
        },
    ],
}  # fmt: skip
"""The same where what did nothing is told too."""
