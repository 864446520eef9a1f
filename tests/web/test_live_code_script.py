"""The browser writes the same rotating codes as the server, also on a device whose clock is wrong (T12)."""

from base64 import b64encode

import pytest

from tests.engine.test_live_codes import SECRET, VECTORS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SERVED = 1_772_442_000
"""Unix seconds of 2026-03-02 09:00 UTC."""


@pytest.fixture
def page(visitor):
    page = visitor().page("/card/nowhere/")
    for name in ("live_code", "clock"):
        page.add_script_tag(url=f"/static/web/{name}.js")
    return page


def test_script_writes_the_codes_of_the_engine(page):
    secret = b64encode(SECRET).decode()

    written = [
        page.evaluate(
            "([number, slot, secret]) => kopilkaLive(number, secret, slot * 30 + 29.9)", [str(n), slot, secret]
        )
        for n, slot, _ in VECTORS
    ]

    assert written == [code for _, _, code in VECTORS]


def test_wrong_clock_of_the_device_is_put_right(page):
    told = page.evaluate("(served) => kopilkaClock(served)()", SERVED)

    assert abs(told - SERVED) < 60


def test_page_from_the_store_of_the_browser_does_not_turn_the_clock_back(page):
    page.evaluate("(served) => kopilkaClock(served)()", SERVED)

    told = page.evaluate("(served) => kopilkaClock(served)()", SERVED - 3600)

    assert abs(told - SERVED) < 60
