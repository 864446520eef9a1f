"""`kopilka demo`: a made-up program by one command, once."""

import json

import pytest

from kopilka.cli.main import main
from kopilka.queries.programs import list_programs

pytestmark = pytest.mark.django_db(transaction=True)


def test_second_start_is_refused_in_the_own_language_and_changes_nothing(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    first = main(["demo", "--members", "5", "--until", "2026-03-01T12:00+03:00", "--json"])
    made = json.loads(capsys.readouterr().out)

    second = main(["demo", "--members", "5"])

    assert (first, made["program_slug"], made["members"]) == (0, "crowd", 5)
    assert second == 1
    assert capsys.readouterr().err == (
        "kopilka: программа crowd уже есть: целиком или до того места, где прервали прошлый запуск; ничего не изменено."
        " Чтобы сделать ещё одну: kopilka demo --program ДРУГОЕ-ИМЯ\n"
    )
    assert main(["demo", "--members", "5", "--language", "en"]) == 1
    assert "the program crowd exists already" in capsys.readouterr().err


def test_another_name_makes_another_program(capsys):
    main(["demo", "--members", "3", "--until", "2026-03-01T12:00+03:00"])

    code = main(["demo", "--members", "3", "--until", "2026-03-01T12:00+03:00", "--program", "second"])

    assert code == 0
    assert {program.slug for program in list_programs()} >= {"crowd", "second"}
    assert capsys.readouterr().err == ""
