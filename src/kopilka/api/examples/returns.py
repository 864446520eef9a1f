"""What the document says about returns."""

from __future__ import annotations

from kopilka.api.examples.decisions import MEMBER_ID, PURCHASE_ID
from kopilka.api.faults import Fault
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

RETURN_ID = "0192f3c0-2222-7bbb-8ccc-1c1d1e1f1a1b"

RETURN = {
    "id": RETURN_ID,
    "purchase_id": PURCHASE_ID,
    "member_id": MEMBER_ID,
    "source": "till:t1",
    "external_id": "R-000124",
    "occurred_at": "2026-03-15T09:00:00Z",
    "recorded_at": "2026-03-15T09:00:00Z",
    "currency": "RUB",
    "refund_minor": 5245,
    "to_certificates_minor": 0,
    "lines": [
        {
            "purchase_id": PURCHASE_ID,
            "line": 2,
            "sku": "BUN",
            "name": "Булочка",
            "quantity": "1",
            "refund_minor": 5245,
        }
    ],
    "unmatched": [],
    "points": [
        {
            "currency": "bonus",
            "decimals": 0,
            "earned": 2,
            "taken_back": 2,
            "expired": 0,
            "owed": 0,
            "forgiven": 0,
            "given_back": 7,
            "in_grace": 0,
            "lapsed": 0,
        }
    ],
    "balances": [{"currency": "bonus", "decimals": 0, "available": 439, "pending": 0, "held": 0, "debt": 0}],
}

CREATE = Told(
    summary="Return goods",
    description=(
        "By line and quantity of a purchase, or by article of a member's own purchases, the latest first. Points spent"
        " go back to their lots, points earned are taken back. Any sequence of partial returns ends as one full"
        " return. `dry_run` tells without writing, with status 200."
    ),
    request={"purchase_id": PURCHASE_ID, "external_id": "R-000124", "lines": [{"line": 2, "quantity": 1}]},
    response=RETURN,
    errors=(
        Code.NOT_FOUND,
        Code.PHONE_INVALID,
        Code.OUT_OF_RANGE,
        Code.LINE_UNKNOWN,
        Code.RETURN_EXCEEDS,
        Code.PURCHASE_OPEN,
        Code.PURCHASE_CANCELLED,
        Code.RECEIPT_EXISTS,
        Code.TOO_OLD,
        Code.IN_FUTURE,
    ),
)
READ = Told(
    summary="Read a return",
    description="A return with what it did to the points.",
    response=RETURN,
    errors=(Code.NOT_FOUND,),
)
LIST = Told(
    summary="List returns",
    description="The newest first, by purchase, member and time; `next` gives the next page.",
    response={"items": [RETURN], "next": None},
    errors=(Fault.CURSOR_INVALID, Code.OUT_OF_RANGE, Code.NOT_FOUND),
)
