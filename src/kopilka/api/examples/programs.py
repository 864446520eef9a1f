"""What the document says about the program and its rulebook."""

from __future__ import annotations

from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

SOURCE = (
    "kopilka: 1\nprogram:\n  name: Кофейня\nmoney: RUB\nzone: Europe/Moscow\npoints:\n  bonus:\n"
    "    name: {ru: бонус, en: bonus}\n"
)
FINGERPRINT = "5f2d9c1e7a40b8d3c6e1f0a92b47d85c13e6f7a8b9c0d1e2f3a4b5c6d7e8f901"

_VERSION = {
    "number": 2,
    "fingerprint": FINGERPRINT,
    "note": "Весна",
    "published_at": "2026-03-01T09:00:00Z",
    "published_by": "office",
    "is_current": True,
}

PROGRAM = Told(
    summary="Read the program",
    description="What the program counts in: its money, its points currencies, its tiers.",
    response={
        "id": "0192f39f-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
        "slug": "coffee",
        "name": "Кофейня",
        "currency": "RUB",
        "currency_digits": 2,
        "timezone": "Europe/Moscow",
        "language": "ru",
        "country": "RU",
        "rulebook_number": 2,
        "points": [{"code": "bonus", "name": "бонус", "decimals": 0, "worth_minor": 100}],
        "tiers": [{"code": "bronze", "name": "Бронза"}],
    },
)
RULEBOOK = Told(
    summary="Read the current rulebook",
    description="The text of the version in force, as it was published.",
    response={"number": 2, "source": SOURCE},
    errors=(Code.NOT_FOUND,),
)
VERSIONS = Told(
    summary="List the versions",
    description="Every version that was ever published, the newest first.",
    response={"items": [_VERSION]},
)
_VERSION_READ = {"number": 2, "source": SOURCE}
PUBLISH = Told(
    summary="Publish a rulebook",
    description=(
        "The next version of the rules, in force for every receipt from now on. `rulebook_invalid` lists every problem"
        " with its path, its line and a sentence. The very text that is current already makes no new version."
        " With `dry_run` everything is checked and nothing is written."
    ),
    request={"source": SOURCE, "note": "Весна", "dry_run": True},
    response={"number": 3, "fingerprint": FINGERPRINT, "is_new": True, "dry_run": True, "advice": [], "findings": []},
    errors=(Code.RULEBOOK_INVALID,),
)
VERSION = Told(
    summary="Read a version",
    description="The text of one version, as it was published.",
    response=_VERSION_READ,
    errors=(Code.NOT_FOUND,),
)
DIFF = Told(
    summary="Compare two versions",
    description="What the second version says differently from the first, place by place.",
    response={
        "first": 1,
        "second": 2,
        "differences": [
            {
                "path": "promotions.friday.discount.percent",
                "before": "10",
                "after": "15",
                "text": "The discount of promotion friday: 15% instead of 10%.",
            }
        ],
    },
    errors=(Code.NOT_FOUND,),
)
