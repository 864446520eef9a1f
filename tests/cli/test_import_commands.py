"""`kopilka import` and `kopilka simulate`, as an operator types them."""

import json
from pathlib import Path

import pytest

from kopilka.cli.main import main

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).parents[1] / "data_samples"
SHOP = "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,name=Description,quantity=Quantity,price=Price"
READ = ["--map", SHOP, "--return-prefix", "C", "--skip-prefix", "A", "--timezone", "Europe/Riga"]
KEYS = [
    "receipts", "returns", "lines", "anonymous_receipts", "members", "sales_minor", "refunds_minor",
    "points_earned", "points_taken_back", "points_spent", "points_expired", "points_outstanding", "rejected_rows",
    "seconds", "receipts_per_second",
]  # fmt: skip


@pytest.fixture
def shop(capsys):
    """A program of that name."""
    main(
        ["program", "create", "shop", "--currency", "EUR", "--timezone", "Europe/Riga", "--rulebook", "points-per-unit"]
    )
    capsys.readouterr()


def figures_of(capsys):
    return json.loads(capsys.readouterr().out)


def test_simulate_and_import_end_with_the_same_figures(shop, capsys, tmp_path):
    report = ["--report", str(tmp_path / "rejected.csv"), "--json"]

    assert (
        main(
            [
                "simulate",
                str(SAMPLES / "shop.csv.gz"),
                "--rulebook",
                "points-per-unit",
                "--currency",
                "EUR",
                *READ,
                *report,
            ]
        )
        == 0
    )
    played = figures_of(capsys)
    assert main(["import", "receipts", str(SAMPLES / "shop.csv.gz"), "--program", "shop", *READ, *report]) == 0
    booked = figures_of(capsys)

    assert {key: booked[key] for key in KEYS[:-2]} == {key: played[key] for key in KEYS[:-2]}
    assert [booked[key] for key in KEYS[:-2]] == [4, 3, 9, 2, 2, 5_075, 6_225, 46, 37, 0, 0, 9, 0]
    assert set(KEYS) <= set(booked)


def test_simulate_takes_a_rulebook_from_a_file(shop, capsys, tmp_path):
    rules = tmp_path / "rules.yaml"
    main(["program", "templates", "cashback-2dp"])
    rules.write_text(capsys.readouterr().out)

    assert main(["simulate", str(SAMPLES / "shop.csv"), "--rulebook", str(rules), *READ, "--json"]) == 0
    assert figures_of(capsys)["points_earned"] == 231


def test_import_shows_figures_and_where_the_rest_went(shop, capsys, tmp_path):
    chosen = SHOP.replace("name=Description,", "")

    code = main(
        ["import", "receipts", str(SAMPLES / "broken.csv"), "--map", chosen, "--report", str(tmp_path / "bad.csv")]
    )

    told = capsys.readouterr()
    assert code == 0
    assert told.out.splitlines()[0] == "receipts               2"
    assert str(tmp_path / "bad.csv") in told.err


def test_import_again_says_that_it_was_done(shop, capsys):
    arguments = ["import", "receipts", str(SAMPLES / "shop.csv"), *READ, "--json"]
    main(arguments)
    capsys.readouterr()

    assert main(arguments) == 0
    told = capsys.readouterr()
    assert (json.loads(told.out)["receipts"], told.err) == (0, "this file has been imported before: nothing to do\n")


def test_import_movements_ends_with_its_figures(capsys, tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "rulebook: 1\nprogram: x\nmoney: RUB\ntimezone: Europe/Moscow\npoints: {bonus: {worth: '0.10', decimals: 1}}\n"
    )
    main(["program", "create", "lavka", "--rulebook", str(rules)])
    capsys.readouterr()

    code = main(
        ["import", "movements", str(SAMPLES / "points.csv"), "--report", str(tmp_path / "bad.csv"), "--json",
         "--map", "member=client,at=when,earned=got,spent=used,receipt=receipt"]
    )  # fmt: skip

    found = figures_of(capsys)
    assert code == 0
    assert (found["members"], found["points_opening"], found["points_outstanding"], found["rejected_rows"]) == (
        2,
        70,
        87,
        2,
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "receipts", "nowhere.csv", *READ], "unreadable"),
        (["import", "receipts", str(SAMPLES / "shop.csv"), "--map", SHOP, "--timezone", "Mars"], "timezone"),
        (["import", "receipts", str(SAMPLES / "shop.csv"), *READ, "--delimiter", ";;"], "delimiter"),
        (["import", "receipts", str(SAMPLES / "shop.csv"), "--map", "receipt=Nr,at=x,price=y"], "column_missing"),
        (["import", "receipts", str(SAMPLES / "shop.csv"), *READ, "--program", "other"], "program"),
        (["simulate", str(SAMPLES / "shop.csv"), "--rulebook", "nowhere.yaml", *READ], "nowhere.yaml"),
        (["simulate", str(SAMPLES / "shop.csv"), "--rulebook", "cashback", *READ, "--timezone", "Mars"], "timezone"),
    ],
)  # fmt: skip
def test_mistakes_end_with_one_line(shop, capsys, monkeypatch, tmp_path, arguments, told):
    monkeypatch.chdir(tmp_path)

    code = main(arguments)

    said = capsys.readouterr().err
    assert code == 1
    assert told in said
    assert said.count("\n") == 1
