"""Pages of the card: on the way in, and of a member."""

from __future__ import annotations

import random
import re

from tools.screenshots.stage import MEMBER, Guest, Shot, Stage


def asked_code(guest: Guest) -> None:
    """Nobody's phone, so that no limit is met; the answer is the same for everybody's."""
    guest.open("card-login")
    guest.page.fill("input[name=contact]", f"8 95{random.randrange(10**8):08}")  # noqa: S311 - nobody's secret
    guest.page.locator("main form button.button-main").first.click()
    guest.page.wait_for_url("**/login/code/**")


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


def of_claim(stage: Stage) -> dict[str, object]:
    return {"claim_id": stage.claim_id}


def of_gift(_stage: Stage) -> dict[str, object]:
    return {"code": "croissant"}


def of_terms(_stage: Stage) -> dict[str, object]:
    return {"kind": "terms"}


SHOTS = (
    Shot("card-start"),
    Shot("card-login"),
    Shot("card-code", go=asked_code),
    Shot("card-join", go=proven),
    Shot("card-link", parts=of_link),
    Shot("card-demo-codes"),
    Shot("card-install"),
    Shot("card-offline", MEMBER),
    Shot("card-home", MEMBER),
    Shot("card-history", MEMBER),
    Shot("card-rules", MEMBER),
    Shot("card-coupon", MEMBER),
    Shot("card-gifts", MEMBER),
    Shot("card-gift", MEMBER, parts=of_gift),
    Shot("card-claim", MEMBER, parts=of_claim),
    Shot("card-invite", MEMBER),
    Shot("card-news", MEMBER),
    Shot("card-more", MEMBER),
    Shot("card-profile", MEMBER),
    Shot("card-consents", MEMBER),
    Shot("card-consent-text", MEMBER, parts=of_terms),
    Shot("card-devices", MEMBER),
    Shot("card-pin", MEMBER),
    Shot("card-delete", MEMBER),
    Shot("card-export", MEMBER),
    Shot("card-chat", MEMBER),
)
OTHERWISE = {
    "card-code-again": "only takes",
    "card-logout": "only takes",
    "card-claim-cancel": "only takes",
    "card-prove": "only takes",
    "card-email": "the page of card-code for an address",
    "card-letters": "a part of card-chat",
    "card-alive": "says that the network is there",
    "card-sw": "a script",
    "card-manifest": "for the telephone",
    "card-icon": "a picture",
}
