"""Pages of the kiosk, in the order a customer meets them."""

from __future__ import annotations

import random

from tools.screenshots.stage import KIOSK, Guest, Shot


def begun(guest: Guest) -> None:
    guest.open("kiosk-home")
    guest.page.locator("form[action$='/begin/'] button").first.click()
    guest.page.wait_for_selector("#id_typed")  # pages put in by the script have no address of their own


def wrong_phone(guest: Guest) -> None:
    begun(guest)
    guest.page.fill("input[name=typed]", "8 950 12")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".mistake")


def still_there(guest: Guest) -> None:
    """Half a minute untouched, shown at once."""
    begun(guest)
    guest.page.evaluate("document.getElementById('still-there').showModal()")


def told_phone(guest: Guest) -> None:
    """Each time somebody new."""
    begun(guest)
    guest.page.fill("input[name=typed]", f"8 95{random.randrange(10**8):08}")  # noqa: S311 - nobody's secret
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector("#id_name")


def told_name(guest: Guest) -> None:
    told_phone(guest)
    guest.page.fill("input[name=name]", "Анна")
    guest.page.locator("main form button.button-main").last.click()
    guest.page.wait_for_selector("#id_terms")


def wrong_person(guest: Guest) -> None:
    told_phone(guest)
    guest.page.fill("input[name=birth_date]", "31.02.1990")
    guest.page.locator("main form button.button-main").last.click()
    guest.page.wait_for_selector(".mistake")


def agrees_to_nothing(guest: Guest) -> None:
    told_name(guest)
    guest.page.locator("main form button.button-main").last.click()
    guest.page.wait_for_selector(".mistake")


def has_card(guest: Guest) -> None:
    told_name(guest)
    for tick in guest.page.locator("input[type=checkbox]").all():
        tick.check(force=True)
    guest.page.locator("main form button.button-main").last.click()
    guest.page.wait_for_selector(".kiosk-qr")


SHOTS = (
    Shot("kiosk-start"),
    Shot("kiosk-enrol-device"),
    Shot("kiosk-home", KIOSK),
    Shot("kiosk-phone", KIOSK, begun),
    Shot("kiosk-phone~wrong", KIOSK, wrong_phone),
    Shot("kiosk-phone~still-there", KIOSK, still_there),
    Shot("kiosk-person", KIOSK, told_phone),
    Shot("kiosk-person~wrong", KIOSK, wrong_person),
    Shot("kiosk-consents", KIOSK, told_name),
    Shot("kiosk-consents~wrong", KIOSK, agrees_to_nothing),
    Shot("kiosk-card", KIOSK, has_card),
)
OTHERWISE = {
    "kiosk-begin": "only takes",
    "kiosk-wipe": "only takes",
    "kiosk-rest": "leads home unless the kiosk has had too many guests",
}
