"""A program for measuring: many members with wallets, a rulebook of fifty rules, a key that may do everything."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

MEMBER_BASE = UUID("00000000-0000-7000-8000-000000000000").int
WALLET_BASE = UUID("00000000-0000-7000-8001-000000000000").int
KEY = "kp_bench_" + "b" * 40
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Seeded:
    program: UUID
    members: int
    key: str


def member_id(number: int) -> UUID:
    return UUID(int=MEMBER_BASE + number)


def seed(members: int, rulebook: str) -> Seeded:
    """Create the program with `members` members numbered from 1, each with an empty wallet "bonus"."""
    from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR
    from kopilka.services.access import create_key
    from kopilka.services.programs import create_program, publish_rulebook

    at = datetime.now(UTC)
    program = create_program(
        slug="bench", name="Bench", currency="RUB", timezone="Europe/Moscow", by=SYSTEM_ACTOR, at=at
    )
    publish_rulebook(program_id=program.id, source=rulebook, note="", by=SYSTEM_ACTOR, at=at)
    key = create_key(program_id=program.id, name="bench", capabilities=ADMIN, till="1", by=SYSTEM_ACTOR, at=at)
    with transaction.atomic():
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
    _copy("kopilka_member", members, ((member_id(n), program, "active", at, "", "", "", 0, 0, 0, "") for n in numbers))
    _copy(
        "kopilka_wallet", wallets,
        ((UUID(int=WALLET_BASE + n), program, member_id(n), "bonus", 0, 0, 0, 0, 0, 1) for n in numbers),
    )  # fmt: skip


def _copy(table: str, columns: tuple[str, ...], rows) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('kopilka.program', %s, true)", [str(_program_of(rows_list := list(rows)))]
            )
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows_list:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            [[value.hex if isinstance(value, UUID) else value for value in row] for row in rows],
        )


def _program_of(rows: list[tuple]) -> UUID:  # type: ignore[type-arg]
    return rows[0][1]


def values_file(members: int) -> str:
    """One member id a line, for the load generator."""
    text = io.StringIO()
    for number in range(1, members + 1):
        text.write(f"{member_id(number)}\n")
    return text.getvalue()


def fingerprint() -> bytes:
    return hashlib.sha256(b"bench").digest()
