"""Pages of the till, and the states a sale goes through."""

from __future__ import annotations

from tools.screenshots.stage import CASHIER, TILL, TRAINEE, Guest, Shot

PHONE, AMOUNT, FLYER = "8 900 000-00-01", "1250", "КОФЕ100"
UNKNOWN_PHONE, TAIL = "8 900 123-45-67", "4321"
TWINS = (("+79017654321", "Марина Белова"), ("+79027654321", "Мария Котова"), ("+79037654321", "Марк Орлов"))
"""Their phones end alike."""


def type_in(guest: Guest, *texts: str) -> None:
    """At a till without a receipt: each text into the field that takes everything, with Enter."""
    page = guest.page
    guest.open("till-sale")
    away = page.locator("button[value=drop]")
    if away.count():
        away.dispatch_event("click")  # it may lie in a closed part
        page.wait_for_selector(".sale-idle")
    for text in texts:
        before = page.locator("#sale").element_handle()
        page.fill("#till-text", text)
        page.press("#till-text", "Enter")
        page.wait_for_function("old => !old.isConnected", arg=before)


def idle(guest: Guest) -> None:
    type_in(guest)


def found(guest: Guest) -> None:
    type_in(guest, PHONE)


def priced(guest: Guest) -> None:
    type_in(guest, PHONE, AMOUNT)


def several(guest: Guest) -> None:
    for phone, name in TWINS:
        guest.stage.someone(phone, name)
    type_in(guest, TAIL)
    guest.page.wait_for_selector(".several")


def proof(guest: Guest) -> None:
    priced(guest)
    press(guest, "F4", "[data-looking=proof]")


def wrong_proof(guest: Guest) -> None:
    proof(guest)
    guest.page.fill("#till-text", "123456")
    press(guest, "Enter", "#till-problem .notice")


def spends(guest: Guest) -> None:
    type_in(guest, guest.stage.live_code(), AMOUNT)
    press(guest, "F4", "button[data-key=F4][value=none]")


def trial(guest: Guest) -> None:
    """While the amount is typed."""
    found(guest)
    guest.page.type("#till-text", AMOUNT)
    guest.page.wait_for_selector(".is-trial")


def nobody(guest: Guest) -> None:
    type_in(guest)
    press(guest, "*", "[data-looking=amount]")
    guest.page.fill("#till-text", AMOUNT)
    press(guest, "Enter", ".sale-pay .figure-big:not(.quiet)")


def code_asked(guest: Guest) -> None:
    found(guest)
    press(guest, "F6", "[data-looking=code]")


def code_refused(guest: Guest) -> None:
    code_asked(guest)
    guest.page.fill("#till-text", "нет такого")
    press(guest, "Enter", "#till-problem .notice")


def flyer(guest: Guest) -> None:
    type_in(guest, PHONE, FLYER, AMOUNT)


def flyer_too_early(guest: Guest) -> None:
    """It wants a dearer receipt."""
    type_in(guest, PHONE, FLYER, "90")


def gift(guest: Guest) -> None:
    code = guest.stage.gift_code()
    type_in(guest, PHONE, code, AMOUNT)


