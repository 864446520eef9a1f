"""How the tests of a program stand in its document: a member, a receipt, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.coupons import Refused
from kopilka.engine.document.fact_values import VALUES
from kopilka.engine.document.kinds import (
    BAD,
    MONEY,
    MONEY_OR_ZERO,
    PRICE,
    Bad,
    CodeOf,
    Flag,
    Number,
    Place,
    Schema,
    Text,
    Word,
    whole,
)
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.document.shapes import Field, ListOf, MapOf, Record, WordOr
from kopilka.engine.document.times import Day, Moment
from kopilka.engine.refusal import Code

BALANCE = Number(digits=2, minimum=0, maximum=10**11)
"""Points in hundredths, perhaps none."""

FRACTION = Number(digits=6, minimum=-999_999, maximum=999_999)
"""A kept fraction of a smallest unit of points, in millionths."""

SIGNED_QUANTITY = Number(digits=3, minimum=-(10**9), maximum=10**9)

REFUSALS = (
    Code.SPEND_LIMIT.value,
    Code.INSUFFICIENT_POINTS.value,
    Code.OUT_OF_RANGE.value,
    Code.CERTIFICATE_SHORT.value,
    Code.CERTIFICATE_UNUSABLE.value,
)
"""With which codes a decision may refuse a receipt."""

TAGS = ListOf(Text(limit=64), or_one=True, distinct=True)


POINTS_BY_CODE = MapOf(BALANCE, key=CodeOf("points"))
"""Points by their code: {bonus: 100}."""

NUMBER = Text(limit=40)
"""Of a gift certificate."""

CARRY = MapOf(FRACTION, key=CodeOf("points"))

LOT = Record(
    "case_lot",
    "Points the member has, with an end of their own.",
    {
        "in": Field(CodeOf("points"), "In which points.", required=True),
        "points": Field(BALANCE, "How many.", required=True),
        "until": Field(Moment(), "When they expire; never when not said."),
        "from": Field(Moment(), "When they can be spent; long since when not said."),
    },
)

UNLOCKED = Record(
    "case_unlocked",
    "How long a locked promotion is open, or for how many purchases.",
    {
        "until": Field(Moment(), "Until this moment; for ever when not said."),
        "times": Field(whole(1, 10_000), "For so many purchases more; any when not said."),
    },
    at_least_one=("until", "times"),
)

BOUGHT = Record(
    "case_bought",
    "An earlier purchase.",
    {
        "at": Field(Moment(), "When it was.", required=True),
        "paid": Field(MONEY_OR_ZERO, "What was paid with money.", required=True),
    },
)

MEMBER = Record(
    "case_member",
    "The buyer; without it the buyer is not a member.",
    {
        "tier": Field(CodeOf("tiers"), "His tier; the first when not said."),
        "points": Field(POINTS_BY_CODE, "Points he can spend, living for ever."),
        "lots": Field(ListOf(LOT, limit=100), "Points with an end of their own, beside those."),
        "carry": Field(CARRY, "Fractions of points waiting from earlier purchases."),
        "tags": Field(TAGS, "His tags."),
        "segments": Field(ListOf(CodeOf("segments"), or_one=True, distinct=True), "His segments."),
        "birthday": Field(Day(), "The day he was born."),
        "enrolled": Field(Moment(), "When he registered; a year before the receipt when not said."),
        "purchases": Field(whole(0, 10**9), "How many purchases he made before."),
        "spent": Field(MONEY_OR_ZERO, "Money he paid for them."),
        "last_purchase": Field(MONEY_OR_ZERO, "Sum of the previous one."),
        "last_purchase_at": Field(Moment(), "When it was."),
        "bought": Field(
            ListOf(BOUGHT, or_one=True), "Earlier purchases one by one, for tiers that count a stretch of time."
        ),
        "tier_since": Field(Moment(), "Since when he stands on his tier."),
        "ever_earned": Field(POINTS_BY_CODE, "Points he was ever given."),
        "referrals": Field(whole(0, 10**9), "How many members he brought."),
        "link": Field(Text(limit=64), "The invite link he registered by."),
        "unlocked": Field(MapOf(UNLOCKED, key=CodeOf("promotions")), "Locked promotions that are open for him."),
        "gifts": Field(
            ListOf(CodeOf("gifts"), or_one=True), "Gifts that wait for him; at the till their code is this."
        ),
        "invited": Field(Flag(), "Another member invited him."),
        "inviters": Field(whole(1, 10), "How many levels of inviters stand above him."),
        "agent": Field(Text(limit=64), "The agent he came with."),
        "is_agent": Field(Text(limit=64), "He is this agent himself."),
        "is_employee": Field(Text(limit=64), "He is this employee himself."),
        "coupons_used": Field(MapOf(whole(0, 10**9), key=CodeOf("coupons")), "How often he used each coupon."),
        "coupons": Field(
            ListOf(CodeOf("coupons"), or_one=True, limit=100),
            "Codes of series that are his; at the till the code is this, of the second one of a coupon spring-2.",
        ),
        "rules_used": Field(
            MapOf(whole(0, 10**9), key=CodeOf("promotions")),
            "How often he used promotions that have a limit; by the time of the first receipt.",
        ),
    },
)

CASE_LINE = Record(
    "case_line",
    "A line of the receipt.",
    {
        "sku": Field(Text(limit=100), "The article's code.", required=True),
        "price": Field(PRICE, "Price of one.", required=True),
        "quantity": Field(SIGNED_QUANTITY, "How many; 1 when not said."),
        "discount": Field(MONEY_OR_ZERO, "Taken off by hand at the till."),
        "name": Field(Text(), "Its name."),
        "category": Field(Text(limit=100), "Its category."),
        "brand": Field(Text(limit=100), "Its brand."),
        "line_tags": Field(TAGS, "Its tags."),
        "article": Field(VALUES["article"], "goods or service."),
        "min_price": Field(PRICE, "One must not cost less."),
        "cost": Field(PRICE, "What one costs the shop; the linter looks for losses by it."),
        "vat": Field(Number(digits=2, minimum=0, maximum=10_000), "Percent of VAT."),
    },
)


SHORT = ("sku", "price", "quantity")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line as a record, or in short [sku, price] and [sku, price, quantity]."""

    def read(self, node: object, place: Place) -> dict[str, object] | Bad:
        if not isinstance(node, list):
            return CASE_LINE.read(node, place)
        if len(node) not in {len(SHORT), len(SHORT) - 1}:
            return place.wrong(ProblemCode.LINE_SHAPE)
        values: dict[str, object] = {}
        for index, (key, item) in enumerate(zip(SHORT, node, strict=False)):
            value = CASE_LINE.fields[key].kind.read(item, place.item(index))
            if isinstance(value, Bad):
                return BAD
            values[key] = value
        return values

    def schema(self) -> Schema:
        kinds = [CASE_LINE.fields[key].kind.schema() for key in SHORT]
        short: Schema = {"type": "array", "prefixItems": kinds, "minItems": 2, "maxItems": 3}
        return {"anyOf": [CASE_LINE.schema(), short]}


