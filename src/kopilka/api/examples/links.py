"""What the document says about invite links."""

from __future__ import annotations

from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

LINK = {
    "id": "0192f3a0-5c1e-7c3a-9d11-3f0f6b1c2d50",
    "code": "youtube",
    "slug": "k7mq2xyd",
    "name": "Ролик о скидках",
    "labels": ["video", "march"],
    "partner": "",
    "segment": "",
    "tags_on": ["from-youtube"],
    "tags_off": [],
    "starts_at": None,
    "expires_at": "2026-04-01T00:00:00+03:00",
    "limit": 1000,
    "cost_minor": 4000000,
    "in_rulebook": False,
    "created_at": "2026-03-01T10:15:00Z",
    "created_by": "office",
}

CREATE = Told(
    summary="Make an invite link",
    description=(
        "Whoever enrols by it (`link` of a new member: its code or slug) bears its code, gets its tags and joins its"
        " segment. Rules ask for the fact `link`. Links of the rulebook exist without being made."
    ),
    request={
        "code": "youtube",
        "name": "Ролик о скидках",
        "labels": ["video", "march"],
        "tags_on": ["from-youtube"],
        "expires_at": "2026-04-01T00:00:00+03:00",
        "limit": 1000,
        "cost_minor": 4000000,
    },
    response=LINK,
    errors=(Code.INVALID, Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
ALL = Told(
    summary="List invite links",
    description="Those of the rulebook and those made beside it, in the order of their codes.",
    response={"items": [LINK], "next": None},
    errors=(Code.RULEBOOK_MISSING,),
)
READ = Told(
    summary="Read an invite link",
    description="By its code or slug.",
    response=LINK,
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
QR = Told(
    summary="QR code of an invite link",
    description="`page` is the address where people enrol; the link's slug is added to its end.",
    response={"address": "https://shop.example/i/k7mq2xyd", "svg": "<svg/>", "png": "iVBORw0KGgo="},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
VIEW = Told(
    summary="Count a view of an invite link",
    description="The page of enrolment was opened. One visitor counts once; only a hash of `visitor` is kept.",
    request={"visitor": "9f2c1b7e5a"},
    response={"code": "youtube", "is_new": True},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
CLOSE = Told(
    summary="End an invite link",
    description="Nobody enrols by it any more. One of the rulebook ends there (`until`).",
    response=LINK | {"expires_at": "2026-03-20T12:00:00Z"},
    errors=(Code.NOT_FOUND, Code.INVALID, Code.RULEBOOK_MISSING),
)
FIGURES = Told(
    summary="What invite links have brought",
    description=(
        "Views, members, buyers, receipts and money of each link. With `from` and `until`: of those who enrolled in"
        " the period, and of what they bought in it. Receipts wholly brought back do not count."
    ),
    response={
        "items": [
            {
                "code": "youtube",
                "labels": ["video", "march"],
                "partner": "",
                "views": 30120,
                "enrolled": 2018,
                "buyers": 8,
                "receipts": 8,
                "revenue_minor": 2844800,
                "average_minor": 355600,
                "cost_minor": 4000000,
                "conversion": 40,
                "cost_per_buyer_minor": 500000,
            }
        ]
    },
    errors=(Code.RULEBOOK_MISSING,),
)
