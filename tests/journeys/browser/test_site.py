"""From the link of a coupon to the till, and a calculator that needs no scripts."""

import re

import pytest
from django.utils import timezone

from kopilka.data.models.coupons import CouponCode
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.demo import RULEBOOK
from kopilka.services.members import find_member
from kopilka.services.rulebook_templates import template_text
from tests.counter import make_cashier, till_page
from tests.factories import make_program
from tests.tills import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
promotions: {by-coupon: {coupon: by-link, discount: {percent: 15}}}
coupons: {by-link: {name: {ru: Купон весны, en: Spring}, series: {count: 10, length: 16}, bind: yes, by_itself: yes}}
"""
PHONE = "+7 916 123-45-67"


def code_from_the_demo(visitor):
    page = visitor.page("/card/lavka/codes/")
    return re.search(r"\b\d{6}\b", page.inner_text("main"))[0]


def joined_by_coupon(visitor):
    """Link, phone, code, consents: the coupon is his."""
    page = visitor.page("/p/lavka/c/by-link/")
    page.get_by_role("button", name="Забрать купон").click()
    page.get_by_label("Номер телефона").fill(PHONE)
    page.get_by_role("button", name="Прислать код").click()
    page.wait_for_url("**/login/code/**")
    page.get_by_label("Код из сообщения").fill(code_from_the_demo(visitor))
    page.wait_for_url("**/login/join/**")
    page.fill("#id_name", "Анна")
    page.check("#id_terms")
    page.check("#id_privacy")
    page.locator("main form button.button-main").click()
    page.wait_for_url("**/coupon/")
    page.get_by_role("button", name="Забрать купон").click()
    page.get_by_text("Купон ваш").wait_for()


def sell(program, visitor):
    """Оля names the phone, types 1000 and confirms."""
    page = till_page(visitor, program)
    page.wait_for_load_state("networkidle")
    page.keyboard.type("9161234567")
    page.keyboard.press("Enter")
    page.get_by_text("Анна").first.wait_for()
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Продать за 850,00").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Продано").wait_for()


def test_coupon_of_a_link_is_used_at_the_till_by_naming_the_phone(visitor):
    """S2.22, from the click on."""
    program = make_program(is_demo=True, rulebook=RULES)
    make_cashier(program)

    joined_by_coupon(visitor(phone=True))
    sell(program, visitor())

    member = find_member(program=program, kind="phone", value=PHONE, by=SYSTEM_ACTOR, at=timezone.now())
    assert rows(program.id, CouponCode, "state", "member_id") == [("used", member.id)]
    assert rows(program.id, Purchase, "net_minor", "member_id") == [(85_000, member.id)]


@pytest.mark.parametrize("scripts", [True, False])
def test_calculator_answers_with_scripts_and_without(visitor, scripts):
    make_program(rulebook=template_text("tiers"))
    page = visitor(java_script_enabled=scripts).page("/p/lavka/")

    page.fill("#id_amount", "20 000")
    if not scripts:
        page.get_by_role("button", name="Посчитать").click()

    page.locator("#answer").get_by_text("+1\u00a0400").first.wait_for()
    assert "+600\u00a0баллов" in page.inner_text("#answer")


def test_answers_of_the_calculator_fit_a_phone(visitor):
    make_program(rulebook=RULEBOOK.read_text(encoding="utf-8"))
    page = visitor(phone=True).page("/p/lavka/?amount=1000000")

    answer = page.locator(".answer")

    assert answer.locator("tbody tr").count() > 2
    assert answer.evaluate("(table) => table.scrollWidth <= table.parentElement.clientWidth")
