"""Gift certificates: money paid beforehand, spent in parts, put back by returns, with books of their own."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.certificates import mark_of_pin
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.certificates import Certificate, CertificateEntry
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.receipt import ArticleKind, CertificateWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.certificates import certificate_by_number, certificates_of_purchase, moves_of_certificate
from kopilka.services.books import check_books
from kopilka.services.certificates import (
    block_certificate,
    pay_out_certificate,
    sell_certificate,
    top_up_certificate,
)
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending:
  bonus: {}
spending_proof: {by: none}
promotions:
  cashback: {earn: {percent: 10}}
certificates:
  gift: {skus: [CARD], values: ["1000.00", "3000.00"], life: {months: 12}}
  refill: {skus: [REFILL], top_up: yes, refund: no}
  safe: {skus: [SAFE], pin: yes}
"""
ASKING = Asking(SYSTEM_ACTOR, NOON)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def sell(program, sold, member_id=None, number="1", **facts):
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, **facts))


def buy_card(program, price="1000", count=1, number="card", sku="CARD", member_id=None):
    sold = receipt((sku, price, count))
    sold = replace(sold, lines=(replace(sold.lines[0], kind=ArticleKind.CERTIFICATE),))
    return sell(program, sold, member_id, number)


def paying(number, *lines, minor=None, mark=""):
    return replace(receipt(*lines), certificates=(CertificateWish(number, minor, mark),))


def card(program, minor=100_000, kind="gift") -> str:
    return sell_certificate(program_id=program.id, kind=kind, minor=minor, reason="тест", asking=ASKING).number


def balance(program, number) -> tuple[int, int, str]:
    found = certificate_by_number(program.id, number, at=NOON)
    return found.balance_minor, found.held_minor, found.state


def bring(program, bought, lines=ALL, number="r1"):
    return return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, external_id=number, source="till:1",
        by=TILL_1, at=NOON,
    )  # fmt: skip


def whole(program) -> bool:
    return not any(one.findings for one in check_books(program_id=program.id))


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as told:
        act(*arguments, **facts)
    return told.value.code, told.value.params


def test_a_line_of_a_receipt_sells_certificates_and_earns_nothing(program):
    member_id = make_member(program)

    bought = buy_card(program, count=2, member_id=member_id)

    assert (bought.decision.totals.paid, bought.decision.lots) == (200_000, [])
    (sale,) = bought.decision.beyond.certificates_sold
    assert (sale.line, sale.kind, sale.count, sale.minor) == (1, "gift", 2, 100_000)
    made = certificates_of_purchase(program.id, bought.purchase_id, at=NOON)
    assert [(one.balance_minor, one.valid_until.date().isoformat()) for one in made] == [(100_000, "2027-03-02")] * 2
    assert whole(program)


def test_a_certificate_is_not_sold_for_another_sum(program):
    code, params = refused(buy_card, program, price="500")

    assert (code, params["minimum"], params["maximum"]) == (Code.OUT_OF_RANGE, 100_000, 300_000)
    assert rows(program.id, Certificate, "id") == []


def test_it_pays_in_parts_and_what_it_pays_earns_as_money(program):
    number, member_id = card(program), make_member(program)

    first = sell(program, paying(number, ("A", "400", 1), ("B", "300", 1)), member_id)
    second = sell(program, paying(number, ("A", "400", 1)), member_id, "2")

    assert [plan.minor for one in (first, second) for plan in one.decision.beyond.certificates] == [70_000, 30_000]
    assert first.decision.beyond.certificates[0].by_line == {1: 40_000, 2: 30_000}
    assert second.decision.beyond.certificates[0].by_line == {1: 30_000}
    assert (first.decision.totals.paid, first.decision.lots[0].units) == (70_000, 70)
    assert balance(program, number) == (0, 0, "active")
    assert whole(program)


def test_points_pay_first_and_the_certificate_the_rest(program):
    number, member_id = card(program), make_member(program)
    sell(program, receipt(("A", "1000", 1)), member_id)

    sold = replace(receipt(("A", "300", 1), spend=100), certificates=(CertificateWish(number),))
    bought = sell(program, sold, member_id, "2")

    assert (bought.decision.totals.points, bought.decision.beyond.certificates[0].minor) == (10_000, 20_000)


def test_more_than_it_holds_is_refused_and_nothing_moves(program):
    number = card(program)

    code, params = refused(sell, program, paying(number, ("A", "2000", 1), minor=100_001))

    assert (code, params["available_minor"], params["wanted_minor"]) == (Code.CERTIFICATE_SHORT, 100_000, 100_001)
    assert balance(program, number) == (100_000, 0, "active")


def test_an_open_purchase_holds_and_a_cancelled_one_gives_back(program):
    number = card(program)
    bought = sell(program, paying(number, ("A", "300", 1)), final=False)

    assert balance(program, number) == (70_000, 30_000, "active")
    cancel_open(program_id=program.id, purchase_id=bought.purchase_id, by=TILL_1, at=NOON)

    assert balance(program, number) == (100_000, 0, "active")
    assert whole(program)


