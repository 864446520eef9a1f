import json

from kopilka.cli.main import main
from kopilka.services.rulebook_templates import template_text


def test_cases_of_a_folder_come_out_as_expected(tmp_path, capsys):
    (tmp_path / "inner").mkdir()
    (tmp_path / "one.yaml").write_text(template_text("cashback"), encoding="utf-8")
    (tmp_path / "inner" / "two.yaml").write_text(template_text("discount"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a rulebook")

    code = main(["cases", str(tmp_path)])

    assert code == 0
    assert capsys.readouterr().out == "2 rulebooks, 8 tests: all as expected\n"


def test_cases_show_what_came_out_otherwise(tmp_path, capsys):
    file = tmp_path / "one.yaml"
    file.write_text(template_text("discount").replace('pay: "1890.50"', 'pay: "1.00"'), encoding="utf-8")

    code = main(["cases", str(file)])

    assert code == 1
    assert capsys.readouterr().out == (
        f"{file}: участник платит на 5 % меньше\n    pay: expected 1, got 1890.5\n1 rulebooks, 4 tests: 1 failures\n"
    )


def test_cases_show_the_line_of_an_error(tmp_path, capsys):
    file = tmp_path / "one.yaml"
    file.write_text("rulebook: 1\nprogram: Shop\nmoney: RUB\ntimezone: Moscow\n")

    code = main(["cases", "--language", "ru", str(file)])

    assert code == 1
    assert capsys.readouterr().out == (
        f"{file}:4: timezone: Часовой пояс «Moscow» неизвестен. Пример: Europe/Moscow.\n"
        "1 rulebooks, 0 tests: 1 errors\n"
    )


def test_cases_end_with_figures(tmp_path, capsys):
    file = tmp_path / "one.yaml"
    file.write_text(template_text("tiers"), encoding="utf-8")

    code = main(["cases", "--json", str(file)])

    assert code == 0
    assert json.loads(capsys.readouterr().out) == {"rulebooks": 1, "tests": 5, "failures": 0, "errors": 0}


def test_cases_of_nothing_are_a_failure(tmp_path, capsys):
    assert main(["cases", str(tmp_path)]) == 1
    assert main(["cases", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none.yaml'}: no such file\n"
