"""A history played by a draft: in one process or several, nothing is written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kopilka.engine.refusal import Code, Refusal
from kopilka.services.imports import simulating
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.figures import PointsFigures
from kopilka.services.imports.simulating import simulate_receipts
from kopilka.services.rulebook_templates import from_template

SAMPLES = Path(__file__).parents[2] / "data_samples"
SHOP = "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,name=Description,quantity=Quantity,price=Price"
READING = Reading(return_prefix="C", skip_prefix="A", timezone="Europe/Riga")
RULES = from_template("points-per-unit", currency="EUR", timezone="Europe/Riga")


def simulate(tmp_path, path=SAMPLES / "shop.csv", rules=RULES, **how):
    return simulate_receipts(
        path=path, rulebook_source=rules, chosen=how.pop("chosen", SHOP), reading=READING,
        report=tmp_path / "rejected.csv", **how,
    )  # fmt: skip


def test_simulation_tells_what_the_rules_would_have_given(tmp_path):
    figures = simulate(tmp_path)

    assert (figures.receipts, figures.returns, figures.lines, figures.members) == (4, 3, 9, 2)
    assert (figures.sales_minor, figures.refunds_minor, figures.unmatched_minor) == (5_075, 6_225, 2_500)
    assert figures.points == {"points": PointsFigures(earned=46, taken_back=37, outstanding=9)}


@pytest.mark.parametrize("shares", [2, 3, 7])
def test_simulation_in_several_processes_comes_to_the_same(tmp_path, shares):
    one_day = RULES.replace("life: forever", "life: {days: 1}")

    assert simulate(tmp_path, shares=shares) == simulate(tmp_path)
    assert simulate(tmp_path, rules=one_day, shares=shares) == simulate(tmp_path, rules=one_day)


def test_rows_of_every_process_are_reported(tmp_path):
    chosen = SHOP.replace("name=Description,", "")

    figures = simulate(tmp_path, SAMPLES / "broken.csv", chosen=chosen, shares=3)

    lines = (tmp_path / "rejected.csv").read_text(encoding="utf-8").splitlines()
    assert figures.rejected_rows == len(lines) - 1 == 9


def test_what_goes_wrong_in_a_process_is_raised_here(tmp_path, monkeypatch):
    def broken(*_):
        raise Refusal(Code.LEDGER_INTEGRITY, what="a test")

    monkeypatch.setattr(simulating, "_close", broken)

    with pytest.raises(Refusal) as refused:
        simulate(tmp_path, shares=2)

    assert refused.value.params == {"what": "a test"}


def test_simulation_of_a_bad_rulebook_is_refused_before_the_file_is_read(tmp_path):
    with pytest.raises(Refusal) as refused:
        simulate(tmp_path, Path("nowhere.csv"), rules="rulebook: 1\n")

    assert refused.value.code == Code.RULEBOOK_INVALID


def test_simulation_says_how_far_it_is(tmp_path):
    place = tmp_path / "long.csv"
    start = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [f"{n},{start + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ},m{n % 9},1.00" for n in range(1_200)]
    place.write_text("\n".join(["no,at,member,price", *rows]))
    heard = []

    figures = simulate(
        tmp_path, place, chosen="receipt=no,at=at,member=member,price=price", told=lambda *done: heard.append(done)
    )

    assert (figures.receipts, heard) == (1_200, [(500, 1_200), (1_000, 1_200)])
