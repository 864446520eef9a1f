"""A cashier who has forgotten his PIN, and a change of places at the till, in a real browser (T29)."""

import pytest
from playwright.sync_api import expect

from tests.counter import make_cashier, make_manager, till_page
from tests.factories import make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
"""


def test_cashier_is_locked_after_wrong_pins_and_a_manager_gives_a_new_one(visitor, site):
    program = make_program(rulebook=RULES)
    make_cashier(program)
    make_manager(program)
    page = till_page(visitor(), program, code="")

    for left in ("4 попытки", "3 попытки", "2 попытки", "1 попытка"):
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        expect(page.get_by_text(left)).to_be_visible()
        expect(page.get_by_label("Оля")).to_be_checked()
    page.keyboard.type("0000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("вход закрыт, подождите 1 минуту")).to_be_visible()
    page.keyboard.type("4826")
    page.keyboard.press("Enter")
    expect(page.get_by_text("вход закрыт")).to_be_visible()

    page.keyboard.press("ArrowDown")
    page.keyboard.type("9073")
    page.keyboard.press("Enter")
    page.wait_for_url("**/till/lavka/")
    page.goto(f"{site.url}/till/lavka/manage/")
    expect(page.get_by_text("закрыт", exact=True)).to_be_visible()
    page.get_by_role("link", name="Оля").click()
    page.get_by_label("Новый PIN-код").fill("5297")
    page.get_by_role("button", name="Выдать новый PIN-код").click()
    page.wait_for_url("**/till/lavka/manage/")
    expect(page.get_by_text("закрыт", exact=True)).to_have_count(0)

    page.keyboard.press("F9")
    page.wait_for_url("**/sign-in/**")
    page.keyboard.press("ArrowDown")
    for digit in "5297":
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/till/lavka/")
    expect(page.get_by_role("banner")).to_contain_text("Оля")
