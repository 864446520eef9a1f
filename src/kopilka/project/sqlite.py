"""SQLite that does not lose acknowledged pages: which library runs, and how each connection is opened.

Versions before 3.51.3 (save two repaired older lines) can lose committed pages when two connections share
a write-ahead log and one writes during a checkpoint: exactly the shape of a web process beside a worker.
Debian 12 ships 3.40, so the pinned package pysqlite3, which brings a repaired library, takes the place of
the standard module. Where it cannot be installed, the slower rollback journal is used: it has no such fault.
"""

import importlib
import sys
from typing import Any

TIMEOUT_SECONDS = 10
JOURNAL_BYTES_MAX = 64 * 1024 * 1024
CHECKPOINT_PAGES = 4_000
"""Pages of the write-ahead log after which they are written into the file: the same page, changed by many purchases,
is then written once for all of them."""
CACHE_KIB = 8 * 1024
"""Of each connection: in SQLite's own 2 MB the upper pages of the indexes push one another out."""

_REPAIRED = (3, 51, 3)
_REPAIRED_LINES = {(3, 50): 7, (3, 44): 6}


def use_repaired_library() -> None:
    """To be called before Django loads its SQLite backend: that is when the module is looked up."""
    try:
        library = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = library
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def running_version() -> tuple[int, int, int]:
    major, minor, patch = importlib.import_module("sqlite3").sqlite_version_info
    return major, minor, patch


def keeps_wal_pages(version: tuple[int, int, int]) -> bool:
    """Whether the write-ahead log of this version is free of the reset fault."""
    return version >= _REPAIRED or version[2] >= _REPAIRED_LINES.get(version[:2], sys.maxsize)


def journal_mode() -> str:
    return "WAL" if keeps_wal_pages(running_version()) else "DELETE"


def connection_options() -> dict[str, Any]:
    """Full durability always: an answered purchase must survive a power cut.

    IMMEDIATE takes the write lock at BEGIN. SQLite has no row locks, so this is the lock of a money
    transaction; with the default, two transactions that read first and write later refuse each other.
    """
    pragmas = (
        f"PRAGMA journal_mode={journal_mode()}",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        f"PRAGMA journal_size_limit={JOURNAL_BYTES_MAX}",
        f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}",
        f"PRAGMA cache_size=-{CACHE_KIB}",
    )
    return {"transaction_mode": "IMMEDIATE", "timeout": TIMEOUT_SECONDS, "init_command": ";".join(pragmas)}
