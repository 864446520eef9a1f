"""An import killed with SIGKILL goes on, in processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.imports import ImportRun
from kopilka.data.models.purchases import Purchase
from kopilka.queries.scope import reading
from kopilka.services.rulebook_templates import from_template
from tests.factories import make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RECEIPTS = 6_000
CHOSEN = "receipt=no,at=at,member=member,sku=sku,price=price"


def history(tmp_path):
    place = tmp_path / "history.csv"
    start = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [
        f"{'C' if n % 7 == 6 else ''}{n},{start + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ},m{n % 50},"
        f"A{n % 5},{'-1' if n % 7 == 6 else '1'},10.00"
        for n in range(RECEIPTS)
    ]
    place.write_text("\n".join(["no,at,member,sku,quantity,price", *rows]))
    return place


def command(place, tmp_path):
    return [
        sys.executable, "-m", "kopilka.cli.main", "import", "receipts", str(place), "--program", "lavka", "--json",
        "--map", f"{CHOSEN},quantity=quantity", "--return-prefix", "C", "--report", str(tmp_path / "rejected.csv"),
    ]  # fmt: skip


def environment():
    """The child works in the test database."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return {**os.environ, "DATABASE_URL": f"sqlite:///{settings['NAME']}"}
    host = settings["HOST"].replace("/", "%2F")
    address = f"postgres://{settings['USER']}@/{settings['NAME']}?host={host}"
    return {**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": ""}


def position(program):
    with reading(program.id):  # on SQLite without a transaction: that would wait for the child's
        return ImportRun.objects.of(program.id).values_list("position", flat=True).first() or 0


def test_import_killed_again_and_again_books_everything_once(tmp_path):
    program = make_program(rulebook=from_template("points-per-unit"))
    place = history(tmp_path)
    for goal in (1, 1_000, 2_000):
        child = subprocess.Popen(command(place, tmp_path), env=environment(), stdout=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while position(program) < goal and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.communicate()

    done = subprocess.run(command(place, tmp_path), env=environment(), capture_output=True, text=True, check=True)

    figures = json.loads(done.stdout)
    with transaction.atomic():
        enter_program(program.id)
        assert Purchase.objects.of(program.id).count() == figures["receipts"] == 5_143
    assert (figures["returns"], figures["members"], figures["rejected_rows"]) == (857, 50, 0)
    assert figures["points_outstanding"] == figures["points_earned"] - figures["points_taken_back"]
    assert (figures["points_earned"], figures["sales_minor"], figures["refunds_minor"]) == (51_430, 5_143_000, 857_000)
