"""How promotions, tiers, coupons and stacking groups stand in the document."""

from __future__ import annotations

from kopilka.engine.document.conditions import LINES, WHEN
from kopilka.engine.document.kinds import (
    MONEY,
    PERCENT,
    POINTS,
    PRICE,
    QUANTITY,
    CodeOf,
    Flag,
    Number,
    Text,
    Word,
    whole,
)
from kopilka.engine.document.shapes import Bilingual, Field, ListOf, Record, WordOr
from kopilka.engine.document.times import AT_ONCE, FOREVER, LIFE, Moment
from kopilka.engine.rulebook import Stacking

NAME = Field(Bilingual(), "How people see it; one text, or {ru: …, en: …}.")
NOTE = Field(Text(limit=2_000), "A remark for whoever edits the rulebook; does nothing.")
FROM = Field(Moment(), "Works from this local moment on; a date alone is its midnight.")
UNTIL = Field(Moment(date_alone=False), "Works until this local moment, which is no longer part of it.")
BRANCHES = Field(ListOf(Text(limit=64), or_one=True, distinct=True), "Works in these branches only.")
TIMES = Field(whole(1, 100_000), "At most so many times on one receipt.")

CHEAPEST = Record(
    "cheapest",
    "Of every so many selected units the cheapest one gets the percentage off.",
    {
        "of": Field(whole(2, 1_000), "Of how many units: 3 is the third free.", required=True),
        "percent": Field(PERCENT, "How much off it; 100, free, when not said."),
        "times": TIMES,
    },
)

BUY_GET = Record(
    "buy_get",
    "Who buys so many units of the selected lines gets so many at a lower price.",
    {
        "buy": Field(whole(1, 1_000), "Units to buy at the full price.", required=True),
        "get": Field(whole(1, 1_000), "Units to get.", required=True),
        "get_lines": Field(LINES, "Of which lines they are; the same as bought when not said."),
        "percent": Field(PERCENT, "How much off them; 100, free, when not said."),
        "times": TIMES,
    },
)

BUNDLE = Record(
    "bundle",
    "One unit of each part, bought together, for a price of their own or with a percentage off.",
    {
        "parts": Field(ListOf(LINES, minimum=2, limit=20), "Line conditions, one for each part.", required=True),
        "price": Field(MONEY, "What the parts cost together."),
        "percent": Field(PERCENT, "What comes off the parts together."),
        "times": TIMES,
    },
    exactly_one=("price", "percent"),
)

GIFT_LINE = Record(
    "gift_line",
    "An article is added to the receipt at zero price; where it already stands there, it becomes free.",
    {
        "sku": Field(Text(limit=100), "The article's code.", required=True),
        "quantity": Field(QUANTITY, "How many; 1 when not said."),
        "price": Field(PRICE, "What one is worth, for the printed receipt."),
        "name": Field(Text(), "What to print."),
    },
)

DISCOUNT = Record(
    "discount",
    "What a promotion takes off the price: exactly one way, perhaps with a cap.",
    {
        "percent": Field(PERCENT, "Percent off each selected line."),
        "amount": Field(MONEY, "So much money off the selected lines together."),
        "per": Field(Word(("receipt", "unit")), "With amount: once on the receipt, or off every unit."),
        "price": Field(PRICE, "The yellow price tag: one unit costs this much, if it cost more before."),
        "cheapest": Field(CHEAPEST, "The cheapest of every so many is free or cheaper."),
        "buy_get": Field(BUY_GET, "Buy some, get some."),
        "bundle": Field(BUNDLE, "Several articles together cost less."),
        "gift": Field(GIFT_LINE, "An article free of charge."),
        "at_most": Field(MONEY, "Takes no more than this off one receipt."),
    },
    exactly_one=("percent", "amount", "price", "cheapest", "buy_get", "bundle", "gift"),
)

EARN = Record(
    "earn",
    "Points a promotion gives: exactly one of percent, points, multiply.",
    {
        "percent": Field(PERCENT, "Percent of what the selected lines cost, in the worth of the points."),
        "points": Field(POINTS, "So many points; see per."),
        "multiply": Field(
            Number(digits=2, minimum=1, maximum=10_000), "Multiplies what other promotions give: 2 doubles."
        ),
        "per": Field(
            WordOr(("receipt", "line", "unit"), MONEY),
            "With points: for the receipt, each line, each unit, or every such amount of money.",
        ),
        "in": Field(CodeOf("points"), "In which points; needed where the program has several."),
        "at_most": Field(POINTS, "No more points than this on one receipt."),
        "life": Field(FOREVER, "How long these points live, instead of the life of their kind."),
        "starts_after": Field(AT_ONCE, "When they can be spent, instead of the delay of their kind."),
    },
    exactly_one=("percent", "points", "multiply"),
)

