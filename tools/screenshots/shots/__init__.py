"""The table of all pages there are to look at: for pictures, for readers of screens, for the scales, for bad input."""

from __future__ import annotations

from tools.screenshots.shots import card, kiosk, site, till, till_desk
from tools.screenshots.stage import Guest, Shot


def not_there(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}/nowhere/")


SHOTS: tuple[Shot, ...] = (
    Shot("look"),
    Shot("web~not-found", go=not_there, status=404),
    *till.SHOTS,
    *till_desk.SHOTS,
    *kiosk.SHOTS,
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
