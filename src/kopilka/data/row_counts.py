"""What SQLite's planner is told about sizes: a program has many rows.

Without it the planner takes it that a program has ten rows of each table, because it takes so for any column. Then it
answers "these 250 purchases of this program" by reading all purchases of the program, which takes seconds when there
are many. It is told once, after the migrations; an ANALYZE by the operator may put true figures in their place.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

ROWS, ROWS_OF_A_PROGRAM = 1_000_000, 100_000
ALIKE = (10, 9, 8, 7, 6, 5)
"""How many rows share one more column with each other: what the planner takes by itself."""


def tell_row_counts(using: str, plan: object = None, **_: Any) -> None:
    """Receiver of `post_migrate`; nothing is done without migrations, or on PostgreSQL, which counts itself."""
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")  # makes the table of figures, and below reads it anew
        cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'kopilka\\_%' ESCAPE '\\'")
        for (table,) in cursor.fetchall():
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])
            for name, figures in _figures(cursor, table):
                cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, name, figures])
        cursor.execute("ANALYZE sqlite_schema")


def _figures(cursor: Any, table: str) -> list[tuple[str, str]]:
    """Of each index that begins with the program: all rows, then how many share its first column, its first two, ..."""
    cursor.execute('SELECT name, "unique" FROM pragma_index_list(%s)', [table])
    found = []
    for name, is_unique in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [name])
        columns = [column for (column,) in cursor.fetchall()]
        if columns[0] == "program_id" and len(columns) > 1:
            alike = [ROWS_OF_A_PROGRAM, *ALIKE][: len(columns)]
            if is_unique:
                alike[-1] = 1
            found.append((name, " ".join(str(count) for count in (ROWS, *alike))))
    return found
