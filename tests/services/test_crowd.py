"""The large made-up program: the same seed gives the same crowd, and its books agree."""

from datetime import timedelta

import pytest

from kopilka.data.models.ledger import LedgerEntry
from kopilka.data.models.members import Member
from kopilka.queries.programs import list_programs
from kopilka.services.books import check_books
from kopilka.services.crowd import seed_crowd
from tests.factories import NOON
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_crowd_has_friends_three_deep_agents_staff_and_partners_and_its_books_agree():
    made = seed_crowd(members=150, seed=7, at=NOON + timedelta(days=400))

    program = next(one for one in list_programs() if one.slug == "crowd")
    inviters = dict(rows(program.id, Member, "id", "inviter_id"))
    depths = {key: _depth(key, inviters) for key in inviters}
    roles = [role for (role,) in rows(program.id, Member, "role")]
    assert (made.members, roles.count("employee"), roles.count("agent"), roles.count("partner")) == (150, 40, 60, 2)
    assert max(depths.values()) == 3
    assert made.purchases > 200
    assert made.returns > 0
    assert made.deeds > 100
    assert {account for (account,) in rows(program.id, LedgerEntry, "account")} >= {"available", "expense", "liability"}
    assert [finding for result in check_books(program_id=program.id) for finding in result.findings] == []


def _depth(member, inviters):
    above = inviters[member]
    return 0 if above is None else 1 + _depth(above, inviters)


def test_same_seed_gives_the_same_sales():
    first = seed_crowd(members=40, seed=3, at=NOON + timedelta(days=400))

    program = next(one for one in list_programs() if one.slug == "crowd")
    tiers = sorted(tier for (tier,) in rows(program.id, Member, "tier"))
    spent = sum(spent for (spent,) in rows(program.id, Member, "spent_minor"))
    assert (first.purchases, first.returns, spent, tiers.count("gold")) == (78, 1, 216_407_00, 8)
