"""A statement of the kernel that reads many things at once: one text for both databases.

What is asked for comes as a little table, `{given}`: unnested arrays on PostgreSQL, a JSON array on SQLite. `{program}`
is the program's id. The given table stands first and is CROSS JOINed, so that both databases look the rest up by index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from kopilka.bookkeeping.kernel.rows import ColumnKind


@dataclass(frozen=True)
class Query:
    """`takes` names the columns of the given table, `gives` the kinds of the result's; `locks` an alias to lock."""

    text: str
    takes: tuple[tuple[str, ColumnKind], ...]
    gives: tuple[ColumnKind, ...]
    locks: str = ""


class Found(Protocol):
    """Rows that may still be on their way: asking for them waits."""

    def fetchall(self) -> list[tuple[Any, ...]]: ...
