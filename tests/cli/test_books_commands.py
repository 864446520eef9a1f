"""`kopilka books` and `kopilka work` as an operator types them."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from kopilka.bookkeeping import sealing
from kopilka.cli.main import main
from kopilka.data.models.ledger import DaySeal
from kopilka.data.models.members import Member
from kopilka.project.database_roles import as_owner, seeing_all
from kopilka.queries.scope import reading
from kopilka.services.sealing import seal_entries
from tests.factories import NOON, make_member, make_program
from tests.services.test_books import NOBODY, one, tamper
from tests.tills import FREE_RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    made = make_program(rulebook=FREE_RULES)
    buy(made.id, make_member(made), "1000")
    return made


def test_check_of_whole_books_succeeds(program, capsys):
    code = main(["books", "check", "--json"])

    document = json.loads(capsys.readouterr().out)
    assert (code, document["broken"], document["rows"]["findings"]) == (0, 0, [])
    assert {result["invariant"] for result in document["programs"]["lavka"]} >= {"I1", "I2", "I3", "I4", "I18"}


def test_check_of_broken_books_fails_and_names_the_place(program, capsys):
    tamper(program, one("wallet", "available = available + 1"))

    code = main(["books", "check", "--program", "lavka", "--only", "I2"])

    told = capsys.readouterr().out.splitlines()
    assert (code, told[-1]) == (1, "broken: 1")
    assert told[0].startswith("I2 lavka wallet_not_its_entries: wallet ")


def test_check_prints_the_seal_of_the_last_closed_day(program, capsys, monkeypatch):
    monkeypatch.setattr(sealing, "MARGIN", timedelta())
    seal_entries(program_id=program.id, at=NOON)
    seal_entries(program_id=program.id, at=NOON + timedelta(days=1))
    stored = DaySeal.objects.of(program.id)
    with reading(program.id):
        day, number, chain_hash = stored.values_list("day", "number", "chain_hash").get()

    code = main(["books", "check"])

    told = capsys.readouterr().out.splitlines()
    assert (code, number, told[-1]) == (0, 2, "the books are whole")
    assert told[-2] == f"lavka {day}: sealed 2 entries, {bytes(chain_hash).hex()}"


@pytest.mark.usefixtures("only_on_sqlite")
def test_row_of_no_program_is_named(program, capsys):
    """PostgreSQL lets nobody write such a row, short of a superuser."""
    other = make_program("other", rulebook=FREE_RULES)
    tamper(other, one("ledgerentry", "program_id = {nobody}"))

    code = main(["books", "check", "--json"])

    findings = json.loads(capsys.readouterr().out)["rows"]["findings"]
    assert (code, [(row["what"], row["table"], row["program"]) for row in findings]) == (
        1, [("row_without_program", "kopilka_ledgerentry", NOBODY)],
    )  # fmt: skip


@pytest.mark.usefixtures("only_on_postgres")
def test_only_the_owner_may_look_at_the_rows_of_all_programs(program):
    with as_owner() as owner, seeing_all(owner):
        seen = Member.objects.across_programs().count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kopilka.sweep', 'on', true)")
        seen_by_application = Member.objects.across_programs().count()

    assert (seen, seen_by_application) == (1, 0)


def test_rebuild_says_what_differs_and_repairs_it(program, capsys):
    tamper(program, one("wallet", "available = available + 1"))

    codes = [main(["books", "rebuild", "--check"]), main(["books", "rebuild"]), main(["books", "rebuild", "--check"])]

    told = capsys.readouterr().out.splitlines()
    assert codes == [1, 0, 0]
    assert told[0].startswith("lavka Wallet ")
    assert told[0] == told[1]
    assert told[2] == "everything derived is what it derives from"


def test_unknown_program_is_refused(capsys):
    assert main(["books", "check", "--program", "nowhere"]) == 2


def test_work_once_settles_what_is_due(program, capsys):
    at = (NOON + timedelta(minutes=1)).isoformat()

    code = main(["work", "--once", "--at", at, "--json"])

    figures = json.loads(capsys.readouterr().out)
    assert (code, figures["points_expired"]) == (0, 0)
    assert figures["events_handled"] > 0


def test_another_time_needs_once(capsys):
    assert main(["work", "--at", NOON.isoformat()]) == 2
