"""The kinds of values that stand in bodies: every number and every text is bounded by its type."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from kopilka.engine.money import MAX_MINOR
from kopilka.engine.points import MAX_POINTS

LINES_MAX = 2_000
QUANTITY_MAX = 1_000_000


class In(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a body may say: an unknown field is refused.

    Written again (to tell a repetition from another request), it says what differs from its defaults: so a repetition
    is known as one by a later version too, which has more fields.
    """


class Out(msgspec.Struct, kw_only=True):
    """What an answer says; fields may be added within /api/v1."""


Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR, description="Money in minor units of the currency.")]
Points = Annotated[
    int, Meta(ge=1, le=MAX_POINTS, description="Points in the smallest unit of their currency (10^-decimals).")
]
AnyPoints = Annotated[
    int,
    Meta(ge=-MAX_POINTS, le=MAX_POINTS, description="Points in the smallest unit of their currency, with a sign."),
]

Label = Annotated[str, Meta(max_length=64, description="A code of the shop's own, compared as it is.")]
Title = Annotated[str, Meta(max_length=200)]
ExternalId = Annotated[
    str,
    Meta(min_length=1, max_length=100, description="The receipt's number; unique for ever within its till."),
]
Id = Annotated[str, Meta(min_length=36, max_length=36, description="An id of ours, a UUID.")]
Identifier = Annotated[str, Meta(min_length=1, max_length=254)]
OneTimeCode = Annotated[
    str,
    Meta(
        min_length=6,
        max_length=48,
        pattern="^(?:[0-9]{6}|77[0-9]{46})$",
        description="The member's one-time code, or the rotating code of his card as scanned.",
    ),
]
CouponCode = Annotated[str, Meta(min_length=1, max_length=64, description="A coupon as the buyer spells it.")]
CurrencyCode = Annotated[str, Meta(min_length=1, max_length=64, description="Code of a points currency.")]
MoneyCode = Annotated[
    str, Meta(min_length=3, max_length=3, pattern="^[A-Z]{3}$", description="ISO 4217 code, such as RUB.")
]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset.")]
Quantity = (
    Annotated[
        str,
        Meta(
            pattern=r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})?$",
            max_length=11,
            description='A decimal of at most three places as a text: "1.5".',
        ),
    ]
    | Annotated[int, Meta(ge=1, le=QUANTITY_MAX, description="Whole pieces.")]
)
PERCENT = r"^[0-9]{1,3}(\.[0-9]{1,2})?$"
Percent = (
    Annotated[
        str,
        Meta(
            max_length=6,
            description='A decimal as a text: "7.5".',
            extra_json_schema={"pattern": PERCENT},  # looked at by `receipts`, once for each of the few there are
        ),
    ]
    | Annotated[int, Meta(ge=0, le=100, description="Whole percents.")]
)
