"""A till whose network breaks off goes on, loses nothing and books nothing twice (F20)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.doors import StaffSession
from kopilka.data.models.purchases import Purchase
from kopilka.queries.queued_sales import waiting_sales
from tests.counter import PIN, let_in, make_cashier
from tests.factories import make_member, make_program
from tests.journeys.browser.watching import until
from tests.tills import RULES, rows, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TILL = "/till/lavka/"
AGAIN = """(sales) => fetch("/till/lavka/queue/").then((answer) => answer.json()).then(({ token }) =>
  fetch("/till/lavka/queue/", { method: "POST", body: JSON.stringify({ sales }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token } })).then((answer) => answer.json())"""


@pytest.fixture
def program():
    made = make_program(rulebook=RULES)
    make_cashier(made)
    return made


@pytest.fixture
def till(program, visitor, site):
    """A browser that is a till with a cashier signed in, ready to go on without a network."""
    browser = visitor()
    token = let_in(program, at=timezone.now()).token
    browser.context.add_cookies([{"name": "kopilka_till", "value": token, "url": site.url + TILL}])
    page = browser.page(f"{TILL}sign-in/")
    page.fill("#id_pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TILL}")
    until(page, "kopilkaQueue.cashier().then((found) => Boolean(found))")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "caches.match('/till/lavka/offline/').then((found) => Boolean(found))")
    return browser, page


def note(page, member, amount):
    page.fill("#note-member", member)
    page.fill("#note-amount", amount)
    page.keyboard.press("Enter")
    until(page, "document.getElementById('note-said').textContent !== ''")


def shown(page):
    return [text.replace("\xa0", " ") for text in page.locator("#unsent li strong").all_inner_texts()]


def purchases(program):
    return sorted(row[0] for row in rows(program.id, Purchase, "net_minor"))


def grow_idle(program):
    """The cashier went on for hours; the server has not seen him."""
    ago = timezone.now() - timedelta(hours=3)
    with transaction.atomic():
        enter_program(program.id)
        StaffSession.objects.of(program.id).update(started_at=ago, seen_at=ago)


def test_three_sales_without_a_network_are_booked_once(program, till):
    browser, page = till
    anna = make_member(program)
    browser.context.set_offline(True)

    page.goto(f"{browser.address}{TILL}")
    assert page.get_by_role("heading", level=1).inner_text() == "Без сети"
    for amount in ("100", "1 234,50", "70.00"):
        note(page, "8 916 123-45-67", amount)
    page.reload()
    page.wait_for_selector("#unsent li")

    assert shown(page) == ["100,00 ₽", "1 234,50 ₽", "70,00 ₽"]
    assert page.inner_text("#not-sent") == "Не отправлено: 3"
    batch = page.evaluate(
        "kopilkaQueue.list().then((all) => all.map(({document, signature}) => ({document, signature})))"
    )

    second = browser.page(f"{TILL}shift/")
    until(second, "!document.getElementById('not-sent').hidden")
    assert second.inner_text("#not-sent") == "Не отправлено: 3"
    grow_idle(program)
    browser.context.set_offline(False)
    for tab in (page, second):
        tab.evaluate("kopilkaQueue.send()")
    until(page, "document.getElementById('not-sent').hidden")
    assert page.evaluate(AGAIN, batch)["states"] == ["booked"] * 3

    assert purchases(program) == [7_000, 10_000, 123_450]
    assert wallet(program.id, anna) == (140, 0, 0, 0)


def test_answer_lost_on_its_way_and_an_unknown_phone(program, till):
    browser, page = till
    make_member(program)
    page.goto(f"{browser.address}{TILL}offline/")
    browser.context.set_offline(True)
    note(page, "89161234567", "100")
    note(page, "89990000001", "200")
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    page.route("**/queue/", lose)
    browser.context.set_offline(False)
    page.evaluate("kopilkaQueue.send()")
    until(page, "!document.getElementById('line-gone').hidden")
    left = len(shown(page))
    page.click("#send-now")
    page.wait_for_selector("#none-unsent:not([hidden])")

    assert (lost, left, purchases(program)) == ([200], 2, [10_000])
    assert page.inner_text("#not-sent") == "Ждут вас: 1"
    page.click("#not-sent")
    page.wait_for_url("**/waiting/")
    assert [one.member for one in waiting_sales(program.id)] == ["89990000001"]


def test_nobody_signed_in_notes_nothing(program, till):
    browser, page = till
    page.goto(f"{browser.address}{TILL}sign-in/")
    grow_idle(program)
    page.reload()
    until(page, "kopilkaQueue.cashier().then((found) => !found)")
    browser.context.set_offline(True)
    page.goto(f"{browser.address}{TILL}")

    page.fill("#note-member", "89161234567")
    page.fill("#note-amount", "100")
    page.keyboard.press("Enter")

    page.wait_for_selector("#note-problem:not([hidden])")
    assert "никто не вошёл" in page.inner_text("#note-problem")
    assert shown(page) == []
