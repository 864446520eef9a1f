import pytest

from kopilka.wording.languages import Language
from kopilka.wording.nouns import noun_of


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "баллов"), (1, "балл"), (2, "балла"), (4, "балла"), (5, "баллов"), (11, "баллов"), (12, "баллов"),
        (14, "баллов"), (21, "балл"), (22, "балла"), (25, "баллов"), (101, "балл"), (111, "баллов"), (112, "баллов"),
        (1004, "балла"), (-1, "балл"),
    ],
)  # fmt: skip
def test_russian_noun_agrees_with_its_number(number, word):
    assert noun_of("Баллы", Language.RU).after(number, Language.RU) == word


def test_russian_noun_after_a_fraction_stands_as_after_two():
    assert noun_of("Бонусы", Language.RU).after_fraction(Language.RU) == "бонуса"


def test_russian_name_of_several_words_changes_its_first():
    noun = noun_of("Пакетики Whiskas", Language.RU)

    assert [noun.after(number, Language.RU) for number in (1, 3, 5)] == [
        "пакетик Whiskas",
        "пакетика Whiskas",
        "пакетиков Whiskas",
    ]
    assert noun_of("Бонусные баллы", Language.RU).many == "бонусных баллов"
    assert noun_of("Балл", Language.RU).many == "баллов"


def test_russian_name_nobody_can_decline_is_quoted():
    noun = noun_of("Плюшки", Language.RU)

    assert (noun.one, noun.few, noun.many) == ("«Плюшки»", "«Плюшки»", "«Плюшки»")


@pytest.mark.parametrize(
    ("name", "one", "many"),
    [
        ("Points", "point", "points"),
        ("Stamps", "stamp", "stamps"),
        ("Bonuses", "bonus", "bonuses"),
        ("Bonus", "bonus", "bonuses"),
        ("Whiskas packs", "Whiskas pack", "Whiskas packs"),
        ("Koins", "Koin", "Koins"),
        ("Glass", "Glass", "Glass"),
        ("bonus-kind", "bonus-kind", "bonus-kind"),
    ],
)
def test_english_noun_is_singular_after_one(name, one, many):
    noun = noun_of(name, Language.EN)

    assert noun.after(1, Language.EN) == one
    assert noun.after(0, Language.EN) == many
    assert noun.after(11, Language.EN) == many
    assert noun.after_fraction(Language.EN) == many
