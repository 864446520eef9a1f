"""Ten tills that sell at once over HTTP, each with a customer of its own."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from statistics import quantiles
from threading import Barrier
from urllib.parse import urlencode

from tools.screenshots.stage import CASHIER, Stage

TILLS = 10


@dataclass(frozen=True)
class Pace:
    """`pause` seconds from one key press of a till to its next; `at_once`: of all tills in the same instant."""

    name: str
    pause: float
    at_once: bool = False


PACES = (
    Pace("one after the other, without a pause", 0.0),
    Pace("a key press of each till every second, all at the same moment", 1.0, at_once=True),
    Pace("a key press of each till every second, each at its own moment", 1.0),
)


@dataclass
class Browser:
    """Keeps one connection and its cookies; notes how long each answer took."""

    host: str
    path: str
    cookies: dict[str, str]
    times: list[float] = field(default_factory=list)
    html: str = ""
    token: str = ""

    def open(self) -> None:
        self.line = HTTPConnection(self.host)
        self._ask("GET", "", {})
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.html)[1]  # type: ignore[index]

    def enter(self, text: str) -> None:
        names = ("receipt", "seen_paid", "seen_units")
        shown = {name: re.search(rf'name="{name}" value="([^"]*)"', self.html) for name in names}
        typed = {name: found[1] for name, found in shown.items() if found}
        self._ask("POST", "find/", {**typed, "text": text})

    def _ask(self, method: str, page: str, form: dict[str, str]) -> None:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers |= {
                "HX-Request": "true", "X-CSRFToken": self.token, "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
        began = time.perf_counter()
        self.line.request(method, self.path + page, urlencode(form), headers)
        answer = self.line.getresponse()
        self.html = answer.read().decode()
        self.times.append(time.perf_counter() - began)
        assert answer.status == 200, (answer.status, self.html[:500])
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


def ten_tills(stage: Stage, sales: int) -> str:
    browsers = [
        Browser(
            stage.address.removeprefix("http://"), stage.path("till-sale"),
            {one["name"]: one["value"] for one in stage.cookies(CASHIER, f"load {number}")},
        )
        for number in range(TILLS)
    ]  # fmt: skip
    rows = [
        "| ten tills | sales | answers | median, ms | 95th percentile, ms | longest, ms | computed each, ms | load |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for pace in PACES:
        for one in browsers:
            one.open()
            one.times.clear()
        computed = computed_seconds()
        together = Barrier(TILLS)
        with ThreadPoolExecutor(TILLS) as pool:
            list(pool.map(_sell, browsers, range(TILLS), repeat(sales), repeat(pace), repeat(together)))
        computed = computed_seconds() - computed
        times = sorted(1000 * took for one in browsers for took in one.times)
        cut = quantiles(times, n=20)
        rows.append(
            f"| {pace.name} | {TILLS * sales} | {len(times)} | {cut[9]:.0f} | {cut[18]:.0f} | {times[-1]:.0f} "
            f"| {1000 * computed / len(times):.1f} | {os.getloadavg()[0]:.1f} |"
        )
    return "\n".join([*rows, ""])


def computed_seconds() -> float:
    """What the processes below this one have computed so far: the server's. A PostgreSQL is started elsewhere."""
    below: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = place.read_text().rpartition(")")[2].split()
            below.setdefault(int(words[1]), []).append(int(place.parent.name))
            spent[int(place.parent.name)] = int(words[11]) + int(words[12])
    ours = below.get(os.getpid(), [])
    for one in ours:
        ours += below.get(one, [])
    return sum(spent.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


def _sell(browser: Browser, number: int, sales: int, pace: Pace, together: Barrier) -> None:
    if not pace.at_once:
        time.sleep(pace.pause * number / TILLS)
    for _ in range(sales):
        for text in (f"+790000000{number + 1:02}", "350", ""):
            if pace.at_once:
                together.wait()
            began = time.perf_counter()
            browser.enter(text)
            time.sleep(max(0.0, pace.pause - (time.perf_counter() - began)))
        assert "data-done" in browser.html, browser.html[:2000]
