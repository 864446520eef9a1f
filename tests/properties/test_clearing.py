"""Clearing: whatever the periods and the parts in which goods come back, sums are the same and net to zero (S1.2)."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kopilka.engine.clearing import ClearingLine, clear, given_back, paid_by_issuer
from kopilka.engine.decision import Decision, DrawPlan, Limit, SpendPlan, Totals

PARTNERS = ("", "books", "bakery", "cinema")
AT = datetime(2026, 3, 2, tzinfo=UTC)

lines = st.builds(
    ClearingLine,
    st.sampled_from(PARTNERS),
    st.sampled_from(PARTNERS),
    st.sampled_from(["bonus", "crumbs"]),
    st.integers(-500, 5_000),
    st.integers(-500, 5_000),
    st.integers(0, 90),
).filter(lambda line: line.issuer != line.acceptor)


def sold(draws: list[int], minor: int) -> Decision:
    units = sum(draws)
    return Decision(
        1, "", AT, None, "", Totals(0, 0, 0, 0, 0, 0), [], [],
        [SpendPlan("bonus", units, minor, units, Limit.WISH)],
        [DrawPlan(UUID(int=n), "bonus", part) for n, part in enumerate(draws)], [], [], [], [], [], [],
    )  # fmt: skip


@given(st.lists(st.lists(lines, max_size=6), max_size=5))
def test_any_split_of_time_settles_the_same_and_nets_to_zero(periods):
    whole = clear([line for period in periods for line in period])

    parts: Counter[str] = Counter()
    for period in periods:
        settled = clear(period)
        assert sum(settled.balances.values()) == 0
        assert all(payment.minor > 0 for payment in settled.payments)
        parts.update(settled.balances)

    assert {name: minor for name, minor in parts.items() if minor} == {
        name: minor for name, minor in whole.balances.items() if minor
    }


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=5),
    st.integers(1, 20_000),
    st.integers(0, 2_000),
    st.lists(st.integers(0, 300), max_size=6),
)
def test_a_full_return_in_any_parts_reverses_everything(draws, minor, fee, steps):
    """Units go back from the last draw to the first, as returns give them."""
    issuers = {UUID(int=n): PARTNERS[n % 3 + 1] for n in range(len(draws))}
    paid = paid_by_issuer(sold(draws, minor), issuers, fee)
    left = Counter({one.issuer: one.minor for one in paid})
    fees = Counter({one.issuer: one.fee_minor for one in paid})
    back: dict[UUID, int] = {}

    for step in [*steps, sum(draws)]:
        before, rest = dict(back), step
        for lot in sorted(issuers, reverse=True):
            part = min(rest, draws[lot.int] - back.get(lot, 0))
            back[lot] = back.get(lot, 0) + part
            rest -= part
        for one in paid:
            reversed_ = given_back(one, before, back)
            left[one.issuer] += reversed_.minor
            fees[one.issuer] += reversed_.fee_minor
            assert left[one.issuer] >= 0

    assert sum(one.minor for one in paid) == minor
    assert not any(left.values())
    assert not any(fees.values())
