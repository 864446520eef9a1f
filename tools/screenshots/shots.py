"""The table of all pages there are to look at: for pictures, for readers of screens, for the scales."""

from __future__ import annotations

from tools.screenshots.stage import MANAGER, MEMBER, TILL, Guest, Shot

SHOWN_OTHERWISE = {
    "language": "only takes",
    "look-of-demo": "leads to look",
    "theme": "a style",
    "media": "a picture",
}
"""Addresses that are no pages, and why."""


def not_there(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}/nowhere/")


SHOTS: tuple[Shot, ...] = (
    Shot("look"),
    Shot("web~not-found", go=not_there, status=404),
    Shot("card-start"),
    Shot("card-login"),
    Shot("card-home", MEMBER),
    Shot("card-history", MEMBER),
    Shot("card-install"),
    Shot("card-offline", MEMBER),
    Shot("till-start"),
    Shot("till-enrol-device"),
    Shot("till-sign-in", TILL),
    Shot("till-manage", MANAGER),
)
