"""Killing a server under load, again and again, and asking at the end whether anything is missing, doubled or half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import quote

from tools.trust.client import Ask, Json, Line, Till
from tools.trust.serving import Server

TILLS = 4
LATEST_KILL_SECONDS = 0.5
CALM_SECONDS = 0.3


@dataclass(slots=True)
class Report:
    """What a run came to. Of the requests `sent_again`, `found_booked` had been committed when the server died.

    `wrong` names every contradiction, and must be empty.
    """

    database: str
    seed: int
    kills: int = 0
    requests: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    found_booked: int = 0
    seconds: float = 0.0
    ready_p50: float = 0.0
    ready_worst: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)
    purchases: int = 0
    entries: int = 0
    wrong: list[str] = field(default_factory=list)


def run_kills(times: int, *, environment: dict[str, str], database: str, seed: int) -> Report:
    """Kill a server `times` times; `environment` names its database, empty before."""
    began = time.monotonic()
    report = Report(database, seed)
    with tempfile.TemporaryDirectory(prefix="kopilka-kill-") as folder:
        home = Path(folder)
        environment = {**environment, "KOPILKA_HOME": str(home / "home"), "KOPILKA_ENV": "production"}
        given = json.loads(_run(environment, "-m", "tools.trust.prepare"))
        server = Server(environment, home / "server.log")
        tills: list[Till] = []
        try:
            server.start()
            tills += [
                Till(n, server.port, given["key"], given["members"], seed, home / f"till-{n}.jsonl")
                for n in range(TILLS)
            ]
            _load(server, tills, times, Random(seed))  # noqa: S311 - chance, not secrecy
            report.kills = times
            _check(report, server, tills, given)
        except Exception as error:
            raise RuntimeError(f"the server's last words: {server.log.read_text()[-3000:]}") from error
        finally:
            for till in tills:
                till.closing.set()
            server.kill()
        _check_books(report, environment)
        starts = sorted(server.ready_seconds)
        report.ready_p50, report.ready_worst = starts[len(starts) // 2], starts[-1]
    report.seconds = time.monotonic() - began
    return report


def _load(server: Server, tills: list[Till], times: int, random: Random) -> None:
    for till in tills:
        till.start()
    for _ in range(times):
        _wait_for_more(tills)
        time.sleep(random.uniform(0, LATEST_KILL_SECONDS))
        server.kill()
        server.start()
    time.sleep(CALM_SECONDS)
    for till in tills:
        till.closing.set()
    for till in tills:
        till.join(90)
        if till.is_alive():
            raise TimeoutError(f"{till.name} does not come to an end")
    _raise_faults(tills)


def _wait_for_more(tills: list[Till]) -> None:
    """Until requests flow again after a start."""
    before = sum(len(till.asks) for till in tills)
    deadline = time.monotonic() + 60
    while sum(len(till.asks) for till in tills) <= before + len(tills):
        _raise_faults(tills)
        if time.monotonic() > deadline:
            raise TimeoutError("no request is answered any more")
        time.sleep(0.005)


def _raise_faults(tills: list[Till]) -> None:
    for till in tills:
        if till.fault is not None:
            raise RuntimeError(f"{till.name} has failed") from till.fault


# --- afterwards -----------------------------------------------------------------------------------------------------
def _check(report: Report, server: Server, tills: list[Till], given: Json) -> None:
    asks = [ask for till in tills for ask in till.asks]
    done = [ask for ask in asks if ask.was_done]
    report.requests, report.acknowledged = len(asks), len(done)
    report.sent_again = sum(ask.sent > 1 for ask in asks)
    report.found_booked = sum(ask.found for ask in asks)
    report.answers = dict(sum((till.count for till in tills), Counter[str]()))
    report.wrong += _replays(server.port, given["key"], done)
    ledger = Ledger()
    for ask in done:
        ledger.add(ask)
    door = Door(server.port, given["key"])
    report.wrong += _purchases(door, ledger, report)
    for member in given["members"]:
        report.wrong += _member(door, member, ledger, report)


def _replays(port: int, token: str, done: list[Ask]) -> Iterator[str]:
    """Every acknowledged answer is given again, byte by byte."""
    line = Line(port, token)
    for ask in done:
        line.send(ask)
        status, answer, replayed = line.answer()
        if (status, answer) != (ask.status, ask.answer) or not replayed:
            yield f"{ask.path} {ask.key}: {ask.status} {ask.answer[:200]!r} became {status} {answer[:200]!r}"
    line.drop()


@dataclass(slots=True)
class Ledger:
    """The clients' own books: what the acknowledged answers add up to, by (member, currency)."""

    points: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    purchases: dict[str, str] = field(default_factory=dict)
    opened: dict[str, Json] = field(default_factory=dict)
    holds: dict[str, Json] = field(default_factory=dict)
    operations: int = 0

    def add(self, ask: Ask) -> None:
        told = ask.told
        self.operations += 1
        match ask.path.split("/")[1:]:
            case ["purchases"]:
                self._purchase(ask, told)
            case ["purchases", key, _]:
                self._end(key, told)
            case ["holds"]:
                self.held[told["member_id"], told["currency"]] += told["points"]
                self.holds[told["id"]] = told
            case ["holds", key, _]:
                self._let_go(key)
            case ["returns"]:
                self._return(told)

    def _purchase(self, ask: Ask, told: Json) -> None:
        assert told["id"] not in self.purchases, "two requests, one purchase"
        self.purchases[told["id"]] = told["state"]
        if "hold_id" in ask.body:
            self._let_go(ask.body["hold_id"])
        if told["state"] == "open":
            self.opened[told["id"]] = told
            for one in told["spend"]:
                self.held[told["member_id"], one["currency"]] += one["applied"]
        else:
            self._final(told)

    def _end(self, key: str, told: Json) -> None:
        opened = self.opened.pop(key)
        self.purchases[key] = told["state"]
        for one in opened["spend"]:
            self.held[opened["member_id"], one["currency"]] -= one["applied"]
        if told["state"] == "confirmed":
            self._final(opened)

    def _final(self, told: Json) -> None:
        for one in told["earn"]:
            self.points[told["member_id"], one["currency"]] += one["points"]
        for one in told["spend"]:
            self.points[told["member_id"], one["currency"]] -= one["applied"]

    def _let_go(self, key: str) -> None:
        hold = self.holds.pop(key)
        self.held[hold["member_id"], hold["currency"]] -= hold["points"]

    def _return(self, told: Json) -> None:
        for one in told["points"]:
            back = one["given_back"] - one["lapsed"] - one["taken_back"] - one["owed"]
            self.points[told["member_id"], one["currency"]] += back


