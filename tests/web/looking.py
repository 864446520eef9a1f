"""What a page is like, seen by a browser: for readers of screens, on the scales, on a narrow phone, under a thumb."""

from collections.abc import Iterator
from functools import cache

import pytest
from playwright.sync_api import Page, Response

from kopilka.web.middleware import CSP
from tests.browser import PHONE
from tests.house.tree import ROOT
from tools.screenshots.stage import Guest, Shot, Stage

AXE = "axe-core: make setup with npm installed"
WEIGHT_MAX = 100_000
TOUCH_MIN = 47.5
NARROWEST = 320
"""Pixels: what remains of a desktop at 400 %, and the smallest phones."""
SETTLED = 120
"""Milliseconds after which a changed theme is drawn."""
WALLS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}

RUN_AXE = """rules => axe.run(document, rules).then(found => found.violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(
    node => `${node.html.slice(0, 120)} ${(node.any[0] || {}).message || ""}`.slice(0, 260)).join(" | ")}`))"""
WEIGH = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.transferSize, 0)"""
SMALL = """least => [...document.querySelectorAll(
    "button, .button, select, textarea, summary, input:not([type=checkbox]):not([type=radio]):not([type=hidden])")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".visually-hidden"))
  .map(one => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.height && (box.height < least || box.width < least))
  .map(([box, one]) => `${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`)"""
WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return "";
  const right = one => one.getBoundingClientRect().right;
  const rolls = one => one && (getComputedStyle(one).overflowX !== "visible" || rolls(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter(one =>
    right(one) > room + 1 && !one.matches("#toasts") && !rolls(one.parentElement));
  return wide.sort((one, other) => right(other) - right(one)).slice(0, 2).map(
    one => one.outerHTML.slice(0, 120)).join(" | ");
}"""


@cache
def axe() -> str:
    place = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not place.is_file():
        pytest.skip(AXE)
    return place.read_text(encoding="utf-8")


def mistakes(shots: list[Shot], stage: Stage, visitor) -> Iterator[str]:
    """Everything that is wrong with these pages, one sentence each."""
    for who in sorted({shot.who for shot in shots}):
        one = visitor(phone=True, reduced_motion="reduce")
        one.context.add_cookies(stage.cookies(who, "looking"))
        for shot in (shot for shot in shots if shot.who == who):
            page = one.page()
            yield from (f"{shot.name}: {wrong}" for wrong in _look(shot, Guest(stage, page)))
            page.close()


def _look(shot: Shot, guest: Guest) -> Iterator[str]:
    documents: list[Response] = []
    page = guest.page
    page.on("response", lambda answer: documents.append(answer) if _is_document(answer, page) else None)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.send("Network.setBypassServiceWorker", {"bypass": True})
    shot.visit(guest)
    page.wait_for_load_state("load")
    yield from _headers(shot, documents[-1])
    yield from mistakes_of_page(page)


def mistakes_of_page(page: Page) -> Iterator[str]:
    """What is wrong with a page as it stands in the browser."""
    weight = page.evaluate(WEIGH)
    if weight > WEIGHT_MAX:
        yield f"weighs {weight} bytes"
    yield from (f"small {small}" for small in page.evaluate(SMALL, TOUCH_MIN))
    high = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE["width"], "height": high})  # nothing lies under what keeps to the bottom
    page.evaluate(axe())
    yield from page.evaluate(RUN_AXE, {"rules": {"target-size": {"enabled": True}}})
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(SETTLED)
    yield from (f"in the dark {wrong}" for wrong in page.evaluate(RUN_AXE, {"runOnly": ["color-contrast"]}))
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    if wide := page.evaluate(WIDE):
        yield f"wider than a small phone: {wide}"


def _is_document(answer: Response, page: Page) -> bool:
    return (
        answer.request.is_navigation_request() and answer.frame == page.main_frame and answer.status not in {302, 303}
    )


def _headers(shot: Shot, document: Response) -> Iterator[str]:
    if document.status != shot.status:
        yield f"answers {document.status}"
    told = document.headers
    yield from (f"{name} is {told.get(name)}" for name, value in WALLS.items() if told.get(name) != value)
    if "no-store" not in told.get("cache-control", "") and not shot.is_public:
        yield f"may be kept: {told.get('cache-control')}"
    if told.get("content-encoding") != "gzip":
        yield "is not compressed"
