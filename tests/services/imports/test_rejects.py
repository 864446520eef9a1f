"""The report of what was not booked can itself be mended and imported."""

from kopilka.services.imports.rejects import Rejected, RejectReport

COLUMNS = {"quantity": "Qty", "discount": "D1+D2"}


def test_report_names_line_column_and_reason_before_the_row(tmp_path):
    place = tmp_path / "rejected.csv"
    report = RejectReport(place, ["Invoice", "Qty"], COLUMNS)

    report.add([Rejected(7, "quantity", "not_a_number", ["1", "one, two"])])
    report.add([Rejected(9, "", "too_few_cells", ["2"])])

    assert place.read_text(encoding="utf-8").splitlines() == [
        "line,column,reason,Invoice,Qty",
        '7,Qty,not_a_number,1,"one, two"',
        "9,,too_few_cells,2",
    ]
    assert (report.count, report.length) == (2, place.stat().st_size)


def test_report_without_rows_is_no_file_and_an_old_one_goes(tmp_path):
    place = tmp_path / "rejected.csv"
    place.write_text("old")

    RejectReport(place, ["a"], {}).add([])

    assert not place.exists()


def test_report_of_an_interrupted_run_goes_on_after_what_was_safe(tmp_path):
    place = tmp_path / "rejected.csv"
    first = RejectReport(place, ["a"], {})
    first.add([Rejected(2, "", "x", ["1"])])
    safe = first.length
    first.add([Rejected(3, "", "x", ["2"])])

    second = RejectReport(place, ["a"], {}, length=safe)
    second.add([Rejected(3, "", "x", ["2"])])

    assert place.read_text(encoding="utf-8").splitlines() == ["line,column,reason,a", "2,,x,1", "3,,x,2"]
