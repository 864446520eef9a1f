"""Rows become whole receipts in the order of time, wherever they stood."""

import tracemalloc

from kopilka.services.imports.staging import RECEIPT_ROWS_MAX, staged
from kopilka.services.imports.tables import Row


class Clerk:
    """Cells are number, moment, member."""

    def number_of(self, row):
        return row.cells[0]

    def member_of(self, cells):
        return cells[2] if len(cells) > 2 else ""

    def at_of(self, cells):
        return int(cells[1]) if cells[1] else None


def gathered(rows, after=0, up_to=None, **share):
    with staged() as stage:
        stage.gather(rows, Clerk())
        return [
            (one.place, one.number, [line for line, _, _ in one.rows]) for one in stage.receipts(after, up_to, **share)
        ]


def test_rows_apart_are_one_receipt_in_its_first_moment():
    rows = [
        Row(2, ["b", "20"]),
        Row(3, ["a", "10"]),
        Row(4, ["b", "20"]),
        Row(5, ["a", "30"]),
        Row(6, ["c", "15"]),
    ]

    assert gathered(rows) == [(1, "a", [3, 5]), (2, "c", [6]), (3, "b", [2, 4])]


def test_equal_moments_keep_the_order_of_the_file_and_undated_come_first():
    rows = [Row(2, ["x", "5"]), Row(3, ["a", "5"]), Row(4, ["z", ""])]

    assert gathered(rows) == [(1, "z", [4]), (2, "x", [2]), (3, "a", [3])]


def test_reading_may_begin_after_a_place():
    rows = [Row(number, [str(number), str(number)]) for number in range(2, 7)]

    assert [number for _, number, _ in gathered(rows, after=3)] == ["5", "6"]


def test_reading_may_end_at_a_place():
    rows = [Row(number, [str(number), str(number)]) for number in range(2, 7)]

    assert [number for _, number, _ in gathered(rows, after=1, up_to=3)] == ["3", "4"]


def test_endless_receipt_comes_in_pieces_with_all_its_rows():
    rows = [Row(line, ["a", "1"]) for line in range(2, RECEIPT_ROWS_MAX + 3)]

    with staged() as stage:
        stage.gather(rows, Clerk())
        pieces = list(stage.receipts())

    assert {(one.place, one.too_long) for one in pieces} == {(1, True)}
    assert [line for one in pieces for line, _, _ in one.rows] == list(range(2, RECEIPT_ROWS_MAX + 3))


def test_row_that_is_no_text_is_shown_and_marked():
    with staged() as stage:
        stage.gather([Row(2, ["a", "1", "x\udcff"]), Row(3, ["a", "1", "y"])], Clerk())
        (one,) = stage.receipts()

    assert one.rows == [(2, ["a", "1", "x\\udcff"], "not_in_encoding"), (3, ["a", "1", "y"], "")]


def test_memory_does_not_grow_with_the_file():
    def most(count):
        tracemalloc.start()
        with staged() as stage:
            stage.gather((Row(n, [f"r{n // 3}", str(n), "x" * 50]) for n in range(count)), Clerk())
            for _ in stage.receipts():
                pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(60_000) < most(6_000) + 200_000


def test_shares_keep_a_members_receipts_together_and_lose_none():
    rows = [Row(n, [f"r{n}", str(n), f"m{n % 5}" if n % 3 else ""]) for n in range(60)]

    shares = [gathered(rows, share=share, of=3) for share in range(3)]

    assert sorted(place for share in shares for place, _, _ in share) == list(range(1, 61))
    owners = [{f"m{int(number[1:]) % 5}" for _, number, _ in share if int(number[1:]) % 3} for share in shares]
    assert sum(len(owned) for owned in owners) == 5


def test_share_of_a_receipt_is_its_members_wherever_he_is_named():
    rows = [
        Row(2, ["a", "1", ""]),
        Row(3, ["b", "2", "m"]),
        Row(4, ["a", "1", "m"]),
        Row(5, ["c", "3", ""]),
        Row(6, ["c", "3", "m"]),
    ]

    sizes = sorted(len(gathered(rows, share=share, of=7)) for share in range(7))

    assert sizes == [0, 0, 0, 0, 0, 0, 3]
