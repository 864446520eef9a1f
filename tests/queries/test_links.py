"""The table of the story: one source brings many who do not buy, the other few who do."""

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.links import LinkFigures
from kopilka.services.links import link_figures
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """
rulebook: 1
program: Магазин
money: RUB
timezone: Europe/Moscow
links:
  google: {cost: "174000.00"}
  youtube: {cost: "40000.00"}
"""


def come(program_id, link, members, buyers, roubles):
    """So many enrolled, of whom some bought once for so many roubles."""
    rows = [Member(id=new_id(), program_id=program_id, enrolled_at=NOON, link=link) for _ in range(members)]
    Member.objects.bulk_create(rows)
    Purchase.objects.bulk_create(
        Purchase(
            id=new_id(), program_id=program_id, member=row, source="till:1", external_id=f"{link}{number}",
            fingerprint=b"", at=NOON, recorded_at=NOON, version=1, net_minor=roubles * 100, paid_minor=roubles * 100,
            receipt="", decision="",
        )
        for number, row in enumerate(rows[:buyers])
    )  # fmt: skip


def test_two_sources_compared_s4_31():
    """S4.31: 2018 enrolled and 8 bought for 3,556 each; 115 enrolled and 87 bought for 22,312 each."""
    program = make_program(rulebook=RULES)
    with transaction.atomic():
        enter_program(program.id)
        come(program.id, "youtube", 2_018, 8, 3_556)
        come(program.id, "google", 115, 87, 22_312)

    google, youtube = link_figures(program_id=program.id, by=SYSTEM_ACTOR, at=NOON)

    assert youtube == LinkFigures(
        "youtube", (), "", views=0, enrolled=2_018, buyers=8, receipts=8, revenue_minor=28_448_00,
        average_minor=3_556_00, cost_minor=40_000_00, conversion=40, cost_per_buyer_minor=5_000_00,
    )  # fmt: skip
    assert google == LinkFigures(
        "google", (), "", views=0, enrolled=115, buyers=87, receipts=87, revenue_minor=1_941_144_00,
        average_minor=22_312_00, cost_minor=174_000_00, conversion=75_65, cost_per_buyer_minor=2_000_00,
    )  # fmt: skip
