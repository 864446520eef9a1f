"""A raffle's winners, from a secret told as a hash beforehand and a frozen list of tickets: anybody can repeat it.

Whose hash of the secret was published before the list was closed could not choose the secret by the list; whose list
was hashed before the secret was told could not choose the list by the secret. docs/algorithms/raffle.md says it in
twenty lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

SPAN = 2**256


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody in the list: `mark` instead of a name, and how many tickets he has."""

    mark: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Win:
    """A prize, the number of the ticket that won it (from 1), and whose it is."""

    prize: str
    ticket: int
    mark: str


def text_of(entrants: Sequence[Entrant]) -> str:
    """The list as it is hashed: a line for each, mark and tickets, in the order of the marks."""
    return "".join(f"{one.mark} {one.tickets}\n" for one in sorted(entrants, key=lambda one: one.mark))


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def draw_winners(secret: str, entrants: Sequence[Entrant], prizes: Sequence[str], *, one_each: bool) -> list[Win]:
    """Prize after prize in their order; a ticket wins once, and with `one_each` so does its owner.

    Prizes for which nobody is left are not drawn.
    """
    ordered = sorted(entrants, key=lambda one: one.mark)
    total = sum(one.tickets for one in ordered)
    listed = hash_of(text_of(ordered))
    wins: list[Win] = []
    for place, prize in enumerate(prizes, 1):
        left = _left(ordered, wins, one_each=one_each)
        tries = 0
        while left:
            tries += 1
            drawn = int(hash_of(f"{secret} {listed} {place} {tries}"), 16)
            if drawn >= SPAN - SPAN % total:
                continue
            ticket = drawn % total + 1
            mark = _owner(ordered, ticket)
            if any(win.ticket == ticket or (one_each and win.mark == mark) for win in wins):
                continue
            wins.append(Win(prize, ticket, mark))
            break
    return wins


def _left(ordered: Sequence[Entrant], wins: Sequence[Win], *, one_each: bool) -> int:
    """Tickets that may still win."""
    if not one_each:
        return sum(one.tickets for one in ordered) - len(wins)
    won = {win.mark for win in wins}
    return sum(one.tickets for one in ordered if one.mark not in won)


def _owner(ordered: Sequence[Entrant], ticket: int) -> str:
    """Tickets are numbered from 1, all of the first in the list, then all of the second, and so on."""
    for one in ordered:
        ticket -= one.tickets
        if ticket <= 0:
            return one.mark
    raise AssertionError("a ticket of nobody was drawn")
