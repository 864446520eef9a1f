"""Pages of the card on the way in: by a code, as somebody new, by a link of the till."""

from __future__ import annotations

import random
import re

from tools.screenshots.stage import Guest, Shot, Stage


def asked_code(guest: Guest) -> None:
    """Nobody's phone, so that no limit is met; the answer is the same for everybody's."""
    guest.open("card-login")
    guest.page.fill("input[name=contact]", f"8 95{random.randrange(10**8):08}")  # noqa: S311 - nobody's secret
    guest.page.locator("main form button.button-main").first.click()
    guest.page.wait_for_url("**/login/code/**")


def wrong_code(guest: Guest) -> None:
    asked_code(guest)
    guest.page.fill("input[name=code]", "000000")
    if not guest.page.locator(".mistake").count():
        guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".mistake")


def wrong_phone(guest: Guest) -> None:
    guest.open("card-login")
    guest.page.fill("input[name=contact]", "12345")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".mistake")


def by_email(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('card-login')}?by=email")


def without_ticks(guest: Guest) -> None:
    proven(guest)
    guest.page.locator("main form button.button-main").last.click()
    guest.page.wait_for_selector(".mistake")


def proven(guest: Guest) -> None:
    """The phone is his, and he has no card yet."""
    asked_code(guest)
    shown = guest.page.context.request.get(guest.stage.address + guest.stage.path("card-demo-codes")).text()
    code = re.findall(r"\b\d{6}\b", re.sub(r"<[^>]+>", " ", shown))[0]
    guest.page.fill("input[name=code]", code)
    if "/join/" not in guest.page.url:
        guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**/join/**")


def of_link(stage: Stage) -> dict[str, object]:
    return {"token": stage.link_token()}


SHOTS = (
    Shot("card-start"),
    Shot("card-login"),
    Shot("card-login~email", go=by_email),
    Shot("card-login~wrong", go=wrong_phone, status=422),
    Shot("card-code", go=asked_code),
    Shot("card-code~wrong", go=wrong_code, status=422),
    Shot("card-join", go=proven),
    Shot("card-join~wrong", go=without_ticks, status=422),
    Shot("card-link", parts=of_link),
)
