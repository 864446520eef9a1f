"""The history of a card: every act with what it was for, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Account, Kind
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.histories import Movement, Place, movements_of_member, names_of_branches
from kopilka.queries.scope import reading
from kopilka.services.explaining import explain
from kopilka.services.explanations import Explanation, explain_entries
from kopilka.wording.card_history import purchase_on_card
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import vocabulary_of


@dataclass(frozen=True, slots=True)
class Good:
    """An article of the receipt; `quantity` in thousandths, `net_minor` what it cost after discounts."""

    name: str
    quantity: int
    net_minor: int
    gift: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One act in one wallet. `told`: why, the most important sentence first.

    `place` and `goods` of his own purchase: where a friend has bought is not for him to know.
    """

    movement: Movement
    told: tuple[str, ...]
    place: Place | None = None
    goods: tuple[Good, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The newest first; `before`: where the next page begins, None on the last."""

    rows: tuple[HistoryRow, ...]
    before: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a history: one wallet (empty: all), within [since, until), a page of so many acts."""

    currency: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None
    limit: int = 12


def read_history(*, program_id: UUID, member_id: UUID, asked: Asked, language: Language, by: Actor) -> History:
    """A page of what happened to a member's points, each with its reason."""
    by.must(Capability.READ)
    with reading(program_id):
        movements, before = movements_of_member(
            program_id, member_id, currency=asked.currency, since=asked.since, until=asked.until, before=asked.before,
            limit=asked.limit,
        )  # fmt: skip
        found = explain_entries(program_id=program_id, entry_ids=[one.entry_id for one in movements], by=by)
        branches = names_of_branches(program_id)
        rulebooks = {version: _rulebook(program_id, version) for version in {one.version for one in found}}
    rows = []
    for movement, one in zip(movements, found, strict=True):
        is_sale = movement.kind in _SALES
        place = Place(branches.get(one.branch, ""), one.paid_minor) if is_sale and one.purchase_id else None
        goods = _goods(one.decision) if is_sale else ()
        rulebook = rulebooks[one.version]
        told = (is_sale and _of_sale(one, rulebook, language)) or explain(
            one, rulebook, language, held_until=one.held_until
        )
        rows.append(HistoryRow(movement, tuple(told), place, goods))
    return History(tuple(rows), before)


def _of_sale(found: Explanation, rulebook: Rulebook | None, language: Language) -> list[str]:
    """A purchase of his own, as its buyer reads it; empty where nothing is known of it."""
    if found.decision is None or rulebook is None:
        return []
    is_pending = found.entry.account == Account.PENDING
    words = vocabulary_of(rulebook, language)
    return purchase_on_card(found.decision, found.entry.currency, words, is_pending=is_pending)


def _rulebook(program_id: UUID, version: int | None) -> Rulebook | None:
    try:
        return load_rulebook(program_id)[1] if version is None else load_rulebook_version(program_id, version)
    except Refusal:
        return None


def _goods(decision: Decision | None) -> tuple[Good, ...]:
    lines = decision.lines if decision else []
    return tuple(Good(line.name or line.sku, line.quantity, line.net, line.gift) for line in lines)


_SALES = frozenset({Kind.PURCHASE, Kind.CONFIRM})
