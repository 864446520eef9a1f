from dataclasses import replace

from kopilka.wording import vocabulary
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import make_vocabulary, plain_vocabulary, vocabulary_of
from tests.wording.conftest import RULEBOOK


def test_vocabulary_is_made_once_per_rulebook_and_language():
    assert vocabulary_of(RULEBOOK, Language.RU) is vocabulary_of(RULEBOOK, Language.RU)
    assert vocabulary_of(RULEBOOK, Language.RU) is not vocabulary_of(RULEBOOK, Language.EN)


def test_vocabularies_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(vocabulary, "VOCABULARIES_MAX", 2)
    vocabulary._made.clear()

    for number in range(5):
        vocabulary_of(replace(RULEBOOK, fingerprint=f"number {number}"), Language.RU)

    assert len(vocabulary._made) == 1


def test_kept_sentences_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(vocabulary, "SENTENCES_MAX", 2)
    words = make_vocabulary(RULEBOOK, Language.RU)

    for number in range(5):
        words.keep(("condition", "", str(number)), lambda: "a sentence")

    assert len(words.kept) == 1


def test_points_are_counted_in_their_currency(russian, english):
    assert russian.currency("bonus").units(1) == "1\u00a0балл"
    assert russian.currency("exact").units(3750) == "37,50\u00a0бонуса"
    assert russian.currency("exact").units(3700) == "37\u00a0бонусов"
    assert english.currency("exact").units(100) == "1\u00a0bonus"
    assert english.currency("exact").plain(3750) == "37.50"
    assert english.currency("exact").plain(3700) == "37"


def test_exact_points_keep_their_fraction(russian):
    assert russian.currency("bonus").exact_units(75, 2) == "37,5\u00a0балла"
    assert russian.currency("exact").exact_units(7501, 2) == "37,505\u00a0бонуса"
    assert russian.currency("bonus").exact_units(74, 2) == "37\u00a0баллов"


def test_currency_nobody_knows_is_said_by_its_code(russian):
    assert russian.currency("old").units(5) == "5\u00a0«old»"


def test_plain_vocabulary_knows_no_names():
    words = plain_vocabulary(Language.EN)

    assert words.money(125050) == "1,250.50"
    assert words.currency("bonus").name == "bonus"
    assert words.promotion("cashback").subject == "Promotion “cashback”"


def test_name_of_one_language_serves_the_other():
    english_only = replace(
        RULEBOOK, fingerprint="english only", tiers=(replace(RULEBOOK.tiers[0], name_ru=""),), promotions=()
    )

    assert make_vocabulary(english_only, Language.RU).tiers == {"bronze": "Bronze"}
