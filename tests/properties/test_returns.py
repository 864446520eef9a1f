"""Returns, whatever their order, partition and surroundings: they end where one full return ends, and gain nothing."""

import copy
from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from kopilka.engine.decision import Carry, Decision, DrawPlan, LotPlan, PricedLine, Reason, Totals, Why
from kopilka.engine.ledger import Act, Posting
from kopilka.engine.money import split
from kopilka.engine.period import Life
from kopilka.engine.returned import Returned, Sold, returnable
from kopilka.engine.returns import decide_return
from kopilka.engine.rulebook import Returns, TakeBack
from kopilka.engine.standing import Lot, Standing, WalletState

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POINT = "bonus"
MEMBER = UUID(int=1)


def copied(shop: "Shop") -> "Shop":
    """The same shop once more; a decision is never changed, so both may hold the same."""
    copied: Shop = anew(shop, {id(one): one for one in shop.sold.values()})
    return copied


def anew(value: Any, made: dict[int, Any]) -> Any:
    """A deep copy, the same thing once (`copy.deepcopy` cannot make compiled values)."""
    if id(value) not in made:
        made[id(value)] = _made_anew(value, made)
    return made[id(value)]


def _made_anew(value: Any, made: dict[int, Any]) -> Any:
    if is_dataclass(value):
        return type(value)(**{one.name: anew(getattr(value, one.name), made) for one in fields(value)})
    if isinstance(value, dict):
        return {key: anew(inner, made) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(anew(inner, made) for inner in value)
    return copy.copy(value)


@dataclass
class Shop:
    """A member's wallet and his purchases, moved by the engine alone."""

    standing: Standing
    ids: count = field(default_factory=lambda: count(1000))
    at: datetime = START
    sold: dict[UUID, Decision] = field(default_factory=dict)
    returned: dict[UUID, Returned] = field(default_factory=dict)
    posted: list[Posting] = field(default_factory=list)
    holds: list[list[tuple[Lot, int]]] = field(default_factory=list)

    def act(self) -> Act:
        return Act(self.standing, self.at, lambda: UUID(int=next(self.ids)))

    def close(self, act: Act) -> None:
        self.posted += act.merged()

    def usable(self) -> int:
        return sum(lot.remaining for lot in self.lots() if lot.active and lot.usable(self.at))

    def lots(self) -> list[Lot]:
        return self.standing.lots.setdefault(POINT, [])

    def earn(self, units: int, *, life: int | None = None, wait: int = 0) -> None:
        act = self.act()
        starts = self.at + wait * DAY
        act.grant(POINT, units, starts_at=starts, expires_at=None if life is None else starts + life * DAY)
        self.close(act)

    def buy(
        self, lines: list[tuple[int, int, int]], *, spend: int, lots: list[tuple[int, int | None, int]], exact: Fraction
    ) -> UUID:
        """`lines` (quantity, net, weight); `lots` (units, life in days, wait in days)."""
        act, key = self.act(), UUID(int=next(self.ids))
        wallet = act.wallet(POINT)
        spend = min(spend, self.usable(), sum(net for _, net, _ in lines))
        drawn = act.spend(POINT, spend) if spend else []
        kept = Fraction(wallet.carry_num, wallet.carry_den) + exact
        units = max(0, kept.numerator // kept.denominator)
        kept -= units
        wallet.carry_num, wallet.carry_den = kept.numerator, kept.denominator
        plans = [(units, 30, 0), *lots]
        made = []
        for amount, life, wait in plans:
            if amount:
                starts = self.at + wait * DAY
                ends = None if life is None else starts + life * DAY
                act.grant(POINT, amount, starts_at=starts, expires_at=ends, purchase_id=key)
                made.append(LotPlan(POINT, amount, starts, ends, pending=wait > 0, num=amount, den=1))
        self.close(act)
        exact += sum(amount for amount, _, _ in lots)
        self.sold[key] = decision(lines, drawn, made, spend, exact, self.at)
        self.returned[key] = Returned()
        return key

    def bring_back(self, key: UUID, wanted: dict[int, int], policy: Returns) -> int:
        act = self.act()
        sold = {one: Sold(one, self.sold[one], self.returned[one], policy) for one in self.sold}
        for lot, units in (drawn for hold in self.holds for drawn in hold):
            if lot.purchase_id in sold:
                held = sold[lot.purchase_id].held
                held[lot.id] = held.get(lot.id, 0) + units
        earlier = {one: known for one, known in sold.items() if known.returned.lines}
        decided = decide_return(sold[key], wanted, act, zone=UTC, others=earlier)
        self.returned[key] = decided.returned
        self.returned |= {again.purchase: again.returned for again in decided.resettled}
        self.close(act)
        return decided.refund_minor

    def set_aside(self, units: int) -> None:
        act = self.act()
        if units := min(units, self.usable()):
            self.holds.append([(one.lot, one.units) for one in act.hold(POINT, units)])
        self.close(act)

    def let_go(self) -> None:
        act = self.act()
        if self.holds:
            act.release(POINT, self.holds.pop())
        self.close(act)

    def pass_days(self, days: int) -> None:
        self.at += days * DAY
        act = self.act()
        for lot in self.lots():
            if not lot.active and lot.starts_at <= self.at:
                act.activate(lot)
            if lot.active and lot.expires_at is not None and lot.expires_at <= self.at and lot.remaining:
                act.expire(lot)
        self.close(act)


def decision(lines, drawn, made, spend, exact, at) -> Decision:
    weights = [weight for _, _, weight in lines]
    paid_by_points = split(spend, [net for _, net, _ in lines])
    earned = [split(plan.units, weights) for plan in made]
    priced = [
        PricedLine(
            number, f"A{number}", "", quantity, 0, net, 0, net, points, net - points,
            spent={POINT: points} if points else {},
            earned={index: units[number - 1] for index, units in enumerate(earned) if units[number - 1]},
        )
        for number, ((quantity, net, _), points) in enumerate(zip(lines, paid_by_points, strict=True), 1)
    ]  # fmt: skip
    total = sum(net for _, net, _ in lines)
    return Decision(
        1, "f", at, MEMBER, "", Totals(total, 0, 0, total, spend, total - spend), priced, [], [],
        [DrawPlan(one.lot.id, POINT, one.units) for one in drawn], made, [Carry(POINT, 0, 1)], [], [], [],
        [Reason(Why.ROUNDED, detail=POINT, num=exact.numerator, den=exact.denominator)],
    )  # fmt: skip


def state(shop: Shop) -> tuple:
    """All that must not depend on the way: lots (grace added up), wallet, what the purchases remember."""
    lots = {lot.id: (lot.remaining, lot.expired, lot.active) for lot in shop.lots() if not lot.grace}
    grace = Counter()
    for lot in shop.lots():
        if lot.grace:
            grace[lot.expires_at] += lot.remaining
    wallet = shop.standing.wallets[POINT]
    graced = {lot.id for lot in shop.lots() if lot.grace}
    kept = [
        (
            back.lines, back.given, back.owed, back.forgotten, back.settled,
            {lot: units for lot, units in back.taken.items() if lot not in graced},
            sum(units for lot, units in back.taken.items() if lot in graced),
        )
        for back in shop.returned.values()
    ]  # fmt: skip
    carry = Fraction(wallet.carry_num, wallet.carry_den)
    return lots, +grace, (wallet.available, wallet.pending, wallet.held, wallet.debt), carry, kept


def claim(shop: Shop) -> int:
    wallet = shop.standing.wallets[POINT]
    return wallet.available + wallet.pending - wallet.debt


def holds_together(shop: Shop) -> None:
    wallet = shop.standing.wallets.get(POINT, WalletState(POINT))
    assert wallet.available == sum(lot.remaining for lot in shop.lots() if lot.active)
    assert wallet.pending == sum(lot.remaining for lot in shop.lots() if not lot.active)
    assert wallet.held == sum(drawn for hold in shop.holds for _, drawn in hold)
    assert min(wallet.available, wallet.pending, wallet.held, wallet.debt) >= 0
    assert all(lot.remaining >= 0 and lot.remaining + lot.expired <= lot.amount for lot in shop.lots())
    assert sum(posting.units for posting in shop.posted) == 0


units = st.integers(1, 60)
lives = st.one_of(st.none(), st.integers(1, 40))
LINES = st.lists(
    st.tuples(st.integers(1, 5).map(lambda n: n * 500), st.integers(0, 80), st.integers(0, 9)), min_size=1, max_size=4
)
EARNED = st.lists(st.tuples(units, lives, st.sampled_from([0, 0, 10])), max_size=3)
EXACT = st.fractions(0, 20, max_denominator=12)
POLICIES = st.builds(
    Returns,
    take_back=st.sampled_from(TakeBack),
    give_back=st.sampled_from([True, True, False]),
    grace=st.sampled_from([Life(), Life(days=14)]),
)


@st.composite
def purchases(draw):
    shop = Shop(Standing(MEMBER))
    for _ in range(draw(st.integers(0, 4))):
        shop.earn(draw(units), life=draw(lives), wait=draw(st.sampled_from([0, 0, 5])))
    if not shop.usable() and draw(st.booleans()):
        act = shop.act()
        act.owe(POINT, draw(units))
        shop.close(act)
    wallet = shop.act().wallet(POINT)
    wallet.carry_num, wallet.carry_den = draw(st.sampled_from([(0, 1), (1, 2), (5, 6), (-1, 3)]))
    return shop, shop.buy(draw(LINES), spend=draw(st.integers(0, 150)), lots=draw(EARNED), exact=draw(EXACT))


@st.composite
def partitions(draw, decided: Decision):
    """The purchase cut into returns of random parts of random lines, in random order."""
    pieces = []
    for number, quantity in returnable(decided, Returned()).items():
        left = quantity
        while left:
            part = draw(st.integers(1, left // 250)) * 250
            pieces.append((number, part))
            left -= part
    pieces = draw(st.permutations(pieces))
    steps = []
    for piece in pieces:
        if steps and piece[0] not in steps[-1] and draw(st.booleans()):
            steps[-1][piece[0]] = piece[1]
        else:
            steps.append({piece[0]: piece[1]})
    return steps


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_return_in_parts_ends_where_one_full_return_ends(data):
    shop, key = data.draw(purchases())
    policy = data.draw(POLICIES)
    if data.draw(st.booleans()) and shop.usable():
        other = shop.buy(
            data.draw(LINES), spend=data.draw(st.integers(1, 200)), lots=data.draw(EARNED), exact=Fraction(0)
        )
        if data.draw(st.booleans()):
            first, key = data.draw(st.permutations([key, other]))
            shop.bring_back(first, {next(iter(returnable(shop.sold[first], Returned()))): 500}, policy)
    shop.pass_days(data.draw(st.sampled_from([0, 3, 12, 35])))
    whole, parts = copied(shop), copied(shop)

    refund = whole.bring_back(key, returnable(whole.sold[key], Returned()), policy)
    refunds = [parts.bring_back(key, step, policy) for step in data.draw(partitions(parts.sold[key]))]

    assert sum(refunds) == refund == sum(line.paid for line in shop.sold[key].lines)
    assert state(parts) == state(whole)
    holds_together(parts)
    holds_together(whole)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_full_return_takes_what_was_earned_and_gives_what_was_spent(data):
    shop, key = data.draw(purchases())
    decided = shop.sold[key]
    policy = data.draw(POLICIES)
    shop.pass_days(data.draw(st.sampled_from([0, 3, 12, 35])))

    for step in data.draw(partitions(decided)):
        shop.bring_back(key, step, policy)
        holds_together(shop)

    back = shop.returned[key]
    own = [lot for lot in shop.lots() if lot.purchase_id == key]
    expired = sum(lot.expired for lot in own)
    claimed = sum(back.taken.values()) + back.owed.get(POINT, 0) + back.forgotten.get(POINT, 0)
    earned = sum(lot.units for lot in decided.lots)
    assert earned - expired <= claimed + back.settled.get(POINT, 0) <= earned
    assert sum(back.given.values()) == (decided.totals.points if policy.give_back else 0)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_return_at_once_leaves_everything_as_before_the_purchase(data):
    shop, _ = data.draw(purchases())
    before = state(shop)

    key = shop.buy(
        data.draw(LINES), spend=data.draw(st.integers(0, 150)), lots=data.draw(EARNED), exact=data.draw(EXACT)
    )
    for step in data.draw(partitions(shop.sold[key])):
        shop.bring_back(key, step, data.draw(st.just(Returns())))

    lots, _, wallet, carry, _ = state(shop)
    debt = before[2][3] - wallet[3]
    assert carry == before[3]
    assert (wallet[0] + wallet[1] - wallet[3], debt >= 0) == (before[2][0] + before[2][1] - before[2][3], True)
    assert all(lots[lot] == kept for lot, kept in before[0].items())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_cycles_of_buying_and_returning_gain_nothing(data):
    """T17, T18: no unit more, no unit living longer."""
    shop, first = data.draw(purchases())
    policy = Returns()
    shop.bring_back(first, returnable(shop.sold[first], Returned()), policy)
    had = claim(shop)
    ends = [lot.expires_at for lot in shop.lots() if lot.remaining]
    latest = None if None in ends else max(ends, default=START)

    for _ in range(data.draw(st.integers(1, 6))):
        key = shop.buy(
            data.draw(LINES), spend=data.draw(st.integers(0, 150)), lots=data.draw(EARNED), exact=data.draw(EXACT)
        )
        other = shop.buy(data.draw(LINES), spend=data.draw(st.integers(0, 150)), lots=[], exact=Fraction(0))
        for one in data.draw(st.permutations([key, other])):
            for step in data.draw(partitions(shop.sold[one])):
                shop.bring_back(one, step, policy)

        assert claim(shop) == had
        if latest is not None:
            assert all(lot.expires_at is not None and lot.expires_at <= latest for lot in shop.lots() if lot.remaining)
        holds_together(shop)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_returns_among_other_acts_keep_the_books_whole(data):
    shop, key = data.draw(purchases())
    policy = data.draw(POLICIES)

    for step in data.draw(partitions(shop.sold[key])):
        shop.bring_back(key, step, policy)
        holds_together(shop)
        match data.draw(st.sampled_from(["earn", "spend", "wait", "rest", "other", "hold", "release"])):
            case "earn":
                shop.earn(data.draw(units), life=data.draw(lives), wait=data.draw(st.sampled_from([0, 4])))
            case "spend":
                shop.buy([(1000, 500, 1)], spend=data.draw(units), lots=data.draw(EARNED), exact=Fraction(1, 3))
            case "wait":
                shop.pass_days(data.draw(st.integers(1, 20)))
            case "hold":
                shop.set_aside(data.draw(units))
            case "release":
                shop.let_go()
            case "other":
                other = data.draw(st.sampled_from(sorted(shop.sold)))
                if other != key and (left := returnable(shop.sold[other], shop.returned[other])):
                    shop.bring_back(other, left, policy)
        holds_together(shop)

    assert returnable(shop.sold[key], shop.returned[key]) == {}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_points_set_aside_during_a_return_bring_nothing(data):
    """Set aside, return, let go: whatever the policy, nobody keeps points of goods he brought back."""
    shop = Shop(Standing(MEMBER))
    for _ in range(data.draw(st.integers(0, 3))):
        shop.earn(data.draw(units), life=data.draw(lives))
    had = shop.usable()
    key = shop.buy(data.draw(LINES), spend=0, lots=data.draw(EARNED), exact=data.draw(EXACT))
    shop.set_aside(data.draw(st.integers(1, 100)))

    for step in data.draw(partitions(shop.sold[key])):
        shop.bring_back(key, step, data.draw(st.just(Returns(take_back=data.draw(st.sampled_from(TakeBack))))))
    while shop.holds:
        shop.let_go()

    assert claim(shop) == had
    holds_together(shop)


def test_fraction_walks_back_with_the_units():
    shop = Shop(Standing(MEMBER))
    wallet = shop.act().wallet(POINT)
    wallet.carry_num, wallet.carry_den = 1, 2
    key = shop.buy([(2000, 75, 1)], spend=0, lots=[], exact=Fraction(37, 2))
    after = (wallet.available, Fraction(wallet.carry_num, wallet.carry_den))

    shop.bring_back(key, {1: 2000}, Returns())

    assert after == (19, Fraction(0))
    assert (wallet.available, Fraction(wallet.carry_num, wallet.carry_den)) == (0, Fraction(1, 2))


def test_fraction_too_fine_to_keep_is_rounded_down():
    shop = Shop(Standing(MEMBER))
    wallet = shop.act().wallet(POINT)
    wallet.carry_num, wallet.carry_den = 1, 999_999_937
    key = shop.buy([(1000, 75, 1)], spend=0, lots=[], exact=Fraction(1, 3))
    shop.standing.wallets[POINT].carry_num, shop.standing.wallets[POINT].carry_den = 1, 999_999_937

    shop.bring_back(key, {1: 1000}, Returns())

    assert Fraction(wallet.carry_num, wallet.carry_den) == Fraction(-333_333_333, 10**9)