def ahead(guest: Guest) -> None:
    """Typed faster than the answer, which asks back."""
    type_in(guest)
    page = guest.page
    page.route("**/find/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    for text in (UNKNOWN_PHONE, AMOUNT):
        page.fill("#till-text", text)
        page.press("#till-text", "Enter")
    page.wait_for_selector("#till-ahead:not([hidden])")


def press(guest: Guest, key: str, shown: str) -> None:
    guest.page.press("#till-text", key)
    guest.page.wait_for_selector(shown)


def unknown(guest: Guest) -> None:
    type_in(guest, UNKNOWN_PHONE)


def nonsense(guest: Guest) -> None:
    type_in(guest, "абракадабра")


def catalogue(guest: Guest) -> None:
    type_in(guest, PHONE)
    guest.page.keyboard.press("F7")
    guest.page.wait_for_selector(".article")
    guest.page.locator(".article").first.click()
    guest.page.wait_for_selector(".sale-line")


def sold(guest: Guest) -> None:
    priced(guest)
    guest.page.press("#till-text", "Enter")
    guest.page.wait_for_selector(".result")


def slip(guest: Guest) -> None:
    sold(guest)
    guest.open("till-sale")
    guest.page.click(".sale-last a")
    guest.page.wait_for_load_state()


def undo(guest: Guest) -> None:
    sold(guest)
    guest.page.click("a[data-key=Delete]")
    guest.page.wait_for_load_state()


def undo_without_a_reason(guest: Guest) -> None:
    undo(guest)
    guest.page.click(".undo button.button-danger")
    guest.page.wait_for_selector(".mistake")


def undone(guest: Guest) -> None:
    undo(guest)
    guest.page.locator("input[name=why]").first.check(force=True)
    guest.page.click(".undo button.button-danger")
    guest.page.wait_for_selector(".result-undone")


def wrong_pin(guest: Guest) -> None:
    guest.open("till-sign-in")
    guest.page.locator("input[type=radio]").first.check(force=True)
    guest.page.locator("input[name=pin]").fill("9876")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".mistake, .notice-bad")


SHOTS = (
    Shot("till-start"),
    Shot("till-enrol-device"),
    Shot("till-sign-in", TILL),
    Shot("till-sign-in~wrong", TILL, wrong_pin),
    Shot("till-sale", CASHIER),
    Shot("till-sale~idle", CASHIER, idle),
    Shot("till-sale~found", CASHIER, found),
    Shot("till-sale~priced", CASHIER, priced),
    Shot("till-sale~several", CASHIER, several),
    Shot("till-sale~unknown", CASHIER, unknown),
    Shot("till-sale~nonsense", CASHIER, nonsense),
    Shot("till-sale~catalogue", CASHIER, catalogue),
    Shot("till-sale~trial", CASHIER, trial),
    Shot("till-sale~nobody", CASHIER, nobody),
    Shot("till-sale~code", CASHIER, code_asked),
    Shot("till-sale~code-refused", CASHIER, code_refused),
    Shot("till-sale~coupon", CASHIER, flyer),
    Shot("till-sale~coupon-refused", CASHIER, flyer_too_early),
    Shot("till-sale~gift", CASHIER, gift),
    Shot("till-sale~proof", CASHIER, proof),
    Shot("till-sale~wrong-proof", CASHIER, wrong_proof),
    Shot("till-sale~spends", CASHIER, spends),
    Shot("till-sale~ahead", CASHIER, ahead),
    Shot("till-sale~sold", CASHIER, sold),
    Shot("till-slip", CASHIER, slip),
    Shot("till-slip~undone", CASHIER, undone),
    Shot("till-undo", CASHIER, undo),
    Shot("till-undo~wrong", CASHIER, undo_without_a_reason, status=422),
    Shot("till-sale~training", TRAINEE, sold),
)
OTHERWISE = {
    "till-sign-out": "only takes",
    "till-manage-take-pin": "only takes",
    "till-find": "a part of till-sale",
    "till-quote": "a part of till-sale",
    "till-confirm": "a part of till-sale",
    "till-look": "a part of till-sale",
    "till-catalogue": "a part of till-sale",
    "till-member-pick": "only takes",
    "till-withdraw": "only takes",
    "till-coupon": "only takes",
    "till-arrived": "only takes",
    "till-due": "the page of till-claim for gifts of points",
    "till-returned": "the page of till-return-of afterwards",
    "till-sent": "leads on to till-slip or till-sale",
    "till-queue": "for the script of the till",
    "till-queue-key": "for the script of the till",
    "till-sw": "a script",
    "till-waiting-book": "only takes",
    "till-waiting-drop": "only takes",
}
