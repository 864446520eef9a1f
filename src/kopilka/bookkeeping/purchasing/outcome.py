"""What a batch is about to write, and writing it: one multi-row statement per table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.belongings.kinds import Belongings
from kopilka.bookkeeping.codes import OneTimeCode
from kopilka.bookkeeping.events import Happened, record_all
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.tier_rows import TierChanged, TierTerm, write_tier_changes
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.models.holds import Hold
from kopilka.data.models.members import Member, MemberCode
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.rulebooks import RuleUse
from kopilka.data.models.shares import LotIssuer
from kopilka.engine.stays import text_of

Row = tuple[Any, ...]


@dataclass(slots=True)
class Counter:
    """A limited rule's counter as locked."""

    id: UUID
    used: int


@dataclass(slots=True)
class HeldPoints:
    """A hold: `units` of one wallet set aside. `is_new`: not in the books yet."""

    id: UUID
    member_id: UUID
    wallet_id: UUID
    operation_id: UUID
    purchase_id: UUID | None
    units: int
    captured: int
    state: str
    expires_at: datetime
    created_at: datetime | None = None
    closed_at: datetime | None = None
    is_new: bool = False

    def close(self, captured: int, at: datetime) -> None:
        """Ends it, once: what was not captured went back."""
        assert self.state == "open", "a hold ends once"
        self.captured, self.closed_at = captured, at
        self.state = "captured" if captured else "released"


@dataclass(slots=True)
class Outcome:
    """Everything a batch changes, gathered in memory; `write` puts it into the books.

    `marks` are members whose tags, referrals or tier change without a purchase. `issuers` of lots that `written`
    makes: a row that names a lot before it is there would make SQLite look through all lots for each operation.
    """

    written: list[Written] = field(default_factory=list)
    purchases: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    members: dict[UUID, Known] = field(default_factory=dict)
    holds: dict[UUID, HeldPoints] = field(default_factory=dict)
    counters: dict[UUID, Counter] = field(default_factory=dict)
    codes: dict[UUID, OneTimeCode] = field(default_factory=dict)
    marks: dict[UUID, Known] = field(default_factory=dict)
    belongings: Belongings = field(default_factory=Belongings)
    tier_changes: list[TierChanged] = field(default_factory=list)
    tier_terms: list[TierTerm] = field(default_factory=list)
    issuers: list[Row] = field(default_factory=list)

    def write(self, program_id: UUID) -> None:
        """Inside the transaction that read and locked; `ledger_integrity` when an act does not sum to zero."""
        with store.together():
            if self.written:
                write_acts(program_id, self.written)
            store.insert(_ISSUERS, program_id, self.issuers)
            store.insert(PURCHASES, program_id, self.purchases)
            store.update(_STATES, program_id, self.states)
            store.replace(_MEMBERS, program_id, [_member_row(known) for known in self.members.values()])
            store.insert(_HOLDS, program_id, [_hold_row(one) for one in self.holds.values() if one.is_new])
            store.update(
                _HOLD_ENDS,
                program_id,
                [(one.id, one.captured, one.state, one.closed_at) for one in self.holds.values() if not one.is_new],
            )
            store.update(_USES, program_id, [(one.id, one.used) for one in self.counters.values()])
            store.update(_CODES, program_id, [(one.id, one.tries_left, one.used_at) for one in self.codes.values()])
            store.update(_MARKS, program_id, [_mark_row(known) for known in self.marks.values()])
            if self.tier_changes or self.tier_terms:
                write_tier_changes(program_id, self.tier_changes, self.tier_terms)
            happened = self.belongings.write() if self.belongings else []
            record_all(program_id, [*self.events, *happened])


PURCHASES = Rows(
    Purchase,
    "id", "member_id", "state", "source", "external_id", "fingerprint", "branch", "till", "staff", "agent", "origin",
    "at", "recorded_at", "version", "net_minor", "paid_minor", "receipt", "decision", "returned_minor",
    documents=("receipt", "decision"),
)  # fmt: skip
_STATES = Rows(Purchase, "id", "state")
_COUNTS = ("tier", "tier_since", "purchases", "spent_minor", "last_purchase_minor", "last_purchase_at")
_MEMBERS = Rows(
    Member, "id", "status", "enrolled_at", "tags", "segments", "referrals", "link", *_COUNTS, changes=_COUNTS
)
_HOLDS = Rows(
    Hold,
    "id", "member_id", "wallet_id", "operation_id", "purchase_id", "units", "captured", "state", "expires_at",
    "created_at", "closed_at",
)  # fmt: skip
_HOLD_ENDS = Rows(Hold, "id", "captured", "state", "closed_at")
_ISSUERS = Rows(LotIssuer, "id", "lot_id", "issuer")
_USES = Rows(RuleUse, "id", "used")
_CODES = Rows(MemberCode, "id", "tries_left", "used_at")


def _member_row(known: Known) -> Row:
    standing = known.standing
    return (
        standing.member_id, known.status, standing.enrolled_at, " ".join(standing.tags) if standing.tags else "",
        text_of(standing.stays) if standing.stays else "", standing.referrals, standing.link, standing.tier,
        standing.tier_since, standing.purchases, standing.spent, standing.last_purchase_minor,
        standing.last_purchase_at,
    )  # fmt: skip


_MARKS = Rows(Member, "id", "tags", "referrals", "tier", "tier_since")


def _mark_row(known: Known) -> Row:
    standing = known.standing
    return standing.member_id, " ".join(sorted(standing.tags)), standing.referrals, standing.tier, known.tier_since


def _hold_row(one: HeldPoints) -> Row:
    return (
        one.id, one.member_id, one.wallet_id, one.operation_id, one.purchase_id, one.units, one.captured, one.state,
        one.expires_at, one.created_at, one.closed_at,
    )  # fmt: skip
