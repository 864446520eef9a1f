"""What the document says about members."""

from __future__ import annotations

from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

MEMBER_ID = "0192f3a0-5c1e-7c3a-9d11-3f0f6b1c2d4e"

MEMBER = {
    "id": MEMBER_ID,
    "status": "active",
    "enrolled_at": "2026-03-01T10:15:00Z",
    "name": "Анна Смирнова",
    "phone": "+79161234567",
    "card": "2200001",
    "email": "",
    "external": "",
    "birth_date": "1990-05-17",
    "gender": "f",
    "language": "ru",
    "tags": ["coffee"],
    "segments": [],
    "tier": "bronze",
    "tier_since": None,
    "purchases": 3,
    "spent_minor": 250000,
    "last_purchase_at": "2026-03-14T18:02:11Z",
    "inviter_id": None,
    "agent": "",
    "referrals": 2,
}

_FIELDS = (Code.PHONE_INVALID, Code.OUT_OF_RANGE, Code.IDENTIFIER_TAKEN)

CREATE = Told(
    summary="Enrol a member",
    description=(
        "A new member with at least one of phone, card, email, external. Phones are understood in any usual spelling"
        " of the program's country and stored as E.164. `identifier_taken` when somebody already has one of them."
    ),
    request={
        "phone": "8 (916) 123-45-67",
        "card": "2200001",
        "name": "Анна Смирнова",
        "birth_date": "1990-05-17",
        "gender": "f",
        "tags": ["coffee"],
    },
    response=MEMBER | {"purchases": 0, "spent_minor": 0, "last_purchase_at": None, "tier": ""},
    errors=(Code.NOT_FOUND, Code.LINK_UNUSABLE, Code.INVITER_REFUSED, *_FIELDS),
)
FIND = Told(
    summary="Find a member",
    description=(
        "By exactly one of phone, card, email, external. Answers an empty list when nobody is recognised by it."
        " A phone may be typed as people type it; `+` must be sent as `%2B`."
    ),
    response={"items": [MEMBER]},
    errors=(Code.PHONE_INVALID,),
)
READ = Told(
    summary="Read a member",
    description="A member by id, with personal data.",
    response=MEMBER,
    errors=(Code.NOT_FOUND,),
)
CHANGE = Told(
    summary="Change a member",
    description=(
        "Only the fields that are sent change. An empty text takes a value away (`null` the birth date); the last"
        " identifier cannot go. Blocking and unblocking (`status`) needs the capability `adjust`."
    ),
    request={"name": "Анна Иванова", "card": ""},
    response=MEMBER | {"name": "Анна Иванова", "card": ""},
    errors=(Code.NOT_FOUND, *_FIELDS),
)
ISSUE_CODE = Told(
    summary="Give the member a one-time code",
    description=(
        "Six digits, good for five minutes and one use; an earlier code stops working. The member tells it to the"
        " cashier to show that it is he who spends. At most three an hour and ten a day for one member."
    ),
    response={"code": "482913", "expires_at": "2026-03-14T18:07:11Z"},
    errors=(Code.NOT_FOUND, Code.MEMBER_BLOCKED, Code.TOO_MANY_CODES),
)
