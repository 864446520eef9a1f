"""Pages of the card: on the way in, and of a member."""

from __future__ import annotations

from tools.screenshots.stage import MEMBER, Guest, Shot, Stage


def asked_code(guest: Guest) -> None:
    guest.open("card-login")
    guest.page.fill("input[name=phone], input[name=contact]", "8 900 000-00-03")
    guest.page.locator("main form button.button-main").first.click()
    guest.page.wait_for_url("**/code/")


def of_link(_stage: Stage) -> dict[str, object]:
    return {"token": "A" * 43}


SHOTS = (
    Shot("card-start"),
    Shot("card-login"),
    Shot("card-code", go=asked_code),
    Shot("card-link", parts=of_link),
    Shot("card-demo-codes"),
    Shot("card-install"),
    Shot("card-offline", MEMBER),
    Shot("card-home", MEMBER),
    Shot("card-history", MEMBER),
)
OTHERWISE = {
    "card-code-again": "only takes",
    "card-logout": "only takes",
    "card-alive": "says that the network is there",
    "card-sw": "a script",
    "card-manifest": "for the telephone",
    "card-icon": "a picture",
}
