"""Checking the books: every invariant of INVARIANTS.md that can be seen in them, each broken place named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from kopilka.queries.books import day_seals, snapshot
from kopilka.services.book_checks import belonging, certificates, chain, deeds, ledger, sales
from kopilka.services.book_checks.finding import Finding

__all__ = ["CHECKS", "CheckResult", "Finding", "Seal", "check_books", "check_programs_of_rows", "last_seal"]

Check = Callable[[UUID], Iterator[Finding]]

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("I1", "operations sum to zero", ledger.operations_sum_to_zero),
    ("I2", "wallets are the sums of their entries", ledger.wallets_are_their_entries),
    ("I3", "the chain of seals is whole", chain.seals_hold),
    ("I4", "lots add up and belong to one member", ledger.lots_add_up),
    ("I4", "wallets are the sums of their lots", ledger.wallets_are_their_lots),
    ("I7", "nobody is below zero", ledger.nobody_is_below_zero),
    ("I8", "holds end once and hold what they say", ledger.holds_end_once),
    ("I11", "a receipt is booked once", sales.receipts_are_booked_once),
    ("I12", "returns stay within their purchases", sales.returns_stay_within_purchases),
    ("I13", "points given back keep their life", ledger.restored_points_keep_their_life),
    ("I14", "a request happens once", ledger.requests_happen_once),
    ("I15", "acts are whole", sales.acts_are_whole),
    ("I18", "purchases add up to what was decided", sales.purchases_add_up),
    ("I20", "references stay inside the program", belonging.references_stay_inside),
    ("I21", "members' counters are their purchases", belonging.members_are_their_purchases),
    ("I22", "certificates are the sums of their entries", certificates.certificates_add_up),
    ("I23", "others got what was decided and is not returned", deeds.shares_are_what_was_decided),
    ("I24", "deeds that gave points have their operations", deeds.deeds_did_what_they_say),
)
"""Invariant, what is checked, and the check: one finding for each broken place, none when all is well."""

FINDINGS_MAX = 1000
"""Of one check; who has more has one cause for them."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found in one program (None: across programs)."""

    program_id: UUID | None
    invariant: str
    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """The last link of the chain on a closed day, as hexadecimal text: what an owner keeps elsewhere."""

    day: date
    number: int
    chain_hash: str


def last_seal(*, program_id: UUID) -> Seal | None:
    """The newest closed day of a program; None before its first day is over."""
    with snapshot(program_id):
        sealed = day_seals(program_id)
    if not sealed:
        return None
    number, day, chain_hash = sealed[-1]
    return Seal(day, number, bytes(chain_hash).hex())


def check_books(
    *, program_id: UUID, only: Iterable[str] = (), progress: Callable[[str], None] | None = None
) -> Iterator[CheckResult]:
    """Check one program's books in one snapshot, a result for each check as it is done; writes nothing.

    `only`: these invariants. `progress` is told what is being checked.
    """
    wanted = set(only)
    with snapshot(program_id):
        for invariant, title, check in CHECKS:
            if wanted and invariant not in wanted:
                continue
            if progress:
                progress(title)
            found = tuple(islice(check(program_id), FINDINGS_MAX))
            yield CheckResult(program_id, invariant, title, found)


def check_programs_of_rows() -> CheckResult:
    """Rows that belong to no program: only a few tables let the database watch that (ADR 0006)."""
    found = tuple(islice(belonging.rows_have_programs(), FINDINGS_MAX))
    return CheckResult(None, "I20", "every row belongs to a program", found)
