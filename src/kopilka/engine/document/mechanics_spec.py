"""How everything stands in the document that needs other people, events or time."""

from __future__ import annotations

from kopilka.engine.document.conditions import ABOUT_MEMBER, LINES, WHEN_OTHERS
from kopilka.engine.document.kinds import MONEY, PERCENT, POINTS, Code, CodeOf, Flag, Text, Word, whole
from kopilka.engine.document.promotion_spec import (
    BOUNDS,
    BRANCHES,
    EARNS,
    FROM,
    LIMITS,
    NAME,
    NOTE,
    UNTIL,
)
from kopilka.engine.document.shapes import Bilingual, Field, ListOf, MapOf, Record, WordOr
from kopilka.engine.document.times import AT_ONCE, FOREVER, LIFE, Clock, Cron, Day

EVENTS = (
    "enrolled",
    "profile_filled",
    "purchase",
    "first_purchase",
    "return",
    "tier_raised",
    "tier_lowered",
    "entered_segment",
    "left_segment",
    "gift_collected",
    "coupon_used",
    "coupon_bound",
    "gift_granted",
    "member_invited",
    "goods_arrived",
    "goal_reached",
    "points_expired",
    "message_answered",
)

DATE_EVENT = Record(
    "date_event",
    "A day that comes round every year, such as a birthday.",
    {
        "of": Field(
            WordOr(("birthday", "enrolment"), CodeOf("profile"), guesses=False),
            "Which day: birthday, enrolment, or a date of the profile.",
            required=True,
        ),
        "before": Field(whole(0, 366), "So many days before it."),
        "after": Field(whole(0, 366), "So many days after it."),
        "age": Field(whole(0, 200), "Only when this age is reached."),
        "years": Field(Word(("human", "cat", "dog")), "Whose years age counts."),
        "at": Field(Clock(), "At this time of the day; 10:00 when not said."),
    },
)

CALENDAR_EVENT = Record(
    "calendar_event",
    "A moment of the calendar, for every member of whom `when` holds.",
    {
        "date": Field(Day(), "On this day."),
        "at": Field(Clock(), "With date: at this time of the day; 10:00 when not said."),
        "cron": Field(Cron(), "Again and again: minute, hour, day, month, weekday, as in 0 10 * * fri."),
    },
    exactly_one=("date", "cron"),
)

EVENT = Record(
    "event",
    "A moment that nobody's act marks, such as a date or silence, or an event that has a name.",
    {
        "date": Field(DATE_EVENT, "A day that comes round every year."),
        "calendar": Field(CALENDAR_EVENT, "A day of the calendar."),
        "quiet": Field(LIFE, "No purchase for so long."),
        "expiring": Field(LIFE, "Points will expire within this time."),
        "entered_segment": Field(CodeOf("segments"), "The member came into this segment."),
        "left_segment": Field(CodeOf("segments"), "The member left this segment."),
        "custom": Field(Code(), "An event of your own, told by the API: review, subscribed."),
    },
    exactly_one=("date", "calendar", "quiet", "expiring", "entered_segment", "left_segment", "custom"),
)

PEOPLE = ("member", "inviter", "agent", "employee", "partner")

GRANT = Record(
    "grant",
    "Points given for an event.",
    {
        "points": Field(POINTS, "How many."),
        "percent": Field(PERCENT, "Percent of the money that the cause brought, in the worth of the points."),
        "in": Field(CodeOf("points"), "In which points; needed where the program has several."),
        "life": Field(FOREVER, "How long they live, instead of the life of their kind."),
        "starts_after": Field(AT_ONCE, "When they can be spent."),
        "to": Field(Word(PEOPLE), "To whom; member when not said."),
        "level": Field(whole(1, 10), "With inviter: 1 is who invited, 2 who invited him, and so on."),
    },
    exactly_one=("points", "percent"),
)

UNLOCK = Record(
    "unlock",
    "For how long, or for how many purchases, a locked promotion is opened.",
    {"for": Field(LIFE, "So long."), "times": Field(whole(1, 10_000), "For so many purchases.")},
    at_least_one=("for", "times"),
)

GIVE = Record(
    "give",
    "A gift or a coupon handed to the member.",
    {
        "gift": Field(CodeOf("gifts"), "A gift of the catalogue, free of charge."),
        "coupon": Field(CodeOf("coupons"), "A coupon, or a code of a series."),
        "quantity": Field(whole(1, 10_000), "How many; exactly so many close the gift."),
        "life": Field(LIFE, "How long it can be collected."),
    },
    exactly_one=("gift", "coupon"),
)

MARK = Record(
    "mark",
    "Tags put on the member or taken off.",
    {
        "add": Field(ListOf(Text(limit=64), or_one=True), "Tags to put on."),
        "remove": Field(ListOf(Text(limit=64), or_one=True), "Tags to take off."),
    },
    at_least_one=("add", "remove"),
)

