"""/healthz and /readyz, for whoever watches the server."""

import sqlite3
from datetime import UTC, datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder

from kopilka.queries.readiness import readiness


def ask(shop, path, method="GET"):
    return shop.send(method, path, None, authorization=None)


def test_process_is_alive(shop):
    answer = ask(shop, "/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert ask(shop, "/healthz", "HEAD").content == b""
    assert ask(shop, "/healthz", "POST").status_code == 405


def test_ready_tells_the_state_of_each_part(shop, on_postgres):
    told = ask(shop, "/readyz").json()

    assert (told["status"], told["migrations"], told["outbox"]) == ("ready", "applied", "ok")
    if on_postgres:
        assert told["database"] == "postgresql"
    else:
        assert (told["sqlite"], told["sqlite_journal"]) == (sqlite3.sqlite_version, "WAL")


def test_not_ready_while_a_migration_is_missing(shop, monkeypatch):
    applied = MigrationRecorder.applied_migrations
    monkeypatch.setattr(
        MigrationRecorder,
        "applied_migrations",
        lambda self: {key: value for key, value in applied(self).items() if key[0] != "kopilka"},
    )

    answer = ask(shop, "/readyz")

    assert (answer.status_code, answer.json()["migrations"]) == (503, ["kopilka.0001_initial"])


def test_events_nobody_handled_count_as_lag(shop):
    shop.sell("R-1", shop.member())

    found = readiness(at=datetime.now(UTC) + timedelta(hours=1))

    assert (found.outbox_lag_seconds // 60, found.told()["outbox"]) == (60, "late")
