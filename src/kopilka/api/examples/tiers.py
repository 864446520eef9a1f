"""What the document says about tiers."""

from __future__ import annotations

from kopilka.api.examples.members import MEMBER_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

_SET_ID = "0192f3a0-7b2e-7c3a-9d11-3f0f6b1c2d4f"

READ = Told(
    summary="Read a member's tier",
    description=(
        "The tier, since when, what is missing to the next one and to keep this one (as figures and as sentences in the"
        " language of the request), and how the member came there."
    ),
    response={
        "member_id": MEMBER_ID,
        "tier": "bronze",
        "name": "Бронзовый",
        "since": "2026-03-01T10:15:00Z",
        "until": None,
        "for_ever": False,
        "next": {
            "tier": "gold",
            "name": "Золотой",
            "ways": [[{"fact": "spent", "currency": "", "amount": 123456, "has": 876545, "wanted": 1000001}]],
            "until": None,
        },
        "keep": None,
        "says": ["До уровня «Золотой» осталось купить на 1\u00a0234,56\u00a0₽."],
        "history": [],
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
SET = Told(
    summary="Set a member's tier by hand",
    description=(
        "With a reason that stays in the audit. While it is held (`until`, `for_ever`) neither time nor a return lowers"
        " the member, and one who was lowered is not raised by purchases; with neither the ordinary rules go on."
    ),
    request={"tier": "gold", "reason": "Просьба директора", "until": "2027-01-01T00:00:00Z"},
    response={
        "id": _SET_ID,
        "member_id": MEMBER_ID,
        "before": "bronze",
        "tier": "gold",
        "since": "2026-03-14T18:02:11Z",
        "until": "2027-01-01T00:00:00Z",
        "for_ever": False,
        "reason": "Просьба директора",
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
PROPOSE = Told(
    summary="Propose thresholds of tiers",
    description=(
        "From what members bought within the last year: so many `levels`, each reached by a smaller share of members,"
        " with how many members each would have. `text` can be put into a rulebook as it stands."
    ),
    response={
        "at": "2026-03-14T18:02:11Z",
        "members": 1100,
        "currency": "RUB",
        "average_receipt_minor": 125000,
        "tiers": [
            {"from_minor": 0, "members": 770, "share": "70"},
            {"from_minor": 1000000, "members": 220, "share": "20"},
            {"from_minor": 3000000, "members": 110, "share": "10"},
        ],
        "text": "tiers:\n  first: {}\n",
    },
    errors=(),
)