AUTOMATION = Record(
    "automation",
    "When this happens, and if that holds, do this.",
    {
        "name": NAME,
        "note": NOTE,
        "from": FROM,
        "until": UNTIL,
        "branches": BRANCHES,
        "event": Field(WordOr(EVENTS, EVENT), "What happens.", required=True),
        "when": Field(WHEN_OTHERS, "Only when this holds."),
        "lines": Field(LINES, "With a purchase: only when it holds such lines."),
        "wait": Field(LIFE, "Act so much later."),
        "grant": Field(ListOf(GRANT, or_one=True, limit=20), "Points to give."),
        "unlock": Field(MapOf(UNLOCK, key=CodeOf("promotions")), "Locked promotions to open, by code."),
        "give": Field(ListOf(GIVE, or_one=True, limit=20), "Gifts and coupons to hand over."),
        "mark": Field(MARK, "Tags to put on or take off."),
        "tier": Field(CodeOf("tiers"), "The tier to move the member to."),
        "put_into": Field(ListOf(CodeOf("segments"), or_one=True), "Segments put together by hand to put him into."),
        "take_out_of": Field(ListOf(CodeOf("segments"), or_one=True), "Segments to take him out of."),
        "send": Field(Code(), "The message to send, by its code."),
        "call": Field(Code(), "The webhook to call, by its code."),
        "late": Field(LIFE, "A moment missed by no more than this is made up for; 3 days when not said."),
        "on_return": Field(
            Word(("keep", "take_back")),
            "With a purchase that is returned: fixed points stay (keep, when not said) or go back in proportion;"
            " a percent of the money always goes back.",
        ),
        **BOUNDS,
    },
    at_least_one=("grant", "unlock", "give", "mark", "tier", "put_into", "take_out_of", "send", "call"),
)

SPLIT = Record(
    "split",
    "Another sharing of the same percentage: part to the buyer as a discount, the rest as points.",
    {
        "segment": Field(CodeOf("segments"), "Holds for members of this segment.", required=True),
        "buyer_discount": Field(PERCENT, "Percent off for the buyer."),
        "earn": Field(EARNS, "What is left for the one the share goes to."),
        "for": Field(WordOr(("next_sale", "always"), LIFE), "How long it holds before the ordinary share returns."),
    },
)

SHARE = Record(
    "share",
    "What somebody else than the ordinary earning gets from a sale.",
    {
        "name": NAME,
        "note": NOTE,
        "from": FROM,
        "until": UNTIL,
        "branches": BRANCHES,
        "to": Field(Word(("buyer", "inviter", "agent", "employee", "partner")), "To whom.", required=True),
        "level": Field(whole(1, 10), "With inviter: 1 is who invited the buyer, 2 who invited him, and so on."),
        "partner": Field(CodeOf("partners"), "With partner: which one."),
        "when": Field(WHEN_OTHERS, "Only when this holds of the buyer and the receipt."),
        "lines": Field(LINES, "Of these lines only."),
        "earn": Field(EARNS, "What he gets.", required=True),
        "first": Field(whole(1, 10_000), "Only for so many first purchases of the buyer."),
        "splits": Field(MapOf(SPLIT), "Other ways to share, by code."),
        "funded_by": Field(CodeOf("partners"), "The partner who pays for it."),
        **BOUNDS,
    },
)

GOAL = Record(
    "goal",
    "What an employee is to reach, and the premium for it.",
    {
        "name": NAME,
        "note": NOTE,
        "branches": BRANCHES,
        "points": Field(POINTS, "So many points."),
        "in": Field(CodeOf("points"), "In which points."),
        "enrolments": Field(whole(1, 10**6), "So many members enrolled."),
        "named_share": Field(PERCENT, "Such a percent of his receipts name a member."),
        "each": Field(Word(("week", "month", "quarter", "year")), "In every such period.", required=True),
        "premium": Field(MONEY, "Money paid for it.", required=True),
        "reset": Field(Flag(), "Counting starts anew with each period; yes when not said."),
    },
    at_least_one=("points", "enrolments", "named_share"),
)

GIFT = Record(
    "gift",
    "A thing of the gift catalogue, given for points or by an automation, and rung at zero price.",
    {
        "name": NAME,
        "note": NOTE,
        "sku": Field(Text(limit=100), "The article's code.", required=True),
        "quantity": Field(whole(1, 10_000), "How many units one gift is; 1 when not said."),
        "for": Field(MapOf(POINTS, key=CodeOf("points")), "What it costs in points, by their code."),
        "with": Field(MONEY, "What must be paid with money beside the points."),
        "code_needed": Field(Flag(), "Handed out after a code is named."),
        "life": Field(LIFE, "How long it can be collected once chosen."),
        "auto": Field(Flag(), "Granted by itself as soon as the points are there: a full stamp card."),
        "picture": Field(Text(limit=300), "The file or address of its picture."),
        "stock": Field(whole(1, 10**9), "How many there are in all."),
        "from": FROM,
        "until": UNTIL,
        "branches": BRANCHES,
        "tier": Field(ListOf(CodeOf("tiers"), or_one=True), "For members of these tiers only."),
    },
)

