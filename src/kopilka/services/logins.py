"""Getting into one's card by a one-time code sent to a phone or an e-mail address.

Whether anybody is known by the contact makes no difference until the code is right: until then nobody is looked for.
All counting is by the canonical contact, so that spellings and networks change nothing, and one transaction at a time
counts in a program, so that guesses in parallel are counted like guesses in turn.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from kopilka.bookkeeping.locking import locks_are_on, reading_before_writing
from kopilka.bookkeeping.messages import can_tell, tell
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import LoginCode, LoginFailure
from kopilka.data.models.members import Identifier
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.profiles import clean_identifier
from kopilka.wording.languages import Language
from kopilka.wording.login import login_message

KINDS = ("phone", "email")
DIGITS = 6
LIFE = timedelta(minutes=5)
TRIES = 5
"""Wrong codes of one contact, whatever code they were for, before it is locked."""
LOCKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""How long a contact is locked the first, the second and every later time within a day."""
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
CODES_OF_CONTACT = ((HOUR, 3), (DAY, 10))
CODES_OF_NETWORK = ((HOUR, 20),)
CODES_OF_PROGRAM = ((HOUR, 1_000),)
FAILURES_OF_PROGRAM = (MINUTE, 200)
RESEND_AFTER = timedelta(seconds=30)
SAME_WISH = timedelta(seconds=15)
"""Asking again from the same network so soon is the same wish: a button pressed twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code is on its way; `resend_at`: from then on it makes sense to ask for another."""

    login_id: UUID
    resend_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """The contact is proven, in its canonical form; `member_id` None: nobody is known by it yet."""

    member_id: UUID | None
    kind: str
    contact: str


def can_send_codes(program: ProgramView, kind: str) -> bool:
    """Has this program a way to bring a code to a phone or an e-mail address?"""
    return kind in KINDS and can_tell(kind, is_demo=program.is_demo)


def ask_code(*, program: ProgramView, kind: str, contact: str, network: str, language: Language, at: datetime) -> Asked:
    """Send a new code; the one before stops working, and wrong tries are not forgotten.

    `phone_invalid`, `invalid` (email); `not_offered` where codes cannot be sent; `too_many_codes`, `too_many_tries`
    (retry_after_seconds).
    """
    if not can_send_codes(program, kind):
        raise Refusal(Code.NOT_OFFERED, what="login_code")
    return _ask(program, clean_identifier(program, kind, contact), kind, network, language, at)


def enter_code(
    *, program: ProgramView, login_id: UUID, kind: str, contact: str, code: str, network: str, at: datetime
) -> Entered:
    """Prove a contact by the code that was sent for this very login, once.

    `code_wrong` (tries_left), `code_expired`, `too_many_tries` (retry_after_seconds).
    """
    if kind not in KINDS:
        raise Refusal(Code.INVALID, field="kind", reason="unknown")
    cleaned = clean_identifier(program, kind, contact)
    found = _try(program, login_id, (kind, cleaned), _digits(code), network, at)
    if isinstance(found, Refusal):  # only now: what was counted is committed
        raise found
    return found


@transaction.atomic(durable=True)
def _ask(program: ProgramView, contact: str, kind: str, network: str, language: Language, at: datetime) -> Asked:
    enter_program(program.id)
    whose, place = _contact_hash(program.id, kind, contact), _keyed(program.id, "network", network)
    codes = LoginCode.objects.of(program.id)
    with reading_before_writing():
        _one_at_a_time(program.id)
        mine = codes.filter(contact_hash=whose, used_at=None, expires_at__gt=at)
        again = mine.filter(place_hash=place, tries_left__gt=0, created_at__gt=at - SAME_WISH).first()
        if again is not None:
            return Asked(again.id, again.created_at + RESEND_AFTER)
        failed = _failures(program.id, whose, at)
        _must_not_be_locked(failed, at)
        _must_be_few(codes.filter(contact_hash=whose), CODES_OF_CONTACT, at)
        _must_be_few(codes.filter(place_hash=place), CODES_OF_NETWORK, at)
        _must_be_few(codes, CODES_OF_PROGRAM, at)
    mine.update(expires_at=at)
    code, login_id = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", new_id()
    LoginCode.objects.create(
        id=login_id, program_id=program.id, kind=kind, contact_hash=whose, place_hash=place,
        code_hash=_code_hash(program.id, login_id, code), tries_left=TRIES - len(failed) % TRIES, created_at=at,
        expires_at=at + LIFE,
    )  # fmt: skip
    tell(program.id, contact, login_message(code, program.name, language), at=at)
    return Asked(login_id, at + RESEND_AFTER)


