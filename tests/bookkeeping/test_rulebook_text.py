import pytest

from kopilka.bookkeeping.rulebook_text import read_source, read_text


def told(source):
    return [(problem.path, problem.code.value, problem.line) for problem in read_text(source).problems]


def test_yaml_keeps_every_scalar_as_it_was_written():
    text = read_text(
        "a: 18:00\nb: no\nc: 007\nd: 1e3\ne: on\nf: 0123456789\ng: 1_000\nh: ~\ni: 2026-01-02\nj: 0o14\nk: .inf\n"
        "l: '1.50'\n"
    )

    assert text.problems == []
    assert text.tree == {
        "a": "18:00",
        "b": "no",
        "c": "007",
        "d": "1e3",
        "e": "on",
        "f": "0123456789",
        "g": "1_000",
        "h": "~",
        "i": "2026-01-02",
        "j": "0o14",
        "k": ".inf",
        "l": "1.50",
    }


def test_json_keeps_numbers_as_they_were_written():
    text = read_text('{"a": 1.50, "b": [1e3, -0, 12345678901234567890123, true, false], "c": "\\u20bd \\/"}')

    assert text.problems == []
    assert text.tree == {
        "a": "1.50",
        "b": ["1e3", "-0", "12345678901234567890123", "true", "false"],
        "c": "₽ /",
    }


def test_yaml_and_json_of_the_same_content_are_the_same_tree():
    yaml = read_text("a: {b: [1, x]}\nc: 'no'\n")
    json = read_text('{"a": {"b": [1, "x"]}, "c": "no"}')

    assert yaml.tree == json.tree


def test_lines_are_known_by_path():
    yaml = read_text("# head\na:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    json = read_text('{\n"a": {"b": 1,\n "c": ["x",\n {"d": 2}]}}')

    assert yaml.lines == {"a": 2, "a.b": 3, "a.c": 4, "a.c[0]": 5, "a.c[1]": 6, "a.c[1].d": 6}
    assert json.lines == {"a": 2, "a.b": 2, "a.c": 3, "a.c[0]": 3, "a.c[1]": 4, "a.c[1].d": 4}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", [("a", "duplicate_key", 3)]),
        ("a:\n  b: 1\n  b: 1\n", [("a.b", "duplicate_key", 3)]),
        ("a: &x 1\nb: *x\n", [("a", "anchor", 1), ("b", "alias", 2)]),
        ("a: !!str 1\n", [("a", "tag", 1)]),
        ("a: !thing {b: 1}\n", [("a", "tag", 1)]),
        ("<<: {a: 1}\n", [("", "merge_key", 1)]),
        ("a: 1\n\tb: 2\n", [("", "tab", 2)]),
        ("a: 1\n---\nb: 2\n", [("", "several_documents", 2)]),
        ("%YAML 1.1\n---\na: on\n", [("", "syntax", 2)]),
        ("? [a]\n: 1\n", [("", "key_not_text", 1)]),
        ("", [("", "empty_document", 1)]),
        ("# nothing\n", [("", "empty_document", 1)]),
        ("a: [1\n", [("", "syntax", 2)]),
        ("a: 'x\n", [("", "syntax", 2)]),
        ("a: b: c\n", [("", "syntax", 1)]),
        ("a: \x00\n", [("", "syntax", 0)]),
        (b"a: 1\nb: \xff\n", [("", "not_utf8", 2)]),
        (b"\xff\xfea\x00", [("", "not_utf8", 1)]),
        ("a: \ud800", [("", "not_utf8", 0)]),
    ],
)
def test_yaml_refuses(source, expected):
    assert told(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"a": 1,\n "a": 2}', [("a", "duplicate_key", 2)]),
        ('{"a": null}', [("a", "null", 1)]),
        ('{"a": 1,}', [("", "syntax", 1)]),
        ('{"a" 1}', [("", "syntax", 1)]),
        ('{"a": 01}', [("", "syntax", 1)]),
        ('{"a": NaN}', [("", "syntax", 1)]),
        ('{"a": "x\ny"}', [("", "syntax", 1)]),
        ('{"a": "\\ud800"}', [("", "syntax", 1)]),
        ('{"a": 1} {"b": 2}', [("", "syntax", 1)]),
        ('{"a": [1, 2}', [("", "syntax", 1)]),
        ('{"a": ', [("", "syntax", 1)]),
        ("{a: 1}", [("", "syntax", 1)]),
        ("{", [("", "syntax", 1)]),
    ],
)
def test_json_refuses(source, expected):
    assert told(source) == expected


@pytest.mark.parametrize("source", ["a: " + "[" * 10_000, "[" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_refused_early(source):
    codes = [problem.code.value for problem in read_text(source).problems]

    assert codes == ["too_deep"]


def test_nesting_up_to_the_limit_is_read():
    assert read_text("[" * 32 + "]" * 32).problems == []
    assert told("[" * 34 + "]" * 34)[0][1:] == ("too_deep", 1)


def test_size_is_bounded():
    assert told("#" * 1_000_001) == [("", "too_large", 0)]
    assert told("a: 1 " + "#" * 999_995) == []


def test_mark_of_byte_order_and_old_line_ends_do_no_harm():
    text = read_text(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")

    assert (text.tree, text.lines, text.problems) == ({"a": "1", "b": "2"}, {"a": 1, "b": 2}, [])


def test_read_source_puts_the_line_to_every_problem():
    read = read_source(
        "rulebook: 1\n"
        "program: Shop\n"
        "money: RUB\n"
        "timezone: Europe/Moscow\n"
        "promotions:\n"
        "  friday:\n"
        "    when: {hours: {from: '18:00', until: '25:00'}}\n"
        "    discout: {percent: 5}\n"
    )

    assert read.rulebook is None
    assert [(problem.line, problem.path, problem.code.value) for problem in read.problems] == [
        (6, "promotions.friday", "at_least_one"),
        (7, "promotions.friday.when.hours.until", "not_a_time"),
        (8, "promotions.friday.discout", "unknown_key"),
    ]


def test_read_source_of_a_text_that_cannot_be_read_tells_that_alone():
    read = read_source("a: 1\na: 2\n")

    assert read.rulebook is None
    assert [(problem.line, problem.code.value) for problem in read.problems] == [(2, "duplicate_key")]


@pytest.mark.parametrize("source", ["a: [" + "1," * 100_001 + "]", '{"a": [' + "1," * 100_001 + "1]}"])
def test_number_of_values_is_bounded(source):
    assert [problem.code.value for problem in read_text(source).problems] == ["too_many"]


@pytest.mark.parametrize("source", ["a: 1\n" * 3_000, '{"a": 1' + ',"a": 1' * 3_000 + "}"])
def test_number_of_problems_is_bounded(source):
    assert len(read_text(source).problems) == 1_000


def test_line_of_a_place_that_is_not_written_is_that_of_the_place_around_it():
    read = read_source(
        "rulebook: 1\nprogram: Shop\nmoney: RUB\ntimezone: UTC\npoints: {a: {}}\n"
        "automations:\n  b:\n    event: enrolled\n    grant: [{points: 1.5}]\n"
    )

    errors = [(problem.line, problem.path) for problem in read.problems if problem.is_error]
    assert errors == [(9, "automations.b.grant.points")]
