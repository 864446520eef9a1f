"""Reading one program's rows behind PostgreSQL's second wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction


@contextmanager
def reading(program_id: UUID) -> Iterator[None]:
    """Inside, the program's rows can be read. Every query that a door may call stands in one.

    PostgreSQL's row-level security forgets its setting outside a transaction, so there is one. SQLite has no such
    wall, and a transaction would take its only write lock: there is none.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kopilka.program', %s, true)", [str(program_id)])
        yield
