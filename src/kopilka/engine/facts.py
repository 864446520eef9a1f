"""The catalogue of facts that conditions may ask about, with the kind of value each has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Of what a fact speaks: a line of the receipt, the whole receipt, the member, or the moment.

    TIER: the member, in conditions of tiers only, for they are counted from his history.
    """

    LINE = "line"
    RECEIPT = "receipt"
    MEMBER = "member"
    TIME = "time"
    TIER = "tier"


class Kind(StrEnum):
    """What a fact's value is, which decides how it is written in the document and compared.

    TEXT: a text. SET: a set of texts (equals means "has"). COUNT: an integer. MONEY: minor units, written as a quoted
    decimal. PRICE: 1/10,000 of the unit, written the same. QUANTITY: thousandths, written as a decimal. DAYS: whole
    days. WEEKDAY: mon..sun (0..6). HOURS: a half-open pair of "HH:MM". DATE: "YYYY-MM-DD" or a pair of them, half-open.
    BIRTHDAY: {before: days, after: days} around the birthday. FLAG: true or false. POINTS: comparisons by the code of
    a currency.
    """

    TEXT = "text"
    SET = "set"
    COUNT = "count"
    MONEY = "money"
    PRICE = "price"
    QUANTITY = "quantity"
    DAYS = "days"
    WEEKDAY = "weekday"
    HOURS = "hours"
    DATE = "date"
    BIRTHDAY = "birthday"
    FLAG = "flag"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    scope: Scope
    kind: Kind
    says: str
    """What it is, in one English sentence for the reference page."""


def _facts(*facts: Fact) -> dict[str, Fact]:
    return {fact.name: fact for fact in facts}


FACTS = _facts(
    Fact("sku", Scope.LINE, Kind.TEXT, "The article's code."),
    Fact(
        "category",
        Scope.LINE,
        Kind.TEXT,
        "The article's category; a category also holds those written below it with a slash.",
    ),
    Fact("brand", Scope.LINE, Kind.TEXT, "The article's brand."),
    Fact("line_tags", Scope.LINE, Kind.SET, "The article's tags."),
    Fact("article", Scope.LINE, Kind.TEXT, "goods or service."),
    Fact("price", Scope.LINE, Kind.PRICE, "The price of one, before any discount."),
    Fact("quantity", Scope.LINE, Kind.QUANTITY, "How many of it stand on the line."),
    Fact("amount", Scope.LINE, Kind.MONEY, "Price times quantity of the line, before any discount."),
    Fact("discounted", Scope.LINE, Kind.FLAG, "The till already gave a manual discount on the line."),
    Fact("total", Scope.RECEIPT, Kind.MONEY, "Sum of the receipt after manual discounts, before promotions."),
    Fact("items", Scope.RECEIPT, Kind.QUANTITY, "Sum of the quantities of all lines."),
    Fact("branch", Scope.RECEIPT, Kind.TEXT, "The place of sale."),
    Fact("till", Scope.RECEIPT, Kind.TEXT, "The cash desk."),
    Fact("origin", Scope.RECEIPT, Kind.TEXT, "till, online or import."),
    Fact("sold_brand", Scope.RECEIPT, Kind.TEXT, "The brand of the shop, where one program serves several."),
    Fact("staff", Scope.RECEIPT, Kind.TEXT, "Code of the employee who sells."),
    Fact("agent", Scope.RECEIPT, Kind.TEXT, "Code of the agent named with the sale."),
    Fact(
        "coupon",
        Scope.RECEIPT,
        Kind.SET,
        "Coupons accepted with this receipt, by their code in the rulebook.",
    ),
    Fact("has_lines", Scope.RECEIPT, Kind.FLAG, "Written {has: <line condition>}: some line satisfies it."),
    Fact("member", Scope.MEMBER, Kind.FLAG, "The buyer is a member."),
    Fact("tier", Scope.MEMBER, Kind.TEXT, "The member's level, by its code."),
    Fact("segment", Scope.MEMBER, Kind.SET, "Segments the member belongs to."),
    Fact("tags", Scope.MEMBER, Kind.SET, "Tags put on the member."),
    Fact("age", Scope.MEMBER, Kind.COUNT, "Full years on the day of the receipt; unknown without a birth date."),
    Fact(
        "birthday",
        Scope.MEMBER,
        Kind.BIRTHDAY,
        "The day lies within so many days before and after the birthday.",
    ),
    Fact("enrolled_days", Scope.MEMBER, Kind.DAYS, "Whole days since registration."),
    Fact("purchases", Scope.MEMBER, Kind.COUNT, "Number of earlier purchases."),
    Fact("spent", Scope.MEMBER, Kind.MONEY, "Money paid for all earlier purchases, less returns."),
    Fact("last_purchase", Scope.MEMBER, Kind.MONEY, "Sum of the previous purchase."),
    Fact("last_purchase_days", Scope.MEMBER, Kind.DAYS, "Whole days since the previous purchase."),
    Fact("referrals", Scope.MEMBER, Kind.COUNT, "How many members he brought."),
    Fact("link", Scope.MEMBER, Kind.TEXT, "Code of the invite link he registered by."),
    Fact("invited", Scope.MEMBER, Kind.FLAG, "Another member invited this one."),
    Fact("has_agent", Scope.MEMBER, Kind.FLAG, "The member came with an agent, who shares in his purchases."),
    Fact("date", Scope.TIME, Kind.DATE, "The day of the receipt in the program's zone."),
    Fact("weekday", Scope.TIME, Kind.WEEKDAY, "The day of the week: mon, tue, wed, thu, fri, sat, sun."),
    Fact("largest", Scope.TIER, Kind.MONEY, "Sum of the largest purchase, less what was brought back of it."),
    Fact("balance", Scope.TIER, Kind.POINTS, "Points the member can spend, by their code."),
    Fact(
        "earned",
        Scope.TIER,
        Kind.POINTS,
        "Points the member was ever given, by their code, less what returns took back.",
    ),
    Fact("hours", Scope.TIME, Kind.HOURS, "The local time lies in this half-open interval."),
)
