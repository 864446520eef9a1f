"""Full cards turn into gifts by themselves; the month of stickers with several prizes (S1.4)."""

from datetime import UTC, datetime, timedelta

import pytest

from kopilka.data.models.deeds import Deed
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.ledger import Wallet
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.deeds import do_due_deeds
from kopilka.services.expiry import settle_due_lots
from kopilka.services.gift_times import expire_gifts, fill_all_cards
from kopilka.services.gifts import ChooseRequest, choose_gift, list_gifts
from kopilka.services.outbox import handle_events
from kopilka.services.purchases import confirm_purchase
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, books_agree, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

COFFEE = """\
rulebook: 1
program: Кофейня
money: RUB
timezone: Europe/Moscow
points:
  stamps: {name: {ru: Штампы, en: Stamps}, starts_after: at_once}
promotions:
  stamp: {lines: {sku: LATTE}, earn: {points: 1, per: unit}}
gifts:
  free-coffee:
    name: {ru: Кофе в подарок, en: A free coffee}
    sku: LATTE
    for: {stamps: 6}
    auto: yes
    code_needed: no
    life: {days: 30}
"""

STICKERS = """\
rulebook: 1
program: Накопи и получи
money: RUB
timezone: Europe/Moscow
points:
  stickers: {name: {ru: Наклейки, en: Stickers}, life: {to_end_of: month}, starts_after: at_once}
promotions:
  sticker: {from: "2026-03-01", until: "2026-04-01 00:00", earn: {points: 1, per: "100.00"}}
gifts:
  knife: {sku: KNIFE, for: {stickers: 5}, from: "2026-03-01", until: "2026-04-01 00:00"}
  pan: {sku: PAN, for: {stickers: 12}, from: "2026-03-01", until: "2026-04-01 00:00"}
"""


def sell(program, member_id, *lines, number, at=NOON):
    bought = confirm_purchase(program_id=program.id, request=request(member_id, receipt(*lines, at=at), number, at=at))
    work(program, at)
    return bought


def work(program, at=NOON):
    handle_events(program_id=program.id, at=at)
    do_due_deeds(program_id=program.id, at=at)


def stamps(program):
    return [available for (available,) in rows(program.id, Wallet, "available")]


def claims(program):
    return rows(program.id, GiftClaim, "gift", "state", "origin")


def hints(bought):
    return [
        (hint.tell, hint.code, hint.count) for hint in (bought.decision.beyond.hints if bought.decision.beyond else ())
    ]


@pytest.fixture
def coffee():
    return make_program(rulebook=COFFEE)


def test_full_card_turns_into_a_coffee_s1_4(coffee):
    member_id = make_member(coffee)

    three = sell(coffee, member_id, ("LATTE", "220", 3), number="1")
    full = sell(coffee, member_id, ("LATTE", "220", 3), number="2")
    free = sell(coffee, member_id, ("LATTE", "220", 1), ("BUN", "90", 1), number="3")

    assert hints(three) == [("stamps", "free-coffee", 3)]
    assert hints(full) == [("stamps", "free-coffee", 0)]
    assert free.decision.totals.paid == 90_00
    assert claims(coffee) == [("free-coffee", "collected", "card")]
    assert stamps(coffee) == [0]
    assert books_agree(coffee.id)


def test_free_coffee_brings_no_stamp(coffee):
    member_id = make_member(coffee)
    sell(coffee, member_id, ("LATTE", "220", 6), number="1")

    two = sell(coffee, member_id, ("LATTE", "220", 2), number="2")

    assert two.decision.totals.paid == 220_00
    assert [(lot.currency, lot.units) for lot in two.decision.lots] == [("stamps", 1)]


def test_balance_of_twice_the_price_gives_two_gifts(coffee):
    member_id = make_member(coffee)

    sell(coffee, member_id, ("LATTE", "220", 13), number="1")

    assert claims(coffee) == [("free-coffee", "open", "card")] * 2
    assert stamps(coffee) == [1]


def test_card_is_filled_once_however_often_the_worker_looks(coffee):
    member_id = make_member(coffee)
    sell(coffee, member_id, ("LATTE", "220", 6), number="1")

    work(coffee)
    fill_all_cards(program_id=coffee.id, at=NOON)

    assert len(claims(coffee)) == 1
    assert [kind for (kind,) in rows(coffee.id, Deed, "kind")] == ["gift"]


def test_card_is_filled_by_points_given_by_hand(coffee):
    member_id = make_member(coffee)
    adjust_points(program_id=coffee.id, request=AdjustRequest(member_id, "stamps", 6, "извинение", SYSTEM_ACTOR, NOON))

    work(coffee)

    assert claims(coffee) == [("free-coffee", "open", "card")]


def test_points_that_wait_fill_the_card_when_their_time_comes():
    waiting = make_program("waiting", rulebook=COFFEE.replace("starts_after: at_once", "starts_after: {days: 1}"))
    member_id = make_member(waiting)
    sell(waiting, member_id, ("LATTE", "220", 6), number="1")
    tomorrow = NOON + timedelta(days=1)

    assert claims(waiting) == []
    settle_due_lots(program_id=waiting.id, at=tomorrow)
    assert fill_all_cards(program_id=waiting.id, at=tomorrow) == 1

    assert claims(waiting) == [("free-coffee", "open", "card")]
    assert books_agree(waiting.id)


def test_full_card_nobody_collects_is_gone(coffee):
    member_id = make_member(coffee)
    sell(coffee, member_id, ("LATTE", "220", 6), number="1")

    assert expire_gifts(program_id=coffee.id, at=NOON + timedelta(days=30)) == 1

    assert claims(coffee) == [("free-coffee", "expired", "card")]
    assert stamps(coffee) == [0]


def test_month_of_stickers_has_several_prizes_s1_4():
    program = make_program("stickers", rulebook=STICKERS)
    member_id = make_member(program)
    first = sell(program, member_id, ("BREAD", "700", 1), number="1")
    april = datetime(2026, 3, 31, 21, tzinfo=UTC)

    offered = list_gifts(program_id=program.id, member_id=member_id, by=TILL_1, at=NOON)
    chosen = choose_gift(program_id=program.id, request=ChooseRequest(member_id, "knife", TILL_1, NOON))
    settle_due_lots(program_id=program.id, at=april)

    assert hints(first) == [("stamps", "pan", 5)]
    assert [(one.gift.code, one.can_choose, one.missing) for one in offered] == [
        ("knife", True, {}),
        ("pan", False, {"stickers": 5}),
    ]
    assert chosen.paid == {"stickers": 5}
    assert stamps(program) == [0]
    assert list_gifts(program_id=program.id, member_id=member_id, by=TILL_1, at=april) == []
    assert books_agree(program.id)
