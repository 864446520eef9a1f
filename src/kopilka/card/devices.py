"""What a browser says of itself, as its owner would call it."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(label: str) -> str:
    """iPhone, Safari: as much as can be told from the User-Agent."""
    system = next((name for mark, name in SYSTEMS if mark in label), "")
    browser = next((name for mark, name in BROWSERS if mark in label), "")
    return ", ".join(part for part in (system, browser) if part) or _("A browser")
