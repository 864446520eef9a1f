"""The table of all pages there are to look at: for pictures, for readers of screens, for the scales."""

from __future__ import annotations

from tools.screenshots.stage import Shot

SHOTS: tuple[Shot, ...] = (
    Shot("look"),
    Shot("web-not-found", go=lambda guest: guest.page.goto(f"{guest.stage.address}/nowhere/") and None, status=404),
    Shot("card-start"),
    Shot("card-login"),
)
