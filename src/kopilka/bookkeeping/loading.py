"""From rows to a member's Standing: the only place where rows and the engine's values meet on the way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.documents import Balance
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.kernel.query import Found
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.engine import conditions
from kopilka.engine.decision import Decision
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Lot, Standing, WalletState
from kopilka.engine.stays import stays_of

BIRTH_DATE = "birth_date"
"""What may be wanted beside a member's own row: personal data are read only where the rules ask for them."""

_ASK_BIRTH_DATE = frozenset({"age", "birthday"})


@dataclass(slots=True)
class Known:
    """A member as loaded: his standing, and what the books know that the engine need not.

    `standing.segments` are those he was put into, over or not, until somebody asks `segments_at` for a moment.
    """

    standing: Standing
    status: str = "active"

    @property
    def tier_since(self) -> datetime | None:
        return self.standing.tier_since

    @tier_since.setter
    def tier_since(self, since: datetime | None) -> None:
        self.standing.tier_since = since

    def count_purchase(self, decision: Decision) -> None:
        """Add a confirmed purchase to the counters; a tier decided from another tier than today's is not taken over."""
        standing = self.standing
        standing.purchases += 1
        standing.spent += decision.totals.paid
        if standing.last_purchase_at is None or decision.at >= standing.last_purchase_at:
            standing.last_purchase_minor, standing.last_purchase_at = decision.totals.net, decision.at
        if standing.tier in {"", decision.tier} and standing.tier != decision.tier_after:
            standing.tier, standing.tier_since = decision.tier_after, decision.at

    def must_be_active(self) -> None:
        if self.status != "active":
            raise Refusal(Code.MEMBER_BLOCKED)


@dataclass(slots=True)
class Refs:
    """References to members as the columns of a query's given table; `number` tells which one was found."""

    numbers: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    ids: list[UUID | None] = field(default_factory=list)

    def add(self, number: int, kind: str, value: str, member_id: UUID | None) -> None:
        self.numbers.append(number)
        self.kinds.append(kind)
        self.values.append(value)
        self.ids.append(member_id)

    def columns(self) -> tuple[Sequence[Any], ...]:
        return self.numbers, self.kinds, self.values, tuple(self.ids)


def load_standing(
    program_id: UUID,
    member_id: UUID,
    *,
    at: datetime,
    lots: bool = False,
    lock: bool = True,
    want: frozenset[str] = frozenset(),
) -> Standing:
    """One member's standing, with wallets; `lots` with those that still hold points; `not_found`.

    Inside a transaction. `lock` takes the member's row first: whoever will write must. `want` may hold BIRTH_DATE.
    """
    return load_standings(program_id, [member_id], at=at, lots=lots, lock=lock, want=want)[member_id]


def load_known(program_id: UUID, member_id: UUID) -> Known:
    """A member locked, with wallets and the lots that still hold points, for whoever acts on him; `not_found`."""
    return load_several(program_id, [member_id])[member_id]


def load_several(program_id: UUID, member_ids: Iterable[UUID], *, lots: bool = True) -> dict[UUID, Known]:
    """Several members locked in the order of their ids, with wallets and (`lots`) open lots; `not_found`."""
    wanted = sorted(set(member_ids))
    refs = Refs()
    for number, member_id in enumerate(wanted):
        refs.add(number, "", "", member_id)
    with store.together():
        store.enter(program_id)
        known = read_members(program_id, refs, lock=True)[1]
        if len(known) != len(wanted):
            raise Refusal(Code.NOT_FOUND, what="member")
        fill_standings(program_id, known, spenders=wanted if lots else (), want=frozenset({BIRTH_DATE}))
    return known


def load_standings(
    program_id: UUID,
    member_ids: Iterable[UUID],
    *,
    at: datetime,
    lots: bool = False,
    lock: bool = True,
    want: frozenset[str] = frozenset(),
) -> dict[UUID, Standing]:
    """Standings of several members, locked in the order of their ids; `not_found` when one is missing."""
    wanted = sorted(set(member_ids))
    refs = Refs()
    for number, member_id in enumerate(wanted):
        refs.add(number, "", "", member_id)
    with store.together():
        store.enter(program_id)
        known = read_members(program_id, refs, lock=lock)[1]
        if len(known) != len(wanted):
            raise Refusal(Code.NOT_FOUND, what="member")
        fill_standings(program_id, known, spenders=wanted if lots else (), want=want)
    for one in known.values():
        if one.standing.stays:
            one.standing.segments = frozenset(stay.segment for stay in one.standing.stays if stay.holds(at))
    return {member_id: one.standing for member_id, one in known.items()}


@dataclass(slots=True)
class AskedMembers:
    """Members whose rows are on their way, locked in key order, and behind them their wallets."""

    program_id: UUID
    members: Found
    wallets: Found
    by_name: bool


def ask_members(program_id: UUID, refs: Refs, *, lock: bool) -> AskedMembers:
    """The wallets travel along as a statement of its own: its snapshot is taken when the members are locked."""
    columns = refs.columns()
    members = store.ask(queries.MEMBERS, program_id, *columns, lock=lock and locks_are_on())
    by_name = any(member_id is None for member_id in refs.ids)
    if by_name:
        wallets = store.ask(queries.WALLETS_NAMED, program_id, *columns)
    else:
        wallets = store.ask(queries.WALLETS, program_id, tuple(refs.ids))
    return AskedMembers(program_id, members, wallets, by_name)


