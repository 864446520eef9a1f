"""A customer with the card in his phone: login, the code, no network, two languages (S0.2, S1.8, S3.20)."""

import re

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import expect

from kopilka.card.access import COOKIE
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.live_codes import member_by_live_code
from kopilka.services.member_sessions import start_session
from kopilka.services.page_settings import PageChange, change_pages
from tests.api.server import running
from tests.browser import visit
from tests.factories import make_member, make_program
from tests.tills import RULES, buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def opened(visitor, program, member):
    """The card is open in this browser."""
    at = timezone.now()
    session = start_session(program_id=program.id, member_id=member, label="phone", came_by="code", at=at)
    path = f"{visitor.address}/card/{program.slug}/"
    visitor.context.add_cookies([{"name": COOKIE, "value": session.token, "url": path}])
    return visitor.page(f"/card/{program.slug}/")


def pixels(page):
    """Black modules of the drawn code, without its quiet zone, row by row."""
    return page.evaluate("""() => {
        const canvas = document.getElementById("live-code"), size = canvas.width;
        const data = canvas.getContext("2d").getImageData(0, 0, size, size).data;
        const rows = [];
        for (let y = 4; y < size - 4; y++) {
            let row = "";
            for (let x = 4; x < size - 4; x++) row += data[4 * (y * size + x)] < 128 ? "1" : "0";
            rows.push(row);
        }
        return rows;
    }""")


def drawn(digits):
    """The same code as another library draws it."""
    made = segno.make(digits, version=2, error="q", mode="numeric", mask=0, boost_error=False)
    return ["".join(str(module & 1) for module in row) for row in made.matrix]


def test_a_code_from_the_page_of_the_demo_opens_the_card(visitor):
    program = make_program(is_demo=True, rulebook=RULES)
    member = make_member(program, name="Анна")
    phone = visitor(phone=True)
    page = phone.page("/card/lavka/")

    page.get_by_label("Номер телефона").fill("8 916 123-45-67")
    page.get_by_role("button", name="Прислать код").click()
    page.wait_for_url("**/login/code/**")
    assert page.get_by_role("button", name="Новый код через").is_disabled()
    codes = phone.page("/card/lavka/codes/")
    code = re.search(r"\d{6}", codes.get_by_role("listitem").first.inner_text().split(": ")[1])[0]
    page.get_by_label("Код из сообщения").fill(code)
    page.wait_for_url(re.compile(r"/card/lavka/$"))
    live = page.locator("#live")
    live.wait_for()

    digits = live.get_attribute("data-digits")
    assert member_by_live_code(program_id=program.id, text=digits, at=timezone.now()) == member
    assert pixels(page) == drawn(digits)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_tap_shows_the_code_on_the_whole_screen(visitor):
    program = make_program(rulebook=RULES)
    page = opened(visitor(phone=True), program, make_member(program))

    page.locator("#live").click()
    large = page.locator("#live-code-large").bounding_box()
    page.get_by_role("button", name="Закрыть").click()

    assert large["width"] >= 350
    assert page.locator("#whole-screen").is_hidden()


def test_the_language_changes_and_the_page_stays(visitor):
    program = make_program(rulebook=RULES)
    page = opened(visitor(phone=True), program, make_member(program))
    page.goto(f"{page.url}history/?period=month")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    assert page.url.endswith("/card/lavka/history/?period=month")


def test_the_card_opens_without_a_server(browser, tmp_path):
    program = make_program(rulebook=RULES)
    member = make_member(program)
    buy(program.id, member, "1000.00")
    with running(KOPILKA_HOME=str(tmp_path)) as server:
        visitor = visit(browser, server.url, phone=True)
        page = opened(visitor, program, member)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.locator("#live").wait_for()
        balance = page.locator("[data-wallet]").first.inner_text()
    try:
        page.reload()
        page.locator("#live").wait_for()
        page.locator("#offline-banner").wait_for()
        digits = page.locator("#live").get_attribute("data-digits")

        assert page.locator("[data-wallet]").first.inner_text() == balance
        assert "По состоянию на" in page.locator("#shown-at").inner_text()
        assert member_by_live_code(program_id=program.id, text=digits, at=timezone.now()) == member
        page.goto(f"{page.url}rules/")
        assert page.get_by_role("heading", level=1).inner_text() == "Правила на одном экране"
        page.goto(f"{server.url}/card/lavka/history/")
        assert page.get_by_role("heading", level=1).inner_text() == "Нет сети"
        assert visitor.trouble == []
    finally:
        visitor.context.close()


def test_leaving_the_card_leaves_nothing_of_it_in_the_browser(visitor):
    program = make_program(rulebook=RULES)
    page = opened(visitor(phone=True), program, make_member(program))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("caches.keys().then((all) => all.includes('/card/lavka/ pages'))")

    page.evaluate("""() => {
        const form = document.createElement("form");
        form.method = "post";
        form.action = "/card/lavka/logout/";
        form.append(document.querySelector("input[name=csrfmiddlewaretoken]").cloneNode());
        document.body.append(form);
        form.submit();
    }""")
    page.wait_for_url("**/login/")

    page.wait_for_function("caches.keys().then((all) => !all.includes('/card/lavka/ pages'))")


def test_a_newer_version_is_offered_and_taken(visitor):
    program = make_program(rulebook=RULES)
    page = opened(visitor(phone=True), program, make_member(program))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    change_pages(program_id=program.id, change=PageChange(accent="#1f6f5c"), by=SYSTEM_ACTOR, at=timezone.now())

    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    page.locator("#update-banner").wait_for()
    with page.expect_navigation():
        page.locator("#update-now").click()

    assert page.locator("#update-banner").is_hidden()
