"""A statement of the kernel that looks many things up at once, said once for both databases.

What is asked for comes as a little table, `given`: unnested arrays on PostgreSQL, a JSON array on SQLite. Each step
then looks rows of one table up by what the tables before it say, in that order: on PostgreSQL as a LATERAL subquery
that cannot be merged (OFFSET 0), on SQLite as a CROSS JOIN. Left to itself, PostgreSQL's planner would read all rows
of the program, because it knows nothing of a table that was empty when the statement was prepared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from kopilka.bookkeeping.kernel.rows import ColumnKind


@dataclass(frozen=True)
class Step:
    """Look up rows of `table` as `alias` where `on` holds, in the program; `optional`: none is an answer too."""

    alias: str
    table: str
    on: str
    optional: bool = False


@dataclass(frozen=True, eq=False)
class Query:
    """`takes` are the columns of the given table, `gives` the kinds of the selected ones; `locks` an alias to lock.

    Rows are locked in the order of the given table. With `given` that table is what another query finds.
    """

    select: str
    takes: tuple[tuple[str, ColumnKind], ...]
    steps: tuple[Step, ...]
    gives: tuple[ColumnKind, ...]
    locks: str = ""
    order_by: str = ""
    given: Query | None = None


class Found(Protocol):
    """Rows that may still be on their way: asking for them waits."""

    def fetchall(self) -> list[tuple[Any, ...]]: ...
