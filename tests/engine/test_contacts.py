"""Names, cards, addresses: one person is written one way (reliability B40 to B43, B47, B49, S0.1)."""

import unicodedata

import pytest

from kopilka.engine.contacts import (
    clean_card,
    clean_email,
    clean_external,
    clean_name,
    clean_text,
    fold_name,
    graphemes,
)
from kopilka.engine.refusal import Refusal

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "Д’Артаньян", "Анна-Мария", "ЁЖ", "Łukasz", "李", "محمد", "Я", "null", "None", "NaN", "-",
     "<script>", "{{7*7}}", "'; DROP TABLE", "=HYPERLINK(1)", "می\u200cخواهم", FAMILY, "Nguyễn"],
)  # fmt: skip
def test_name_of_a_living_person_is_kept(name):
    assert clean_name(name) == name


def test_name_is_stored_in_nfc_with_single_plain_spaces():
    assert clean_name(unicodedata.normalize("NFD", "  Андрей\u00a0\u00a0 Чайкин ")) == "Андрей Чайкин"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\u00a0\u2003", "empty"),
        ("\u200b", "hidden_character"),
        ("\u200d", "hidden_character"),
        ("Анна\u202e", "hidden_character"),
        ("\u2066Анна\u2069", "hidden_character"),
        ("\ufeffАнна", "hidden_character"),
        ("Анна\U000e0041", "hidden_character"),
        ("Анна\r\nBcc", "hidden_character"),
        ("Анна\x00", "hidden_character"),
        ("Анна\x85", "hidden_character"),
        ("Анна\u2028", "hidden_character"),
        ("Анна\ud800", "hidden_character"),
        ("Анна\ufdd0", "hidden_character"),
        ("а" + "\u0301" * 1000, "too_many_marks"),
        ("\u0301", "empty"),
        ("я" * 101, "too_long"),
        ("я" * 10_000, "too_long"),
    ],
)
def test_name_nobody_can_read_is_refused(name, reason):
    with pytest.raises(Refusal) as refused:
        clean_name(name)

    assert (refused.value.code, refused.value.params) == ("invalid", {"field": "name", "reason": reason})


def test_name_of_a_hundred_letters_is_the_longest():
    assert clean_name("я" * 100) == "я" * 100


def test_graphemes_are_counted_as_a_reader_does():
    assert [graphemes(text) for text in ("", "Анна", "é", "e\u0301", FAMILY, "👍🏽")] == [0, 4, 1, 1, 1, 1]


def test_fold_name_forgets_case_and_the_dots_of_yo():
    assert fold_name("Пётр ЁЖ Straße") == "петр еж strasse"


def test_clean_text_may_be_empty_and_keeps_its_inner_spaces():
    assert clean_text(" a  b ", field="note", length_max=10) == "a  b"
    assert clean_text("", field="note", length_max=10) == ""


def test_clean_text_refuses_a_tab_and_a_long_text():
    with pytest.raises(Refusal) as hidden:
        clean_text("a\tb", field="note", length_max=10)
    with pytest.raises(Refusal) as long:
        clean_text("a" * 11, field="note", length_max=10)

    assert hidden.value.params == {"field": "note", "reason": "hidden_character"}
    assert long.value.params == {"field": "note", "reason": "too_long"}


@pytest.mark.parametrize(
    "typed", ["908-424-2890", "9084242890", " 908 424 2890 ", "908\u2013424\u00a02890", "９０８4242890"]
)
def test_card_in_any_spelling_is_one_card(typed):
    assert clean_card(typed) == "9084242890"


def test_card_letters_are_capital():
    assert clean_card("ab-00x") == "AB00X"


@pytest.mark.parametrize("typed", ["", "  ", "карта", "12_34", "1" * 65, "12\n", "😀"])
def test_card_of_something_else_is_refused(typed):
    with pytest.raises(Refusal) as refused:
        clean_card(typed)

    assert refused.value.params == {"field": "card", "reason": "not_a_card_number"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Anna.Petrova+shop@Example.COM", "anna.petrova+shop@example.com"),
        ("o'brien@mail.example.org", "o'brien@mail.example.org"),
        ("user@почта.рф", "user@xn--80a1acny.xn--p1ai"),
        (" a@b.co ", "a@b.co"),
    ],
)
def test_email_is_stored_in_lower_case_and_ascii(typed, stored):
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a@b", "a@@b.co", "a@b@c.co", "a@b.co.", "@b.co", "a@", '"a b"@c.co', "a..b@c.co", ".a@c.co",
     "a@-b.co", "a@b_c.co", "a@1.2.3.4", "a\r\nBcc: x@y.co@z.co", "a@b.co\r\n", "ана@b.co",
     "a" * 65 + "@b.co", "a@" + "b" * 64 + ".co", "a@" + "b." * 130 + "co"],
)  # fmt: skip
def test_email_that_is_none_is_refused(typed):
    with pytest.raises(Refusal) as refused:
        clean_email(typed)

    assert refused.value.params == {"field": "email", "reason": "not_an_email"}


def test_external_id_is_compared_letter_by_letter():
    assert [clean_external(text) for text in ("17850", "a-B/c d", " 7 ")] == ["17850", "a-B/c d", "7"]


@pytest.mark.parametrize(
    ("typed", "reason"), [("", "empty"), ("  ", "empty"), ("1" * 101, "too_long"), ("1\u200b", "hidden_character")]
)
def test_external_id_nobody_can_see_is_refused(typed, reason):
    with pytest.raises(Refusal) as refused:
        clean_external(typed)

    assert refused.value.params == {"field": "external_id", "reason": reason}
