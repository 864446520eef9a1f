"""What a purchase would cost and bring: the engine's own answer for somebody imaginary. Nothing is read or written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from kopilka.engine.conditions import All, Any, Condition, Not, Test
from kopilka.engine.decision import Decision
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE, line_amount
from kopilka.engine.points import MAX_POINTS
from kopilka.engine.quote import decide
from kopilka.engine.receipt import ArticleKind, Line, Origin, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import FixedPrice, Promotion, Rulebook
from kopilka.engine.standing import ANONYMOUS, Lot, Standing, WalletState
from kopilka.queries.articles import ArticleView

AMOUNT_MAX = 10**10
"""Minor units; nobody asks about more."""

NOBODY = UUID(int=1)
KNOWN_FOR = timedelta(days=365)
PURCHASES = 10
"""The imaginary member is no newcomer, so that offers for first purchases do not flatter the answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """For one level, or for a buyer without a card (`is_member` False). Money in minor units.

    `earned` smallest units by currency; `payable` what points may pay at most, with enough of them on the account.
    """

    tier: str
    is_member: bool
    paid: int
    discount: int
    payable: int
    earned: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticlePrice:
    """What one piece costs today, minor units: as marked, and by the `yellow` tag where a promotion sets a price.

    What a member of the lowest level earns with it; whether points are earned on it, and accepted for it. Discounts
    of an hour or of a member are left out: a printed tag is true for everybody all day.
    """

    article: ArticleView
    full: int
    price: int
    yellow: Promotion | None
    earned: dict[str, int]
    earns: bool
    takes_points: bool


def calculate(rulebook: Rulebook, amount_minor: int, *, at: datetime) -> tuple[Outcome, ...]:
    """Without a card first, then level by level from the lowest; `out_of_range` (amount)."""
    if not 1 <= amount_minor <= AMOUNT_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="amount", minimum=1, maximum=AMOUNT_MAX)
    scale = PRICE_SCALE // int(10**rulebook.digits)
    line = Line(1, "", QUANTITY_SCALE, amount_minor * scale, amount_minor)
    tiers = [tier.code for tier in rulebook.tiers] or [""]
    return (_outcome(rulebook, line, None, at), *(_outcome(rulebook, line, tier, at) for tier in tiers))


def price_article(rulebook: Rulebook, article: ArticleView, *, at: datetime) -> ArticlePrice:
    """One piece of it by the rules that hold all day."""
    rulebook = _all_day(rulebook)
    full = line_amount(article.price, QUANTITY_SCALE, rulebook.digits)
    line = Line(
        1, article.sku, QUANTITY_SCALE, article.price, full, name=article.name, category=article.category,
        brand=article.brand, kind=ArticleKind(article.kind), vat=article.vat,
    )  # fmt: skip
    everybody = decide(rulebook, ANONYMOUS, _receipt(line, at))
    member = _decided(rulebook, line, rulebook.tiers[0].code if rulebook.tiers else "", at)
    paying = _decided(rulebook, line, rulebook.tiers[0].code if rulebook.tiers else "", at, pays=True)
    given = {code for priced in everybody.lines for code, _ in priced.discounts}
    yellow = next(
        (one for one in rulebook.promotions if one.code in given and isinstance(one.discount, FixedPrice)), None
    )
    return ArticlePrice(
        article, full, everybody.totals.net if yellow else full, yellow, _earned(member),
        earns=bool(member.lots), takes_points=bool(paying.totals.points),
    )  # fmt: skip


def _all_day(rulebook: Rulebook) -> Rulebook:
    """Without what works at some hours only."""
    lasting = tuple(one for one in rulebook.promotions if not _asks_hours(one.when))
    if len(lasting) == len(rulebook.promotions):
        return rulebook
    return replace(rulebook, promotions=lasting, fingerprint=f"{rulebook.fingerprint}+all-day")


def _asks_hours(when: Condition | None) -> bool:
    match when:
        case Test(fact=fact):
            return fact == "hours"
        case All(parts=parts) | Any(parts=parts):
            return any(_asks_hours(part) for part in parts)
        case Not(part=part):
            return _asks_hours(part)
    return False


def _outcome(rulebook: Rulebook, line: Line, tier: str | None, at: datetime) -> Outcome:
    if tier is None:
        decided = decide(rulebook, ANONYMOUS, _receipt(line, at))
        return Outcome("", False, decided.totals.paid, decided.totals.discount, 0)
    decided, paying = _decided(rulebook, line, tier, at), _decided(rulebook, line, tier, at, pays=True)
    return Outcome(tier, True, decided.totals.paid, decided.totals.discount, paying.totals.points, _earned(decided))


def _decided(rulebook: Rulebook, line: Line, tier: str, at: datetime, *, pays: bool = False) -> Decision:
    mode = SpendMode.MAX if pays and rulebook.spending else SpendMode.NONE
    standing = Standing(
        member_id=NOBODY,
        enrolled_at=at - KNOWN_FOR,
        tier=tier,
        purchases=PURCHASES,
        last_purchase_at=at - KNOWN_FOR / 12,
    )
    if mode is SpendMode.MAX:
        for number, code in enumerate(rulebook.spending, start=1):
            standing.wallets[code] = WalletState(code, available=MAX_POINTS)
            standing.lots[code] = [Lot(UUID(int=number), code, MAX_POINTS, MAX_POINTS, at - KNOWN_FOR, None)]
    return decide(rulebook, standing, _receipt(line, at, mode))


def _receipt(line: Line, at: datetime, mode: SpendMode = SpendMode.NONE) -> Receipt:
    return Receipt((line,), at, origin=Origin.TILL, spend=SpendWish(mode))


def _earned(decision: Decision) -> dict[str, int]:
    units: dict[str, int] = {}
    for lot in decision.lots:
        units[lot.currency] = units.get(lot.currency, 0) + lot.units
    return {currency: number for currency, number in units.items() if number}
