"""Any sale: rulebooks of every kind of promotion, receipts, members with lots, for properties of the engine."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st

from kopilka.engine.conditions import All, Any, Not
from kopilka.engine.period import Edge, Life
from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    EarnBase,
    Fiscal,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
    PointsAs,
    Promotion,
    Rulebook,
    Spending,
    Stacking,
    Tier,
    ZeroGift,
)
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.engine.standing import Lot, Standing, WalletState
from tests.engine.samples import AT, MOSCOW, asks

SKUS = ("a", "b", "c", "d")
SHELVES = ("tea", "tea/green", "coffee", "")
CURRENCIES = ("bonus", "gifts")
GROUPS = {mode.value: mode for mode in Stacking}

shares = st.integers(0, 10_000)
small = st.integers(1, 4)
lives = st.sampled_from([Life(), Life(days=7), Life(months=1, to_end_of=Edge.MONTH)])
line_conditions = st.sampled_from(
    [
        None,
        asks("sku", "a"),
        asks("sku", "b", "c"),
        asks("category", "tea"),
        asks("price", above=5_000),
        Not(asks("sku", "a")),
        Any((asks("sku", "d"), asks("quantity", at_least=2_000))),
        All((asks("category", "tea", "coffee"), asks("discounted", False))),
    ]
)
conditions = st.sampled_from(
    [None, asks("tier", "gold"), asks("total", at_least=5_000), asks("member", True), asks("weekday", 4)]
)
parts = line_conditions.filter(bool)
discounts = st.one_of(
    st.none(),
    st.builds(PercentOff, shares),
    st.builds(AmountOff, st.integers(1, 5_000), st.booleans()),
    st.builds(FixedPrice, st.integers(0, 300_000)),
    st.builds(NthFree, st.integers(2, 4), shares, st.integers(0, 2)),
    st.builds(BuyGet, small, small, line_conditions, shares, st.integers(0, 2)),
    st.builds(
        Bundle,
        st.lists(parts, min_size=2, max_size=3).map(tuple),
        st.none() | st.integers(0, 9_000),
        shares,
        st.integers(0, 2),
    ),
    st.builds(GiftLine, st.sampled_from((*SKUS, "cup")), st.sampled_from([1_000, 2_000, 350]), st.integers(0, 90_000)),
)
earns = st.builds(
    lambda currency, way, units_max, life, start: Earn(
        currency, **way, units_max=units_max, life=life, starts_after=start
    ),
    st.sampled_from(CURRENCIES),
    st.one_of(
        st.fixed_dictionaries({"percent": st.integers(1, 3_000)}),
        st.fixed_dictionaries({"units": st.integers(1, 50), "per": st.sampled_from([Per.RECEIPT, Per.LINE, Per.UNIT])}),
        st.fixed_dictionaries({"units": small, "per": st.just(Per.AMOUNT), "per_minor": st.integers(1, 9_999)}),
        st.fixed_dictionaries({"multiply": st.integers(50, 400)}),
    ),
    st.none() | st.integers(0, 30),
    st.none() | lives,
    st.none() | lives,
)


@st.composite
def promotions(draw, code):
    return Promotion(
        code,
        when=draw(conditions),
        lines=draw(line_conditions),
        discount=draw(discounts),
        earn=tuple(draw(st.lists(earns, max_size=2))),
        no_earning=draw(st.booleans()) and draw(st.booleans()),
        no_spending=draw(st.booleans()) and draw(st.booleans()),
        spending_share=draw(st.none() | shares),
        discount_max=draw(st.none() | st.integers(0, 3_000)),
        group=draw(st.sampled_from(["", "", *GROUPS])),
        priority=draw(st.integers(1, 3)),
        over_discounted=draw(st.booleans()),
    )


def currencies(code):
    return st.builds(
        PointsCurrency,
        st.just(code),
        st.just(code),
        st.just(code),
        worth_minor=st.sampled_from([100, 1, 37, 1_000]),
        decimals=st.integers(0, 2),
        rounding=st.sampled_from(Rounding),
        carry=st.booleans(),
        life=lives,
        starts_after=lives,
        spend_order=st.integers(1, 2),
    )


def spendings(code):
    return st.builds(
        Spending,
        st.just(code),
        share_receipt=shares,
        share_line=shares,
        keep_price=st.integers(0, 50_000),
        cash_min=st.integers(0, 3_000),
        step=st.sampled_from([1, 1, 10]),
        units_min=st.sampled_from([0, 0, 20]),
    )


@st.composite
def rulebooks(draw):
    count = draw(st.integers(0, 5))
    return Rulebook(
        fingerprint="any",
        name="Any",
        currency="RUB",
        zone=MOSCOW,
        points={code: draw(currencies(code)) for code in CURRENCIES},
        spending={code: draw(spendings(code)) for code in CURRENCIES},
        earn_base=draw(st.sampled_from(EarnBase)),
        tiers=(Tier("base"), Tier("gold", enter=asks("spent", above=10_000), spending_share=draw(st.none() | shares))),
        groups=GROUPS,
        promotions=tuple(draw(promotions(f"rule-{number}")) for number in range(count)),
        fiscal=Fiscal(draw(st.sampled_from(PointsAs)), draw(st.sampled_from(ZeroGift))),
    )


@st.composite
def lines(draw, number):
    pieces = st.integers(0, 7).map(lambda pieces: pieces * 1_000)
    quantity = draw(pieces | st.integers(1, 7_777))
    price = draw(st.integers(0, 200_000))
    amount = (2 * price * quantity + 100_000) // 200_000
    return Line(
        number,
        draw(st.sampled_from(SKUS)),
        quantity,
        price,
        amount,
        discount=draw(st.sampled_from([0, 0, 0, 1, 100, 10_000])),
        category=draw(st.sampled_from(SHELVES)),
        vat=draw(st.sampled_from([None, 1_000, 2_000])),
        min_price=draw(st.none() | st.integers(0, price)),
    )


@st.composite
def receipts(draw, wishes):
    count = draw(st.integers(1, 6))
    return Receipt(tuple(draw(lines(number + 1)) for number in range(count)), AT, spend=draw(wishes))


def wishes():
    amounts = st.builds(SpendWish, st.just(SpendMode.AMOUNT), st.integers(0, 500), st.sampled_from([None, *CURRENCIES]))
    return st.just(SpendWish()) | st.just(SpendWish(SpendMode.MAX)) | amounts


def lots(currency, start):
    moments = st.integers(-3, 3).map(lambda days: AT + timedelta(days=days))
    lot = st.tuples(st.integers(1, 200), moments, st.none() | moments)
    return st.lists(lot, max_size=4).map(
        lambda made: [
            Lot(UUID(int=start + key), currency, units, units, starts, ends)
            for key, (units, starts, ends) in enumerate(made)
        ]
    )


@st.composite
def members(draw):
    kept = st.tuples(st.integers(-9, 9), st.just(10))
    standing = Standing(
        UUID(int=1), tier=draw(st.sampled_from(["", "base", "gold"])), spent=draw(st.integers(0, 20_000))
    )
    for start, currency in enumerate(CURRENCIES):
        own = draw(lots(currency, 100 * (start + 1)))
        num, den = draw(kept)
        available = sum(lot.remaining for lot in own)
        standing.lots[currency] = own
        standing.wallets[currency] = WalletState(currency, available, carry_num=num, carry_den=den)
    return standing
