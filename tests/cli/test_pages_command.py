"""`kopilka pages`, as an operator types it."""

import pytest
from PIL import Image

from kopilka.cli.main import main
from kopilka.queries.page_settings import page_settings
from tests.factories import make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_program()


def test_what_is_given_changes_and_the_rest_stays(program, capsys):
    assert main(["pages", "set", "--accent", "#8A4B2A", "--slogan-ru", "Копите", "--undo-minutes", "0"]) == 0
    assert main(["pages", "set", "--hours", "7:30-22:00"]) == 0

    found = page_settings(program.id)
    assert (found.accent, found.slogan_ru, found.undo_minutes, found.hours) == ("#8a4b2a", "Копите", 0, "7:30-22:00")
    assert "slogan_ru: Копите" in capsys.readouterr().out


def test_a_logo_is_drawn_anew_and_the_earlier_file_goes(program, settings, tmp_path):
    picture = tmp_path / "logo.png"
    folder = settings.MEDIA_ROOT / str(program.id)
    for colour in ("red", "blue"):
        Image.new("RGB", (2000, 1000), colour).save(picture)
        assert main(["pages", "set", "--logo", str(picture)]) == 0

    logo = page_settings(program.id).logo

    assert [file.name for file in folder.iterdir()] == [logo]
    with Image.open(folder / logo) as drawn:
        assert drawn.size == (512, 256)
    assert main(["pages", "set", "--no-logo"]) == 0
    assert (page_settings(program.id).logo, list(folder.iterdir())) == ("", [])


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--accent", "brown", "#8a4b2a"),
        ("--slogan-ru", "я" * 201, "too long"),
        ("--about-en", "x\u202ey", "hidden character"),
        ("--undo-minutes", "1441", "1,440"),
        ("--idle-minutes", "0", "1"),
        ("--logo", __file__, "picture"),
        ("--logo", "/nowhere/logo.png", "logo"),
    ],
)
def test_a_bad_value_is_told_and_changes_nothing(program, capsys, option, value, told):
    assert main(["pages", "set", "--address", "Москва", option, value]) == 1

    assert told in capsys.readouterr().err
    assert page_settings(program.id).address == ""
