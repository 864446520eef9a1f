"""A customer's own pages in a real browser: a friend brought, a gift collected at the till, the card deleted."""

import re

import pytest
from django.utils import timezone

from kopilka.card.access import COOKIE
from kopilka.data.models.members import Identifier, Member
from kopilka.queries.gifts import claims_of_member
from kopilka.services.member_sessions import start_session
from kopilka.services.staff_access import sign_in
from tests.card.content import rich_member, shop
from tests.counter import PIN, let_in, make_cashier
from tests.factories import make_member
from tests.services.automations.town import live
from tests.tills import rows, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def demo_shop():
    return shop(is_demo=True)


def opened(visitor, program, member, page):
    """The card is open in this browser, at this page."""
    session = start_session(
        program_id=program.id, member_id=member, label=f"{page} phone", came_by="link", at=timezone.now()
    )  # fmt: skip
    path = f"{visitor.address}/card/{program.slug}/"
    visitor.context.add_cookies([{"name": COOKIE, "value": session.token, "url": path}])
    return visitor.page(f"/card/{program.slug}/{page}")


def code_told(visitor):
    """The code on the page of the demo."""
    codes = visitor.page("/card/lavka/codes/")
    found = re.search(r"\d{6}", codes.get_by_role("listitem").first.inner_text().split(": ")[1])[0]
    codes.close()
    return found


def test_a_friend_comes_by_the_link_and_both_see_it_s4_23(visitor):
    program = demo_shop()
    inviter = make_member(program, name="Александр Орлов")
    mine = opened(visitor(phone=True), program, inviter, "friends/")
    link = mine.get_by_label("Ваша ссылка").input_value()

    friend = visitor(phone=True)
    page = friend.page()
    page.goto(link)
    page.get_by_role("button", name="Получить карту").click()
    page.get_by_label("Номер телефона").fill("8 900 123-45-67")
    page.get_by_role("button", name="Прислать код").click()
    page.wait_for_url("**/login/code/**")
    page.get_by_label("Код из сообщения").fill(code_told(friend))
    page.wait_for_url("**/login/join/**")
    page.get_by_label("Как к вам обращаться?").fill("Артём Перов")
    for bound in ("terms", "privacy"):
        page.locator(f"input[name={bound}]").check()
    page.locator("form button.button-main").click()
    page.wait_for_url(re.compile(r"/card/lavka/$"))
    live(program.id, timezone.now())
    mine.reload()

    assert "Артём П." in mine.inner_text("main")
    assert "50 баллов" in mine.inner_text("main").replace("\xa0", " ")
    assert wallet(program.id, inviter)[0] == 50


def test_a_gift_is_chosen_on_the_card_and_collected_at_the_till_by_its_code_s1_12(visitor):
    program = shop()
    member = rich_member(program)
    page = opened(visitor(phone=True), program, member, "gifts/")
    page.get_by_role("link", name="Торт").click()
    page.get_by_role("button", name="Взять за баллы").click()
    code = page.locator("#gift-code").inner_text()
    (claim,), _ = claims_of_member(program.id, member)

    make_cashier(program)
    till = let_in(program)
    counter = visitor()
    path = f"{counter.address}/till/{program.slug}/"
    cashier = sign_in(
        program_id=program.id, device=till.device, employee_code="01", pin=PIN, training=False, at=timezone.now()
    )
    counter.context.add_cookies(
        [
            {"name": "kopilka_till", "value": till.token, "url": path},
            {"name": "kopilka_staff", "value": cashier.token, "url": path},
        ]
    )
    desk = counter.page("/till/lavka/gift/")
    desk.locator("input[name=code]").fill(code)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/{claim.id}/**")
    desk.locator("main form button.button-main").first.click()
    desk.wait_for_load_state()
    page.reload()

    assert claims_of_member(program.id, member)[0][0].state == "collected"
    assert "получен" in page.inner_text("main")
    assert page.locator("#gift-code").count() == 0


def test_the_card_is_deleted_after_a_fresh_code_and_the_phone_is_nobody_s_t58(visitor):
    program = demo_shop()
    member = rich_member(program, name="Анна")
    customer = visitor(phone=True)
    page = opened(customer, program, member, "leave/")
    assert page.locator("input[name=sure]").count() == 0

    page.get_by_role("button", name="Прислать код").click()
    page.wait_for_url("**/login/code/**")
    page.get_by_label("Код из сообщения").fill(code_told(customer))
    page.locator("input[name=sure]").wait_for()
    assert "300 баллов" in page.inner_text("main").replace("\xa0", " ")
    page.locator("input[name=sure]").check()
    page.get_by_role("button", name="Удалить мою карту").click()

    page.get_by_role("heading", name="Карта удалена").wait_for()
    assert rows(program.id, Identifier, "value") == []
    assert rows(program.id, Member, "status") == [("erased",)]
    page.goto(f"{customer.address}/card/lavka/")
    page.wait_for_url("**/login/**")
