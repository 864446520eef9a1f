import pytest

from kopilka.wording.languages import Language, choose, language_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", Language.RU),
        ("en", Language.EN),
        ("en-US,en;q=0.9", Language.EN),
        ("EN-gb", Language.EN),
        ("de-DE,de;q=0.9,en;q=0.8,ru;q=0.7", Language.EN),
        ("ru;q=0.4, en;q=0.401", Language.EN),
        ("en;q=0.5, ru;q=0.5", Language.EN),
        ("en;q=0", Language.RU),
        ("en ; q=1.000", Language.EN),
        ("*", Language.RU),
        ("de", Language.RU),
        ("", Language.RU),
        (None, Language.RU),
    ],
)
def test_language_is_the_reader_s_first_of_ours(header, language):
    assert choose(header) is language


@pytest.mark.parametrize(
    "header", ["en;q=abc", "en;q=1_0", "en;q=٣", "en;q=-1", "en;q=9", "en;q=0.1234", ";;;,,,=", "\x00\xff"]
)
def test_language_of_a_header_that_cannot_be_read_is_the_default(header):
    assert choose(header, Language.RU) is Language.RU


def test_language_falls_back_to_the_default_that_was_given():
    assert choose("de,*;q=0.1", Language.EN) is Language.EN


def test_language_looks_at_the_beginning_of_a_huge_header_only():
    assert choose("x," * 5_000_000 + "en") is Language.RU


def test_language_of_a_stored_code_is_known_or_the_default():
    assert language_of("en") is Language.EN
    assert language_of("") is Language.RU
    assert language_of("de", Language.EN) is Language.EN
