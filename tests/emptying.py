"""Emptying the database of the tests: after a test that commits, only what was written is deleted.

Django's own way costs more than most tests: on PostgreSQL a new file for each of some five hundred tables and
indexes, and everywhere a new connection for the next test.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from kopilka.project.database_roles import as_owner

LOCK_TIMEOUT = "10s"  # a forgotten thread fails a test, it hangs none
WALLED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"


class Emptier:
    """Lives as long as the test database; on PostgreSQL it has the owner's connection, which other roles may not do
    without, and a procedure there whose plans are made once."""

    def __init__(self) -> None:
        self._owner: Any = None
        self._filled = ""

    def empty(self) -> None:
        if connection.vendor == "postgresql":
            _leave_idle()
            if self._owner is None:
                self._owner = _prepare()
            self._owner.execute("SELECT pg_temp.empty_tables()")
        else:
            self._empty_sqlite()

    def close(self) -> None:
        if self._owner is not None:
            self._owner.close()
            self._owner = None

    def _empty_sqlite(self) -> None:
        if connection.in_atomic_block:
            connection.close()
        if not self._filled:
            self._filled = " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in _tables(connection)
            )
        with connection.cursor() as cursor:
            tables = [table for (table,) in cursor.execute(self._filled).fetchall()]
            cursor.execute("PRAGMA foreign_keys = OFF")
            with transaction.atomic():
                for table in tables:
                    cursor.execute(f"DELETE FROM {table}")
            cursor.execute("PRAGMA foreign_keys = ON")


def _leave_idle() -> None:
    """The connection of the test as new: out of any transaction, which would block the owner, with no setting left."""
    if connection.in_atomic_block or not connection.is_usable():
        connection.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute("RESET ALL")
        connection.ensure_timezone()


def _prepare() -> Any:
    """A connection of the owner with a procedure of its own. He is held by the walls like everybody, so each program
    is entered; the locks wait for whoever is still at work."""
    with as_owner() as owner:
        tables = _tables(owner)
        made = owner.get_new_connection(owner.get_connection_params())
    made.autocommit = True
    walled = {name for (name,) in made.execute(WALLED)}
    inside = " ".join(f"DELETE FROM {table};" for table in tables if table in walled)
    outside = " ".join(f"DELETE FROM {table};" for table in tables if table not in walled)
    made.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    made.execute(
        f"""CREATE FUNCTION pg_temp.empty_tables() RETURNS void LANGUAGE plpgsql AS $body$
        DECLARE one uuid;
        BEGIN
          LOCK TABLE {", ".join(tables)} IN ACCESS EXCLUSIVE MODE;
          FOR one IN SELECT id FROM kopilka_program LOOP
            PERFORM set_config('kopilka.program', one::text, true);
            {inside}
          END LOOP;
          {outside}
        END $body$"""
    )
    return made


def _tables(of: Any) -> list[str]:
    return sorted(of.introspection.django_table_names(only_existing=True, include_views=False))
