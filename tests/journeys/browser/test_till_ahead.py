"""A cashier who is faster than the answers: nothing typed is lost, and what was pressed is done in order."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.articles import NewArticle, save_article
from tests.counter import make_cashier
from tests.factories import NOON, make_member, make_program
from tests.journeys.browser.test_till_sale import at_till
from tests.tills import FREE_RULES, buy, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

BEHIND_MS, BETWEEN_KEYS_MS = 700, 120


@pytest.fixture
def program():
    made = make_program(rulebook=FREE_RULES)
    make_cashier(made)
    return made


@pytest.fixture
def anna(program):
    member = make_member(program, name="Анна Ёлкина")
    buy(program.id, member, "1000", at=timezone.now())
    return member


def slow(page):
    """Every answer to what is typed takes its time; the texts that were sent, in order."""
    sent = []

    def later(route):
        sent.append(route.request.post_data)
        page.wait_for_timeout(BEHIND_MS)
        route.continue_()

    page.route("**/find/", later)
    return sent


def press(page, *keys):
    for key in keys:
        if len(key) > 1 and key.isdecimal():
            page.keyboard.insert_text(key)
        else:
            page.keyboard.press(key)
        page.wait_for_timeout(BETWEEN_KEYS_MS)


def test_whole_sale_typed_before_the_first_answer_is_done_in_order(visitor, program, anna):
    page = at_till(visitor, program)
    slow(page)

    press(page, "89161234567", "Enter", "300", "F4", "Enter", "77")

    page.get_by_role("heading", name="Продано").wait_for()
    expect(page.locator("#till-text")).to_have_value("77")
    assert wallet(program.id, anna)[0] == 0 + 20
    assert page.locator(".result-head").inner_text().count("200,00") == 1


def test_refusal_keeps_what_was_typed_after_it_and_sells_nothing(visitor, program, anna):
    page = at_till(visitor, program)
    slow(page)

    press(page, "89160000000", "Enter", "300", "Enter", "Enter")
    page.get_by_text("По этому телефону пока никого нет").wait_for()

    ahead = page.locator("#till-ahead [data-words]")
    expect(ahead).to_have_text("300")
    expect(page.locator("#till-text")).to_have_value("89160000000")
    press(page, "89161234567", "Enter")
    page.get_by_role("heading", name="Анна Ёлкина").wait_for()
    page.get_by_role("button", name="Продать за 300,00 ₽").wait_for()
    expect(page.locator("#till-ahead")).to_be_hidden()
    assert wallet(program.id, anna)[0] == 100


def test_text_begun_before_a_refusal_is_no_answer_to_it(visitor, program, anna):
    page = at_till(visitor, program)
    sent = slow(page)

    press(page, "89160000000", "Enter", "300")
    page.get_by_text("По этому телефону пока никого нет").wait_for()
    expect(page.locator("#till-text")).to_have_value("300")
    press(page, "Enter")

    expect(page.locator("#till-text")).to_have_value("89160000000")
    expect(page.locator("#till-ahead [data-words]")).to_have_text("300")
    press(page, "Escape")
    expect(page.locator("#till-ahead")).to_be_hidden()
    assert len(sent) == 1


def test_scan_after_a_button_is_not_taken_for_the_button_again(visitor, program, anna):
    save_article(program_id=program.id, article=NewArticle("LATTE", "Латте", price=240_0000), by=SYSTEM_ACTOR, at=NOON)
    page = at_till(visitor, program)
    page.keyboard.press("F7")
    page.locator('[data-article="1"]').wait_for()
    page.keyboard.press("1")
    page.locator(".sale-line").wait_for()

    page.evaluate("window.kopilkaScan.take('89161234567', 'wedge')")

    page.get_by_role("heading", name="Анна Ёлкина").wait_for()
    expect(page.locator(".sale-pieces")).to_have_value("1")


def test_selling_by_a_click_takes_the_points_typed_beside_first(visitor, program, anna):
    page = at_till(visitor, program)
    press(page, "89161234567", "Enter")
    page.get_by_role("heading", name="Анна Ёлкина").wait_for()
    press(page, "300", "Enter")

    page.fill("#units", "40")
    page.get_by_role("button", name="Продать за 300,00 ₽").click()

    page.get_by_role("button", name="Продать за 260,00 ₽").click()
    page.get_by_role("heading", name="Продано").wait_for()
    assert wallet(program.id, anna)[0] == 100 - 40 + 26
