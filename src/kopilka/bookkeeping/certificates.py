"""The books of gift certificates: money paid beforehand, in double entry of its own, apart from points.

Accounts `balance` and `held` belong to a certificate, the others to the program; the entries of one operation sum to
zero, and what stands in the row is the sum of its entries (`kopilka books check`, I22).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from django.conf import settings
from django.db.models import F

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.certificates import Certificate, CertificateEntry
from kopilka.engine.certificate_kinds import CertificateKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

DIGITS = 16
PIN_DIGITS = 4
PIN_TRIES = 5


class Account(StrEnum):
    """Where money of certificates stands."""

    BALANCE = "balance"
    HELD = "held"
    SOLD = "sold"
    SPENT = "spent"
    PAID_OUT = "paid_out"
    EXPIRED = "expired"


class Move(StrEnum):
    """Why it moves."""

    ISSUE = "issue"
    TOP_UP = "top_up"
    HOLD = "hold"
    RELEASE = "release"
    SPEND = "spend"
    GIVE_BACK = "give_back"
    TAKE_BACK = "take_back"
    PAY_OUT = "pay_out"


@dataclass(slots=True)
class OwnedCertificate:
    """A certificate as locked; it changes here first and is written later. Money in minor units."""

    id: UUID
    number: str
    kind: str
    asks_pin: bool
    tries_left: int
    state: str
    balance: int
    held: int
    valid_until: datetime | None
    purchase_id: UUID | None = None
    line: int | None = None
    is_new: bool = False

    def why_not(self, at: datetime) -> str:
        """Why it cannot pay now; empty: it can."""
        if self.state != "active":
            return self.state
        return "expired" if self.valid_until is not None and self.valid_until <= at else ""


@dataclass(frozen=True, slots=True)
class Cause:
    """What an operation belongs to, when it happened and was booked, and who did it."""

    subject_id: UUID | None
    at: datetime
    recorded_at: datetime
    by: str = ""
    reason: str = ""


@dataclass(slots=True)
class CertificateBook:
    """Moves of one transaction: made in memory, written by two statements."""

    program_id: UUID
    changed: dict[UUID, OwnedCertificate] = field(default_factory=dict)
    entries: list[tuple[object, ...]] = field(default_factory=list)

    def move(self, one: OwnedCertificate, move: Move, to: Account, off: Account, minor: int, cause: Cause) -> None:
        """`minor` units go from one account to another; a certificate never goes below zero."""
        if not minor:
            return
        operation = new_id()
        for account, signed in ((off, -minor), (to, minor)):
            self.entries.append(
                (
                    new_id(), operation, one.id, move.value, account.value, signed, cause.subject_id, cause.at,
                    cause.recorded_at, cause.by, cause.reason,
                )
            )  # fmt: skip
            if account is Account.BALANCE:
                one.balance += signed
            elif account is Account.HELD:
                one.held += signed
        if min(one.balance, one.held) < 0:
            raise Refusal(Code.LEDGER_INTEGRITY, what="a certificate would be overspent")
        self.changed[one.id] = one

    def issue(
        self, kind: CertificateKind, minor: int, rulebook: Rulebook, cause: Cause, line: int | None = None
    ) -> OwnedCertificate:
        """A new certificate with a number nobody can foretell."""
        until = None if kind.life.is_empty else kind.life.after(cause.at, rulebook.zone)
        made = OwnedCertificate(
            new_id(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", kind.code, kind.pin, PIN_TRIES, "active", 0, 0,
            until, cause.subject_id, line, is_new=True,
        )  # fmt: skip
        self.move(made, Move.ISSUE, Account.BALANCE, Account.SOLD, minor, cause)
        return made

    def write(self, at: datetime) -> None:
        new = [_row(one, at) for one in self.changed.values() if one.is_new]
        known = [(one.id, one.state, one.balance, one.held) for one in self.changed.values() if not one.is_new]
        with store.together():
            store.insert(_NEW, self.program_id, new)
            store.update(_CHANGES, self.program_id, known)
            store.insert(_ENTRIES, self.program_id, self.entries)
        for one in self.changed.values():
            one.is_new = False
        self.changed, self.entries = {}, []


_NEW = Rows(
    Certificate, "id", "number", "kind", "asks_pin", "tries_left", "state", "balance_minor", "held_minor", "issued_at",
    "valid_until", "purchase_id", "line",
)  # fmt: skip
_CHANGES = Rows(Certificate, "id", "state", "balance_minor", "held_minor")
_ENTRIES = Rows(
    CertificateEntry, "id", "operation", "certificate_id", "kind", "account", "minor", "subject_id", "at",
    "recorded_at", "actor_name", "reason",
)  # fmt: skip
_COLUMNS = (
    "id", "number", "kind", "asks_pin", "tries_left", "state", "balance_minor", "held_minor", "valid_until",
    "purchase_id", "line",
)  # fmt: skip


def normal_number(typed: str) -> str:
    """A number as it is compared: without spaces and hyphens, however wide it was typed."""
    return normalize("NFKC", typed).replace(" ", "").replace("-", "").upper()


def find_certificates(
    program_id: UUID,
    *,
    numbers: Iterable[str] = (),
    ids: Iterable[UUID] = (),
    purchase_id: UUID | None = None,
    lock: bool = False,
) -> list[OwnedCertificate]:
    """By number, by id, or those sold by a purchase; locked in the order of their numbers."""
    rows = Certificate.objects.of(program_id).order_by("number")
    if purchase_id is not None:
        rows = rows.filter(purchase_id=purchase_id)
    else:
        rows = rows.filter(number__in=set(numbers)) | rows.filter(id__in=set(ids))
    if lock and locks_are_on():
        rows = rows.select_for_update()
    return [OwnedCertificate(*row) for row in rows.values_list(*_COLUMNS)]


def pin_of(program_id: UUID, number: str) -> str:
    """The four digits of a certificate: they follow from its number and the installation's secret, stored nowhere."""
    drawn = hmac.digest(settings.SECRET_KEY.encode(), b"certificate pin" + program_id.bytes + number.encode(), "sha256")
    return f"{int.from_bytes(drawn[:8], 'big') % 10**PIN_DIGITS:0{PIN_DIGITS}}"


def mark_of_pin(number: str, pin: str) -> str:
    """What a receipt keeps instead of the PIN that was named."""
    text = number.encode() + b"\0" + pin.encode()
    return hmac.digest(settings.SECRET_KEY.encode(), b"certificate mark" + text, "sha256").hex()


def lose_try(program_id: UUID, certificate_id: UUID) -> None:
    """A wrong PIN: the last one blocks the certificate."""
    rows = Certificate.objects.of(program_id).filter(id=certificate_id)
    rows.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    rows.filter(tries_left=0, state="active").update(state="blocked")


def forgive_tries(program_id: UUID, certificate_id: UUID) -> None:
    Certificate.objects.of(program_id).filter(id=certificate_id).update(tries_left=PIN_TRIES)


def _row(one: OwnedCertificate, at: datetime) -> tuple[object, ...]:
    return (
        one.id, one.number, one.kind, one.asks_pin, one.tries_left, one.state, one.balance, one.held, at,
        one.valid_until, one.purchase_id, one.line,
    )  # fmt: skip
