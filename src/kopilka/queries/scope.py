"""Reading one program's rows behind PostgreSQL's second wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from uuid import UUID

from django.db import connection, transaction


class _Thread(local):
    """The program this thread is reading just now: connections are owned by threads."""

    program_id: UUID | None = None


_reading = _Thread()


@contextmanager
def reading(program_id: UUID) -> Iterator[None]:
    """Inside, the program's rows can be read. Every query that a door may call stands in one.

    PostgreSQL's row-level security forgets its setting outside a transaction, so there is one, and one for all that
    stand in it. SQLite has no such wall, and a transaction would take its only write lock: there is none.
    """
    if connection.vendor != "postgresql" or _reading.program_id == program_id:
        yield
        return
    before, _reading.program_id = _reading.program_id, program_id
    try:
        if connection.in_atomic_block:
            _name(program_id)
            yield
        else:
            with transaction.atomic():
                _name(program_id)
                yield
    finally:
        _reading.program_id = before


def _name(program_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kopilka.program', %s, true)", [str(program_id)])
