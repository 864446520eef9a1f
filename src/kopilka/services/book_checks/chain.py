"""The seal chain, recomputed link by link (I3)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from kopilka.engine.chain import START, canonical_bytes, link
from kopilka.queries import books
from kopilka.services.book_checks.finding import Finding, finding

BROKEN_MAX = 100
"""After so many broken links the rest says nothing new."""


def seals_hold(program_id: UUID) -> Iterator[Finding]:
    """Names program, day and number of each link that is not what the entries say.

    After a broken link the chain goes on from the stored hash, so that one changed entry is one finding.
    """
    days = {number: (day, bytes(chain_hash)) for number, day, chain_hash in books.day_seals(program_id)}
    before, expected_number, broken = START, 1, 0
    for number, day, chain_hash, *entry in books.seals(program_id):
        where = {"program": program_id, "day": day, "number": number, "entry": entry[0]}
        stored = bytes(chain_hash)
        if number != expected_number:
            yield finding("seal_missing", program=program_id, day=day, number=expected_number)
        elif link(before, canonical_bytes(*entry)) != stored:
            broken += 1
            yield finding("seal_broken", **where)
        if number in days and days.pop(number) != (day, stored):
            yield finding("day_seal_differs", **where)
        before, expected_number = stored, number + 1
        if broken >= BROKEN_MAX:
            return
    for number, (day, _) in days.items():
        yield finding("day_seal_of_nothing", program=program_id, day=day, number=number)
