"""What the document says about segments."""

from __future__ import annotations

from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

WHEN = {"tier": "gold", "last_purchase_days": {"at_least": 60}, "not": {"tags": "staff"}}

ROW = {
    "id": MEMBER_ID,
    "status": "active",
    "enrolled_at": "2026-03-01T10:15:00Z",
    "tier": "gold",
    "tags": ["coffee"],
    "segments": ["friends"],
    "purchases": 3,
    "spent_minor": 250000,
    "last_purchase_at": "2026-03-14T18:02:11Z",
    "referrals": 1,
    "link": "youtube",
    "name": "Анна Смирнова",
    "phone": "+79161234567",
    "email": "",
}

STAY = {
    "member_id": MEMBER_ID,
    "segment": "friends",
    "is_in": True,
    "until": "2026-06-01T00:00:00+03:00",
    "next_sale": False,
}

_WRONG = (Code.RULEBOOK_INVALID, Code.RULEBOOK_MISSING)
_STAYS = (Code.NOT_FOUND, Code.INVALID, Code.OUT_OF_RANGE, Code.RULEBOOK_MISSING)

COUNT = Told(
    summary="Count members by a condition",
    description=(
        "How many members fulfil a condition over what is known of them. It is written as `when` of a segment in the"
        " rulebook and need not be saved there. Blocked members count too."
    ),
    request={"when": WHEN},
    response={"members": 1284},
    errors=_WRONG,
)
LIST = Told(
    summary="List members by a condition",
    description="The members who fulfil a condition, in the order of their ids; `next` is the cursor of the next page.",
    request={"when": WHEN, "limit": 50},
    response={"items": [ROW], "next": None},
    errors=_WRONG,
)
ALL = Told(
    summary="List segments",
    description="The segments of the rulebook, and how many members each has now.",
    response={"items": [{"code": "friends", "name": "Друзья", "by": "hand", "members": 12}]},
    errors=(Code.RULEBOOK_MISSING,),
)
MEMBERS = Told(
    summary="List the members of a segment",
    description="Who belongs to it now: put into it and not over, or because its condition holds.",
    response={"items": [ROW], "next": None},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
STAYS = Told(
    summary="List a member's segments",
    description="Since when and how he is in each. Those with a condition (`live`) are as last looked at.",
    response={
        "items": [
            {
                "segment": "friends",
                "since": "2026-03-01T10:15:00Z",
                "until": None,
                "next_sale": True,
                "source": "hand",
                "by": "касса 1",
            }
        ]
    },
    errors=(Code.NOT_FOUND,),
)
PUT_INTO = Told(
    summary="Put a member into a segment",
    description=(
        "Only into one without a condition. With `next_sale` it ends with the member's next purchase; one that is"
        " called off before it was final gives it back, a return does not. Again: the end said last holds."
    ),
    request={"until": "2026-06-01T00:00:00+03:00"},
    response=STAY,
    errors=_STAYS,
)
TAKE_OUT = Told(
    summary="Take a member out of a segment",
    description="Nothing happens where he is not in it.",
    response=STAY | {"is_in": False, "until": None},
    errors=_STAYS,
)