RECEIPT = Record(
    "case_receipt",
    "The receipt.",
    {
        "at": Field(Moment(), "Local date and time of it.", required=True),
        "lines": Field(ListOf(CaseLine()), "Its lines.", required=True),
        "spend": Field(
            WordOr(("max", "none"), POINTS_BY_CODE),
            "Points to pay with: max, none, or {bonus: 100}; none when not said.",
        ),
        "branch": Field(Text(limit=64), "The place of sale."),
        "till": Field(Text(limit=64), "The cash desk."),
        "origin": Field(VALUES["origin"], "till, online or import; till when not said."),
        "staff": Field(Text(limit=64), "Who sells."),
        "agent": Field(Text(limit=64), "The agent named with the sale."),
        "sold_brand": Field(Text(limit=100), "The brand of the shop."),
        "codes": Field(ListOf(Text(limit=40), or_one=True), "Coupon words the buyer names."),
        "certificates": Field(
            MapOf(WordOr(("max",), MONEY), key=NUMBER),
            "Gift certificates to pay with, by number: a sum, or max; a PIN is not asked for.",
        ),
    },
)

CASE_LINE_RESULT = Record(
    "case_line_result",
    "What is expected of one line.",
    {
        "discount": Field(MONEY_OR_ZERO, "Taken off by promotions."),
        "net": Field(MONEY_OR_ZERO, "What it costs after discounts."),
        "points": Field(MONEY_OR_ZERO, "How much of it points pay, in money."),
        "pay": Field(MONEY_OR_ZERO, "What is paid for it with money."),
        "earned": Field(POINTS_BY_CODE, "Points earned on it."),
        "gift": Field(Flag(), "It is a gift."),
        "sku": Field(Text(limit=100), "Its article."),
    },
)