@dataclass(slots=True)
class Door:
    port: int
    token: str

    def get(self, path: str) -> Json:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
            found: Json = json.load(answer)
            return found

    def pages(self, path: str) -> Iterator[Json]:
        cursor = ""
        while True:
            page = self.get(f"{path}limit=200{cursor}")
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = f"&cursor={quote(page['next'])}"


def _purchases(door: Door, ledger: Ledger, report: Report) -> Iterator[str]:
    """Nothing is missing, nothing is there twice, nothing is there that nobody was told of."""
    listed = [(one["id"], one["state"]) for one in door.pages("/purchases?")]
    report.purchases = len(listed)
    if len(set(listed)) != len(listed):
        yield "a purchase is listed twice"
    there = dict(listed)
    yield from (f"purchase {key} is missing" for key in ledger.purchases.keys() - there.keys())
    yield from (f"purchase {key} was never acknowledged" for key in there.keys() - ledger.purchases.keys())
    yield from (
        f"{key} is {there[key]}, not {told}" for key, told in ledger.purchases.items() if there.get(key) != told
    )


def _member(door: Door, member: str, ledger: Ledger, report: Report) -> Iterator[str]:
    """The wallet is what the answers add up to, and so is the statement."""
    stated: Counter[tuple[str, str]] = Counter()
    for entry in door.pages(f"/members/{member}/entries?"):
        stated[entry["currency"], entry["account"]] += entry["points"]
        report.entries += 1
    for wallet in door.get(f"/members/{member}/wallets")["wallets"]:
        code = wallet["currency"]
        have = {name: wallet[name] for name in ("available", "pending", "held", "debt")}
        entries = {name: stated[code, name] * (-1 if name == "debt" else 1) for name in have}
        if have != entries:
            yield f"{member} {code}: wallet {have}, statement {entries}"
        whole = have["available"] + have["pending"] + have["held"] - have["debt"]
        if whole != ledger.points[member, code]:
            yield f"{member} {code}: {whole} in the wallet, {ledger.points[member, code]} by the answers"
        if have["held"] != ledger.held[member, code]:
            yield f"{member} {code}: {have['held']} held, {ledger.held[member, code]} by the answers"


def _check_books(report: Report, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kopilka.cli.main", "books", "check", "--json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        report.wrong.append(f"kopilka books check: {done.stdout[-2000:]} {done.stderr[-500:]}")


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def plain_environment() -> dict[str, str]:
    """Ours, without what names a database."""
    return {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
