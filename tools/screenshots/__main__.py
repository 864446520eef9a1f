"""`python -m tools.screenshots [--only till-sale] [--quick]`: pictures of every page into var/screenshots.

Starts a demo in a temporary home and walks the table of pages (`tools/screenshots/shots`): each on a phone and on
a desktop, light and dark, in Russian and English. `index.html` beside the pictures shows them all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from tools.screenshots.album import write_album
from tools.screenshots.demo_site import demo_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tools.screenshots.stage import Shot, Stage

PATIENCE, SETTLED = 12_000, 150
"""Milliseconds to wait for what should come, and until a page is drawn."""
FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"
View = tuple[bool, bool, str]
"""Phone or not, dark or not, language."""
VIEWS: list[View] = [
    (phone, dark, language) for language, dark, phone in product(("ru", "en"), (False, True), (True, False))
]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots")
    parser.add_argument("--only", action="append", default=[], help="a door or the beginning of a page's name")
    parser.add_argument("--quick", action="store_true", help="in Russian and in the light only")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("A browser is missing: apt-get install chromium", file=sys.stderr)
        return 1
    views = [view for view in VIEWS if not asked.quick or view[1:] == (False, "ru")]
    with demo_site() as address:
        wrong = _take_all(address, chromium, asked.only, views, asked.folder)
    print(f"\n{write_album(asked.folder)}")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


def _take_all(address: str, chromium: str, only: list[str], views: Sequence[View], to: Path) -> list[str]:
    import django

    django.setup()
    from kopilka.queries.programs import program_by_slug
    from tests.browser import chrome
    from tools.screenshots.shots import SHOTS
    from tools.screenshots.stage import Stage

    stage = Stage(address, program_by_slug("demo"))
    shots = [shot for shot in SHOTS if not only or any(shot.name.startswith(one) for one in only)]
    with chrome(chromium) as browser:
        wrong = []
        for number, view in enumerate(views, 1):
            for name, trouble in _take(browser, stage, shots, view, to):
                print(f"\r{number} of {len(views)}: {name:<40}", end="", flush=True)
                wrong += [f"{name}: {trouble}"] if trouble else []
        return wrong


def _take(browser: Browser, stage: Stage, shots: list[Shot], view: View, to: Path) -> Iterator[tuple[str, str]]:
    """The name of each page that was taken, and what went wrong."""
    from playwright.sync_api import Error

    from tests.browser import visit
    from tools.screenshots.stage import Guest

    phone, dark, language = view
    title = f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}-{language}"
    network = {"X-Forwarded-For": f"10.0.{VIEWS.index(view)}.1"}  # so that no limit of codes for one network is met
    for who in sorted({shot.who for shot in shots}):
        visitor = visit(browser, stage.address, language=language, dark=dark, phone=phone, extra_http_headers=network)
        visitor.context.add_cookies(stage.cookies(who, title))
        visitor.context.set_default_timeout(PATIENCE)
        for shot in (shot for shot in shots if shot.who == who):
            page, trouble = visitor.page(), ""
            try:
                shot.visit(Guest(stage, page))
            except (Error, AssertionError) as error:
                trouble = str(error).strip().splitlines()[0]
            _picture(page, to / shot.name / f"{title}.png")
            page.close()
            yield shot.name, trouble or ", ".join(visitor.trouble)
            visitor.trouble.clear()
        visitor.context.close()


def _picture(page: Page, place: Path) -> None:
    """What keeps to the bottom of a window would stand amid a long picture: there the window becomes as high as it."""
    page.wait_for_load_state()
    page.wait_for_timeout(SETTLED)
    size = page.viewport_size
    is_whole = not page.locator("dialog.whole-screen[open]").count()
    if size and is_whole and page.locator(".bottom-nav, .turned-end").count():
        high = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
    place.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=place, full_page=is_whole, animations="disabled")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
