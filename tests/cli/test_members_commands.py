"""The commands about members, invite links and the club."""

import csv

import pytest

from kopilka.cli.main import main
from tests.factories import make_member, make_program
from tests.tills import RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)

SEGMENTS = RULES + "segments: {friends: {by: hand}}\nlinks: {poster: {}}\n"


@pytest.fixture
def program():
    return make_program(rulebook=SEGMENTS)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_members_are_counted_listed_and_exported(program, tmp_path, capsys):
    anna = make_member(program, name="=Анна")
    make_member(program, "+79161234568")
    buy(program.id, anna)

    assert main(["members", "count"]) == 0
    assert main(["members", "count", "--when", '{"purchases": {"at_least": 1}}']) == 0
    assert capsys.readouterr().out == "2\n1\n"
    file = tmp_path / "members.csv"
    assert main(["members", "list", "--when", '{"spent": {"at_least": "100.00"}}', "--csv", str(file)]) == 0
    (row,) = read(file)
    assert (row["id"], row["name"], row["spent_minor"]) == (str(anna), "'=Анна", "10000")
    capsys.readouterr()
    assert main(["members", "list", "--limit", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_condition_that_is_no_condition_is_refused(program, capsys):
    assert main(["members", "count", "--when", "{"]) == 1
    assert main(["members", "count", "--when", '{"colour": "red"}']) == 1
    assert "unknown_fact" in capsys.readouterr().err


def test_file_of_phones_goes_into_a_segment(program, tmp_path, capsys):
    make_member(program)
    file = tmp_path / "phones.csv"
    file.write_text("8 916 123-45-67,Анна\n\n+79990000000,Борис\n", encoding="utf-8")

    assert main(["members", "segment", "friends", "--file", str(file)]) == 0

    told = capsys.readouterr()
    assert told.out == "put: 1, were in it: 0, unknown: 1\n"
    assert told.err == "unknown: +79990000000\n"
    assert main(["members", "segment", "friends", "--take-out", "+79161234567"]) == 0
    assert main(["members", "segment", "friends", "--put", "+79161234567", "--next-sale"]) == 0
    assert main(["members", "segment", "enemies", "--put", "+79161234567"]) == 1


def test_links_are_made_drawn_and_counted(program, tmp_path, capsys):
    assert main(["links", "create", "youtube", "--labels", "video,march", "--cost", "500"]) == 0
    slug = capsys.readouterr().out.split()[1]

    assert main(["links", "qr", "youtube", "--page", "https://shop.example/i/", "--to", str(tmp_path / "q.svg")]) == 0

    assert capsys.readouterr().out == f"https://shop.example/i/{slug}\n"
    assert "<svg" in (tmp_path / "q.svg").read_text()
    assert main(["links", "figures", "--csv", str(tmp_path / "links.csv")]) == 0
    assert [(row["code"], row["cost_minor"], row["labels"]) for row in read(tmp_path / "links.csv")] == [
        ("poster", "0", ""),
        ("youtube", "500", "video march"),
    ]
    assert main(["links", "close", "youtube"]) == 0
    assert main(["links", "close", "poster"]) == 1


def test_club_and_ambassadors_are_told(program, tmp_path, capsys):
    buy(program.id, make_member(program))

    assert main(["club", "--segment", "friends", "--csv", str(tmp_path / "club.csv")]) == 0
    assert {row["figure"]: row["others"] for row in read(tmp_path / "club.csv")}["revenue_minor"] == "10000"
    assert main(["members", "ambassadors", "--csv", "-"]) == 0
    assert capsys.readouterr().out.startswith("member_id,name,phone,tier,brought")
    assert main(["club", "--segment", "nobody"]) == 1