def test_an_open_purchase_that_becomes_final_spends_what_it_held(program):
    number = card(program)
    bought = sell(program, paying(number, ("A", "300", 1)), final=False)

    confirm_open(program_id=program.id, purchase_id=bought.purchase_id, by=TILL_1, at=NOON)

    assert balance(program, number) == (70_000, 0, "active")
    kinds = [
        move.kind for move in moves_of_certificate(program.id, certificate_by_number(program.id, number, at=NOON).id)
    ]
    assert kinds == ["issue", "hold"]
    assert whole(program)


def test_returns_in_any_parts_put_back_what_it_had_paid_for_these_goods(program):
    number = card(program)
    bought = sell(program, paying(number, ("A", "333.33", 3), ("B", "500", 1), minor=100_000))

    first = bring(program, bought, {1: 1_000}, "r1")
    assert first.decisions[0].certificates == {bought.decision.beyond.certificates[0].id: 22_222}
    assert balance(program, number)[0] == 22_222
    bring(program, bought, {1: 2_000}, "r2")
    bring(program, bought, ALL, "r3")

    assert balance(program, number) == (100_000, 0, "active")
    assert whole(program)


def test_a_certificate_that_was_not_touched_can_be_brought_back(program):
    bought = buy_card(program, count=2)
    one, other = (found.number for found in certificates_of_purchase(program.id, bought.purchase_id, at=NOON))
    sell(program, paying(one, ("A", "10", 1)))

    assert refused(bring, program, bought) == (Code.RETURN_EXCEEDS, {"line": 1, "returnable": 1_000})
    bring(program, bought, {1: 1_000})

    assert balance(program, one) == (99_000, 0, "active")
    assert balance(program, other) == (0, 0, "closed")
    assert whole(program)


def test_a_wrong_pin_costs_a_try_and_the_last_one_blocks(program):
    made = sell_certificate(program_id=program.id, kind="safe", minor=5_000, reason="тест", asking=ASKING)
    lines = ("A", "10", 1)
    wrong = mark_of_pin(made.number, f"{(int(made.pin) + 1) % 10_000:04}")

    assert refused(sell, program, paying(made.number, lines))[0] is Code.CONFIRMATION_REQUIRED
    left = [refused(sell, program, paying(made.number, lines, mark=wrong))[1]["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    code, params = refused(sell, program, paying(made.number, lines, mark=mark_of_pin(made.number, made.pin)))
    assert (code, params["reason"]) == (Code.CERTIFICATE_UNUSABLE, "blocked")

    block_certificate(program_id=program.id, number=made.number, blocked=False, reason="пришёл сам", asking=ASKING)
    bought = sell(program, paying(made.number, lines, mark=mark_of_pin(made.number, made.pin)))
    assert bought.decision.beyond.certificates[0].minor == 1_000


@pytest.mark.parametrize(("at", "number", "reason"), [(NOON, "0000", "not_sold"), (None, None, "expired")])
def test_an_unknown_or_ended_certificate_does_not_pay(program, at, number, reason):
    number = number or card(program)
    sold = replace(paying(number, ("A", "10", 1)), at=at or NOON + timedelta(days=366))

    code, params = refused(sell, program, sold, at=sold.at)

    assert (code, params["reason"]) == (Code.CERTIFICATE_UNUSABLE, reason)


def test_money_is_put_on_and_paid_out_where_the_kind_allows_it(program):
    gift, refill = card(program), card(program, 5_000, "refill")

    added = top_up_certificate(program_id=program.id, number=refill, minor=700, reason="касса", asking=ASKING)
    paid = pay_out_certificate(program_id=program.id, number=gift, reason="возврат", asking=ASKING)

    assert (added.balance_minor, paid.minor, balance(program, gift)) == (5_700, 100_000, (0, 0, "closed"))
    assert refused(
        top_up_certificate, program_id=program.id, number=gift, minor=1, reason="", asking=ASKING
    )[1]["reason"] == "no_top_up"  # fmt: skip
    assert refused(
        pay_out_certificate, program_id=program.id, number=refill, reason="", asking=ASKING
    )[1]["reason"] == "no_refund"  # fmt: skip
    assert whole(program)


def test_books_check_names_a_certificate_that_is_not_its_entries(program):
    number = card(program)
    with transaction.atomic():
        enter_program(program.id)
        Certificate.objects.of(program.id).filter(number=number).update(balance_minor=7)

    found = [one for one in check_books(program_id=program.id) if one.findings]

    assert [(one.invariant, one.findings[0].what) for one in found] == [("I22", "certificate_not_its_entries")]
    assert rows(program.id, CertificateEntry, "minor") == [(-100_000,), (100_000,)]
