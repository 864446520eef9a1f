"""The till's other acts in a real browser, by keyboard: enrol and earn, one gift at two tills, a return in parts,
training."""

import pytest
from django.utils import timezone

from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.gifts import claim_for_till
from kopilka.services.enrolling import find_by_phone
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.staff_access import sign_in
from tests.counter import PIN, let_in
from tests.factories import make_member
from tests.till.desk import give_points, make_shop
from tests.tills import buy, rows, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TILL = "/till/lavka/"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def counter(shop, visitor, site):
    """A page of a till at which Оля works: `counter("k1")`."""

    def work(till: str, path: str = "", *, training: bool = False, **look):
        now = timezone.now()
        enrolled = let_in(shop, till=till, name=f"Касса {till}", at=now)
        signed = sign_in(
            program_id=shop.id, device=enrolled.device, employee_code="01", pin=PIN, training=training, at=now
        )
        browser = visitor(**look)
        cookies = {"kopilka_till": enrolled.token, "kopilka_staff": signed.token}
        browser.context.add_cookies(
            [{"name": name, "value": value, "url": site.url + TILL} for name, value in cookies.items()]
        )
        return browser.page(TILL + path)

    return work


def test_new_customer_is_enrolled_by_keyboard_and_earns_at_once(shop, counter):
    page = counter("k1")
    page.keyboard.press("F2")
    page.wait_for_url("**/enrol/")
    page.wait_for_load_state("networkidle")

    page.keyboard.type("8 916 123-45-67")
    page.keyboard.press("Tab")
    page.keyboard.type("Анна")
    page.keyboard.press("Enter")
    for kind in ("terms", "privacy"):
        page.check(f"#id_consent_{kind}")
    page.get_by_role("button", name="Согласен, заводите карту").click()
    page.wait_for_url(f"**{TILL}")
    page.wait_for_load_state("networkidle")
    page.get_by_text("Анна").first.wait_for()
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator(".result").wait_for()

    member_id = find_by_phone(program=shop, phone="+79161234567", by=SYSTEM_ACTOR)
    assert rows(shop.id, Purchase, "member_id", "net_minor", "staff") == [(member_id, 100_000, "01")]
    assert wallet(shop.id, member_id) == (100, 0, 0, 0)


def test_second_till_cannot_collect_the_same_gift(shop, counter):
    member_id = make_member(shop, name="Анна")
    give_points(shop, member_id, 100)
    chosen = choose_gift(program_id=shop.id, request=ChooseRequest(member_id, "mug", SYSTEM_ACTOR, timezone.now()))
    first, second = counter("k1", "gift/"), counter("k2", "gift/", phone=True)
    for page in (first, second):
        page.keyboard.type(chosen.code.lower())
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Выдано").wait_for()

    first.keyboard.press("Enter")
    first.get_by_text("Подарок выдан и закрыт").wait_for()
    second.keyboard.press("Enter")
    second.get_by_text("Этот подарок уже получен. Он выдаётся один раз.").wait_for()

    assert claim_for_till(shop.id, chosen.code).state == "collected"
    assert rows(shop.id, Purchase, "till", "paid_minor") == [("k1", 5000)]


def test_receipt_comes_back_in_parts_by_its_number(shop, counter):
    member_id = make_member(shop, name="Анна")
    buy(shop.id, member_id, "1000", number="1-000042", at=timezone.now())
    page = counter("k1")
    page.keyboard.press("F8")
    page.wait_for_url("**/return/")
    page.wait_for_load_state("networkidle")
    page.keyboard.type("1-42")
    page.keyboard.press("Enter")
    page.locator("#id_line_1").wait_for()

    page.keyboard.type("0,5")
    page.locator("#figures").get_by_text("500,00").wait_for()
    page.select_option("#id_reason", "defect")
    page.locator("#id_note").press("Enter")
    page.get_by_text("Возврат записан.").wait_for()
    page.keyboard.press("F8")
    page.wait_for_url("**/return/")
    page.wait_for_load_state("networkidle")
    page.keyboard.type("1-42")
    page.keyboard.press("Enter")
    page.locator("#id_line_1").wait_for()
    page.keyboard.press("F4")
    page.locator("#figures").get_by_text("500,00").wait_for()
    page.select_option("#id_reason", "unsuitable")
    page.locator("#id_line_1").press("Enter")
    page.get_by_text("Возврат записан.").wait_for()

    assert rows(shop.id, Return, "refund_minor", order="at") == [(50_000,), (50_000,)]
    assert wallet(shop.id, member_id) == (0, 0, 0, 0)


def test_training_shows_figures_and_books_nothing(shop, counter):
    member_id = make_member(shop, name="Анна")
    done = buy(shop.id, member_id, "1000", number="1-000042", at=timezone.now())
    page = counter("k1", f"return/of/{done.purchase_id}/", training=True, phone=True, dark=True)
    page.get_by_text("Учёба: всё работает как обычно, но ничего не записывается.").wait_for()

    page.locator("#id_line_1").fill("1")
    page.select_option("#id_reason", "defect")
    page.locator("#id_line_1").press("Enter")

    page.get_by_text("Учёба: ничего не записано.").wait_for()
    assert "1\xa0000,00\xa0₽" in page.locator(".figure-big").inner_text()
    assert rows(shop.id, Return, "id") == []
    assert wallet(shop.id, member_id) == (100, 0, 0, 0)
