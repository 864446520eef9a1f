"""The durability of SQLite, asked of live connections and not of settings."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection, transaction
from django.db.utils import ConnectionHandler

from kopilka.project import sqlite

pytestmark = pytest.mark.usefixtures("only_on_sqlite")


@pytest.fixture
def pragma():
    """Of a connection opened as in production: those of the tests do not wait for the disk."""
    database = {**connection.settings_dict, "OPTIONS": sqlite.connection_options()}
    with closing(ConnectionHandler({"default": database})["default"]) as opened, opened.cursor() as cursor:
        yield lambda name: cursor.execute(f"PRAGMA {name}").fetchone()[0]


def test_tests_open_theirs_alike_but_do_not_wait_for_the_disk():
    options = connection.settings_dict["OPTIONS"]
    waiting = options["init_command"].replace("synchronous=OFF", "synchronous=FULL")

    assert {**options, "init_command": waiting} == sqlite.connection_options()


@pytest.mark.django_db(transaction=True)
def test_connection_is_durable(pragma):
    version = connection.Database.sqlite_version_info

    assert version == sqlite.running_version()
    assert pragma("journal_mode") == ("wal" if sqlite.keeps_wal_pages(version) else "delete")
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 10_000
    assert pragma("journal_size_limit") == sqlite.JOURNAL_BYTES_MAX
    assert pragma("wal_autocheckpoint") == sqlite.CHECKPOINT_PAGES
    assert pragma("cache_size") == -sqlite.CACHE_KIB
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
