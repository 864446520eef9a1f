"""A real server over the database of the tests, and a real Chromium that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
CALLED_OFF = {f"htmx:{told}, [object HTMLDivElement]" for told in ("sendAbort", "afterRequest")}
"""A page that asks by itself whether the receipt has changed stops asking when a person presses something."""
FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@dataclass
class Visitor:
    """One browser profile: its cookies, its pages, and what went wrong on them."""

    context: BrowserContext
    address: str
    trouble: list[str] = field(default_factory=list)

    def page(self, path: str = "") -> Page:
        """A new page; mistakes of scripts and breaches of the content policy are noted in `trouble`."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message))
        if path:
            page.goto(self.address + path)
        return page

    def _note(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text and message.text not in CALLED_OFF:
            self.trouble.append(f"{page.url}: {message.text}")


@contextmanager
def chrome(executable: str, *flags: str) -> Iterator[Browser]:
    """A browser with a made-up camera; `flags` name a film for it to see."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


def visit(
    browser: Browser, address: str, *, language: str = "ru", dark: bool = False, phone: bool = False, **options: Any
) -> Visitor:
    """A visitor of his own: what he does is known to nobody else's cookies."""
    context = browser.new_context(
        locale={"ru": "ru-RU", "en": "en-GB"}[language],
        color_scheme="dark" if dark else "light",
        viewport=PHONE if phone else DESKTOP,
        has_touch=phone,
        is_mobile=phone,
        timezone_id="Europe/Moscow",
        **options,
    )
    context.set_default_timeout(30_000)
    return Visitor(context, address)
