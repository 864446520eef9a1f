"""The browser writes the same rotating codes as the server, also on a device whose clock is wrong (T12)."""

import re
from base64 import b64encode

import pytest
import segno

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


@pytest.mark.parametrize("code", [code for _, _, code in VECTORS])
def test_qr_code_is_the_one_the_server_would_draw(page, code):
    page.add_script_tag(url="/static/web/live_qr.js")
    expected = segno.make(code, version=2, error="q", mode="numeric", mask=0, boost_error=False).matrix

    drawn = page.evaluate("(code) => kopilkaQr(code)", code)

    dark = {(int(row) - 4, int(column) - 4) for column, row in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    assert dark == {
        (row, column) for row, cells in enumerate(expected) for column, is_dark in enumerate(cells) if is_dark
    }
