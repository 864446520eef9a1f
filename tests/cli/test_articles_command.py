"""`kopilka articles`, as an operator types it."""

import pytest

from kopilka.cli.main import main
from kopilka.queries.articles import articles_for_till
from tests.factories import make_program

pytestmark = pytest.mark.django_db(transaction=True)


def test_articles_are_added_listed_and_hidden(capsys):
    program = make_program()

    assert main(["articles", "add", "LATTE", "Латте", "240", "--category", "drinks", "--vat", "20"]) == 0
    assert main(["articles", "hide", "LATTE"]) == 0
    assert main(["articles", "list"]) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "LATTE  Латте  240.00  drinks  -  not on sale"
    assert articles_for_till(program.id) == []


def test_rows_left_out_are_told_in_words_and_written_to_a_report(tmp_path, capsys):
    make_program()
    file, report = tmp_path / "menu.csv", tmp_path / "bad.csv"
    file.write_text("sku,name,price\nA,Один,10\nB,Два,десять\n", encoding="utf-8")

    assert main(["articles", "import", str(file), "--report", str(report)]) == 1

    told = capsys.readouterr()
    assert told.out == "added 1, changed 0, left out 1\n"
    assert told.err == "line 3, price: it is not a number\n"
    assert report.read_text(encoding="utf-8").splitlines() == [
        "line,column,reason",
        "3,price,not_a_number,B,Два,десять",
    ]


def test_a_price_that_is_no_number_is_told(capsys):
    make_program()

    assert main(["articles", "add", "A", "А", "дорого"]) == 1
    assert capsys.readouterr().err == "kopilka: price: it is not a number\n"
