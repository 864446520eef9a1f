"""Pages of the till, and the states a sale goes through."""

from __future__ import annotations

from tools.screenshots.stage import CASHIER, MANAGER, TILL, TRAINEE, Guest, Shot, Stage

PHONE, AMOUNT = "8 900 000-00-01", "1250"
UNKNOWN_PHONE, TAIL = "8 900 123-45-67", "0004"


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
    type_in(guest, TAIL)


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


def wrong_pin(guest: Guest) -> None:
    guest.open("till-sign-in")
    guest.page.locator("input[type=radio]").first.check(force=True)
    guest.page.locator("input[name=pin]").fill("9876")
    if guest.page.locator("input[name=pin]").count():
        guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".mistake, .notice-bad")


def of_member(stage: Stage) -> dict[str, object]:
    return {"member_id": stage.member_id}


def of_purchase(stage: Stage) -> dict[str, object]:
    return {"purchase_id": stage.purchase_id}


def of_person(_stage: Stage) -> dict[str, object]:
    return {"code": "01"}


def of_claim(stage: Stage) -> dict[str, object]:
    return {"claim_id": stage.claim_id}


SHOTS = (
    Shot("till-start"),
    Shot("till-enrol-device"),
    Shot("till-sign-in", TILL),
    Shot("till-sale", CASHIER),
    Shot("till-sale~idle", CASHIER, idle),
    Shot("till-sale~found", CASHIER, found),
    Shot("till-sale~priced", CASHIER, priced),
    Shot("till-sale~several", CASHIER, several),
    Shot("till-sale~unknown", CASHIER, unknown),
    Shot("till-sale~nonsense", CASHIER, nonsense),
    Shot("till-sale~catalogue", CASHIER, catalogue),
    Shot("till-sale~sold", CASHIER, sold),
    Shot("till-slip", CASHIER, slip),
    Shot("till-undo", CASHIER, undo),
    Shot("till-sale~training", TRAINEE, sold),
    Shot("till-enrol", CASHIER),
    Shot("till-member", CASHIER, parts=of_member),
    Shot("till-member-agree", CASHIER, parts=of_member),
    Shot("till-purchase", CASHIER, parts=of_purchase),
    Shot("till-gift", CASHIER),
    Shot("till-claim", CASHIER, parts=of_claim),
    Shot("till-request", CASHIER),
    Shot("till-return", CASHIER),
    Shot("till-return-of", CASHIER, parts=of_purchase),
    Shot("till-shift", CASHIER),
    Shot("till-my-points", CASHIER),
    Shot("till-waiting", CASHIER),
    Shot("till-offline", CASHIER),
    Shot("till-scanner", CASHIER),
    Shot("till-manage", MANAGER),
    Shot("till-manage-new-till", MANAGER),
    Shot("till-manage-new-kiosk", MANAGER),
    Shot("till-manage-person", MANAGER, parts=of_person),
)
OTHERWISE = {
    "till-sign-out": "only takes",
    "till-manage-revoke": "a question of till-manage",
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
    "till-queue": "for the script of the till",
    "till-queue-key": "for the script of the till",
    "till-sw": "a script",
    "till-waiting-book": "only takes",
    "till-waiting-drop": "only takes",
}
