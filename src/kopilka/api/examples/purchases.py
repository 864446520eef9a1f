"""What the document says about quotes, purchases and holds."""

from __future__ import annotations

from kopilka.api.examples.decisions import DECISION, EXPLAINED, MEMBER_ID, PURCHASE_ID, QUOTE_ID, RECEIPT
from kopilka.api.faults import Fault
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

HOLD_ID = "0192f3b4-1111-7aaa-8bbb-0c0d0e0f0a0b"

_RECEIPT_ERRORS = (
    Code.NOT_FOUND,
    Code.PHONE_INVALID,
    Code.CURRENCY_MISMATCH,
    Code.TOTAL_MISMATCH,
    Code.OUT_OF_RANGE,
    Code.TOO_OLD,
    Code.IN_FUTURE,
    Code.MEMBER_BLOCKED,
    Code.INSUFFICIENT_POINTS,
    Code.SPEND_LIMIT,
    Code.RULEBOOK_MISSING,
)
_PROOF_ERRORS = (Code.CONFIRMATION_REQUIRED, Code.CODE_WRONG, Code.CODE_EXPIRED)

PURCHASE = {
    "id": PURCHASE_ID,
    "state": "confirmed",
    "source": "till:t1",
    "external_id": "R-000123",
    "occurred_at": "2026-03-14T18:02:11Z",
    "recorded_at": "2026-03-14T18:02:12.153Z",
    **DECISION,
}
_ROW = {
    "id": PURCHASE_ID,
    "state": "confirmed",
    "member_id": MEMBER_ID,
    "source": "till:t1",
    "external_id": "R-000123",
    "branch": "center",
    "occurred_at": "2026-03-14T18:02:11Z",
    "recorded_at": "2026-03-14T18:02:12.153Z",
    "net_minor": 79500,
    "paid_minor": 69500,
    "returned_minor": 0,
}

QUOTE = Told(
    summary="Quote a receipt",
    description=(
        "Exact prices, what points may pay and what will be earned, now and for this member. A kept quote has an id"
        " and an end: confirming it in time gives exactly these figures or `quote_outdated` with what differs."
        " With `keep` false nothing is written and there is no id. `trace` tells what did something; with `explain`"
        " true also what did nothing, and why."
    ),
    request=RECEIPT,
    response={
        "id": QUOTE_ID,
        "occurred_at": "2026-03-14T18:02:11Z",
        "expires_at": "2026-03-14T18:17:11Z",
        **DECISION,
    },
    errors=_RECEIPT_ERRORS,
)
QUOTE_READ = Told(
    summary="Read a quote",
    description="A kept quote as it was given, until its end.",
    response={**QUOTE.response, **EXPLAINED},
    errors=(Code.NOT_FOUND,),
)
CREATE = Told(
    summary="Record a purchase",
    description=(
        "A receipt whole, or by `quote_id` alone; it is unique for ever by its till and `external_id`, whatever the"
        " key. Spending needs the member's one-time code unless the program loosened that. `final` false leaves the"
        " purchase open with its points held. A repetition with the same key is answered with the same bytes. `trace`"
        " tells what did something; with `explain` true also what did nothing, and why."
    ),
    request={**RECEIPT, "external_id": "R-000123", "code": "482913"},
    response=PURCHASE,
    errors=(
        *_RECEIPT_ERRORS,
        *_PROOF_ERRORS,
        Code.COUPON_UNUSABLE,
        Code.QUOTE_OUTDATED,
        Code.QUOTE_EXPIRED,
        Code.HOLD_EXPIRED,
        Code.HOLD_CLOSED,
        Code.RECEIPT_EXISTS,
    ),
)
CONFIRM = Told(
    summary="Make an open purchase final",
    description="Its held points are spent, its points are earned. Doing it again with the same key answers the same.",
    request={},
    response=PURCHASE,
    errors=(Code.NOT_FOUND, Code.PURCHASE_FINAL, Code.PURCHASE_CANCELLED, Code.HOLD_EXPIRED),
)
CANCEL = Told(
    summary="Cancel an open purchase",
    description="Its held points go back. A final purchase is not cancelled but returned.",
    request={},
    response={**PURCHASE, "state": "cancelled"},
    errors=(Code.NOT_FOUND, Code.PURCHASE_FINAL),
)
READ = Told(
    summary="Read a purchase",
    description="The purchase with the whole decision that priced it, in the language asked for.",
    response={**PURCHASE, **EXPLAINED},
    errors=(Code.NOT_FOUND,),
)
LIST = Told(
    summary="List purchases",
    description="The newest first, by member and time (`from` inclusive, `until` exclusive); `next` is the next page.",
    response={"items": [_ROW], "next": None},
    errors=(Fault.CURSOR_INVALID, Code.OUT_OF_RANGE, Code.NOT_FOUND),
)

_HOLD = {
    "id": HOLD_ID,
    "member_id": MEMBER_ID,
    "currency": "bonus",
    "decimals": 0,
    "points": 100,
    "captured": 0,
    "state": "open",
    "expires_at": "2026-03-14T19:02:11Z",
}
_HOLD_DONE = {
    **_HOLD,
    "balances": [{"currency": "bonus", "decimals": 0, "available": 334, "pending": 0, "held": 100, "debt": 0}],
}
HOLD = Told(
    summary="Hold points",
    description="Sets points aside for a purchase to come; they go back by themselves at the end of `life_minutes`.",
    request={"member": {"phone": "+79161234567", "code": "482913"}, "points": 100, "life_minutes": 60},
    response=_HOLD_DONE,
    errors=(Code.NOT_FOUND, Code.PHONE_INVALID, Code.MEMBER_BLOCKED, Code.INSUFFICIENT_POINTS, *_PROOF_ERRORS),
)
HOLD_READ = Told(
    summary="Read a hold",
    description="`state`: open, captured (spent by a purchase), released, expired.",
    response=_HOLD,
    errors=(Code.NOT_FOUND,),
)
RELEASE = Told(
    summary="Release a hold",
    description="The points go back to their lots. Releasing a released hold answers the same.",
    request={},
    response={**_HOLD_DONE, "state": "released"},
    errors=(Code.NOT_FOUND, Code.HOLD_CLOSED),
)
