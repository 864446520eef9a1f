"""What the document says about points between members and for many at once."""

from __future__ import annotations

from kopilka.api.examples.decisions import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

OTHER_ID = "0192f3a0-7b2f-7d4b-8e22-4a1a7c2d3e60"
TRANSFER_ID = "0192f3b2-77aa-7d21-9a4d-3c2b1a0d9e8f"
GRANT_ID = "0192f3b2-77aa-7d22-9a4d-3c2b1a0d9e8f"
LOT_ID = "0192f3b2-77aa-7d23-9a4d-3c2b1a0d9e8f"
_CODES = (Code.CONFIRMATION_REQUIRED, Code.CODE_WRONG, Code.CODE_EXPIRED)

_OF_TRANSFER = (Code.NOT_FOUND, Code.INSUFFICIENT_POINTS, Code.MEMBER_BLOCKED, *_CODES)

_TRANSFER = {
    "id": TRANSFER_ID,
    "from_member_id": MEMBER_ID,
    "to_member_id": OTHER_ID,
    "currency": "bonus",
    "decimals": 0,
    "points": 100,
    "fee": 0,
    "state": "proposed",
    "reason": "",
    "created_at": "2026-03-15T10:00:00Z",
    "expires_at": "2026-03-18T10:00:00Z",
    "ended_at": None,
}

PROPOSE = Told(
    summary="Propose to hand points over",
    description=(
        "The giver proves himself by his one-time code; nothing moves until the taker accepts, within three days."
        " Only where the rules have `transfers`."
    ),
    request={"to_member_id": OTHER_ID, "currency": "bonus", "points": 100, "code": "417093"},
    response=_TRANSFER,
    errors=(
        Code.NOT_FOUND,
        Code.NOT_OFFERED,
        Code.OUT_OF_RANGE,
        Code.INSUFFICIENT_POINTS,
        Code.MEMBER_BLOCKED,
        *_CODES,
    ),
)
TRANSFER = Told(
    summary="Read a transfer", description="A transfer as it stands.", response=_TRANSFER, errors=(Code.NOT_FOUND,)
)
ACCEPT = Told(
    summary="Accept a transfer",
    description="The taker proves himself and has the points at once, with the lives they had.",
    request={"code": "220518"},
    response={**_TRANSFER, "state": "done", "ended_at": "2026-03-15T10:05:00Z"},
    errors=(Code.TRANSFER_CLOSED, *_OF_TRANSFER),
)
DECLINE = Told(
    summary="Decline a transfer",
    description="Either of the two does not want it any more.",
    request={},
    response={**_TRANSFER, "state": "declined", "ended_at": "2026-03-15T10:05:00Z"},
    errors=(Code.NOT_FOUND, Code.TRANSFER_CLOSED),
)
_FAMILY = {"head_id": MEMBER_ID, "member_ids": [OTHER_ID]}
FAMILY = Told(
    summary="Read a family", description="Who has joined this member's account.", response=_FAMILY,
    errors=(Code.NOT_FOUND,),
)  # fmt: skip
JOIN = Told(
    summary="Join a family",
    description=(
        "Another member puts his points into this account; from now on his phone and card find it. Both prove"
        " themselves. Only where the rules have `family`."
    ),
    request={"member_id": OTHER_ID, "code": "417093", "head_code": "220518"},
    response=_FAMILY,
    errors=(Code.NOT_FOUND, Code.NOT_OFFERED, Code.OUT_OF_RANGE, Code.HOLD_OPEN, Code.MEMBER_BLOCKED, *_CODES),
)
LEAVE = Told(
    summary="Leave a family",
    description="His phone and card are his again; the points stay with the family. The head's code.",
    request={"member_id": OTHER_ID, "code": "220518"},
    response={"head_id": MEMBER_ID, "member_ids": []},
    errors=(Code.NOT_FOUND, *_CODES),
)
_BALANCE = {"currency": "bonus", "decimals": 0, "available": 534, "pending": 0, "held": 0, "debt": 0}
MERGE = Told(
    summary="Merge a duplicate",
    description=(
        "Two records of one person become one: points with their lives, purchases, phones and cards go over, counters"
        " are added, the higher tier is kept. With `dry_run` it only tells what would come over."
    ),
    request={"gone_id": OTHER_ID, "reason": "Записан дважды"},
    response={
        "id": GRANT_ID, "kept_id": MEMBER_ID, "gone_id": OTHER_ID, "moved": [{**_BALANCE, "available": 34}],
        "balances": [_BALANCE], "recorded_at": "2026-03-15T10:00:00Z",
    },
    errors=(Code.NOT_FOUND, Code.HOLD_OPEN, Code.RULEBOOK_MISSING),
)  # fmt: skip
EXTEND = Told(
    summary="Let points live longer",
    description="Moves the end of lots that have not expired yet, with a reason that stays in the books.",
    request={"currency": "bonus", "days": 30, "reason": "Касса не работала", "before": "2026-04-01T00:00:00+03:00"},
    response={
        "id": GRANT_ID, "member_id": MEMBER_ID, "currency": "bonus", "decimals": 0, "reason": "Касса не работала",
        "recorded_at": "2026-03-15T10:00:00Z",
        "lots": [
            {"lot_id": LOT_ID, "points": 50, "before": "2026-03-28T21:00:00Z", "after": "2026-04-27T21:00:00Z"}
        ],
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)  # fmt: skip
_BULK = {
    "id": GRANT_ID, "currency": "bonus", "decimals": 0, "points": 100, "reason": "С праздником", "state": "granting",
    "members": 1240, "states": {"due": 1240}, "given": 0, "taken_back": 0, "sample": [],
    "recorded_at": "2026-03-15T10:00:00Z", "expires_at": "2026-03-29T10:00:00Z",
}  # fmt: skip
BULK = Told(
    summary="Give points to many",
    description=(
        "Every member of whom the condition holds now gets the points, each exactly once; the worker gives them."
        " With `dry_run` it tells how many and who are the first, and writes nothing."
    ),
    request={
        "currency": "bonus", "points": 100, "reason": "С праздником", "when": {"tags": "vip"}, "life_days": 14,
    },
    response=_BULK,
    errors=(Code.RULEBOOK_INVALID, Code.RULEBOOK_MISSING),
)  # fmt: skip
BULKS = Told(
    summary="List grants to many",
    description="The latest first, at most fifty.",
    response={"items": [{**_BULK, "state": "granted", "states": {"done": 1240}, "given": 124000}]},
)
BULK_READ = Told(
    summary="Read a grant to many", description="How far it has come.", response=_BULK, errors=(Code.NOT_FOUND,)
)
BULK_UNDO = Told(
    summary="Undo a grant to many",
    description=(
        "What is not given yet never is; the rest is taken back from the very lots it made. What was spent becomes a"
        " debt where the program's rules on returns say so."
    ),
    response={**_BULK, "state": "undoing", "states": {"done": 1240, "undo_due": 1240}, "given": 124000},
    errors=(Code.NOT_FOUND,),
)
