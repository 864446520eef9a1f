"""A sale at the till in a real browser: earning, spending, undoing, by the keyboard alone, two tills at once."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.queries.open_receipts import How
from kopilka.services.articles import NewArticle, save_article
from kopilka.services.live_codes import secret_of
from kopilka.services.member_sessions import member_by_token, start_session
from kopilka.services.open_receipts import name_member
from kopilka.services.staff_access import sign_in
from tests.counter import PIN, let_in, make_cashier
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, RULES, buy, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def program():
    made = make_program(rulebook=RULES)
    make_cashier(made)
    return made


@pytest.fixture
def anna(program):
    member = make_member(program, name="Анна Ёлкина")
    buy(program.id, member, "5000", at=timezone.now())
    return member


def at_till(visitor, program, code="01", **look):
    """A till where a cashier has signed in, with the sale page open."""
    now = timezone.now()
    till = let_in(program, at=now)
    signed = sign_in(program_id=program.id, device=till.device, employee_code=code, pin=PIN, training=False, at=now)
    browser = visitor(**look)
    address = f"{browser.address}/till/{program.slug}/"
    cookies = {"kopilka_till": till.token, "kopilka_staff": signed.token}
    browser.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = browser.page(f"/till/{program.slug}/")
    page.till = till.device
    return page


def key_in(page, text="", key="Enter"):
    """Type into whatever has the focus, as a person does, and wait for the answer."""
    if text:
        page.keyboard.type(text, delay=40)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/quote/" not in answer.url):
        page.keyboard.press(key)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def focus(page):
    return page.evaluate("document.activeElement.id")


def rotating_code(program, member):
    at = timezone.now()
    token = start_session(program_id=program.id, member_id=member, label="телефон", came_by="code", at=at).token
    card = member_by_token(program_id=program.id, token=token, at=at)
    return write_code(secret_of(card.session_id), card.live_number, slot_of(at))


def test_customer_earns_and_then_pays_with_the_code_of_his_card(visitor, program, anna):
    page = at_till(visitor, program)

    key_in(page, "89161234567")
    page.get_by_role("heading", name="Анна Ёлкина").wait_for()
    page.keyboard.type("1000", delay=40)
    page.locator(".is-trial").get_by_text("1 000,00 ₽").first.wait_for()
    key_in(page)
    key_in(page)
    page.get_by_role("heading", name="Продано").wait_for()
    assert wallet(program.id, anna)[0] == 600

    page.wait_for_timeout(800)
    key_in(page, rotating_code(program, anna))
    key_in(page, "1000", "F4")
    page.locator("#quote").get_by_text("500,00 ₽").first.wait_for()
    key_in(page)

    page.get_by_role("heading", name="Продано").wait_for()
    assert page.locator(".slip").inner_text().count("Оплачено баллами: 500") == 1
    assert wallet(program.id, anna)[0] == 600 - 500 + 50


def test_whole_sale_by_the_keyboard_alone_s1_13(visitor, program, anna):
    latte = NewArticle("LATTE", "Латте", price=240_0000)
    save_article(program_id=program.id, article=latte, by=SYSTEM_ACTOR, at=NOON)
    page = at_till(visitor, program)
    assert focus(page) == "till-text"

    key_in(page, "4567")
    page.keyboard.press("F7")
    page.locator('[data-article="1"]').wait_for()
    assert focus(page) == "catalogue-text"
    key_in(page, key="1")
    page.get_by_text("Латте").first.wait_for()
    page.keyboard.press("F7")
    key_in(page, "100")
    key_in(page, key="F4")
    assert page.locator("#till-ask").inner_text() == "Код или PIN покупателя"
    key_in(page, "ерунда")
    assert page.get_by_role("alert").inner_text() != ""
    page.keyboard.press("Escape")
    assert page.locator("#till-text").input_value() == ""
    key_in(page, key="F4")
    key_in(page)

    page.get_by_role("heading", name="Продано").wait_for()
    expect(page.locator("#till-text")).to_be_focused()
    assert wallet(program.id, anna)[0] == 500 + 34


def test_sale_is_undone_with_a_reason(visitor, program, anna):
    page = at_till(visitor, program, language="en", phone=True)
    key_in(page, "89161234567")
    key_in(page, "1000")
    key_in(page)
    page.get_by_role("heading", name="Sold").wait_for()

    page.get_by_role("link", name="Undo").click()
    page.get_by_text("Wrong customer").check()
    page.get_by_role("button", name="Undo the sale").click()

    page.get_by_role("heading", name="The sale was undone").wait_for()
    assert wallet(program.id, anna)[0] == 500
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_tills_at_once_cannot_pay_with_one_balance(visitor):
    program = make_program(rulebook=FREE_RULES)
    make_cashier(program)
    make_cashier(program, "03", name="Рита")
    anna = make_member(program)
    buy(program.id, anna, "1000", at=timezone.now())
    pages = [at_till(visitor, program), at_till(visitor, program, "03")]
    for page in pages:
        key_in(page, "89161234567")
        key_in(page, "200", "F4")
        page.locator("#quote").get_by_text("Платит баллами").wait_for()

    for page in pages:
        page.keyboard.press("Enter")
    for page in pages:
        page.locator(".result, .notice-bad").first.wait_for()

    assert sorted(page.locator(".result").count() for page in pages) == [0, 1]
    assert wallet(program.id, anna)[0] == 10


def test_page_notices_what_a_kiosk_beside_has_done(visitor, program, anna):
    page = at_till(visitor, program)

    name_member(program_id=program.id, device_id=page.till.id, member_id=anna, how=How.KIOSK, at=timezone.now())

    page.get_by_role("heading", name="Анна Ёлкина").wait_for()
