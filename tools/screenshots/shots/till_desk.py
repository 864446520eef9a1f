"""Pages of the till beside the sale: the desk, a bad network, what a manager looks after."""

from __future__ import annotations

import random

from tests.journeys.browser.watching import until
from tools.screenshots.shots.till import FLYER, PHONE, UNKNOWN_PHONE
from tools.screenshots.stage import CASHIER, MANAGER, TRAINEE, Guest, Shot, Stage


def of_member(stage: Stage) -> dict[str, object]:
    return {"member_id": stage.member_id}


def of_purchase(stage: Stage) -> dict[str, object]:
    return {"purchase_id": stage.purchase_id}


def of_person(_stage: Stage) -> dict[str, object]:
    return {"code": "01"}


def of_claim(stage: Stage) -> dict[str, object]:
    return {"claim_id": stage.claim_id}


def of_device(stage: Stage) -> dict[str, object]:
    return {"device": stage.device_id}


def send(guest: Guest, shown: str, button: str = "main form button.button-main", **fields: str) -> None:
    """Fill in, press, and wait for what comes."""
    for name, text in fields.items():
        guest.page.fill(f"main [name={name}]", text)
    guest.page.locator(button).first.click()
    guest.page.wait_for_selector(shown)


def enrols(guest: Guest, shown: str, phone: str, step: str = "check") -> None:
    guest.open("till-enrol")
    send(guest, shown, f"button[value={step}]", phone=phone, name="Анна")


def somebody_new() -> str:
    return f"8 95{random.randrange(10**8):08}"  # noqa: S311 - nobody's secret


def agrees(guest: Guest) -> None:
    enrols(guest, ".turned", somebody_new())


def on_own_phone(guest: Guest) -> None:
    enrols(guest, ".qr", somebody_new(), "own-phone")


def known(guest: Guest) -> None:
    enrols(guest, ".known", PHONE)


def wrong_phone(guest: Guest) -> None:
    enrols(guest, ".mistake", "12")


def word_of_flyer(guest: Guest) -> None:
    """Good on the receipt, no code of this page."""
    guest.open("till-gift")
    send(guest, ".mistake", code=FLYER)


def no_such_code(guest: Guest) -> None:
    guest.open("till-gift")
    send(guest, ".mistake", code="НЕТ-ТАКОГО")


def asked_for(guest: Guest) -> None:
    """Whoever stands on the receipt asks; else somebody by his phone."""
    guest.open("till-request")
    phone = {"phone": PHONE} if guest.page.locator("[name=phone]").count() else {}
    send(guest, ".request-row", **phone, article="Латте", note="на овсяном")


def no_such_receipt(guest: Guest) -> None:
    guest.open("till-return")
    send(guest, ".mistake", number="404")


def all_comes_back(guest: Guest) -> None:
    guest.open("till-return-of", **of_purchase(guest.stage))
    guest.page.click("button[value=all]")
    guest.page.wait_for_selector("#figures .figure-big")


def no_reason(guest: Guest) -> None:
    all_comes_back(guest)
    send(guest, ".mistake", ".return-figures button.button-main")


def rehearsed_return(guest: Guest) -> None:
    all_comes_back(guest)
    guest.page.select_option("[name=reason]", "defect")
    send(guest, ".rehearsed", ".return-figures button.button-main")


def cut_off(guest: Guest) -> None:
    """The network has gone: nothing of this page reaches the server."""
    guest.open("till-offline")
    guest.page.context.route("**/queue/**", lambda route: route.abort())
    for number, (phone, amount) in enumerate(((PHONE, "450"), (UNKNOWN_PHONE, "1 234,50")), 1):
        note(guest, phone, amount)
        until(guest.page, f"kopilkaQueue.list().then((sales) => sales.length === {number})")


def note(guest: Guest, phone: str, amount: str) -> None:
    until(guest.page, "kopilkaQueue.cashier().then((found) => Boolean(found))")
    guest.page.fill("#note-member", phone)
    guest.page.fill("#note-amount", amount)
    guest.page.press("#note-amount", "Enter")
    guest.page.wait_for_selector("#note-said:not(:empty)")


def wait_for_somebody(guest: Guest) -> None:
    """Noted without a network for a phone nobody has, and sent."""
    guest.open("till-offline")
    note(guest, UNKNOWN_PHONE, "1 234,50")
    until(guest.page, "kopilkaQueue.list().then((sales) => sales.length === 0)")
    guest.open("till-waiting")
    guest.page.wait_for_selector(".waiting")


def nothing_waits(guest: Guest) -> None:
    """What others have left is dropped."""
    guest.open("till-waiting")
    while guest.page.locator(".waiting").count():
        guest.page.locator(".waiting details > summary").first.click()
        guest.page.locator(".waiting [name$=reason]").first.fill("проба")
        with guest.page.expect_navigation():
            guest.page.locator(".waiting details button").first.click()


def code_of_device(guest: Guest) -> None:
    guest.open("till-manage-new-till")
    send(guest, ".device-code", name="Касса у входа")


SHOTS = (
    Shot("till-enrol", CASHIER),
    Shot("till-enrol~known", CASHIER, known),
    Shot("till-enrol~wrong", CASHIER, wrong_phone),
    Shot("till-enrol~agrees", CASHIER, agrees),
    Shot("till-enrol~own-phone", CASHIER, on_own_phone),
    Shot("till-member", CASHIER, parts=of_member),
    Shot("till-member-agree", CASHIER, parts=of_member),
    Shot("till-purchase", CASHIER, parts=of_purchase),
    Shot("till-undo-purchase", MANAGER, parts=of_purchase),
    Shot("till-gift", CASHIER),
    Shot("till-gift~word", CASHIER, word_of_flyer),
    Shot("till-gift~unknown", CASHIER, no_such_code),
    Shot("till-claim", CASHIER, parts=of_claim),
    Shot("till-request", CASHIER),
    Shot("till-request~waited-for", CASHIER, asked_for),
    Shot("till-return", CASHIER),
    Shot("till-return~unknown", CASHIER, no_such_receipt),
    Shot("till-return-of", CASHIER, parts=of_purchase),
    Shot("till-return-of~all", CASHIER, all_comes_back),
    Shot("till-return-of~no-reason", CASHIER, no_reason),
    Shot("till-return-of~training", TRAINEE, rehearsed_return),
    Shot("till-shift", CASHIER),
    Shot("till-my-points", CASHIER),
    Shot("till-waiting~some", CASHIER, wait_for_somebody),
    Shot("till-waiting", CASHIER, nothing_waits),
    Shot("till-offline", CASHIER),
    Shot("till-scanner", CASHIER),
    Shot("till-offline~unsent", CASHIER, cut_off),
    Shot("till-manage", MANAGER),
    Shot("till-manage-new-till", MANAGER),
    Shot("till-manage-new-till~code", MANAGER, code_of_device),
    Shot("till-manage-new-kiosk", MANAGER),
    Shot("till-manage-person", MANAGER, parts=of_person),
    Shot("till-manage-revoke", MANAGER, parts=of_device),
)