@transaction.atomic(durable=True)
def _try(
    program: ProgramView, login_id: UUID, contact: tuple[str, str], code: str, network: str, at: datetime
) -> Entered | Refusal:
    """A wrong code is counted and answered by a value, because raising would take the counting back."""
    enter_program(program.id)
    whose = _contact_hash(program.id, *contact)
    logins = LoginCode.objects.of(program.id).filter(id=login_id)
    with reading_before_writing():
        _one_at_a_time(program.id)
        login = logins.filter(contact_hash=whose).first()
        failed = _failures(program.id, whose, at)
        _must_not_be_locked(failed, at)
        _must_not_be_flooded(program.id, at)
        if login is None or login.used_at or login.expires_at <= at or login.tries_left <= 0:
            raise Refusal(Code.CODE_EXPIRED)
    if hmac.compare_digest(login.code_hash, _code_hash(program.id, login_id, code)):
        logins.update(used_at=at)
        return Entered(_member_by(program.id, *contact), *contact)
    logins.update(tries_left=login.tries_left - 1)
    place = _keyed(program.id, "network", network)
    LoginFailure.objects.create(id=new_id(), program_id=program.id, contact_hash=whose, place_hash=place, at=at)
    lock = _lock_after([at, *failed], at)
    return Refusal(Code.CODE_WRONG, tries_left=login.tries_left - 1) if lock is None else _too_many_tries(lock)


def _member_by(program_id: UUID, kind: str, contact: str) -> UUID | None:
    rows = Identifier.objects.of(program_id).filter(kind=kind, value=contact)
    found: UUID | None = rows.values_list("member_id", flat=True).first()
    return found


def _one_at_a_time(program_id: UUID) -> None:
    """Until the end of the transaction nobody else counts logins of the program; on SQLite nobody writes anyway."""
    if connection.vendor == "postgresql" and locks_are_on():
        key = int.from_bytes(_keyed(program_id, "login lock", "")[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _failures(program_id: UUID, whose: bytes, at: datetime) -> list[datetime]:
    """When wrong codes were typed for this contact since it last got in, within a day; the newest first."""
    used = LoginCode.objects.of(program_id).filter(contact_hash=whose, used_at__isnull=False).order_by("-used_at")
    last = used.values_list("used_at", flat=True).first()
    since = max(at - DAY, last) if last else at - DAY
    rows = LoginFailure.objects.of(program_id).filter(contact_hash=whose, at__gt=since).order_by("-at")
    return list(rows.values_list("at", flat=True))


def _lock_after(failed: list[datetime], at: datetime) -> timedelta | None:
    """How much longer the contact is locked: after every TRIES wrong codes, each time longer."""
    if not failed or len(failed) % TRIES:
        return None
    left = failed[0] + LOCKS[min(len(failed) // TRIES, len(LOCKS)) - 1] - at
    return left if left > timedelta(0) else None


def _must_not_be_locked(failed: list[datetime], at: datetime) -> None:
    lock = _lock_after(failed, at)
    if lock is not None:
        raise _too_many_tries(lock)


def _must_not_be_flooded(program_id: UUID, at: datetime) -> None:
    """Whoever tries one code on each of many phones is stopped by the program's own count."""
    window, limit = FAILURES_OF_PROGRAM
    rows = LoginFailure.objects.of(program_id).filter(at__gt=at - window).order_by("-at")
    times = list(rows.values_list("at", flat=True)[:limit])
    if len(times) >= limit:
        raise _too_many_tries(times[-1] + window - at)


def _must_be_few(codes: object, limits: tuple[tuple[timedelta, int], ...], at: datetime) -> None:
    for window, limit in limits:
        asked = codes.filter(created_at__gt=at - window).order_by("-created_at")  # type: ignore[attr-defined]
        times = list(asked.values_list("created_at", flat=True)[:limit])
        if len(times) >= limit:
            raise Refusal(Code.TOO_MANY_CODES, retry_after_seconds=_seconds(times[-1] + window - at))


def _too_many_tries(left: timedelta) -> Refusal:
    return Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=_seconds(left))


def _seconds(left: timedelta) -> int:
    return max(1, int(left.total_seconds()) + 1)


def _digits(code: str) -> str:
    """As typed or pasted: digits of any script, spaces and dashes between them do not count."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", code) if letter.isdigit())[: DIGITS + 1]


def _contact_hash(program_id: UUID, kind: str, contact: str) -> bytes:
    return _keyed(program_id, "login contact", f"{kind}:{contact}")


def _code_hash(program_id: UUID, login_id: UUID, code: str) -> bytes:
    return _keyed(program_id, "login code", f"{login_id}:{code}")


def _keyed(program_id: UUID, label: str, text: str) -> bytes:
    """HMAC-SHA256 under the installation's secret key: worth nothing to whoever reads the table."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{label}:{program_id}:{text}".encode(), "sha256")
