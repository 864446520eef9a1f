"""What the document says about coupon codes."""

from __future__ import annotations

from kopilka.api.examples.decisions import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

BATCH_ID = "0192f3c1-11aa-7b21-8c4d-5e6f7a8b9c0d"

_BATCH = {
    "id": BATCH_ID,
    "coupon": "flyer",
    "wanted": 5000,
    "made": 5000,
    "note": "Листовки к 8 Марта",
    "created_at": "2026-03-01T10:15:00Z",
    "withdrawn_at": None,
    "reason": "",
}
_CODE = {
    "word": "F-7KQ2MXYD",
    "coupon": "flyer",
    "state": "bound",
    "member_id": MEMBER_ID,
    "batch_id": BATCH_ID,
    "purchase_id": None,
    "issued_at": "2026-03-01T10:15:00Z",
    "bound_at": "2026-03-02T09:00:00Z",
    "valid_until": "2026-04-01T09:00:00Z",
    "changed_at": "2026-03-02T09:00:00Z",
    "reason": "",
}

ISSUE = Told(
    summary="Make coupon codes",
    description=(
        "Codes nobody can foretell, each good once. All batches of a coupon together hold no more than its series"
        " says. Hundreds of thousands are made by the command `kopilka coupons issue`."
    ),
    request={"coupon": "flyer", "count": 5000, "note": "Листовки к 8 Марта"},
    response=_BATCH,
    errors=(Code.NOT_FOUND, Code.OUT_OF_RANGE, Code.RULEBOOK_MISSING),
)
BATCHES = Told(
    summary="List batches of codes",
    description="The eldest first; of one coupon when it is named.",
    response={"items": [_BATCH]},
)
WITHDRAW_BATCH = Told(
    summary="Withdraw a batch",
    description="No code of it can be used any more. What was used or stands in an open purchase stays so.",
    request={"reason": "Ошибка печати"},
    response={"count": 4812},
    errors=(Code.NOT_FOUND,),
)
CODES = Told(
    summary="List coupon codes",
    description="In the order of their words; by coupon, state, member, batch.",
    response={"items": [_CODE], "next": None},
    errors=(Code.NOT_FOUND,),
)
READ = Told(
    summary="Find a coupon code",
    description=(
        "What became of one code: its state, whose it is, when. Whoever names too many unknown words is told to wait."
    ),
    response=_CODE,
    errors=(Code.NOT_FOUND, Code.TOO_MANY_CODES),
)
BIND = Told(
    summary="Bind a code to a phone",
    description=(
        "For the page behind a coupon's link: the code becomes that of the member with this phone, who is enrolled when"
        " nobody has it. From then on naming the phone at the till is enough. The coupon's own code instead of a word"
        " gives everybody a code of his own; whoever has one keeps it."
    ),
    request={"phone": "8 916 123-45-67"},
    response={
        "coupon": "flyer",
        "word": "F-7KQ2MXYD",
        "member_id": MEMBER_ID,
        "valid_until": "2026-04-01T09:00:00Z",
        "enrolled": False,
    },
    errors=(
        Code.COUPON_UNUSABLE,
        Code.MEMBER_BLOCKED,
        Code.PHONE_INVALID,
        Code.RULEBOOK_MISSING,
        Code.TOO_MANY_CODES,
    ),
)
WITHDRAW = Told(
    summary="Withdraw a code",
    description="It can be used no more; the reason is kept with it.",
    request={"reason": "Украден"},
    response=_CODE | {"state": "withdrawn", "reason": "Украден"},
    errors=(Code.COUPON_UNUSABLE, Code.NOT_FOUND),
)
