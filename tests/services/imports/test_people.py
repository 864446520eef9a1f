"""S2.13: the old base comes over with all privileges of loyal customers preserved; part 6: sums before and after."""

import csv
from datetime import date

import pytest

from kopilka.data.models.events import Event
from kopilka.data.models.imports import ImportRun
from kopilka.data.models.members import Member, Profile
from kopilka.data.models.tiers import TierChange
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.openings import Arrived
from kopilka.services.books import check_books
from kopilka.services.imports import people
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.people import import_members
from kopilka.services.members import find_member
from tests.factories import NOON, make_program
from tests.tills import RULES, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

TIERS = (
    RULES
    + """\
tiers:
  bronze: {name: {ru: Бронзовый, en: Bronze}}
  gold: {name: {ru: Золотой, en: Gold}, enter: {spent: {above: "10000.00"}}}
"""
)
MAP = "phone=Телефон,card=Карта,name=ФИО,birth_date=Рождён,tier=Уровень,spent=Сумма,purchases=Покупок,balance=Баллы"
HEAD = "Телефон;Карта;ФИО;Рождён;Уровень;Сумма;Покупок;Баллы\n"
FILE = HEAD + (
    "8 916 123-45-67;0012;Анна Смирнова;17.05.1990;Золотой;25000,50;31;450\n"
    "8 916 123-45-68;0013;Пётр;;bronze;999,99;2;0\n"
    ";0014;;;;;;10\n"
    "8 916 123-45-67;0099;Двойник;;;1,00;1;1\n"
    "123;;Без телефона;;;;;\n"
    "8 916 123-45-70;0015;Вера;;Платиновый;5,00;1;\n"
)


@pytest.fixture
def program():
    return make_program(rulebook=TIERS)


def run(program, tmp_path, text=FILE, name="members.csv"):
    place = tmp_path / name
    place.write_text(text, encoding="utf-8")
    return import_members(
        program_id=program.id, path=place, chosen=MAP,
        reading=Reading(timezone="Europe/Moscow", decimal_comma=True, delimiter=";"),
        currency="", source="file:members.csv", report=tmp_path / "rejected.csv", at=NOON,
    )  # fmt: skip


def test_sums_tiers_and_points_are_equal_before_and_after(program, tmp_path):
    done = run(program, tmp_path).figures

    said = Arrived(3, 2_600_049, 33, 460, {"gold": 1, "bronze": 1, "": 1})
    assert (done.members, done.spent_minor, done.purchases, done.points) == (3, 2_600_049, 33, 460)
    assert (done.books, done.agree, done.rejected_rows) == (said, True, 3)
    assert [one for one in check_books(program_id=program.id) if one.findings] == []


def test_a_member_is_who_he_was(program, tmp_path):
    run(program, tmp_path)

    anna = find_member(program=program, kind="phone", value="+79161234567", by=SYSTEM_ACTOR, at=NOON)
    assert (anna.name, anna.card, anna.tier, anna.spent_minor, anna.purchases) == (
        "Анна Смирнова", "0012", "gold", 2_500_050, 31,
    )  # fmt: skip
    assert rows(program.id, Profile, "birth_date", order="member_id")[0] == (date(1990, 5, 17),)
    assert wallet(program.id, anna.id) == (450, 0, 0, 0)
    assert buy(program.id, anna.id, "100").decision.tier == "gold"


def test_everybody_is_told_of_as_enrolled_by_an_import(program, tmp_path):
    """S2.14: whoever announces the new program hears of each member once; tiers brought along are no news."""
    run(program, tmp_path)

    assert [one for one in rows(program.id, Event, "kind", "payload") if one[0] != "rulebook_published"] == [
        ("member_enrolled", '{"door": "import"}')
    ] * 3
    assert rows(program.id, TierChange, "after", "why") == [("gold", "import"), ("bronze", "import")]


def test_rows_that_cannot_be_booked_go_to_the_report(program, tmp_path):
    run(program, tmp_path)

    report = list(csv.reader((tmp_path / "rejected.csv").read_text(encoding="utf-8").splitlines()))[1:]
    assert [row[:3] for row in report] == [
        ["5", "Телефон", "identifier_taken"],
        ["6", "Телефон", "phone_invalid"],
        ["7", "Уровень", "unknown_tier"],
    ]


def test_the_same_file_is_imported_once(program, tmp_path):
    run(program, tmp_path)

    assert run(program, tmp_path).finished_before
    assert len(rows(program.id, Member, "id")) == 3


def test_a_killed_import_goes_on_where_it_was(program, tmp_path, monkeypatch):
    monkeypatch.setattr(people, "MEMBERS_AT_ONCE", 1)
    kept, count = people.keep, []

    def power_cut(*facts, **more):
        kept(*facts, **more)
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(people, "keep", power_cut)
    with pytest.raises(KeyboardInterrupt):
        run(program, tmp_path)
    assert rows(program.id, ImportRun, "position") == [(1,)]
    monkeypatch.setattr(people, "keep", kept)

    done = run(program, tmp_path).figures

    assert (done.members, done.agree, done.rejected_rows) == (3, True, 3)
