"""Points are drawn from the lot that expires first: the quick way equals the slow one, unit by unit."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.standing import Lot
from tests.engine.samples import AT, line, member, paying, receipt, rulebook

SAID = rulebook(spending=(paying(),))
SALE = line(1, 1_000_000)


def some_lots(random):
    """Up to six lots around the moment of the sale, many of them alike."""
    lots = []
    for key in random.sample(range(100), random.randint(1, 6)):
        units = random.randint(1, 5)
        starts = AT + timedelta(days=random.randint(-2, 1))
        ends = random.choice([None, AT + timedelta(days=random.randint(0, 2))])
        lots.append(Lot(UUID(int=key), "bonus", units, units, starts, ends))
    return lots


def by_hand(lots, units):
    """Take one unit after another from the lot that ends first, then begins first, then by id."""
    left = {lot.id: lot.remaining for lot in lots}
    taken = dict.fromkeys(left, 0)
    for _ in range(units):
        usable = [
            lot
            for lot in lots
            if left[lot.id] and lot.starts_at <= AT and (lot.expires_at is None or lot.expires_at > AT)
        ]
        soonest = min(usable, key=lambda lot: (lot.expires_at is None, lot.expires_at or AT, lot.starts_at, lot.id))
        left[soonest.id] -= 1
        taken[soonest.id] += 1
    return {lot: part for lot, part in taken.items() if part}


def agree(seed, times):
    random = Random(seed)
    for _ in range(times):
        who = member()
        lots = who.lots["bonus"] = some_lots(random)
        usable = sum(lot.remaining for lot in lots if lot.usable(AT))
        units = random.randint(0, usable)
        decision = decide(SAID, who, receipt(SALE, spend=SpendWish(SpendMode.AMOUNT, units)))
        assert {draw.lot: draw.units for draw in decision.draws} == by_hand(lots, units)


def test_draws_equal_those_made_by_hand():
    agree(seed=1, times=2_000)


@pytest.mark.slow
def test_draws_equal_those_made_by_hand_a_hundred_thousand_times():
    agree(seed=2, times=100_000)
