"""/demo/ : what can be tried, for a demo only."""

import html

import pytest
from django.test import Client

from kopilka.queries.devices import list_devices
from kopilka.queries.programs import program_by_slug
from kopilka.services.demo import create_demo_program
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    create_demo_program(at=NOON)
    return program_by_slug("demo")


def test_the_page_says_which_phone_and_pins_to_use(demo):
    shown = html.unescape(Client().get("/demo/").content.decode())

    for told in ("+7 900 000-00-01", "1111", "2222", "КОФЕ100", "/p/demo/", "/card/demo/codes/", "/api/docs"):
        assert told in shown


def test_a_browser_becomes_a_till_and_another_its_kiosk(demo):
    till, kiosk = Client(), Client()

    assert till.post("/demo/demo/device/", {"kind": "till"})["Location"] == "/till/demo/"
    assert kiosk.post("/demo/demo/device/", {"kind": "kiosk"})["Location"] == "/kiosk/demo/"

    first, second = sorted(list_devices(demo.id), key=lambda device: device.kind, reverse=True)
    assert (first.kind, second.kind, second.beside_id) == ("till", "kiosk", first.id)
    assert till.cookies["kopilka_till"]["path"] == "/till/demo/"
    assert till.get("/till/demo/").status_code == 302
    assert "sign-in" in till.get("/till/demo/")["Location"]


def test_a_kiosk_waits_for_a_till(demo):
    assert Client().post("/demo/demo/device/", {"kind": "kiosk"})["Location"] == "/demo/"
    assert list_devices(demo.id) == ()


def test_nothing_of_it_exists_where_there_is_no_demo():
    program = make_program()

    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/lavka/device/", {"kind": "till"}).status_code == 404
    assert list_devices(program.id) == ()


def test_letting_in_needs_a_form_of_ours(demo):
    assert Client(enforce_csrf_checks=True).post("/demo/demo/device/", {"kind": "till"}).status_code == 403
    assert Client().get("/demo/demo/device/").status_code == 405
