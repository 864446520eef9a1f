"""A cashier in a real browser: every key counted, every second from the first key to "sold"."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.utils import timezone
from playwright.sync_api import Page, expect

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.queries.members import member_id_by
from kopilka.services.codes import issue_code
from kopilka.services.live_codes import secret_of
from kopilka.services.member_pins import set_pin
from kopilka.services.member_sessions import member_by_token, start_session
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.browser import chrome, visit
from tools.screenshots.stage import CASHIER, Stage

AMOUNT, PIN, KEY_SECONDS = "350", "7319", 0.15
"""What is sold, the PIN he has, and how long a practised hand needs for a key."""


def typed_sales(stage: Stage, chromium: str, times: int) -> str:
    rows = ["| sale | keys after the phone | seconds, of these waiting |", "|---|---:|---:|"]
    with chrome(chromium) as browser:
        one = visit(browser, stage.address)
        one.context.add_cookies(stage.cookies(CASHIER, "till times"))
        page = one.page(stage.path("till-sale"))
        for name, play in _plays(stage).items():
            keys, waits = zip(*(_timed(page, play) for _ in range(times)), strict=True)
            seconds = median(waits) + keys[0] * KEY_SECONDS
            rows.append(f"| {name} | {keys[0]} | {seconds:.1f}, {median(waits):.1f} |")
    return "\n".join([*rows, ""])


class Hand:
    """Presses keys at once and counts them; what it waits for is the machine."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def type(self, text: str, key: str = "Enter", *, counted: bool = True) -> None:
        self.page.keyboard.type(text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and "/quote/" not in answer.url):
            self.page.keyboard.press(key)
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        self.keys += (len(text) + 1) * counted


def _timed(page: Page, play: Callable[[Hand], None]) -> tuple[int, float]:
    hand = Hand(page)
    page.locator("#till-text").focus()
    began = time.perf_counter()
    play(hand)
    page.locator(".result").wait_for()
    took = time.perf_counter() - began
    page.wait_for_timeout(800)
    page.reload()
    return hand.keys, took


def _plays(stage: Stage) -> dict[str, Callable[[Hand], None]]:
    program, phone = stage.program, "9000000002"
    member = member_id_by(program.id, "phone", f"+7{phone}")
    now = timezone.now()
    set_pin(program_id=program.id, member_id=member, pin=PIN, by=SYSTEM_ACTOR, at=now)
    given = AdjustRequest(member, "bonus", 10_000, "till times", SYSTEM_ACTOR, now)
    adjust_points(program_id=program.id, request=given)
    at_card = member_by_token(
        program_id=program.id,
        token=start_session(program_id=program.id, member_id=member, label="", came_by="code", at=now).token,
        at=now,
    )
    assert at_card is not None

    def earn(hand: Hand) -> None:
        hand.type(phone, counted=False)
        hand.type(AMOUNT)
        hand.type("")

    def by_pin(hand: Hand) -> None:
        hand.type(phone, counted=False)
        hand.type(AMOUNT, "F4")
        hand.type(PIN)

    def by_code(hand: Hand) -> None:
        code = issue_code(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=timezone.now()).code
        hand.type(phone, counted=False)
        hand.type(AMOUNT, "F4")
        hand.type(code)

    def by_scan(hand: Hand) -> None:
        at = timezone.now()
        code = write_code(secret_of(at_card.session_id), at_card.live_number, slot_of(at))
        hand.page.locator("#till-text").fill(code)
        hand.type("", counted=False)
        hand.type(AMOUNT, "F4")
        hand.type("")

    return {
        "phone, amount, earns": earn,
        "phone, amount, all points, PIN": by_pin,
        "phone, amount, all points, code of six digits": by_code,
        "rotating code scanned, amount, all points": by_scan,
    }
