"""The table of all pages there are to look at: for pictures, for readers of screens, for the scales, for bad input."""

from __future__ import annotations

from tools.screenshots.shots import card, card_login, kiosk, site, till, till_desk
from tools.screenshots.stage import Guest, Shot


def not_there(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}/nowhere/")


def stale(guest: Guest) -> None:
    """A form from elsewhere, without the token of our page."""
    guest.open("site-landing")
    guest.page.evaluate(
        "const form = document.createElement('form'); form.method = 'post';"
        "form.action = location.pathname + 'i/x/'; document.body.append(form); form.submit()"
    )
    guest.page.wait_for_url("**/i/x/")


SHOTS: tuple[Shot, ...] = (
    Shot("look"),
    Shot("web~not-found", go=not_there, status=404),
    Shot("web~stale", go=stale, status=403),
    *till.SHOTS,
    *till_desk.SHOTS,
    *kiosk.SHOTS,
    *card_login.SHOTS,
    *card.SHOTS,
    *site.SHOTS,
)
SHOWN_OTHERWISE = {
    "language": "only takes",
    "look-of-demo": "leads to look",
    "theme": "a style",
    "media": "a picture",
    **till.OTHERWISE,
    **kiosk.OTHERWISE,
    **card.OTHERWISE,
    **site.OTHERWISE,
}
"""Addresses that are no pages, and why."""
