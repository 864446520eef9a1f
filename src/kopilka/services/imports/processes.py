"""The same work on several shares of a file, each in a process of its own, with what they must tell each other."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from kopilka.engine.refusal import Refusal
from kopilka.services.imports.figures import Figures
from kopilka.services.imports.rejects import Rejected

TOLD_EACH = 500
"""Receipts after which a share tells how far it is."""


class Line(Protocol):
    """The line from a share to whoever started it."""

    def tell(self, done: int) -> None:
        """So many more receipts are done."""

    def reject(self, rows: list[Rejected]) -> None: ...

    def agree(self, last: datetime) -> datetime:
        """The latest moment of all shares, given this one's."""


Work = Callable[[int, Line], Figures]
T = TypeVar("T")


def processors() -> int:
    """How many this process may use; one where a process cannot be copied."""
    return len(os.sched_getaffinity(0)) if "fork" in get_all_start_methods() else 1


def work_on_shares(
    count: int, work: Work, *, tell: Callable[[int], None], reject: Callable[[list[Rejected]], None]
) -> list[Figures]:
    """The figures of every share; one share is worked on right here."""
    if count == 1:
        return [work(0, _Here(tell, reject))]
    return _Office(count, work, tell, reject).run()


class _Here:
    def __init__(self, tell: Callable[[int], None], reject: Callable[[list[Rejected]], None]) -> None:
        self.tell = tell
        self.reject = reject

    def agree(self, last: datetime) -> datetime:
        return last


class _There:
    """In the share's process."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def tell(self, done: int) -> None:
        self._line.send(("tell", done))

    def reject(self, rows: list[Rejected]) -> None:
        self._line.send(("reject", rows))

    def agree(self, last: datetime) -> datetime:
        self._line.send(("agree", last))
        agreed: datetime = self._line.recv()
        return agreed


class _Office:
    """Starts the shares, listens to all of them, and ends them whatever happens."""

    def __init__(
        self, count: int, work: Work, tell: Callable[[int], None], reject: Callable[[list[Rejected]], None]
    ) -> None:
        self._hears: dict[str, Callable[[Any], None]] = {"tell": tell, "reject": reject}
        self._figures: list[Figures] = []
        self._moments: list[datetime] = []
        self._lines: list[Connection] = []
        copies = get_context("fork")
        self._shares = []
        for share in range(count):
            mine, theirs = copies.Pipe()
            self._lines.append(mine)
            self._shares.append(copies.Process(target=_serve, args=(work, share, theirs)))
            self._shares[-1].start()
            theirs.close()

    def run(self) -> list[Figures]:
        try:
            while len(self._figures) < len(self._shares):
                for line in wait(self._lines):
                    self._listen(line)  # type: ignore[arg-type]
        finally:
            for share in self._shares:
                share.terminate()
                share.join()
        return self._figures

    def _listen(self, line: Connection) -> None:
        kind, said = line.recv()
        if kind == "agree":
            self._moments.append(said)
            if len(self._moments) == len(self._shares):
                for each in self._lines:
                    each.send(max(self._moments))
        elif kind in self._hears:
            self._hears[kind](said)
        else:
            self._figures.append(heard(kind, said))
            self._lines.remove(line)


def _serve(work: Work, share: int, line: Connection) -> None:
    line.send(told(work, share, _There(line)))


def told(work: Callable[..., T], *given: Any) -> tuple[str, Any]:
    """What a piece of work came to, so that it can be sent to another process."""
    try:
        return "done", work(*given)
    except Refusal as refusal:
        return "refused", (refusal.code, refusal.params)
    except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits for it
        return "failed", error


def heard(kind: str, said: Any) -> Any:
    """The same where it is waited for."""
    if kind == "refused":
        code, params = said
        raise Refusal(code, **params)
    if kind == "failed":
        raise said
    return said
