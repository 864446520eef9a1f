"""A till that loses nothing: a request is written down with its key before it is sent, and sent until answered."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ANSWER_SECONDS = 15.0
PATIENCE_SECONDS = 60.0
AGAIN = frozenset({"idempotency_in_flight", "busy", "overloaded", "unavailable"})

Json = dict[str, Any]
SILENCE = (0, b"", False)


@dataclass(slots=True)
class Ask:
    """A request and, once there is one, its answer.

    `sent` counts how often it had to be sent; `found` that the answer came from what an unanswered sending had booked.
    """

    key: str
    path: str
    body: Json
    status: int = 0
    answer: bytes = b""
    sent: int = 0
    found: bool = False

    @property
    def told(self) -> Json:
        found: Json = json.loads(self.answer)
        return found

    @property
    def was_done(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Line:
    """One connection to the server."""

    port: int
    token: str
    connection: http.client.HTTPConnection | None = None

    def send(self, ask: Ask) -> None:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": ask.key}
        body = None
        if ask.body:
            headers["Content-Type"] = "application/json"
            body = json.dumps(ask.body).encode()
        self.connection.request("POST", f"/api/v1{ask.path}", body, headers)

    def answer(self) -> tuple[int, bytes, bool]:
        """Status, body, whether it was told from memory."""
        assert self.connection is not None
        got = self.connection.getresponse()
        return got.status, got.read(), got.getheader("Idempotent-Replayed") == "true"

    def drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Till(threading.Thread):
    """Buys, pays with points, brings back, repeats itself; `journal` has every request before the server has it."""

    def __init__(self, number: int, port: int, token: str, members: list[str], seed: int, journal: Path) -> None:
        super().__init__(name=f"till-{number}", daemon=True)
        self.number = number
        self.members = members
        self.random = Random(seed * 1_000 + number)  # noqa: S311 - chance, not secrecy
        self.journal = journal.open("a")
        self.lines = [Line(port, token), Line(port, token)]
        self.asks: list[Ask] = []
        self.bought: list[Json] = []
        self.count: Counter[str] = Counter()
        self.closing = threading.Event()
        self.fault: BaseException | None = None

    def run(self) -> None:
        acts = [self._buy] * 6 + [self._pay] * 4 + [self._bring_back] * 3 + [self._from_hold, self._open] * 1
        try:
            while not self.closing.is_set():
                self.random.choice(acts)()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for this thread
            self.fault = error
        finally:
            self.journal.close()
            for line in self.lines:
                line.drop()

    # --- what it does ---------------------------------------------------------------------------------------------
    def _receipt(self, **more: Any) -> Json:
        lines = [
            {"sku": sku, "price": self.random.randint(100, 60_000), "quantity": self.random.choice([1, 2, "1.5"])}
            for sku in self.random.sample(["A", "B", "C"], self.random.randint(1, 3))
        ]
        codes = {"codes": ["ten"]} if self.random.random() < 0.1 else {}
        number = f"{self.number}-{len(self.asks)}"
        return {
            "external_id": number,
            "member": {"id": self.random.choice(self.members)},
            "lines": lines,
            **codes,
            **more,
        }

    def _buy(self) -> None:
        self._purchase(self._receipt())

    def _pay(self) -> None:
        self._purchase(self._receipt(spend={"mode": "max", "currency": "bonus"}))

    def _purchase(self, body: Json) -> Ask:
        ask = self._ask("/purchases", body, twice=self.random.random() < 0.1)
        if ask.was_done:
            self.bought.append(ask.told)
        return ask

    def _bring_back(self) -> None:
        """Part of a line, or all that is left; the purchase may have nothing left by now, which is refused."""
        if not self.bought:
            return
        told = self.random.choice(self.bought[-20:])
        body: Json = {"external_id": f"{self.number}-{len(self.asks)}", "purchase_id": told["id"]}
        if self.random.random() < 0.7:
            body["lines"] = [{"line": self.random.choice(told["lines"])["line"], "quantity": "0.5"}]
        self._ask("/returns", body, twice=self.random.random() < 0.2)

    def _from_hold(self) -> None:
        member = self.random.choice(self.members)
        held = self._ask(
            "/holds", {"member": {"id": member}, "currency": "bonus", "points": self.random.randint(1, 30)}
        )
        if held.was_done:
            if self.random.random() < 0.3:
                self._ask(f"/holds/{held.told['id']}/release", {})
            else:
                self._purchase({**self._receipt(hold_id=held.told["id"]), "member": {"id": member}})

    def _open(self) -> None:
        """An open purchase and its end."""
        body = self._receipt(final=False, spend={"mode": "max", "currency": "bonus"})
        opened = self._ask("/purchases", body)
        if opened.was_done:
            self._ask(f"/purchases/{opened.told['id']}/{self.random.choice(['confirm', 'cancel'])}", {})

    # --- how it asks ----------------------------------------------------------------------------------------------
    def _ask(self, path: str, body: Json, *, twice: bool = False) -> Ask:
        ask = Ask(f"{self.number}-{len(self.asks)}-{self.random.randrange(10**9)}", path, body)
        self.journal.write(json.dumps({"key": ask.key, "path": path, "body": body}) + "\n")
        self.journal.flush()
        self.asks.append(ask)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._try(ask, twice=twice):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} was not answered: {ask.status} {ask.answer[:300]!r}")
            time.sleep(0.01)
        self.journal.write(json.dumps({"key": ask.key, "status": ask.status}) + "\n")
        self.journal.flush()
        self.count[f"{path.split('/')[1]} {ask.status}"] += 1
        return ask

    def _try(self, ask: Ask, *, twice: bool) -> bool:
        """Send it, perhaps over two connections at once; True when an answer came that will not change."""
        lines = self.lines if twice else self.lines[:1]
        ask.sent += 1
        answers = []
        for line in lines:
            try:
                line.send(ask)
            except (OSError, http.client.HTTPException):
                line.drop()
        for line in lines:
            try:
                answers.append(line.answer() if line.connection else SILENCE)
            except (OSError, http.client.HTTPException):
                line.drop()
                answers.append(SILENCE)
        final = [(status, answer) for status, answer, _ in answers if is_final(status, answer)]
        ask.found = ask.sent > 1 and all(replayed for _, _, replayed in answers)
        done = [one for one in final if one[0] < 300]
        if len(set(done)) > 1:
            raise AssertionError(f"one key, two answers: {done}")
        if final:
            ask.status, ask.answer = (done or final)[0]
        return bool(final)


def is_final(status: int, answer: bytes) -> bool:
    """An answer after which nothing is sent again. A fault of the server is none: it ends the run."""
    if status == 0:
        return False
    if status < 400:
        return True
    code = json.loads(answer).get("code", "")
    if code in AGAIN:
        return False
    if status >= 500:
        raise AssertionError(f"the server failed: {status} {answer[:500]!r}")
    return True
