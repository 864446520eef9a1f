"""Articles that only members of the club get: what the till must hear about lines of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kopilka.engine.checks import Selects, selector
from kopilka.engine.decision import Decision, Hint, Tell
from kopilka.engine.mechanics import ClubService, Others
from kopilka.engine.receipt import Origin, Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Sale
from kopilka.engine.segments import holds_for

KEPT_MAX = 64


@dataclass(frozen=True, slots=True)
class _Closed:
    """A service of the club with its articles, ready to be looked for."""

    said: ClubService
    selects: Selects


def club_hints(sale: Sale, rulebook: Rulebook) -> Iterator[Hint]:
    """One for each line that is not for this buyer: `count` is the line, `detail` what happens to it."""
    for closed in _closed(rulebook):
        lines = [sale.lines[i].number for i in sale.live if closed.selects(sale.lines[i], sale.facts)]
        if lines and not is_entitled(rulebook, sale, closed.said):
            for number in lines:
                yield Hint(Tell.CLUB, closed.said.code, count=number, detail=closed.said.others)


def is_entitled(rulebook: Rulebook, sale: Sale, service: ClubService) -> bool:
    standing = sale.standing
    if standing.member_id is None:
        return False
    return service.when is None or holds_for(rulebook, standing, service.when, sale.at)


def must_be_for_buyer(decision: Decision, receipt: Receipt) -> None:
    """`club_only` for a line that is refused to others; what was sold in the past and is imported was sold."""
    if decision.beyond is None or receipt.origin is Origin.IMPORT:
        return
    for hint in decision.beyond.hints:
        if hint.tell is Tell.CLUB and hint.detail == Others.REFUSED:
            raise Refusal(Code.CLUB_ONLY, line=hint.count, service=hint.code)


_closed_by_book: dict[str, tuple[_Closed, ...]] = {}


def _closed(rulebook: Rulebook) -> tuple[_Closed, ...]:
    found = _closed_by_book.get(rulebook.fingerprint)
    if found is None:
        if len(_closed_by_book) >= KEPT_MAX:
            _closed_by_book.clear()
        said = [one for one in rulebook.mechanics.club.values() if one.lines is not None]
        found = tuple(_Closed(one, selector(one.lines)) for one in said if one.lines is not None)
        _closed_by_book[rulebook.fingerprint] = found
    return found