EARNS = ListOf(EARN, or_one=True, limit=20)

LIMIT = Record(
    "limit",
    "How often a rule may work: for everybody together or for each member, in all or within a stretch of time.",
    {
        "times": Field(whole(1, 10**9), "So many times.", required=True),
        "each": Field(Word(("member", "everybody", "branch", "receipt")), "Counted for whom; member when not said."),
        "within": Field(LIFE, "Within such a stretch of time; in all when not said."),
    },
)

BUDGET = Record(
    "budget",
    "What a rule may cost; it stops when that is used up.",
    {
        "money": Field(MONEY, "Discounts, in money."),
        "points": Field(POINTS, "Points given."),
        "in": Field(CodeOf("points"), "In which points."),
        "within": Field(LIFE, "Within such a stretch of time; in all when not said."),
    },
    at_least_one=("money", "points"),
)

LIMITS = ListOf(LIMIT, or_one=True, limit=10)

BOUNDS = {
    "limit": Field(LIMITS, "How often it may work."),
    "budget": Field(BUDGET, "What it may cost in all."),
    "holdout": Field(PERCENT, "Percent of members kept out of it, to measure what it brings."),
}

PROMOTION = Record(
    "promotion",
    "A rule that changes the price or the points of a purchase.",
    {
        "name": NAME,
        "note": NOTE,
        "from": FROM,
        "until": UNTIL,
        "branches": BRANCHES,
        "when": Field(WHEN, "Works when this holds of the receipt, the member and the moment."),
        "lines": Field(LINES, "Works on the lines of which this holds; on all when not said."),
        "discount": Field(DISCOUNT, "What it takes off the price."),
        "earn": Field(EARNS, "Points it gives."),
        "turn_off": Field(
            ListOf(Word(("earning", "spending")), or_one=True, distinct=True),
            "No points are earned on its lines, or none can pay for them.",
        ),
        "spending_share": Field(PERCENT, "Points pay at most this percent of its lines."),
        "coupon": Field(CodeOf("coupons"), "Works only with this coupon."),
        "locked": Field(Flag(), "Works only for members who have unlocked it."),
        "group": Field(CodeOf("groups"), "The stacking group it belongs to."),
        "priority": Field(whole(0, 10_000), "Smaller goes first; 100 when not said."),
        "prompt": Field(Bilingual(limit=500), "What the cashier reads out when it works."),
        **BOUNDS,
    },
    at_least_one=("discount", "earn", "turn_off", "spending_share", "prompt"),
)

SERIES = Record(
    "series",
    "Many different codes of one coupon, each good once, made when the series is issued.",
    {
        "count": Field(whole(1, 10**7), "How many codes.", required=True),
        "prefix": Field(Text(limit=20), "What each code starts with."),
        "length": Field(whole(6, 32), "How many characters follow; 8 when not said."),
        "letters": Field(Flag(), "Letters and digits; digits only when no."),
        "life": Field(LIFE, "How long a code is good once it is given to somebody."),
    },
)

COUPON = Record(
    "coupon",
    "Words that unlock promotions when they are named with a receipt.",
    {
        "name": NAME,
        "note": NOTE,
        "words": Field(ListOf(Text(limit=40), or_one=True, distinct=True), "What the buyer says or shows."),
        "series": Field(SERIES, "Instead of words: many codes, each good once."),
        "uses": Field(whole(1, 10**9), "Good so many times in all; without bound when not said."),
        "uses_each": Field(whole(1, 10**6), "Good so many times for each member."),
        "from": FROM,
        "until": UNTIL,
        "bind": Field(Flag(), "Opening its link binds it to a phone number."),
        "by_itself": Field(Flag(), "A bound code need not be named at the till; yes for coupons that bind."),
        "on_return": Field(
            Word(("give_back", "keep")),
            "When everything bought with it comes back it is good again, or stays used; give_back when not said.",
        ),
        "prompt": Field(Bilingual(limit=500), "What the cashier says to a member who has it bound."),
    },
    exactly_one=("words", "series"),
)

GROUP = Word(tuple(mode.value for mode in Stacking))
