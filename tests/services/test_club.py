"""The closed club: services for its members only, as often as they may, and what all of it is worth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.segments import Putting
from kopilka.data.models.club import ClubUse
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.decision import Tell
from kopilka.engine.receipt import Origin
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.club.economics import GroupFigures, ServiceCost, club_economics
from kopilka.services.club.uses import services_of_member, use_service
from kopilka.services.purchases import confirm_purchase
from kopilka.services.quotes import QuoteRequest, quote_purchases
from kopilka.services.returns import return_purchase
from kopilka.services.segments.putting import put_member
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, by_id, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """
rulebook: 1
program: Электроника
money: RUB
timezone: Europe/Moscow
segments:
  club: {by: hand}
club:
  express:
    when: {segment: club}
    lines: {sku: EXPRESS}
    cost: "300.00"
    limit: {times: 2, within: {days: 30}}
  preorder: {when: {segment: club}, lines: {sku: NEW}, others: told}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def anna(program):
    anna = make_member(program)
    put_member(program_id=program.id, member_id=anna, putting=Putting("club"), asking=asking())
    return anna


def asking(at=NOON, key=None):
    return Asking(SYSTEM_ACTOR, at, Request(key=key, fingerprint=b"1" * 32))


def use(program, member, at=NOON, key=None, service="express"):
    return use_service(
        program_id=program.id, member_id=member, service=service, branch="center", asking=asking(at, key)
    )


def sell(program, member, *lines, number="1", cost=None, **facts):
    sold = receipt(*lines, **facts)
    if cost is not None:
        sold = replace(sold, lines=tuple(replace(line, cost=cost) for line in sold.lines))
    return confirm_purchase(program_id=program.id, request=request(member, sold, number))


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def test_closed_article_is_sold_to_members_of_the_club_only(program, anna):
    boris = make_member(program, "+79161234568")

    assert sell(program, anna, ("EXPRESS", "500", 1)).decision.beyond is None
    for member in (boris, None):
        assert refused(sell, program, member, ("BREAD", "50", 1), ("EXPRESS", "500", 1), number="2") == (
            Code.CLUB_ONLY,
            {"line": 2, "service": "express"},
        )
    assert len(rows(program.id, Purchase, "id")) == 1


def test_quote_tells_the_till_before_and_keeps_the_price(program):
    boris = make_member(program)
    asked = QuoteRequest(receipt(("EXPRESS", "500", 1), ("NEW", "900", 1)), TILL_1, NOON, by_id(boris))

    (told,) = quote_purchases(program_id=program.id, requests=[asked])

    assert told.decision.totals.paid == 140_000
    assert [(one.tell, one.code, one.count, one.detail) for one in told.decision.beyond.hints] == [
        (Tell.CLUB, "express", 1, "refused"),
        (Tell.CLUB, "preorder", 2, "told"),
    ]
    assert sell(program, boris, ("NEW", "900", 1)).decision.totals.paid == 90_000


def test_past_receipts_are_not_refused(program):
    sold = sell(program, None, ("EXPRESS", "500", 1), origin=Origin.IMPORT)

    assert sold.decision.totals.paid == 50_000


def test_service_is_used_as_often_as_the_limit_says(program, anna):
    first = use(program, anna, key="a")
    again = use(program, anna, key="a")
    use(program, anna, at=NOON + timedelta(days=1))

    assert (first.cost_minor, again.id == first.id, again.replayed) == (30_000, True, True)
    assert refused(use, program, anna, at=NOON + timedelta(days=30) - timedelta(seconds=1)) == (
        Code.SERVICE_USED_UP,
        {"service": "express", "maximum": 2},
    )
    use(program, anna, at=NOON + timedelta(days=30))
    assert len(rows(program.id, ClubUse, "id")) == 3


def test_service_is_for_whom_its_condition_holds(program):
    boris = make_member(program)

    assert refused(use, program, boris) == (Code.SERVICE_NOT_OPEN, {"service": "express"})
    assert refused(use, program, boris, service="massage") == (Code.NOT_FOUND, {"what": "service"})
    assert rows(program.id, ClubUse, "id") == []


def test_member_sees_what_is_open_and_how_much_is_left(program, anna):
    use(program, anna)

    found = services_of_member(program_id=program.id, member_id=anna, by=SYSTEM_ACTOR, at=NOON)

    assert [(one.code, one.is_open, one.left) for one in found] == [("express", True, 1), ("preorder", True, None)]


def test_economics_compare_the_club_with_the_others_s4_43(program, anna):
    """S4.43: average receipt, number of purchases and margin of the club against the others, less its services."""
    boris, vera = make_member(program, "+79161234568"), make_member(program, "+79161234569")
    sell(program, anna, ("TV", "1000", 1), number="1", cost=6_000_000)
    sell(program, anna, ("TV", "1000", 2), number="2", cost=6_000_000)
    sell(program, boris, ("TV", "1000", 1), number="3", cost=6_000_000)
    sell(program, vera, ("BREAD", "1000", 1), number="4")
    back = sell(program, vera, ("TV", "1000", 2), number="5", cost=6_000_000)
    return_purchase(
        program_id=program.id, purchase_id=back.purchase_id, lines={1: 1_000}, source="till:1", external_id="r",
        by=TILL_1, at=NOON,
    )  # fmt: skip
    use(program, anna)

    told = club_economics(program_id=program.id, segment="club", by=SYSTEM_ACTOR, at=NOON)

    assert told.club == GroupFigures(
        members=1, buyers=1, receipts=2, revenue_minor=300_000, average_minor=150_000, frequency=200,
        margin_of_minor=300_000, margin_minor=120_000, margin_per_buyer_minor=120_000,
    )  # fmt: skip
    assert told.others == GroupFigures(
        members=2, buyers=2, receipts=3, revenue_minor=300_000, average_minor=100_000, frequency=150,
        margin_of_minor=200_000, margin_minor=80_000, margin_per_buyer_minor=40_000,
    )  # fmt: skip
    assert (told.more_average, told.more_frequency, told.more_margin) == (5_000, 3_333, 20_000)
    assert told.services == (ServiceCost("express", 1, 30_000),)
    assert told.margin_after_services_minor == 90_000
