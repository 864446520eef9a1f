"""A receipt, a buyer and a moment made out of what a box leaves: made up, and then played by the real engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kopilka.engine.linting.boxes import Box
from kopilka.engine.linting.domains import ALL_MINUTES, Domain
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE, line_amount
from kopilka.engine.period import Window
from kopilka.engine.receipt import ArticleKind, Line, Origin, Receipt
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing, Unlocked

MEMBER = UUID(int=1)
ARTICLE = "ARTICLE"
FILLER = "OTHER"
PRICE = 1_000 * PRICE_SCALE
"""What an article costs when no rule says anything about its price."""

NOON = 12 * 60
DAYS_AHEAD = 800
MINUTES = 60


@dataclass(frozen=True, slots=True)
class Witness:
    """A made-up sale: whoever buys what, when."""

    standing: Standing
    receipt: Receipt
    who: dict[str, object]


def witness(
    box: Box, rulebook: Rulebook, windows: list[Window], today: date, *, line: Line | None = None, pieces: int = 1,
    unlocked: frozenset[str] = frozenset(),
) -> Witness | None:  # fmt: skip
    """A sale that fits the box; None where no such moment comes within DAYS_AHEAD."""
    at = _moment(box, rulebook, windows, today)
    if at is None:
        return None
    sold = line or _line(box, rulebook, pieces)
    lines = [sold, *_filler(box, sold, rulebook)]
    standing, who = _buyer(box, at, unlocked)
    receipt = Receipt(
        lines=tuple(lines),
        at=at,
        branch=_text(box, "branch"),
        till=_text(box, "till"),
        staff=_text(box, "staff"),
        agent=_text(box, "agent"),
        brand=_text(box, "sold_brand"),
        origin=Origin(_text(box, "origin") or Origin.TILL),
        codes=tuple(_word(code, rulebook) for code in _members(box, "coupon")),
    )
    return Witness(standing, receipt, who)


def _moment(box: Box, rulebook: Rulebook, windows: list[Window], today: date) -> datetime | None:
    days, weekday = box.get("date"), box.get("weekday")
    minutes = box["hours"].minutes if "hours" in box else ALL_MINUTES
    first = max(today.toordinal(), (days.low or 0) if days else 0)
    for number in range(DAYS_AHEAD):
        ordinal = first + number
        if days is not None and days.high is not None and ordinal > days.high:
            return None
        day = date.fromordinal(ordinal)
        if weekday is not None and not _may(weekday, day.weekday()):
            continue
        if days is not None and not _may(days, ordinal):
            continue
        for minute in _minutes(minutes):
            clock = time(minute // MINUTES, minute % MINUTES)
            at = datetime.combine(day, clock, tzinfo=rulebook.zone)
            if all(window.holds(at) for window in windows):
                return at
    return None


def _minutes(mask: int) -> list[int]:
    """Noon, the first and the last minute that are left."""
    found = [NOON] if mask >> NOON & 1 else []
    if mask:
        found += [(mask & -mask).bit_length() - 1, mask.bit_length() - 1]
    return found


def _may(domain: Domain, value: object) -> bool:
    if domain.allowed is not None:
        return value in domain.values()
    return value not in domain.excluded


def _line(box: Box, rulebook: Rulebook, pieces: int) -> Line:
    quantity = _number(box, "quantity", pieces * QUANTITY_SCALE)
    price = _number(box, "price", PRICE)
    amount = line_amount(price, quantity, rulebook.digits)
    wanted = _number(box, "amount", amount)
    if wanted != amount and amount:
        price = -(-price * wanted // amount)
        amount = line_amount(price, quantity, rulebook.digits)
    discounted = box.get("discounted")
    return Line(
        number=1,
        sku=_text(box, "sku") or ARTICLE,
        quantity=quantity,
        price=price,
        amount=amount,
        discount=1 if discounted is not None and discounted.allowed == frozenset({True}) else 0,
        category=_text(box, "category"),
        brand=_text(box, "brand"),
        tags=tuple(_members(box, "line_tags")),
        kind=ArticleKind(_text(box, "article") or ArticleKind.GOODS),
    )


def _filler(box: Box, sold: Line, rulebook: Rulebook) -> list[Line]:
    """Something else on the receipt, where it must come to more than the article alone."""
    total, items = box.get("total"), box.get("items")
    missing = (total.low or 0) - sold.amount if total is not None else 0
    pieces = (items.low or 0) - sold.quantity if items is not None else 0
    if missing <= 0 and pieces <= 0:
        return []
    quantity = max(QUANTITY_SCALE, -(-max(pieces, 0) // QUANTITY_SCALE) * QUANTITY_SCALE)
    price = -(-max(missing, 1) * PRICE_SCALE * QUANTITY_SCALE // (quantity * 10**rulebook.digits))
    return [Line(2, FILLER, quantity, price, line_amount(price, quantity, rulebook.digits))]


def _buyer(box: Box, at: datetime, unlocked: frozenset[str]) -> tuple[Standing, dict[str, object]]:
    member = box.get("member")
    if member is not None and member.allowed == frozenset({False}):
        return Standing(None), {"member": False}
    who: dict[str, object] = {name: _shown(domain) for name, domain in box.items() if name in SHOWN}
    day = at.date()
    bought = _number(box, "last_purchase_days", 1)
    last = _optional(box, "last_purchase")
    standing = Standing(
        member_id=MEMBER,
        enrolled_at=at - timedelta(days=_number(box, "enrolled_days", 365)),
        tier=_text(box, "tier"),
        tags=frozenset(_members(box, "tags")),
        segments=frozenset(_members(box, "segment")),
        birth_date=_birth(box, day),
        purchases=_number(box, "purchases", 1 if last is not None else 0),
        spent=_number(box, "spent", 0),
        last_purchase_minor=last,
        last_purchase_at=at - timedelta(days=bought) if last is not None or "last_purchase_days" in box else None,
        referrals=_number(box, "referrals", 0),
        link=_text(box, "link"),
    )
    return replace(standing, unlocked=_unlocked(unlocked)) if unlocked else standing, who


SHOWN = ("tier", "tags", "segment", "spent", "purchases", "referrals", "link", "last_purchase", "age")
"""Facts about the made-up buyer that evidence names."""


def _shown(domain: Domain) -> object:
    if domain.needs:
        return sorted(str(next(iter(need))) for need in domain.needs)
    if domain.allowed is not None:
        return min((str(value) for value in domain.values()), default="")
    return domain.low if domain.low is not None else domain.high


def _unlocked(codes: frozenset[str]) -> dict[str, list[Unlocked]]:
    return {code: [Unlocked(UUID(int=number), code)] for number, code in enumerate(sorted(codes), 2)}


def _birth(box: Box, day: date) -> date | None:
    if "age" not in box and "birthday" not in box:
        return None
    years = _number(box, "age", 30)
    return date(day.year - years, day.month, min(day.day, 28))


def _number(box: Box, fact: str, usual: int) -> int:
    """The usual number where it fits, else the nearest bound."""
    domain = box.get(fact)
    if domain is None:
        return usual
    if domain.allowed is not None:
        values = sorted(value for value in domain.values() if isinstance(value, int))
        return values[0] if values else usual
    found = max(usual, domain.low) if domain.low is not None else usual
    found = min(found, domain.high) if domain.high is not None else found
    while found in domain.excluded:
        found += 1
    return found


def _optional(box: Box, fact: str) -> int | None:
    return _number(box, fact, 0) if fact in box else None


def _text(box: Box, fact: str) -> str:
    domain = box.get(fact)
    if domain is None or domain.allowed is None:
        return ""
    return min((str(value) for value in domain.values()), default="")


def _members(box: Box, fact: str) -> list[str]:
    """One of each set that is asked for."""
    domain = box.get(fact)
    if domain is None:
        return []
    return sorted({min(str(value) for value in need - domain.excluded) for need in domain.needs})


def _word(coupon: str, rulebook: Rulebook) -> str:
    said = rulebook.coupons.get(coupon)
    return said.words[0] if said is not None and said.words else coupon
