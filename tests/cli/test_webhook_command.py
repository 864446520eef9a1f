"""`kopilka webhook` makes an address known, shows its secret once, lists it and stops it."""

import pytest

from kopilka.cli.main import main
from tests.factories import make_program

pytestmark = pytest.mark.django_db(transaction=True)


def test_webhook_is_made_listed_and_stopped(capsys):
    make_program()

    made = main(["webhook", "create", "crm", "https://crm.example.com/", "--events", "custom,tier_changed"])
    secret = capsys.readouterr().out.strip()
    stopped = main(["webhook", "stop", "crm"])
    listed = main(["webhook", "list"])

    assert (made, stopped, listed) == (0, 0, 0)
    assert len(secret) == 64
    assert capsys.readouterr().out == "stopped\ncrm  https://crm.example.com/  custom,tier_changed  stopped\n"


def test_address_that_is_none_is_refused(capsys):
    make_program()

    assert main(["webhook", "create", "crm", "http://127.0.0.1/"]) == 1
    assert "url" in capsys.readouterr().err
