"""Pages of a card that is open, and what stands on it for a newcomer."""

from __future__ import annotations

from tools.screenshots.stage import MEMBER, NEWCOMER, UNPROVEN, Guest, Shot, Stage


def whole_screen(guest: Guest) -> None:
    guest.open("card-home")
    guest.page.click("#live")
    guest.page.wait_for_selector("#whole-screen[open]")


def without_network(guest: Guest) -> None:
    guest.open("card-home")
    guest.page.wait_for_selector("#live:not([hidden])")
    guest.page.evaluate("dispatchEvent(new Event('offline'))")
    guest.page.wait_for_selector("#offline-banner:not([hidden])")


def hinted(guest: Guest) -> None:
    """As an iPhone shows it at the second visit."""
    guest.open("card-home")
    guest.page.evaluate(
        "for (const name of ['install-hint', 'install-how']) document.getElementById(name).hidden = false"
    )


def reasons(guest: Guest) -> None:
    """Of the first purchase, and of whatever stands above it."""
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('card-history')}?wallet=cups")
    for one in guest.page.locator(".why > summary").all()[:2]:
        one.click()


def nothing_then(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('card-history')}?period=month")


def set_pin(guest: Guest) -> None:
    guest.open("card-pin")
    guest.page.fill("input[name=pin]", "4826")
    guest.page.fill("input[name=again]", "4826")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**done=1")


def kept_coupon(guest: Guest) -> None:
    """A coupon that came by its link, to be made his own."""
    guest.page.goto(guest.stage.address + guest.stage.path("site-coupon", code="from-the-net"))
    guest.page.locator("main form button.button-main").click()
    guest.page.wait_for_url("**/coupon/")


def of_claim_with_code(stage: Stage) -> dict[str, object]:
    return {"claim_id": stage.claim_with_code_id}


def of_claim(stage: Stage) -> dict[str, object]:
    return {"claim_id": stage.claim_id}


def of_gift(_stage: Stage) -> dict[str, object]:
    return {"code": "croissant"}


def of_terms(_stage: Stage) -> dict[str, object]:
    return {"kind": "terms"}


SHOTS = (
    Shot("card-demo-codes"),
    Shot("card-install"),
    Shot("card-offline", MEMBER),
    Shot("card-home", MEMBER),
    Shot("card-home~whole-screen", MEMBER, whole_screen),
    Shot("card-home~offline", MEMBER, without_network),
    Shot("card-home~hint", MEMBER, hinted),
    Shot("card-home~new", NEWCOMER),
    Shot("card-history", MEMBER),
    Shot("card-history~reasons", MEMBER, reasons),
    Shot("card-history~nothing", NEWCOMER, nothing_then),
    Shot("card-history~new", NEWCOMER),
    Shot("card-rules", MEMBER),
    Shot("card-coupon", MEMBER),
    Shot("card-coupon~kept", MEMBER, kept_coupon),
    Shot("card-gifts", MEMBER),
    Shot("card-gift", MEMBER, parts=of_gift),
    Shot("card-gift~missing", NEWCOMER, parts=of_gift),
    Shot("card-claim", MEMBER, parts=of_claim),
    Shot("card-claim~code", MEMBER, parts=of_claim_with_code),
    Shot("card-invite", MEMBER),
    Shot("card-invite~new", NEWCOMER),
    Shot("card-news", MEMBER),
    Shot("card-more", MEMBER),
    Shot("card-profile", MEMBER),
    Shot("card-consents", MEMBER),
    Shot("card-consent-text", MEMBER, parts=of_terms),
    Shot("card-devices", MEMBER),
    Shot("card-email", MEMBER),
    Shot("card-pin", MEMBER),
    Shot("card-pin~done", NEWCOMER, set_pin),
    Shot("card-delete", MEMBER),
    Shot("card-delete~unproven", UNPROVEN),
    Shot("card-export", MEMBER),
    Shot("card-export~unproven", UNPROVEN),
    Shot("card-chat", MEMBER),
    Shot("card-chat~new", NEWCOMER),
)
OTHERWISE = {
    "card-code-again": "only takes",
    "card-logout": "only takes",
    "card-claim-cancel": "only takes",
    "card-prove": "only takes",
    "card-letters": "a part of card-chat",
    "card-alive": "says that the network is there",
    "card-sw": "a script",
    "card-manifest": "for the telephone",
    "card-icon": "a picture",
}
