"""A program for measuring: many members with wallets, a rulebook of fifty rules, a key that may do everything."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

MEMBER_BASE = UUID("00000000-0000-7000-8000-000000000000").int
WALLET_BASE = UUID("00000000-0000-7000-8001-000000000000").int
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Seeded:
    program: UUID
    members: int
    key: str


def member_id(number: int) -> UUID:
    return UUID(int=MEMBER_BASE + number)


def seed(members: int, rulebook: str, slug: str = "bench") -> Seeded:
    """Create the program with `members` members numbered from 1, each with an empty wallet "bonus"."""
    from kopilka.bookkeeping.scope import enter_program
    from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR
    from kopilka.services.access import create_key
    from kopilka.services.programs import create_program, publish_rulebook

    at = datetime.now(UTC)
    program = create_program(slug=slug, name="Bench", currency="RUB", timezone="Europe/Moscow", by=SYSTEM_ACTOR, at=at)
    publish_rulebook(program_id=program.id, source=rulebook, note="", by=SYSTEM_ACTOR, at=at)
    key = create_key(program_id=program.id, name="bench", capabilities=ADMIN, till="1", by=SYSTEM_ACTOR, at=at)
    with transaction.atomic():
        enter_program(program.id)
        for first in range(1, members + 1, CHUNK):
            _write(program.id, first, min(first + CHUNK - 1, members), at)
    return Seeded(program.id, members, key.plain)


def _write(program: UUID, first: int, last: int, at: datetime) -> None:
    members = (
        "id",
        "program_id",
        "status",
        "enrolled_at",
        "tier",
        "tags",
        "segments",
        "purchases",
        "spent_minor",
        "referrals",
        "link",
    )
    wallets = (
        "id",
        "program_id",
        "member_id",
        "currency",
        "available",
        "pending",
        "held",
        "debt",
        "carry_num",
        "carry_den",
    )
    numbers = range(first, last + 1)
    _insert(
        "kopilka_member", members, ((member_id(n), program, "active", at, "", "", "", 0, 0, 0, "") for n in numbers)
    )
    _insert(
        "kopilka_wallet", wallets,
        ((UUID(int=WALLET_BASE + n), program, member_id(n), "bonus", 0, 0, 0, 0, 0, 1) for n in numbers),
    )  # fmt: skip


def _insert(table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Plain inserts: COPY is refused where row-level security is on."""
    sqlite = connection.vendor == "sqlite"
    given = [[value.hex if sqlite and isinstance(value, UUID) else value for value in row] for row in rows]
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", given)


def values_file(members: int) -> str:
    """One member id a line, for the load generator."""
    text = io.StringIO()
    for number in range(1, members + 1):
        text.write(f"{member_id(number)}\n")
    return text.getvalue()


def fingerprint() -> bytes:
    return hashlib.sha256(b"bench").digest()
