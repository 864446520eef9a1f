"""A scanner and a camera put what they read into the till's field, wherever the cursor is."""

import pytest
from django.utils import timezone

from tests.browser import FLAGS, visit
from tests.counter import PIN, let_in, make_cashier
from tests.factories import make_member, make_program
from tests.journeys.browser.watching import film_of, until
from tests.tills import RULES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

TILL = "/till/lavka/"


@pytest.fixture
def program():
    made = make_program(rulebook=RULES)
    make_cashier(made)
    make_member(made, card="4000123412341234")
    return made


def sign_in(program, browser, path):
    token = let_in(program, at=timezone.now()).token
    browser.context.add_cookies([{"name": "kopilka_till", "value": token, "url": browser.address + TILL}])
    page = browser.page(f"{TILL}sign-in/?next={TILL}{path}")
    page.fill("#id_pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{browser.address}{TILL}{path}")
    return page


@pytest.fixture
def page(program, visitor):
    """The page on which a scanner is tried."""
    page = sign_in(program, visitor(), "scanner/")
    until(page, "Boolean(window.kopilkaScan)")
    return page


SCAN = """(typed) => {
  for (const one of typed) {
    const place = document.activeElement, isGs = one === "\\u001d";
    const said = isGs ? { key: "]", code: "BracketRight", ctrlKey: true } : { key: one };
    const pressed = new KeyboardEvent("keydown", { ...said, bubbles: true, cancelable: true });
    if (place.dispatchEvent(pressed) && one.length === 1 && place.matches("input")) {
      document.execCommand("insertText", false, one);
    }
  }
}"""
"""Keys as a scanner presses them: faster than a driver of browsers can on a busy machine."""


def scan(page, typed, *ends):
    page.evaluate(SCAN, [*typed, *ends])


def came(page):
    until(page, "document.querySelector('[data-text]').textContent !== ''")
    understood = page.inner_text("[data-text]")
    page.evaluate("document.querySelector('[data-text]').textContent = ''")
    return understood


def test_scan_is_understood_with_the_focus_anywhere(page):
    scans = [
        ("4600000000017", ["Enter"]),
        ("4600000000017", ["Tab"]),
        ("4600000000017", []),
        ("ВЕСНА26", ["Enter"]),
        ("руддщ-42", ["Enter"]),
        ("]Q3010460000000001721ABC", ["Enter"]),
    ]
    understood = []

    for typed, end in scans:
        page.focus("#scanner-suffix")
        scan(page, typed, *end)
        understood.append(came(page))

    assert understood == ["4600000000017"] * 3 + ["DTCYF26", "hello-42", "4600000000017"]
    assert page.input_value("#scanner-suffix") == ""


def test_scan_over_a_list_of_members_picks_nobody_of_it(program, visitor):
    make_member(program, "+79261234567", name="Борис Котов")
    make_member(program, "+79150000000", name="Вера Орлова", card="1000123412341234")
    page = sign_in(program, visitor(), "")
    page.fill("#till-text", "4567")
    page.keyboard.press("Enter")
    page.locator('[data-nth="2"]').wait_for()
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))

    scan(page, "1000123412341234", "Enter")

    page.get_by_role("heading", name="Вера Орлова").wait_for()
    assert [one for one in sent if "pick" in one] == []


def test_second_half_of_a_line_end_sells_nothing(program, visitor):
    make_member(program, "+79150000000", name="Вера Орлова", card="1000123412341234")
    page = sign_in(program, visitor(), "")
    page.fill("#till-text", "100,00")
    page.keyboard.press("Enter")
    page.locator(".sale-lines").wait_for()

    scan(page, "1000123412341234", "Enter", "Enter")

    page.get_by_role("heading", name="Вера Орлова").wait_for()
    page.wait_for_timeout(500)
    assert page.locator(".result").count() == 0


def test_digit_typed_over_a_list_of_members_picks_one_of_it(program, visitor):
    make_member(program, "+79261234567", name="Борис Котов")
    page = sign_in(program, visitor(), "")
    page.fill("#till-text", "4567")
    page.keyboard.press("Enter")
    page.locator('[data-nth="2"]').wait_for()

    page.keyboard.press("2")

    page.get_by_role("heading", name="Борис К").wait_for()
    assert page.locator("#till-text").input_value() == ""


def test_typing_by_hand_is_no_scan(page):
    page.focus("#scanner-suffix")

    page.keyboard.type("46000017", delay=60)
    page.wait_for_timeout(300)

    assert page.inner_text("[data-text]") == ""
    assert page.input_value("#scanner-suffix") == "46000017"


def test_group_separators_and_the_scanner_s_own_signs_are_left_out(page):
    page.fill("#scanner-prefix", "~")
    page.fill("#scanner-suffix", "#")
    page.locator("#scanner-settings button").click()
    page.locator("body").click(position={"x": 5, "y": 5})

    scan(page, "~ABC\u001d123#", "Enter")

    assert came(page) == "ABC123"


def test_camera_reads_a_card_on_the_sale_page(program, browser, chromium, site, tmp_path):
    film = film_of("4000123412341234", tmp_path / "card.y4m")
    seeing = browser.browser_type.launch(
        executable_path=chromium, args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"]
    )
    try:
        person = visit(seeing, site.url)
        page = sign_in(program, person, "")

        page.click("[data-camera]")
        page.wait_for_selector("#sale[data-looking=amount]")

        assert page.locator("#camera").get_attribute("open") is None
        assert page.evaluate("document.querySelector('#camera video').srcObject") is None
        assert person.trouble == []
    finally:
        seeing.close()


def test_browser_without_a_camera_says_how_to_go_on(page):
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); }; }"
    )

    page.click("[data-camera]")
    until(page, "document.querySelector('#camera [data-told]').textContent.includes('Камеры здесь нет')")

    page.keyboard.press("Escape")
    assert page.locator("#camera").get_attribute("open") is None
