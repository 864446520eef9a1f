"""Promotions opened by a purchase: for a time, for so many purchases; shown, used, given back (S4.33, S4.34, S4.35)."""

from datetime import timedelta

import pytest

from kopilka.data.models.events import Event
from kopilka.data.models.privileges import Privilege, PrivilegeUse
from kopilka.queries.privileges import privilege_figures, privileges_of_member
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase, confirm_purchases
from kopilka.services.quotes import QuoteRequest, quote_purchase
from kopilka.services.returns import return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, by_id, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Аквариумный мир
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
promotions:
  aqua-della:
    name: {ru: Растения, en: Plants}
    locked: true
    lines: {sku: ANUBIAS}
    discount: {percent: 20}
automations:
  aquarium:
    event: purchase
    lines: {sku: TANK}
    unlock: {aqua-della: {for: {days: 30}, times: 2}}
    send: aquarium-care
"""

MONTH = timedelta(days=30)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member(program):
    return make_member(program)


def sell(program, member_id, *lines, number, at=NOON, **facts):
    sold = receipt(*lines, at=at)
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, at=at, **facts))


def buy_tank(program, member_id, number="tank", *more, **facts):
    bought = sell(program, member_id, ("TANK", "9000", 1), *more, number=number, **facts)
    work(program)
    return bought


def buy_plant(program, member_id, number, **facts):
    return sell(program, member_id, ("ANUBIAS", "500", 1), number=number, **facts)


def work(program, at=NOON):
    handle_events(program_id=program.id, at=at)
    do_due_deeds(program_id=program.id, at=at)


def back(program, bought, lines, number):
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, source="till:1", external_id=number,
        by=TILL_1, at=NOON,
    )  # fmt: skip
    work(program)


def paid(*purchases):
    return [one.decision.totals.paid for one in purchases]


def test_purchase_says_what_it_opens_and_the_deed_opens_just_that_s4_33(program, member):
    bought = buy_tank(program, member)

    (hint,) = bought.decision.beyond.hints
    assert (hint.tell, hint.code, hint.until, hint.count) == ("privilege", "aqua-della", NOON + MONTH, 2)
    opened = rows(program.id, Privilege, "promotion", "opened_at", "until", "times", "used", "purchase_id", "lines")
    assert opened == [("aqua-della", NOON, NOON + MONTH, 2, 0, bought.purchase_id, "1")]


def test_thematic_message_is_asked_for_with_the_privilege_s4_34(program, member):
    buy_tank(program, member)

    kinds = [kind for (kind,) in rows(program.id, Event, "kind")]
    assert kinds.count("privilege_opened") == 1
    assert kinds.count("message_requested") == 1


def test_privilege_ends_by_number_of_purchases_s4_33(program, member):
    before = buy_plant(program, member, "1")
    buy_tank(program, member)

    bought = [buy_plant(program, member, str(number)) for number in (2, 3, 4)]

    assert paid(before, *bought) == [500_00, 400_00, 400_00, 500_00]
    assert [len(one.decision.beyond.hints) if one.decision.beyond else 0 for one in bought] == [1, 0, 0]
    assert rows(program.id, PrivilegeUse, "state") == [("used",), ("used",)]


def test_privilege_ends_by_time_s4_33(program, member):
    buy_tank(program, member)

    soon = buy_plant(program, member, "1", at=NOON + MONTH - timedelta(seconds=1))
    late = buy_plant(program, member, "2", at=NOON + MONTH)

    assert paid(soon, late) == [400_00, 500_00]


def test_batch_counts_every_purchase(program, member):
    buy_tank(program, member)
    batch = [request(member, receipt(("ANUBIAS", "500", 1)), str(number)) for number in range(3)]

    assert paid(*confirm_purchases(program_id=program.id, requests=batch)) == [400_00, 400_00, 500_00]


def test_soonest_to_end_is_used_first(program, member):
    buy_tank(program, member)
    later = NOON + timedelta(days=1)
    sell(program, member, ("TANK", "9000", 1), number="tank-2", at=later)
    work(program, later)

    buy_plant(program, member, "1", at=later)

    assert rows(program.id, Privilege, "used", order="opened_at") == [(1,), (0,)]


def test_quote_equals_its_purchase(program, member):
    buy_tank(program, member)
    sold = receipt(("ANUBIAS", "500", 1))

    quoted = quote_purchase(program_id=program.id, request=QuoteRequest(sold, TILL_1, NOON, member=by_id(member)))
    bought = confirm_purchase(program_id=program.id, request=request(member, None, quote_id=quoted.quote_id))

    assert bought.decision == quoted.decision
    assert bought.decision.beyond.privileges == [key for (key,) in rows(program.id, Privilege, "id")]


def test_open_purchase_reserves_and_cancelling_gives_back(program, member):
    buy_tank(program, member)
    opened = buy_plant(program, member, "1", final=False)
    assert rows(program.id, Privilege, "used") == [(1,)]

    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)
    again = buy_plant(program, member, "2", final=False)
    confirm_open(program_id=program.id, purchase_id=again.purchase_id, by=TILL_1, at=NOON)

    assert rows(program.id, Privilege, "used") == [(1,)]
    assert rows(program.id, PrivilegeUse, "state") == [("cancelled",), ("used",)]


def test_return_of_what_opened_it_takes_the_rest_back(program, member):
    tank = buy_tank(program, member, "tank", ("FOOD", "300", 1))

    back(program, tank, {2: 1000}, "r1")
    between = buy_plant(program, member, "1")
    back(program, tank, {1: 1000}, "r2")
    after = buy_plant(program, member, "2")

    assert paid(between, after) == [400_00, 500_00]
    assert rows(program.id, Privilege, "state", "used") == [("withdrawn", 1)]


def test_return_before_the_deed_opens_nothing(program, member):
    tank = sell(program, member, ("TANK", "9000", 1), number="tank")

    back(program, tank, {1: 1000}, "r1")

    assert rows(program.id, Privilege, "id") == []


def test_return_of_what_used_it_gives_the_use_back(program, member):
    buy_tank(program, member)
    plant = buy_plant(program, member, "1")

    back(program, plant, {1: 1000}, "r1")

    assert rows(program.id, Privilege, "state", "used") == [("open", 0)]
    assert rows(program.id, PrivilegeUse, "state") == [("returned",)]


def test_privileges_of_a_member_and_their_conversion_s4_35(program, member):
    other = make_member(program, "+79160000002")
    buy_tank(program, member)
    buy_tank(program, other, "tank-2")
    buy_plant(program, member, "1")

    (mine,) = privileges_of_member(program.id, member, at=NOON)
    (figures,) = privilege_figures(program.id)

    assert (mine.promotion, mine.until, mine.left, mine.used, mine.state) == ("aqua-della", NOON + MONTH, 1, 1, "open")
    assert (figures.promotion, figures.opened, figures.used, figures.members, figures.members_used) == (
        "aqua-della", 2, 1, 2, 1,
    )  # fmt: skip
    assert (figures.purchases, figures.revenue_minor, figures.conversion) == (1, 400_00, 5_000)
