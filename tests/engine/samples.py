"""Small rulebooks, receipts and members for tests of the engine. Prices are kopecks, quantities pieces."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.engine import conditions
from kopilka.engine.conditions import Op
from kopilka.engine.points import PointsCurrency
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.engine.rulebook import Promotion, Rulebook, Spending
from kopilka.engine.standing import Lot, Standing, WalletState

MOSCOW = ZoneInfo("Europe/Moscow")
AT = datetime(2026, 3, 6, 18, 30, tzinfo=MOSCOW)
"""A Friday evening."""

MEMBER = UUID(int=1)
BONUS = PointsCurrency("bonus", "Бонусы", "Points")
MAX = SpendWish(SpendMode.MAX)


def line(number=1, price=10_000, pieces=1, **facts):
    """A line of `pieces` at `price` kopecks each; a fraction of a piece is given as quantity in thousandths."""
    quantity = facts.pop("quantity", pieces * 1_000)
    amount = facts.pop("amount", (2 * price * quantity + 1_000) // 2_000)
    return Line(number, facts.pop("sku", f"sku-{number}"), quantity, price * 100, amount, **facts)


def receipt(*lines, **facts):
    return Receipt(lines=lines or (line(),), at=facts.pop("at", AT), **facts)


def rulebook(*promotions, **said):
    """One currency `bonus` of a rouble a point, unless said otherwise."""
    points = said.pop("points", (BONUS,))
    spending = said.pop("spending", ())
    return Rulebook(
        fingerprint="test",
        name="Test",
        currency="RUB",
        zone=MOSCOW,
        points={currency.code: currency for currency in points},
        spending={spent.currency: spent for spent in spending},
        promotions=promotions,
        **said,
    )


def member(bonus=0, **known):
    """A member with `bonus` points in one lot without end."""
    standing = Standing(MEMBER, **known)
    if bonus:
        give(standing, "bonus", bonus)
    return standing


def give(standing, currency, units, *, key=100, starts_at=AT, expires_at=None):
    """One more lot, usable from the moment of the tests unless said otherwise."""
    lot = Lot(UUID(int=key), currency, units, units, starts_at, expires_at)
    wallet = standing.wallets.setdefault(currency, WalletState(currency))
    wallet.available += units
    standing.lots.setdefault(currency, []).append(lot)
    return lot


def priced(decision):
    """What each line costs after discounts."""
    return [sold.net for sold in decision.lines]


def told(decision):
    """The trace of the promotions: (reason, promotion)."""
    return [(reason.why.value, reason.rule) for reason in decision.reasons if reason.rule]


def play(*promotions, lines=(), who=None, groups=None, **facts):
    """Decide about a receipt of these lines under these promotions."""
    said = rulebook(*promotions, groups=groups or {})
    return decide(said, member() if who is None else who, receipt(*lines, **facts))


def promotion(code="sale", **said):
    return Promotion(code, **said)


def paying(**limits):
    return Spending("bonus", **limits)


def asks(fact, *values, **compared):
    """A comparison: asks("tier", "gold", "silver"), asks("total", at_least=5_000)."""
    if fact == "has_lines":
        return conditions.Test(fact, Op.ONE_OF, values[0])
    if values:
        return conditions.Test(fact, Op.ONE_OF, values)
    ((op, value),) = compared.items()
    return conditions.Test(fact, Op(op), value)