def members_found(asked: AskedMembers) -> tuple[dict[int, UUID], dict[UUID, Known]]:
    """Who the references are, by their numbers, and those members with their wallets."""
    who: dict[int, UUID] = {}
    known: dict[UUID, Known] = {}
    for row in asked.members.fetchall():
        member_id = who[row[0]] = row[1]
        if member_id not in known:
            known[member_id] = _known(row)
    _fill_wallets(known, asked.wallets)
    if asked.by_name:
        # A card may have become another's between the two statements: then its member's wallets have not come along.
        bare = [member_id for member_id, one in known.items() if not one.standing.wallets]
        if bare:
            _fill_wallets(known, store.ask(queries.WALLETS, asked.program_id, bare))
    return who, known


def _fill_wallets(known: dict[UUID, Known], found: Found) -> None:
    for member_id, wallet_id, currency, available, pending, held, debt, num, den in found.fetchall():
        one = known.get(member_id)
        if one is not None:
            wallet = WalletState(currency, available, pending, held, debt, num, den, wallet_id)
            one.standing.wallets[currency] = wallet


def read_members(program_id: UUID, refs: Refs, *, lock: bool) -> tuple[dict[int, UUID], dict[UUID, Known]]:
    """Who the references are, and those members with their wallets, locked in key order."""
    return members_found(ask_members(program_id, refs, lock=lock))


def fill_standings(
    program_id: UUID, known: dict[UUID, Known], *, spenders: Sequence[UUID], want: frozenset[str]
) -> None:
    """Read the open lots of those who spend, and what else is wanted."""
    lots = store.ask(queries.OPEN_LOTS, program_id, spenders) if spenders else None
    births = store.ask(queries.BIRTH_DATES, program_id, list(known)) if known and BIRTH_DATE in want else None
    for member_id, currency, *columns in lots.fetchall() if lots else ():
        known[member_id].standing.lots.setdefault(currency, []).append(lot_of(currency, columns))
    for member_id, text in births.fetchall() if births else ():
        known[member_id].standing.birth_date = date.fromisoformat(text)


def lot_of(currency: str, columns: Sequence[Any]) -> Lot:
    """A lot from the columns every query of lots gives."""
    lot_id, amount, remaining, starts_at, expires_at, active, expired, purchase_id, grace = columns
    return Lot(
        lot_id, currency, amount, remaining, starts_at, expires_at,
        active=active, expired=expired, purchase_id=purchase_id, grace=grace,
    )  # fmt: skip


def balances_of(standing: Standing) -> dict[str, Balance]:
    return {
        code: Balance(wallet.available, wallet.pending, wallet.held, wallet.debt)
        for code, wallet in sorted(standing.wallets.items())
    }


def wanted_facts(rulebook: Rulebook) -> frozenset[str]:
    """What this rulebook asks beside a member's own row."""
    found = _wanted.get(rulebook.fingerprint)
    if found is None:
        asked = {fact for condition in _member_conditions(rulebook) for fact in _facts(condition)}
        found = frozenset({BIRTH_DATE}) if asked & _ASK_BIRTH_DATE else frozenset()
        _wanted[rulebook.fingerprint] = found
    return found


_wanted: dict[str, frozenset[str]] = {}


def _member_conditions(rulebook: Rulebook) -> Iterator[conditions.Condition]:
    for promotion in rulebook.promotions:
        yield from filter(None, (promotion.when, promotion.lines))
    for tier in rulebook.tiers:
        yield from filter(None, (tier.enter, tier.keep.when if tier.keep else None))
    for segment in rulebook.mechanics.segments.values():
        yield from filter(None, (segment.when,))
    for share in rulebook.mechanics.shares.values():
        yield from filter(None, (share.when, share.lines))


def _facts(condition: conditions.Condition) -> Iterator[str]:
    match condition:
        case conditions.All(parts) | conditions.Any(parts):
            for part in parts:
                yield from _facts(part)
        case conditions.Not(part):
            yield from _facts(part)
        case conditions.Test(fact):
            yield fact


def _known(row: Sequence[Any]) -> Known:
    (
        _, member_id, status, enrolled_at, tier, tags, segments, purchases, spent, last_minor, last_at, referrals, link,
        tier_since, inviter, agent, tier_until, tier_lowered_at,
    ) = row  # fmt: skip
    stays = stays_of(segments) if segments else ()
    standing = Standing(
        member_id, enrolled_at, tier, frozenset(tags.split()), frozenset([stay.segment for stay in stays]),
        purchases=purchases, spent=spent, last_purchase_minor=last_minor, last_purchase_at=last_at,
        referrals=referrals, link=link, stays=stays, inviter=inviter, agent=agent,
        tier_since=tier_since, tier_until=tier_until, tier_lowered_at=tier_lowered_at,
    )  # fmt: skip
    return Known(standing, status)
