"""Which segments a member belongs to: those he was put into and that are not over, and those whose condition holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kopilka.engine.checks import Check, check_of, tests_of
from kopilka.engine.conditions import Condition
from kopilka.engine.fact_readers import MOMENT, READERS, SLOTS, Reader
from kopilka.engine.receipt import Receipt
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.standing import Standing
from kopilka.engine.tiers import tier_now

SEGMENT = "segment"
KEPT_MAX = 64


def segments_at(rulebook: Rulebook, standing: Standing, at: datetime) -> frozenset[str]:
    """The member's segments at a moment, by his stays and the live conditions; `standing.segments` is not looked at."""
    put_into = frozenset([stay.segment for stay in standing.stays if stay.holds(at)])
    if not rulebook.mechanics.segments or standing.member_id is None:
        return put_into
    judge = _judge(rulebook)
    return judge.segments(standing, put_into, at) if judge.live else put_into


def one_sale_segments(sale: Sale, used_up: Iterable[str]) -> list[str]:
    """The stays that end with this sale: those for the next sale, and those a share has `used_up`."""
    once = [stay.segment for stay in sale.standing.stays if stay.next_sale and stay.holds(sale.at)]
    return sorted({*used_up, *once})


def holds_for(rulebook: Rulebook, standing: Standing, condition: Condition, at: datetime) -> bool:
    """Does a condition over member facts hold for this member now? `standing.segments` must be what they are."""
    facts = _facts(rulebook, standing, at, _readers_of([condition]))
    return check_of(condition)(facts)


def live_order(conditions: Mapping[str, Condition]) -> tuple[list[str], list[str]]:
    """Live segments so that each stands behind those its condition asks about; and those that stand in a circle."""
    order: list[str] = []
    left = dict(conditions)
    while left:
        ready = [code for code, said in left.items() if not _asked_segments(said) & (left.keys() - {""})]
        if not ready:
            return order, sorted(left)
        order += ready
        for code in ready:
            del left[code]
    return order, []


def live_fingerprints(rulebook: Rulebook) -> dict[str, str]:
    """Of each live segment a hash of its condition and of those it asks about, in an order they can be judged in."""
    live = {code: said.when for code, said in rulebook.mechanics.segments.items() if said.when is not None}
    found: dict[str, str] = {}
    for code in live_order(live)[0]:
        asked = [found[other] for other in sorted(_asked_segments(live[code])) if other in found]
        found[code] = sha256("\n".join([repr(live[code]), *asked]).encode()).hexdigest()
    return found


def _asked_segments(condition: Condition) -> frozenset[str]:
    asked = [test.value for test in tests_of(condition) if test.fact == SEGMENT]
    return frozenset(str(code) for values in asked if isinstance(values, tuple) for code in values)


@dataclass(frozen=True, slots=True)
class _Judge:
    """The live segments of a rulebook, ready to be asked for. `readers` read every fact they ask about but segments."""

    rulebook: Rulebook
    live: tuple[tuple[str, Check], ...]
    readers: tuple[tuple[int, Reader], ...]

    def segments(self, standing: Standing, put_into: frozenset[str], at: datetime) -> frozenset[str]:
        facts = _facts(self.rulebook, standing, at, self.readers)
        found, slot = put_into, SLOTS[SEGMENT]
        for code, check in self.live:
            facts[slot] = found
            if check(facts):
                found = found | {code}
        return found


_judges: dict[int, _Judge] = {}
"""By the identity of the rulebook, which its judge keeps: comparing two rulebooks takes longer than judging."""


def _judge(rulebook: Rulebook) -> _Judge:
    judge = _judges.get(id(rulebook))
    if judge is None:
        if len(_judges) >= KEPT_MAX:
            _judges.clear()
        judge = _judges[id(rulebook)] = _make_judge(rulebook)
    return judge


def _make_judge(rulebook: Rulebook) -> _Judge:
    live = {code: said.when for code, said in rulebook.mechanics.segments.items() if said.when is not None}
    order, circle = live_order(live)
    assert not circle, "the document's check lets no circle through"
    readers = _readers_of(live.values())
    slot = SLOTS[SEGMENT]
    return _Judge(
        rulebook,
        tuple((code, check_of(live[code])) for code in order),
        tuple((at, read) for at, read in readers if at != slot),
    )


def _readers_of(conditions: Iterable[Condition]) -> tuple[tuple[int, Reader], ...]:
    asked = {test.fact for condition in conditions for test in tests_of(condition)}
    return tuple((SLOTS[fact], READERS[fact]) for fact in sorted(asked))


def _facts(rulebook: Rulebook, standing: Standing, at: datetime, readers: tuple[tuple[int, Reader], ...]) -> Facts:
    """What there is to know about a member while nothing is being sold to him."""
    sale = Sale(
        standing,
        Receipt((), at),
        local=at.astimezone(rulebook.zone),
        tier=tier_now(rulebook, standing),
        per_minor=1,
    )
    facts: Facts = [None] * (MOMENT + 1)
    facts[MOMENT] = at
    for slot, read in readers:
        facts[slot] = read(sale)
    return facts