EXPECT = Record(
    "case_result",
    "What is expected; what is not named is not checked.",
    {
        "discount": Field(MONEY_OR_ZERO, "Taken off by promotions in all."),
        "net": Field(MONEY_OR_ZERO, "What the receipt costs after discounts."),
        "pay": Field(MONEY_OR_ZERO, "What is paid with money."),
        "spent": Field(POINTS_BY_CODE, "Points spent, by code; {} means none."),
        "spendable": Field(POINTS_BY_CODE, "The most points that could be spent."),
        "earned": Field(POINTS_BY_CODE, "Points earned, by code; {} means none."),
        "carry": Field(CARRY, "The fraction of a point that waits."),
        "shares": Field(MapOf(POINTS_BY_CODE, key=CodeOf("shares")), "What others get, by share; {} means nobody."),
        "lines": Field(MapOf(CASE_LINE_RESULT, key=whole(1, 10_000)), "By the number of the line."),
        "coupons": Field(ListOf(CodeOf("coupons"), or_one=True, minimum=0), "Coupons used."),
        "refused_coupons": Field(
            MapOf(Word(tuple(why.value for why in Refused)), key=Text(limit=40)),
            "Words that did nothing, and why: {SPRING: over}; {} means that all were good.",
        ),
        "advance": Field(MONEY_OR_ZERO, "How much of pay gift certificates pay; money is taken for the rest."),
        "gifts": Field(MapOf(whole(1, 10**6), key=Text(limit=100)), "Pieces given away, by article; {} means none."),
        "hints": Field(
            ListOf(Text(limit=200), or_one=True, minimum=0),
            "What the cashier is told, such as stamps free-coffee 3; only the kinds named are looked at.",
        ),
        "prompts": Field(ListOf(CodeOf("promotions"), or_one=True, minimum=0), "What the cashier is told to read."),
        "tier": Field(CodeOf("tiers"), "The tier after this purchase."),
        "refused": Field(Word(REFUSALS), "The receipt is refused with this code."),
    },
    at_least_one=(
        "refused",
        "discount",
        "net",
        "pay",
        "spent",
        "spendable",
        "earned",
        "carry",
        "shares",
        "lines",
        "coupons",
        "refused_coupons",
        "advance",
        "gifts",
        "hints",
        "prompts",
        "tier",
    ),
)

STEP = Record(
    "case_step",
    "One receipt of several by the same member.",
    {
        "receipt": Field(RECEIPT, "The receipt.", required=True),
        "expect": Field(EXPECT, "What is expected of it.", required=True),
    },
)

TEST = Record(
    "case",
    "One test: a receipt with what is expected, or several receipts one after another.",
    {
        "note": Field(Text(limit=2_000), "Why."),
        "member": Field(MEMBER, "The buyer; not a member when not said."),
        "certificates": Field(MapOf(MONEY, key=NUMBER), "Gift certificates that were sold: what is on each."),
        "receipt": Field(RECEIPT, "The receipt."),
        "expect": Field(EXPECT, "What is expected of it."),
        "steps": Field(ListOf(STEP, limit=100), "Several receipts, each seeing what the one before left."),
    },
    exactly_one=("receipt", "steps"),
    at_most_one=(("expect", "steps"),),
)

TESTS = MapOf(TEST, key=Text(limit=300))
