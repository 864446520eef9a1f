"""A customer at the kiosk, in a real browser: onto the receipt of the till beside, and forgotten (S2.26, T56)."""

import pytest
from playwright.sync_api import expect

from tests.counter import kiosk_page, let_in, make_cashier, till_page
from tests.factories import make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  cashback: {name: {ru: Кэшбэк 5 %, en: 5 % cashback}, earn: {percent: 5}}
"""
SECOND = 1000


def press(page, digits):
    for digit in digits:
        page.locator(f".kiosk-pad [data-digit='{digit}']").click()


def to_questions(page, digits="9161234567"):
    page.get_by_role("button", name="Получить карту").click()
    expect(page.get_by_label("Ваш номер телефона")).to_be_visible()
    press(page, digits)
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_label("Как к вам обращаться?")).to_be_visible()


def test_enrolled_at_the_kiosk_he_stands_on_the_receipt_of_the_till_by_himself_s2_26(visitor, site):
    program = make_program(rulebook=RULES)
    make_cashier(program)
    till = let_in(program)
    counter = till_page(visitor(), program, till)
    tablet = kiosk_page(visitor(), program, till.device.id)

    to_questions(tablet)
    tablet.get_by_label("Как к вам обращаться?").fill("Анна")
    tablet.get_by_role("button", name="Дальше").click()
    tablet.get_by_label("Принимаю условия программы").check()
    tablet.get_by_label("Разрешаю хранить").check()
    tablet.get_by_role("button", name="Получить карту").dblclick()

    expect(tablet.get_by_text("Кассир вас уже видит")).to_be_visible()
    expect(tablet.get_by_role("img", name="Код, который открывает карту")).to_be_visible()
    expect(counter.get_by_text("Анна")).to_be_visible()


def test_kiosk_left_alone_forgets_and_the_way_back_shows_nothing_t56(visitor, site):
    program = make_program(rulebook=RULES)
    tablet = kiosk_page(visitor(), program)
    tablet.clock.install()
    tablet.reload()
    to_questions(tablet)
    tablet.get_by_label("Как к вам обращаться?").fill("Анна")

    tablet.clock.run_for(21 * SECOND)
    expect(tablet.get_by_text("Вы ещё здесь?")).to_be_visible()
    tablet.get_by_role("button", name="Я здесь").click()
    tablet.clock.run_for(15 * SECOND)
    expect(tablet.get_by_label("Как к вам обращаться?")).to_have_value("Анна")
    tablet.clock.run_for(16 * SECOND)
    expect(tablet.get_by_role("button", name="Получить карту")).to_be_visible()

    tablet.go_back()
    tablet.goto(f"{site.url}/kiosk/lavka/about-you/")
    expect(tablet.get_by_role("button", name="Получить карту")).to_be_visible()
    assert "Анна" not in tablet.content()
    assert "9161234567" not in tablet.content()
    kept = tablet.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert kept in ("[{},{}]", '[{},{"htmx-current-path-for-history":"/kiosk/lavka/"}]')


def test_kiosk_works_without_scripts_and_forgets_by_itself(visitor, site):
    program = make_program(rulebook=RULES)
    tablet = kiosk_page(visitor(java_script_enabled=False), program)

    to_questions(tablet, "89161234567")

    assert tablet.locator("meta[http-equiv=refresh]").get_attribute("content") == "120; url=/kiosk/lavka/"
    tablet.goto(f"{site.url}/kiosk/lavka/phone/")
    assert tablet.locator("meta[http-equiv=refresh]").get_attribute("content") == "30; url=/kiosk/lavka/"
    expect(tablet.get_by_label("Ваш номер телефона")).to_have_value("89161234567")


def test_keys_and_menus_of_the_browser_do_nothing_at_the_kiosk_t56(visitor, site):
    program = make_program(rulebook=RULES)
    tablet = kiosk_page(visitor(), program)

    blocked = tablet.evaluate(
        """() => [["keydown", {key: "F5"}], ["keydown", {key: "l", ctrlKey: true}],
                  ["keydown", {key: "Home", altKey: true}], ["contextmenu", {}], ["dragstart", {}]]
             .map(([kind, how]) => {
             const event = kind === "keydown" ? new KeyboardEvent(kind, {...how, bubbles: true, cancelable: true})
                                              : new MouseEvent(kind, {...how, bubbles: true, cancelable: true});
             return !document.body.dispatchEvent(event); })"""
    )

    assert blocked == [True] * 5
    tablet.go_back()
    expect(tablet.get_by_role("button", name="Получить карту")).to_be_visible()
