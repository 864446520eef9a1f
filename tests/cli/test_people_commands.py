"""`kopilka people` and `kopilka clearing`."""

import pytest

from kopilka.cli.main import main
from kopilka.services.purchases import confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, set_member, work
from tests.tills import bread, buy, request

pytestmark = pytest.mark.django_db(transaction=True)

RULES = SHARING_RULES + (
    "partners:\n  bakery: {name: {ru: Пекарня}, branches: [oven]}\n"
    "  books: {name: {ru: Книги}, branches: [shelf], fee: 5}\n"
)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def told(capsys, *arguments):
    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_people_are_added_listed_and_closed(program, capsys):
    added = told(capsys, "people", "add", "employee", "olga", "--name", "Ольга", "--branch", "center")
    again = told(capsys, "people", "add", "employee", "olga")
    closed = told(capsys, "people", "close", "employee", "olga")
    listed = told(capsys, "people", "list", "--kind", "employee")

    assert (added[0], again[0], closed[:2]) == (0, 1, (0, "closed\n"))
    assert listed[1].startswith("employee  olga  Ольга  center  closed  account=")


def test_a_report_on_the_staff_is_a_table(program, capsys):
    told(capsys, "people", "add", "employee", "olga")
    confirm_purchase(program_id=program.id, request=request(None, bread("100", staff="olga")))
    work(program.id)

    assert told(capsys, "people", "report", "2026-01-01", "2026-04-01")[1].splitlines() == [
        "code,name,receipts,named,named_percent,turnover_minor,returned_minor,enrolments,points",
        "olga,,1,0,0,10000,0,0,staff=200",
    ]


def test_a_network_is_told_and_written(program, capsys):
    anna, artem = make_member(program), make_member(program, "+79160000002", name="=Артём")
    set_member(program, artem, inviter_id=anna)
    buy(program.id, artem, "1000")
    work(program.id)

    totals = told(capsys, "people", "network", str(anna))
    table = told(capsys, "people", "network", str(anna), "--level", "1")

    assert totals[1] == "level 1: 1 members, 1 buyers, 100000 paid  bonus=10\n"
    assert table[1].splitlines()[1] == f"{artem},{anna},'=Артём,{NOON.isoformat()},0,1,100000"


def test_clearing_is_shown_settled_and_written(program, capsys, tmp_path):
    anna = make_member(program)
    for number, (branch, spend) in enumerate([("oven", 0), ("shelf", 30)]):
        sold = bread("1000", spend=spend, branch=branch)
        confirm_purchase(program_id=program.id, request=request(anna, sold, str(number)))
    work(program.id)

    shown = told(capsys, "clearing", "show")
    settled = told(capsys, "clearing", "settle", "2026-03-03")
    written = told(capsys, "clearing", "write", "1", str(tmp_path / "act.html"), "--language", "en")
    out = told(capsys, "clearing", "liabilities")

    assert shown[1].splitlines() == [
        "bakery -> books  bonus  30 points  paid 3000  fee 150  owed 2850",
        "bakery pays books 2850",
    ]
    assert settled[1] == f"act 1\n{shown[1]}"
    assert written[0] == 0
    assert "<h1>Clearing act no. 1</h1>" in (tmp_path / "act.html").read_text(encoding="utf-8-sig")
    assert out[1].splitlines() == ["bakery  bonus  20  worth 2000", "books  bonus  48  worth 4800"]
