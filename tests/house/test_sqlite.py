"""The durability of SQLite, asked of live connections and not of settings."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection, transaction

from kopilka.project import sqlite

pytestmark = pytest.mark.usefixtures("only_on_sqlite")


def pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_connection_is_durable():
    version = connection.Database.sqlite_version_info

    assert version == sqlite.running_version()
    assert pragma("journal_mode") == ("wal" if sqlite.keeps_wal_pages(version) else "delete")
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 10_000
    assert pragma("journal_size_limit") == sqlite.JOURNAL_BYTES_MAX
    assert pragma("mmap_size") == 0


def test_repaired_library_runs_where_it_is_installed():
    pytest.importorskip("pysqlite3")

    assert sqlite.running_version() >= (3, 51, 3)
    assert sqlite.journal_mode() == "WAL"


@pytest.mark.parametrize(
    ("version", "keeps"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_versions_with_the_fault_are_known(version, keeps):
    assert sqlite.keeps_wal_pages(version) is keeps


@pytest.mark.django_db(transaction=True)
def test_transaction_takes_the_write_lock_when_it_begins():
    path = connection.settings_dict["NAME"]

    with (
        transaction.atomic(),
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_write_lock_is_free_after_the_transaction():
    path = connection.settings_dict["NAME"]

    with transaction.atomic():
        pass

    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
