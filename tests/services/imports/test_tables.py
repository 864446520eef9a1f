"""Files in the shapes tills leave behind (reliability B61, B62, B64)."""

import gzip
from pathlib import Path

import pytest

from kopilka.engine.refusal import Refusal
from kopilka.services.imports.tables import CELL_CHARACTERS_MAX, Row, hash_file, open_table

SAMPLES = Path(__file__).parents[2] / "data_samples"


def read(path, **how):
    with open_table(path, **how) as table:
        return table.header, list(table.rows), table.encoding, table.delimiter


def written(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return path


def test_table_packed_or_not_reads_the_same():
    assert read(SAMPLES / "shop.csv") == read(SAMPLES / "shop.csv.gz")


def test_table_of_an_old_till_is_recognised():
    header, rows, encoding, delimiter = read(SAMPLES / "kassa_1251.csv")

    assert (encoding, delimiter) == ("cp1251", ";")
    assert header == ["Чек", "Дата", "Карта", "Товар", "Кол-во", "Сумма"]
    assert rows[0] == Row(2, ["A-1", "02.03.2025 10:15", "0012", "Хлеб ржаной", "1,5", "90,30"])


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("\ufeffa,b\n1,й\n".encode(), "utf-8-sig"),
        ("a,b\n1,й\n".encode(), "utf-8"),
        ("a,b\n1,й\n".encode("utf-16"), "utf-16"),
        ("a,b\n1,й\n".encode("cp1251"), "cp1251"),
        ("a\tb\r\n1\tй\r\n".encode(), "utf-8"),
        ("a|b\r1|й\r".encode(), "utf-8"),
        ("sep=;\na;b\n1;й\n".encode(), "utf-8"),
        ("a,b\n\n1,й\n\x1a".encode(), "utf-8"),
        (gzip.compress("a,b\n1,й\n".encode(), mtime=0), "utf-8"),
    ],
)
def test_table_is_read_whatever_wrote_it(tmp_path, content, encoding):
    header, rows, found, _ = read(written(tmp_path, content))

    assert (header, [row.cells for row in rows], found) == (["a", "b"], [["1", "й"]], encoding)


def test_table_in_a_declared_encoding_is_taken_at_its_word(tmp_path):
    path = written(tmp_path, "a,b\n1,й\n".encode("koi8-r"))

    assert read(path, encoding="koi8-r")[1] == [Row(2, ["1", "й"])]


def test_rows_know_their_line_also_after_a_broken_line_inside_quotes(tmp_path):
    path = written(tmp_path, b'a,b\n1,"x\ny"\n2,z\n3\n4,5,6\n')

    assert read(path)[1] == [
        Row(2, ["1", "x\ny"]),
        Row(4, ["2", "z"]),
        Row(5, ["3"], "too_few_cells"),
        Row(6, ["4", "5", "6"], "too_many_cells"),
    ]


def test_row_with_an_endless_cell_is_broken_and_the_next_is_not(tmp_path):
    path = written(tmp_path, b"a,b\n1," + b"x" * (CELL_CHARACTERS_MAX + 1) + b"\n2,y\n")

    assert read(path)[1] == [Row(2, [], "broken_quotes"), Row(3, ["2", "y"])]


def test_bytes_that_are_no_letters_stay_in_their_row(tmp_path):
    path = written(tmp_path, b"a,b\n" + b"1,x\n" * 400_000 + b"2,\xff\n")

    rows = read(path)[1]
    assert (len(rows), rows[-1].cells) == (400_001, ["2", "\udcff"])


@pytest.mark.parametrize(("content", "reason"), [(b"", "no_header"), (b"\n\n", "no_header"), (b" , ,\n", "no_header")])
def test_file_without_a_header_is_refused(tmp_path, content, reason):
    with pytest.raises(Refusal) as refused:
        read(written(tmp_path, content))

    assert refused.value.params == {"field": "file", "reason": reason}


@pytest.mark.parametrize("content", [b"\x1f\x8b not packed at all", gzip.compress(b"a,b\n" * 9999, mtime=0)[:-9]])
def test_broken_packing_is_refused(tmp_path, content):
    with pytest.raises(Refusal) as refused:
        read(written(tmp_path, content))

    assert (refused.value.params["field"], refused.value.params["reason"]) == ("file", "unreadable")


def test_absent_file_and_unknown_encoding_are_refused(tmp_path):
    for path, how in [(tmp_path / "nowhere.csv", {}), (SAMPLES / "shop.csv", {"encoding": "klingon"})]:
        with pytest.raises(Refusal) as refused:
            read(path, **how)
        assert refused.value.params["reason"] == "unreadable"


def test_hash_is_of_the_content(tmp_path):
    same = written(tmp_path, (SAMPLES / "shop.csv").read_bytes())

    assert hash_file(same) == hash_file(SAMPLES / "shop.csv") != hash_file(SAMPLES / "broken.csv")
