"""`kopilka till` and `kopilka staff`: the first till and the first manager come from the server."""

import io

import pytest
from django.utils import timezone

from kopilka.cli.main import main
from kopilka.queries.devices import list_devices, people_at
from kopilka.services.devices import enrol_device
from tests.counter import HERE, let_in
from tests.factories import make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program()


def give_pin(monkeypatch, pin, *arguments):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
    return main(["staff", "pin", *arguments])


def test_printed_code_lets_the_browser_in(program, capsys):
    main(["till", "code", "--name", "Касса у входа", "--branch", "mira-1"])
    code, told = capsys.readouterr()

    device = enrol_device(program_id=program.id, code=code, network=HERE, at=timezone.now()).device

    assert (device.kind, device.name, device.branch, device.till) == ("till", "Касса у входа", "mira-1", "1")
    assert "open /till/lavka/device/ in its browser" in told


def test_kiosk_is_let_in_beside_a_till(program, capsys):
    till = let_in(program).device
    main(["till", "code", "--kiosk", "--till", "1"])

    kiosk = enrol_device(program_id=program.id, code=capsys.readouterr().out, network=HERE, at=timezone.now()).device

    assert (kiosk.kind, kiosk.beside_id) == ("kiosk", till.id)
    assert main(["till", "code", "--kiosk", "--till", "9"]) == 1


def test_devices_are_listed_and_taken_away(program, capsys):
    device = let_in(program).device

    assert main(["till", "revoke", str(device.id)]) == 0
    capsys.readouterr()
    assert main(["till", "list"]) == 0

    assert capsys.readouterr().out == f"{device.id}  till  1  Касса у входа  -  revoked  seen=2026-03-02T09:00Z\n"
    assert [one.revoked_at is None for one in list_devices(program.id)] == [False]


def test_first_manager_gets_his_pin_from_the_server(program, capsys, monkeypatch):
    assert give_pin(monkeypatch, "9073", "01", "--role", "manager", "--name", "Мира") == 0

    assert [(one.code, one.name, one.role) for one in people_at(program.id, "")] == [("01", "Мира", "manager")]
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "01 manager\n01  Мира  -  manager\n"
    assert main(["staff", "take", "01"]) == 0
    assert people_at(program.id, "") == []


def test_simple_pin_adds_nobody(program, capsys, monkeypatch):
    assert give_pin(monkeypatch, "1111", "01", "--name", "Мира") == 1

    assert "[invalid(field='pin', reason='pin_too_simple')]" in capsys.readouterr().err
    assert give_pin(monkeypatch, "9073", "01") == 1
