"""The document as a whole: its head, points, spending, returns, the printed receipt, and where each section stands."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kopilka.engine.document.case_spec import TESTS
from kopilka.engine.document.kinds import (
    BAD,
    MONEY,
    MONEY_OR_ZERO,
    PERCENT,
    POINTS,
    Bad,
    CodeOf,
    Flag,
    Number,
    Place,
    Schema,
    Text,
    Word,
    scalar,
    whole,
)
from kopilka.engine.document.mechanics_spec import MECHANICS_SECTIONS
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.document.promotion_spec import BRANCHES, COUPON, GROUP, NAME, NOTE, PROMOTION
from kopilka.engine.document.shapes import Bilingual, Field, MapOf, Record
from kopilka.engine.document.tier_spec import COUNTING, TIER, TIERS_OF_RETURNS
from kopilka.engine.document.times import AT_ONCE, FOREVER
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.points import Rounding
from kopilka.engine.rulebook import EarnBase, PointsAs, Proof, TakeBack, ZeroGift

VERSIONS = ("1",)


@dataclass(frozen=True, slots=True)
class FormatVersion:
    """The version of the format; a document of another one is not guessed at."""

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if text not in VERSIONS:
            return place.wrong(ProblemCode.VERSION_UNKNOWN, text=text, known=list(VERSIONS))
        return text

    def schema(self) -> Schema:
        return {"enum": [*(int(version) for version in VERSIONS), *VERSIONS]}


@dataclass(frozen=True, slots=True)
class CurrencyCode:
    """Code of the money; tells the notebook how many digits amounts have."""

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if text not in CURRENCY_DIGITS:
            return place.wrong(ProblemCode.NOT_A_CURRENCY, text=text, known=list(CURRENCY_DIGITS))
        place.notebook.digits = CURRENCY_DIGITS[text]
        return text

    def schema(self) -> Schema:
        return {"enum": list(CURRENCY_DIGITS)}


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its name in the tz database: Europe/Moscow."""

    def read(self, node: object, place: Place) -> ZoneInfo | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        try:
            return ZoneInfo(text)
        except (KeyError, ValueError, OSError):  # unknown, "../etc", a folder such as "Europe"
            return place.wrong(ProblemCode.NOT_A_ZONE, text=text)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


CURRENCY = Record(
    "points_currency",
    "A kind of points with its own rules.",
    {
        "name": NAME,
        "note": NOTE,
        "worth": Field(MONEY_OR_ZERO, "What one whole point pays, in money; cannot pay when not said."),
        "decimals": Field(whole(0, 2), "Digits after the point: 0, 1 or 2; 0 when not said."),
        "round": Field(Word(tuple(mode.value for mode in Rounding)), "How a fraction is rounded; down when not said."),
        "carry": Field(Flag(), "The fraction left by rounding down waits for the next purchase."),
        "life": Field(FOREVER, "How long points live from when they can be spent; forever when not said."),
        "starts_after": Field(AT_ONCE, "When points can be spent; at_once when not said."),
        "spend_order": Field(whole(0, 10_000), "Which points are spent first: the smaller; 100 when not said."),
        "gift": Field(Text(limit=100), "The article that one point stands for: a gift shown as points of its own."),
        "partly": Field(Flag(), "With gift: it can be collected in parts; yes when not said."),
        "idle": Field(FOREVER, "Without a purchase for so long, all of them expire."),
    },
)

SPENDING = Record(
    "spending",
    "How one kind of points pays.",
    {
        "share_of_receipt": Field(PERCENT, "At most this percent of the receipt; 100 when not said."),
        "share_of_line": Field(PERCENT, "At most this percent of each line; 100 when not said."),
        "keep_price": Field(
            Number(digits=4, minimum=0, maximum=10**12), "One unit of goods must still cost this much money."
        ),
        "cash_min": Field(MONEY, "So much of the receipt must be paid with money."),
        "step": Field(POINTS, "Points are spent in whole multiples of this."),
        "at_least": Field(POINTS, "Fewer points than this are not spent."),
    },
)

EARNING = Record(
    "earning",
    "On what percentages are counted.",
    {"base": Field(Word(tuple(base.value for base in EarnBase)), "paid_with_money, or net: also on what points paid.")},
)

RETURNS = Record(
    "returns",
    "What happens to points when goods come back.",
    {
        "take_back": Field(
            Word(tuple(policy.value for policy in TakeBack)),
            "When the earned points are gone: clamp forgets the rest, debt waits for new points, negative shows it.",
        ),
        "give_back": Field(Flag(), "Spent points go back to the member; yes when not said."),
        "grace": Field(FOREVER, "How long points live that come back after their life had ended."),
        "tiers": TIERS_OF_RETURNS,
    },
)

FISCAL = Record(
    "fiscal",
    "How points and gifts stand on the printed receipt.",
    {
        "points_as": Field(Word(tuple(mode.value for mode in PointsAs)), "As a discount, or as counter_provision."),
        "zero_gift": Field(Word(tuple(mode.value for mode in ZeroGift)), "A gift at zero, or at one minor_unit."),
    },
)

PROOF = Record(
    "spending_proof",
    "What must prove that the member himself spends.",
    {
        "by": Field(Word(tuple(proof.value for proof in Proof)), "His one-time code, or none."),
        "free_up_to": Field(MONEY, "Up to this worth no code is asked for."),
        "pin": Field(Flag(), "The PIN a member has chosen on his card proves him at a till too; yes when not said."),
    },
)

QUOTE = Record(
    "quote",
    "How long a quoted price is kept.",
    {"minutes": Field(whole(1, 7 * 24 * 60), "In minutes; 15 when not said.", required=True)},
)

DOCUMENT = Record(
    "document",
    "A whole loyalty program.",
    {
        "rulebook": Field(FormatVersion(), "Version of this format: 1.", required=True),
        "program": Field(Bilingual(), "The program's name.", required=True),
        "note": NOTE,
        "money": Field(CurrencyCode(), "The money it counts in, such as RUB.", required=True),
        "timezone": Field(Zone(), "The zone of its days and hours, such as Europe/Moscow.", required=True),
        "branches": Field(BRANCHES.kind, "Branches where it works; everywhere when not said."),
        "points": Field(MapOf(CURRENCY), "Its points, by code."),
        "spending": Field(
            MapOf(SPENDING, key=CodeOf("points")), "How points pay, by their code; what is not named here cannot pay."
        ),
        "earning": Field(EARNING, "On what percentages are counted."),
        "tiers": Field(MapOf(TIER), "Its tiers by code, from the lowest to the highest."),
        "counting": Field(COUNTING, "What counts for tiers."),
        "groups": Field(MapOf(GROUP), "Stacking groups by code: all, best, first or exclusive."),
        "promotions": Field(MapOf(PROMOTION), "Its promotions, by code."),
        "coupons": Field(MapOf(COUPON), "Its coupons, by code."),
        "returns": Field(RETURNS, "What happens to points when goods come back."),
        "fiscal": Field(FISCAL, "How points and gifts stand on the printed receipt."),
        "spending_proof": Field(PROOF, "What must prove that the member himself spends."),
        "quote": Field(QUOTE, "How long a quoted price is kept."),
        **MECHANICS_SECTIONS,
        "tests": Field(TESTS, "Receipts with what is expected of them; they are checked before publishing."),
    },
)
