"""Is the process alive, can it do its work? /healthz and /readyz, asked by whoever watches the server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar.types import HTTPScope

from kopilka.api.answers import JSON, Answer, encode
from kopilka.api.desk import Desk
from kopilka.api.faults import Fault, Problem
from kopilka.queries.readiness import readiness

ALLOWED = frozenset({"GET", "HEAD"})


async def answer_alive(desk: Desk, scope: HTTPScope) -> Answer[Any]:
    """200 as long as the event loop turns; asks nothing else."""
    del desk
    return _answer(scope, 200, {"status": "alive"})


async def answer_ready(desk: Desk, scope: HTTPScope) -> Answer[Any]:
    """200 with the state of each part, 503 when one of them keeps us from working."""
    _must_be_allowed(scope)
    try:
        found = await desk.read(readiness, at=datetime.now(UTC))
    except Problem:
        return _answer(scope, 503, {"status": "not_ready", "database": "unreachable"})
    return _answer(scope, 200 if found.is_ready else 503, found.told())


def _answer(scope: HTTPScope, status: int, document: dict[str, Any]) -> Answer[Any]:
    _must_be_allowed(scope)
    return Answer(status, b"" if scope["method"] == "HEAD" else encode(document), (JSON,))


def _must_be_allowed(scope: HTTPScope) -> None:
    if scope["method"] not in ALLOWED:
        raise Problem(Fault.METHOD_NOT_ALLOWED)