CERTIFICATE = Record(
    "certificate",
    "A gift certificate: money paid beforehand, spent in parts.",
    {
        "name": NAME,
        "note": NOTE,
        "skus": Field(ListOf(Text(limit=100), or_one=True), "Articles that sell it, one a piece.", required=True),
        "values": Field(ListOf(MONEY, or_one=True, limit=50), "Sums it is sold for; any sum when not said."),
        "life": Field(LIFE, "How long it can be spent; for ever when not said."),
        "top_up": Field(Flag(), "More money can be put on it; no when not said."),
        "refund": Field(Flag(), "What is left of it can be paid out; yes when not said."),
        "pin": Field(Flag(), "Who pays with it names four digits; no when not said."),
    },
)

SEGMENT = Record(
    "segment",
    "Members described by a condition, or put together by hand.",
    {
        "name": NAME,
        "note": NOTE,
        "when": Field(ABOUT_MEMBER, "Who belongs to it."),
        "by": Field(Word(("hand", "link")), "Put together by hand, or by an invite link."),
        "life": Field(LIFE, "With by: how long one stays in it, when nothing else is said; without end when not said."),
    },
    exactly_one=("when", "by"),
)

LINK = Record(
    "link",
    "An invite link: who registers by it is marked.",
    {
        "name": NAME,
        "note": NOTE,
        "from": FROM,
        "until": UNTIL,
        "segment": Field(CodeOf("segments"), "Those who come by it join this segment."),
        "mark": Field(MARK, "Tags for those who come by it."),
        "partner": Field(CodeOf("partners"), "Whose link it is."),
        "cost": Field(MONEY, "What the advertising cost."),
        "limit": Field(whole(1, 10**9), "So many can register by it."),
    },
)

REFERRAL = Record(
    "referral",
    "How members invite others.",
    {
        "code": Field(Word(("digits", "letters")), "What a member's code is made of."),
        "levels": Field(whole(1, 10), "How many levels of inviters are remembered."),
        "until_first_purchase": Field(Flag(), "A code can be named until the first purchase."),
    },
)

PARTNER = Record(
    "partner",
    "Another business taking part in the program.",
    {
        "name": NAME,
        "note": NOTE,
        "branches": Field(BRANCHES.kind, "Its branches: what is sold there is sold by it."),
        "gives": Field(ListOf(CodeOf("points"), or_one=True), "Points that can be earned there."),
        "takes": Field(ListOf(CodeOf("points"), or_one=True), "Points that can be spent there."),
        "fee": Field(PERCENT, "Percent kept when its points are settled."),
    },
)

CLUB = Record(
    "club_service",
    "A service or goods that only some members get.",
    {
        "name": NAME,
        "note": NOTE,
        "when": Field(ABOUT_MEMBER, "For whom.", required=True),
        "lines": Field(LINES, "The articles it is, when it is rung up."),
        "others": Field(
            Word(("refused", "told")),
            "With lines: others are refused, or the cashier is only told; refused when not said.",
        ),
        "cost": Field(MONEY, "What one use costs the shop."),
        "limit": Field(LIMITS, "How often."),
    },
)

ANSWER = Record(
    "profile_field",
    "A question of the member's profile.",
    {
        "name": Field(Bilingual(), "The question.", required=True),
        "kind": Field(Word(("text", "date", "number", "flag", "choice")), "What the answer is.", required=True),
        "choices": Field(ListOf(Text(limit=100)), "With choice: the answers."),
        "required": Field(Flag(), "Registration asks for it."),
        "many": Field(Flag(), "Several answers are possible, such as the birthdays of children."),
    },
)


TRANSFERS = Record(
    "transfers",
    "Members may hand points to each other; not without this section.",
    {
        "in": Field(ListOf(CodeOf("points"), or_one=True, distinct=True), "Which points.", required=True),
        "at_least": Field(POINTS, "No fewer at a time."),
        "each_day": Field(POINTS, "No more from one member on one day."),
        "fee": Field(PERCENT, "Percent that stays with the program."),
    },
)

FAMILY = Record(
    "family",
    "Members may join into one account and earn and spend there together; not without this section.",
    {"size": Field(whole(2, 50), "So many members at most; 5 when not said.")},
)


def _section(kind: Record, says: str) -> Field:
    return Field(MapOf(kind), says)


MECHANICS_SECTIONS = {
    "automations": _section(AUTOMATION, "What happens by itself, by code."),
    "shares": _section(SHARE, "What others get from a sale, by code."),
    "goals": _section(GOAL, "Goals of employees, by code."),
    "gifts": _section(GIFT, "The gift catalogue, by code."),
    "segments": _section(SEGMENT, "Groups of members, by code."),
    "links": _section(LINK, "Invite links, by code."),
    "referral": Field(REFERRAL, "How members invite others."),
    "partners": _section(PARTNER, "Businesses that take part, by code."),
    "club": _section(CLUB, "Services for chosen members, by code."),
    "transfers": Field(TRANSFERS, "Points handed from member to member."),
    "family": Field(FAMILY, "Several members with one account."),
    "certificates": _section(CERTIFICATE, "Gift certificates that are sold, by code."),
    "profile": _section(ANSWER, "Questions of the member's profile, by code."),
}
