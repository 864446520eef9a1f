"""What the document says about raffles."""

from __future__ import annotations

from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

_ANNOUNCED = {
    "code": "march",
    "name": "Весна",
    "currency": "ticket",
    "prizes": ["Самокат"],
    "one_each": True,
    "state": "announced",
    "secret_hash": "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55",
    "announced_at": "2026-03-01T10:15:00Z",
    "closed_at": None,
    "list_hash": "",
    "entrants": [],
    "drawn_at": None,
    "secret": "",
    "wins": [],
}
_CLOSED = _ANNOUNCED | {
    "state": "closed",
    "closed_at": "2026-03-31T21:00:00Z",
    "list_hash": "a9dcaf94cfae6d6d536664dd0d8b276f466809780ec290b5e638790e457fc730",
    "entrants": [{"mark": "a", "tickets": 1}, {"mark": "b", "tickets": 2}, {"mark": "c", "tickets": 7}],
}

ANNOUNCE = Told(
    summary="Announce a raffle",
    description="Makes a secret and tells its SHA-256; the secret itself is told when the raffle is drawn.",
    request={"code": "march", "name": "Весна", "currency": "ticket", "prizes": ["Самокат"]},
    response=_ANNOUNCED,
    errors=(Code.INVALID, Code.MISSING, Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
CLOSE = Told(
    summary="Close a raffle",
    description="Freezes the list of tickets and tells its SHA-256. Later purchases and returns change nothing.",
    response=_CLOSED,
    errors=(Code.INVALID, Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
DRAW = Told(
    summary="Draw a raffle",
    description="Tells the secret and the winners. `kopilka raffle verify` checks the answer, as anybody can.",
    response=_CLOSED
    | {
        "state": "drawn",
        "drawn_at": "2026-04-01T09:00:00Z",
        "secret": "0000000000000000000000000000000000000000000000000000000000000000",
        "wins": [{"prize": "Самокат", "ticket": 10, "mark": "c"}],
    },
    errors=(Code.INVALID, Code.NOT_FOUND),
)
READ = Told(
    summary="Read a raffle",
    description="What is published by now.",
    response=_ANNOUNCED,
    errors=(Code.NOT_FOUND,),
)
