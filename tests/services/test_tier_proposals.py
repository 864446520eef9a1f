"""S3.2: thresholds from the program's own history; S2.6: an old discount ladder as tiers."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.tier_proposals import propose_tiers, rounded, tiers_of_discounts
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, buy

HEAD = "rulebook: 1\nprogram: x\nmoney: RUB\ntimezone: Europe/Moscow\n"


@pytest.mark.django_db(transaction=True)
def test_thresholds_come_from_what_members_bought_within_a_year():
    program = make_program(rulebook=RULES)
    for number in range(20):
        buy(program.id, make_member(program, f"+791600000{number:02}"), str(1_000 * (number + 1)))

    told = propose_tiers(program_id=program.id, levels=3, by=SYSTEM_ACTOR, at=NOON + timedelta(days=1))

    assert (told.members, told.average_receipt_minor) == (20, 1_050_000)
    assert [(one.from_minor, one.members, one.share) for one in told.tiers] == [
        (0, 14, 7_000),
        (1_500_000, 5, 2_500),
        (2_000_000, 1, 500),
    ]
    assert [problem for problem in read_source((HEAD + told.text).encode()).problems if problem.is_error] == []


@pytest.mark.django_db(transaction=True)
def test_without_purchases_there_is_nothing_to_propose():
    program = make_program(rulebook=RULES)

    told = propose_tiers(program_id=program.id, by=SYSTEM_ACTOR, at=NOON)

    assert (told.members, [one.from_minor for one in told.tiers]) == (0, [0])


@pytest.mark.parametrize(
    ("minor", "found"),
    [
        (1_549_900, 1_500_000),
        (1_499_999, 1_500_000),
        (2_000_000, 2_000_000),
        (74_999, 75_000),
        (99, 100),
        (100, 100),
        (320_000, 300_000),
    ],
)
def test_thresholds_are_sums_that_people_remember(minor, found):
    assert rounded(minor, 2) == found


def test_a_discount_ladder_becomes_tiers():
    text = tiers_of_discounts("0=1, 10000=3,30000=5")

    assert text == (
        "tiers:\n"
        "  first: {discount: 1}\n"
        '  step-1: {enter: {spent: {at_least: "10000.00"}}, discount: 3}\n'
        '  step-2: {enter: {spent: {at_least: "30000.00"}}, discount: 5}\n'
    )
    assert read_source((HEAD + text).encode()).problems == []


@pytest.mark.parametrize("steps", ["", "10000", "30000=5,10000=3", "10000=0", "10000=101", "a=b"])
def test_what_is_no_ladder_is_refused(steps):
    with pytest.raises(Refusal):
        tiers_of_discounts(steps)
