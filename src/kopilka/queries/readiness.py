"""Can this process do its work: database, migrations, the SQLite library, what waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kopilka import compiled
from kopilka.data.models.events import Event
from kopilka.data.models.programs import Program
from kopilka.queries.scope import reading

LAG_SECONDS_MAX = 900
"""The worker is behind by more than this: somebody should look, but tills can go on."""

PROGRAMS_MAX = 200
"""Of more programs only the oldest ones are looked at: a health check must stay short."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`sqlite` is empty on PostgreSQL. `outbox_lag_seconds`: the age of the oldest event nobody has handled yet."""

    database: str
    migrations_missing: tuple[str, ...]
    sqlite: str
    journal: str
    outbox_lag_seconds: int

    @property
    def is_ready(self) -> bool:
        return not self.migrations_missing

    def told(self) -> dict[str, Any]:
        """The document that /readyz shows."""
        document: dict[str, Any] = {
            "status": "ready" if self.is_ready else "not_ready",
            "database": self.database,
            "migrations": "applied" if self.is_ready else list(self.migrations_missing),
            "outbox_lag_seconds": self.outbox_lag_seconds,
            "outbox": "late" if self.outbox_lag_seconds > LAG_SECONDS_MAX else "ok",
            "modules": compiled.form().value,
        }
        if self.sqlite:
            document |= {"sqlite": self.sqlite, "sqlite_journal": self.journal}
        return document


def readiness(*, at: datetime) -> Readiness:
    """Asks the database; an OperationalError goes through to the door."""
    sqlite, journal = _sqlite()
    missing = _migrations_missing()
    lag = 0 if missing else _outbox_lag(at)
    return Readiness(connection.vendor, missing, sqlite, journal, lag)


def _sqlite() -> tuple[str, str]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "", ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        return version, str(cursor.fetchone()[0]).upper()


def _migrations_missing() -> tuple[str, ...]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def _outbox_lag(at: datetime) -> int:
    """By the ids, which carry the moment of writing: an import books events of past years."""
    oldest: int | None = None
    for program_id in Program.objects.order_by("created_at").values_list("id", flat=True)[:PROGRAMS_MAX]:
        with reading(program_id):
            waiting = (
                Event.objects.of(program_id)
                .filter(handled_at__isnull=True)
                .order_by("id")
                .values_list("id", flat=True)
                .first()
            )
        if waiting is not None:
            made_at = waiting.int >> 80
            oldest = made_at if oldest is None else min(oldest, made_at)
    return max(0, int(at.timestamp()) - oldest // 1000) if oldest else 0
