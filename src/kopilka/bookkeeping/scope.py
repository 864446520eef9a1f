"""The second wall between programs: PostgreSQL's row-level security is told which program this work is for."""

from __future__ import annotations

from uuid import UUID

from django.db import connection


def enter_program(program_id: UUID) -> None:
    """Let the rows of one program be seen until the end of the current transaction (on SQLite: nothing to do).

    Outside a transaction PostgreSQL forgets the setting at once, so call it as the transaction's first statement.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kopilka.program', %s, true)", [str(program_id)])
