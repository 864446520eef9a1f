"""What the document says about the club, requests for goods and ambassadors."""

from __future__ import annotations

from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

GROUP = {
    "members": 120,
    "buyers": 96,
    "receipts": 310,
    "revenue_minor": 93000000,
    "average_minor": 300000,
    "frequency": 323,
    "margin_of_minor": 90000000,
    "margin_minor": 27000000,
    "margin_per_buyer_minor": 281250,
}

GOODS = {
    "id": "0192f3a0-5c1e-7c3a-9d11-3f0f6b1c2d60",
    "member_id": MEMBER_ID,
    "sku": "PHONE-17",
    "name": "Телефон 17, чёрный",
    "quantity": 1000,
    "branch": "center",
    "staff": "ivan",
    "note": "",
    "state": "open",
    "created_at": "2026-03-14T18:02:11Z",
    "arrived_at": None,
    "closed_at": None,
    "purchase_id": None,
}

SERVICES = Told(
    summary="Services of the club for a member",
    description="Which are for him now, and how often he may still use each.",
    response={"items": [{"code": "express-repair", "name": "Ремонт без очереди", "is_open": True, "left": 2}]},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
USE = Told(
    summary="Write down a use of a service",
    description="The member used a service of the club once. The limits of the rulebook hold.",
    request={"branch": "center"},
    response={
        "id": "0192f3a0-5c1e-7c3a-9d11-3f0f6b1c2d61",
        "member_id": MEMBER_ID,
        "service": "express-repair",
        "at": "2026-03-14T18:02:11Z",
        "cost_minor": 30000,
    },
    errors=(
        Code.NOT_FOUND,
        Code.SERVICE_NOT_OPEN,
        Code.SERVICE_USED_UP,
        Code.MEMBER_BLOCKED,
        Code.RULEBOOK_MISSING,
    ),
)
ECONOMICS = Told(
    summary="What the club is worth",
    description=(
        "Members of a segment now against all others: average receipt, receipts and margin per buyer in [from, until),"
        " and what the services of the club cost. The margin is of lines whose `cost` the till has said."
    ),
    response={
        "segment": "club",
        "club": GROUP,
        "others": GROUP | {"members": 4200},
        "more_average": 4200,
        "more_frequency": 6100,
        "more_margin": 11500,
        "services": [{"service": "express-repair", "uses": 40, "cost_minor": 1200000}],
        "services_minor": 1200000,
        "margin_after_services_minor": 25800000,
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
ASK = Told(
    summary="Write down a request for goods",
    description="A member asked for an article that is not there. He waits for one article once.",
    request={"member_id": MEMBER_ID, "sku": "PHONE-17", "name": "Телефон 17, чёрный", "staff": "ivan"},
    response=GOODS,
    errors=(Code.NOT_FOUND, Code.INVALID, Code.MISSING),
)
ASKED = Told(
    summary="List requests for goods",
    description="In the order in which they were made. A purchase of the article closes its request by itself.",
    response={"items": [GOODS], "next": None},
    errors=(Code.NOT_FOUND,),
)
WITHDRAW = Told(
    summary="Withdraw a request for goods",
    description="The member no longer wants it. A request that is closed already stays as it is.",
    response=GOODS | {"state": "withdrawn", "closed_at": "2026-03-20T12:00:00Z"},
    errors=(Code.NOT_FOUND,),
)
ARRIVED = Told(
    summary="Tell of goods that have arrived",
    description=(
        "Everybody who asked for one of these articles, and nobody else, is told: an event `goods_arrived` for"
        " automations, and a wish to send `message`."
    ),
    request={"skus": ["PHONE-17"], "branch": "center"},
    response={"told": {"PHONE-17": 3}},
    errors=(Code.OUT_OF_RANGE,),
)
AMBASSADORS = Told(
    summary="Who recommends most",
    description="Members by how many they brought in a period, how many of these bought, or what these have paid.",
    response={
        "items": [
            {
                "member_id": MEMBER_ID,
                "name": "Анна Смирнова",
                "phone": "+79161234567",
                "tier": "gold",
                "brought": 14,
                "buyers": 9,
                "receipts": 31,
                "revenue_minor": 8120000,
            }
        ]
    },
)
