"""Two roles on PostgreSQL: one owns the tables and migrates, the other works and sees one program at a time.

Row-level security is the second wall between programs (the first is the program passed to every query), and
missing rights are the wall in front of the books. Neither stops a superuser or the owner of a table, so the
application connects as an ordinary role. Everything here may be repeated without harm.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.utils import ConnectionHandler
from psycopg import sql

from kopilka.project.environment import SettingError

# Looked up by key before the program is known, so no policy may hide its rows.
GLOBAL_TABLES = frozenset({"kopilka_apikey"})
# The books: written once, read for ever.
APPEND_ONLY_TABLES = frozenset({"kopilka_ledgerentry", "kopilka_draw", "kopilka_entryseal", "kopilka_dayseal"})

LOCK_TIMEOUT = "10s"  # changing a policy waits for running transactions; better refuse than queue all tills

_POLICY = "kopilka_program"
_SWEEP = "kopilka_sweep"
# Each setting in a subquery of its own: it is read once for a statement, not for every row.
_ALL_ROWS = "(SELECT current_setting('kopilka.sweep', true) = 'on')"
_OWN_ROWS = "program_id = (SELECT nullif(current_setting('kopilka.program', true), '')::uuid)"


@contextmanager
def as_owner() -> Iterator[BaseDatabaseWrapper]:
    """Inside, this thread's connection is the table owner's: for migrations, policies and test databases.

    Without a separate owner (SQLite, or no DATABASE_OWNER_URL) it is the ordinary connection.
    """
    ordinary = connections["default"]
    owner = getattr(settings, "DATABASE_OWNER", None)
    if owner is None or ordinary.vendor != "postgresql":
        yield ordinary
        return
    # Tests work in a database of another name, so the name follows the ordinary connection.
    chosen = {**owner, "NAME": ordinary.settings_dict["NAME"], "TEST": ordinary.settings_dict["TEST"]}
    connection = ConnectionHandler({"default": chosen})["default"]
    connections["default"] = connection
    try:
        yield connection
    finally:
        connection.close()
        connections["default"] = ordinary


@contextmanager
def seeing_all(owner: BaseDatabaseWrapper) -> Iterator[None]:
    """Inside, the owner's connection on PostgreSQL reads the rows of all programs, and can write none of them."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT set_config('kopilka.sweep', 'on', false)")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('kopilka.sweep', '', false)")


def apply_roles() -> None:
    """Policies on every table of programs, and rights for the application's role. To be run as the owner."""
    role = connections["default"].settings_dict["USER"]
    with as_owner() as connection, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        _refuse_all_powerful(cursor, role, separate=connection.settings_dict["USER"] != role)
        for table, is_programs in _tables():
            if is_programs:
                _wall_off(cursor, table)
            if connection.settings_dict["USER"] != role:
                _grant(cursor, table, role)
        if connection.settings_dict["USER"] != role:
            _run(cursor, "GRANT SELECT ON {} TO {}", "django_migrations", role)


def _tables() -> list[tuple[str, bool]]:
    """Each table of ours, and whether its rows belong to programs and are hidden from others."""
    return sorted(
        (
            model._meta.db_table,
            model._meta.db_table not in GLOBAL_TABLES
            and any(field.column == "program_id" for field in model._meta.concrete_fields),
        )
        for model in apps.get_app_config("kopilka").get_models(include_auto_created=True)
    )


def _refuse_all_powerful(cursor: CursorWrapper, role: str, *, separate: bool) -> None:
    cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
    found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise SettingError("DATABASE_URL", f"the role {role!r} does not exist", f"CREATE ROLE {role} LOGIN")
    if separate and found[0]:
        raise SettingError(
            "DATABASE_URL",
            f"the role {role!r} is above row-level security",
            f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS",
        )


def _wall_off(cursor: CursorWrapper, table: str) -> None:
    """FORCE holds the owner too; a session that named no program sees no row and can write none.

    The owner alone may ask to read all rows: somebody must look for rows that belong to no program.
    """
    _run(cursor, "ALTER TABLE {} ENABLE ROW LEVEL SECURITY", table)
    _run(cursor, "ALTER TABLE {} FORCE ROW LEVEL SECURITY", table)
    _run(cursor, "DROP POLICY IF EXISTS {} ON {}", _POLICY, table)
    _run(cursor, f"CREATE POLICY {{}} ON {{}} USING ({_OWN_ROWS}) WITH CHECK ({_OWN_ROWS})", _POLICY, table)
    _run(cursor, "DROP POLICY IF EXISTS {} ON {}", _SWEEP, table)
    _run(cursor, f"CREATE POLICY {{}} ON {{}} FOR SELECT TO CURRENT_USER USING ({_ALL_ROWS})", _SWEEP, table)


def _grant(cursor: CursorWrapper, table: str, role: str) -> None:
    rights = "SELECT, INSERT" if table in APPEND_ONLY_TABLES else "SELECT, INSERT, UPDATE, DELETE"
    _run(cursor, "REVOKE ALL ON {} FROM {}", table, role)
    _run(cursor, f"GRANT {rights} ON {{}} TO {{}}", table, role)


def _run(cursor: CursorWrapper, statement: str, *names: str) -> None:
    composed = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
    cursor.execute(composed.as_string(None))
