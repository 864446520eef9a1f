"""The second wall on PostgreSQL, asked of the database itself as the application's role."""

import os
import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import Member
from kopilka.data.models.programs import Branch, Program
from kopilka.project.database_roles import APPEND_ONLY_TABLES, GLOBAL_TABLES, apply_roles

TABLES = {model._meta.db_table: model for model in apps.get_app_config("kopilka").get_models()}


@pytest.fixture
def program() -> Program:
    return Program.objects.create(slug=f"p-{uuid.uuid4().hex[:8]}", name="P", created_at=timezone.now())


def test_tests_run_on_the_expected_database():
    assert connection.vendor == os.environ.get("EXPECT_DB", connection.vendor)


def test_tables_named_in_the_roles_exist():
    assert set(TABLES) >= GLOBAL_TABLES | APPEND_ONLY_TABLES


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
def test_application_role_is_ordinary_and_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        above = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        owned = cursor.fetchone()[0]

    assert (above, owned) == (False, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
def test_every_table_of_programs_is_behind_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'",
        )
        walled = {name for (name,) in cursor.fetchall()}

    expected = {
        table
        for table, model in TABLES.items()
        if table not in GLOBAL_TABLES and any(f.column == "program_id" for f in model._meta.fields)
    }
    assert walled == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
def test_rows_of_another_program_cannot_be_seen(program):
    other = Program.objects.create(slug="other", name="Other", created_at=timezone.now())
    enter_program(program.id)
    Branch.objects.create(program=program, code="first")

    enter_program(other.id)

    assert Branch.objects.across_programs().count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
def test_rows_of_another_program_cannot_be_written(program):
    enter_program(uuid.uuid4())

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Branch.objects.create(program=program, code="first")


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
@pytest.mark.parametrize("table", sorted(APPEND_ONLY_TABLES))
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET program_id = program_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_books_cannot_be_rewritten(table, statement):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db
@pytest.mark.usefixtures("only_on_postgres")
def test_no_table_can_be_emptied_at_once():
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(f"TRUNCATE {Member._meta.db_table} CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("only_on_postgres")
def test_roles_may_be_applied_again():
    apply_roles()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_gone_before_the_next_test(turn):
    found = Program.objects.count()

    Program.objects.create(slug="stays", name=f"Turn {turn}", created_at=timezone.now())

    assert found == 0
