"""A rulebook in plain sentences: the ready templates word by word (program_words.txt), and every kind of rule."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.conditions import All, Any, Not, Op
from kopilka.engine.conditions import Test as Asked
from kopilka.engine.facts import FACTS
from kopilka.engine.period import Edge, Hours, Life, Window
from kopilka.engine.spans import Period, Span
from kopilka.services.rulebook_templates import template_names, template_text
from kopilka.wording.conditions import condition_texts, goods_text
from kopilka.wording.languages import Language
from kopilka.wording.nouns import noun_of
from kopilka.wording.program_words import CouponWords, coupon_words, newcomer_words, program_words
from kopilka.wording.speaking import Names, Speaker, is_name
from kopilka.wording.times import hours_text, life_text, span_text, weekdays_text, window_text
from kopilka.wording.vocabulary import vocabulary_of
from tests.wording.conftest import RULEBOOK

TOLD = Path(__file__).with_name("program_words.txt").read_text(encoding="utf-8").replace("~", "\u00a0")
CASES = Path(__file__).resolve().parent.parent / "cases"
RU, EN = Language.RU, Language.EN
SCREEN = 900
"""Characters of rules that fit one screen of a phone."""

HEAD = "rulebook: 1\nprogram: Лавка\nmoney: RUB\ntimezone: Europe/Moscow\n"


def told(source, language=RU, **options):
    read = read_source(source)
    assert read.problems == [] or all(not problem.is_error for problem in read.problems)
    words = program_words(read.rulebook, language, **options)
    return {
        section.title: [sentence.replace("\u00a0", " ") for sentence in section.sentences] for section in words.sections
    }


def in_words(rulebook, language):
    lines = []
    for section in program_words(rulebook, language).sections:
        lines += [f"## {section.title}", *section.sentences]
    return "\n".join(lines)


def expected(name, language):
    return TOLD.split(f"# {name} {language.value}\n")[1].split("\n\n")[0].strip("\n")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", template_names())
def test_every_template_is_told_as_written_down(name, language):
    """S0.3, S1.6: the file beside this test holds all of it, to be read aloud."""
    assert in_words(read_source(template_text(name)).rulebook, language) == expected(name, language)


@pytest.mark.parametrize(
    "name", ["cashback", "cashback-2dp", "discount", "discount-ladder", "points-per-unit", "stamps"]
)
def test_a_simple_program_fits_one_screen(name):
    """S0.3."""
    assert len(in_words(read_source(template_text(name)).rulebook, RU)) < SCREEN


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("place", sorted(CASES.rglob("*.yaml")), ids=lambda place: place.stem)
def test_no_rulebook_makes_a_broken_sentence(place, language):
    rulebook = read_source(place.read_text(encoding="utf-8")).rulebook

    sections = program_words(rulebook, language).sections

    for sentence in (one for section in sections for one in section.sentences):
        assert sentence.endswith(".")
        assert not re.search(r"None|[{}<>]|  |\.\.| ,|: \.|, \.|: :", sentence), sentence
    assert all(section.title and section.sentences for section in sections)


def test_a_program_without_rules_says_nothing():
    assert told(HEAD) == {}


def test_promotions_that_are_over_are_not_told():
    source = HEAD + (
        'promotions:\n  week: {name: Неделя, from: "2026-03-01", until: "2026-03-09 00:00", discount: {percent: 10}}\n'
    )

    before, during, after = (told(source, at=datetime(2026, month, 5, tzinfo=UTC)).get("Акции") for month in (2, 3, 4))

    assert before == ["Неделя: скидка 10 %, с 01.03.2026 по 08.03.2026."]
    assert during == ["Неделя: скидка 10 %, по 08.03.2026."]
    assert after is None


def test_names_of_articles_and_branches_stand_instead_of_codes():
    source = HEAD + "promotions:\n  tea: {branches: [b1], lines: {sku: TEA}, discount: {percent: 10}}\n"
    names = Names(articles={"TEA": "Чай"}, branches={"b1": "Центр"})

    assert told(source, names=names)["Акции"] == ["Скидка 10 % на «Чай», в точке «Центр»."]
    assert told(source)["Акции"] == ["Скидка 10 % на отдельные товары, в отдельных точках."]


def test_points_of_employees_are_not_told_to_customers():
    source = HEAD + (
        "points: {staff: {name: Баллы сотрудника}}\nshares: {seller: {to: employee, earn: {percent: 2, in: staff}}}\n"
    )

    assert told(source) == {}


@pytest.mark.parametrize(
    ("asked", "in_russian", "in_english"),
    [
        (Asked("total", Op.AT_LEAST, 100_000), "при покупке от 1 000 ₽", "on a purchase from ₽1,000"),
        (Asked("items", Op.AT_LEAST, 3_000), "если в чеке от 3 шт.", "with at least 3 items on the receipt"),
        (Asked("tier", Op.ONE_OF, ("gold",)), "для уровня «Золотой»", "for tier “Gold”"),
        (
            Asked("tier", Op.ONE_OF, ("bronze", "gold")),
            "для уровней «Бронзовый» и «Золотой»",
            "for tiers “Bronze” and “Gold”",
        ),
        (Asked("segment", Op.ONE_OF, ("x",)), "для отдельных участников", "for selected members"),
        (Asked("birthday", Op.WITHIN, (0, 0)), "в день рождения", "on your birthday"),
        (
            Asked("birthday", Op.WITHIN, (3, 7)),
            "за 3 дня до дня рождения и 7 дней после",
            "from 3 days before your birthday to 7 days after",
        ),
        (Asked("purchases", Op.ONE_OF, (0,)), "с первой покупки", "on the first purchase"),
        (Asked("purchases", Op.BELOW, 3), "с первых 3 покупок", "on the first 3 purchases"),
        (Asked("age", Op.AT_LEAST, 21), "для тех, кому от 21 года", "for people from 21 years of age"),
        (Asked("referrals", Op.AT_LEAST, 1), "если вы пригласили от 1 друга", "if you have invited from 1 friend"),
        (
            Asked("last_purchase_days", Op.AT_MOST, 21),
            "если с прошлой покупки прошло не больше 21 дня",
            "within 21 days of your last purchase",
        ),
        (
            Asked("date", Op.WITHIN, (date(2026, 3, 1), date(2026, 3, 9))),
            "с 01.03.2026 по 08.03.2026",
            "from 1 Mar 2026 through 8 Mar 2026",
        ),
        (Asked("origin", Op.ONE_OF, ("online",)), "в интернет-магазине", "online"),
        (Asked("member", Op.ONE_OF, (True,)), None, None),
        (Not(Asked("weekday", Op.ONE_OF, (5, 6))), "кроме случаев: по выходным", "except at weekends"),
        (
            Any((Asked("weekday", Op.ONE_OF, (0,)), Asked("birthday", Op.WITHIN, (0, 0)))),
            "по понедельникам или в день рождения",
            "on Mondays or on your birthday",
        ),
        (Asked("acme.weather", Op.ONE_OF, ("rain",)), "на особых условиях", "on special terms"),
    ],
)
def test_a_condition_is_a_phrase(asked, in_russian, in_english, russian, english):
    for vocabulary, phrase in ((russian, in_russian), (english, in_english)):
        phrases = condition_texts(asked, Speaker(RULEBOOK, vocabulary, Names()))
        assert [text.replace("\u00a0", " ") for text in phrases] == ([phrase] if phrase else [])


def test_conditions_that_hold_together_are_each_said_once(russian):
    both = All((Asked("weekday", Op.ONE_OF, (4,)), Asked("hours", Op.WITHIN, Hours(1_080, 1_200))))
    hidden = All((Asked("tags", Op.ONE_OF, ("a",)), Asked("segment", Op.ONE_OF, ("b",))))

    assert condition_texts(both, Speaker(RULEBOOK, russian, Names())) == ["по пятницам", "с 18:00 до 20:00"]
    assert condition_texts(hidden, Speaker(RULEBOOK, russian, Names())) == ["для отдельных участников"]


@pytest.mark.parametrize(
    "fact", sorted(name for name, fact in FACTS.items() if fact.scope.value in {"receipt", "member"})
)
def test_every_fact_has_a_phrase_of_its_own(fact, russian):
    """A new fact without one would be said as "на особых условиях"."""
    values = {
        "birthday": (Op.WITHIN, (1, 1)), "has_lines": (Op.ONE_OF, Asked("sku", Op.ONE_OF, ("A",))),
        "total": (Op.ABOVE, 1), "items": (Op.ABOVE, 1), "age": (Op.ABOVE, 1), "enrolled_days": (Op.ABOVE, 1),
        "purchases": (Op.ABOVE, 1), "spent": (Op.ABOVE, 1), "last_purchase": (Op.ABOVE, 1),
        "last_purchase_days": (Op.ABOVE, 1), "referrals": (Op.ABOVE, 1), "invited": (Op.ONE_OF, (True,)),
        "member": (Op.ONE_OF, (False,)),
    }  # fmt: skip
    op, value = values.get(fact, (Op.ONE_OF, ("a",)))

    phrases = condition_texts(Asked(fact, op, value), Speaker(RULEBOOK, russian, Names()))

    if fact != "origin":  # an unknown origin is no condition a customer knows of
        assert phrases
    assert phrases != ["на особых условиях"]


@pytest.mark.parametrize(
    ("lines", "of", "text"),
    [
        (None, False, ""),
        (Asked("category", Op.ONE_OF, ("bakery",)), False, "отдельные товары"),
        (Asked("category", Op.ONE_OF, ("Выпечка",)), False, "товары категории «Выпечка»"),
        (Asked("brand", Op.ONE_OF, ("AQUA DELLA",)), True, "товаров марки «AQUA DELLA»"),
        (Asked("article", Op.ONE_OF, ("service",)), True, "услуг"),
        (Asked("price", Op.AT_LEAST, 5_000_000), False, "товары от 500 ₽"),
        (Asked("sku", Op.ONE_OF, ("TEA", "BUN")), False, "«Чай» и «Булочка»"),
        (Asked("sku", Op.ONE_OF, ("TEA", "OTHER")), False, "отдельные товары"),
        (
            All((Asked("category", Op.ONE_OF, ("x",)), Asked("brand", Op.ONE_OF, ("ACME",)))),
            False,
            "отдельные товары марки «ACME»",
        ),
        (Not(Asked("sku", Op.ONE_OF, ("TEA",))), True, "отдельных товаров"),
    ],
)
def test_goods_are_named_where_they_have_names(lines, of, text, russian):
    speaker = Speaker(RULEBOOK, russian, Names(articles={"TEA": "Чай", "BUN": "Булочка"}))

    assert goods_text(lines, speaker, of=of).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("life", "russian", "english"),
    [
        (Life(months=12), "1 год", "1 year"),
        (Life(months=18), "18 месяцев", "18 months"),
        (Life(days=14), "14 дней", "14 days"),
        (Life(months=1, days=1), "1 месяц и 1 день", "1 month and 1 day"),
        (Life(hours=2), "2 часа", "2 hours"),
        (Life(to_end_of=Edge.WEEK), "до конца недели", "to the end of the week"),
        (Life(), "", ""),
    ],
)
def test_lengths_of_time_are_said_in_the_largest_units(life, russian, english):
    assert [life_text(life, language).replace("\u00a0", " ") for language in (RU, EN)] == [russian, english]


def test_spans_weekdays_and_hours():
    assert span_text(Span(Life(months=6)), RU).replace("\u00a0", " ") == "за 6 месяцев"
    assert span_text(Span(this=Period.QUARTER), EN) == "in a calendar quarter"
    assert weekdays_text((0, 1, 2, 3, 4), RU) == "по будням"
    assert weekdays_text((6, 4), EN) == "on Fridays and Sundays"
    assert hours_text(Hours(1_080, 0), RU) == "с 18:00 до 24:00"
    assert not hours_text(Hours(0, 0), RU)


def test_a_window_with_hours_is_told_to_the_minute():
    window = Window(datetime(2026, 1, 1, 6, tzinfo=UTC), datetime(2026, 1, 3, 19, tzinfo=UTC))

    text = window_text(window, RULEBOOK.zone, RU).replace("\u00a0", " ")

    assert text == "с 01.01.2026 09:00 до 03.01.2026 22:00"


@pytest.mark.parametrize(
    ("name", "language", "forms"),
    [
        ("Уличные баллы", RU, ("уличный балл", "уличных балла", "уличных баллов")),
        ("Золотые монеты", RU, ("золотая монета", "золотых монеты", "золотых монет")),
        ("Золотые баллы", RU, ("золотой балл", "золотых балла", "золотых баллов")),
        ("Странные штуковины", RU, ("«Странные штуковины»",) * 3),
        ("Packs of pet food", EN, ("Pack of pet food", "Packs of pet food", "Packs of pet food")),
    ],
)
def test_names_of_points_with_adjectives_are_counted(name, language, forms):
    noun = noun_of(name, language)

    assert (noun.one, noun.few, noun.many) == forms


def test_codes_are_told_from_names():
    assert [is_name(text) for text in ("bakery", "MILK-1L", "coffee/milk", "AQUA DELLA", "Выпечка", "ACME")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_categories_an_english_reader_cannot_read_are_not_named():
    lines = Asked("category", Op.ONE_OF, ("Выпечка",))

    words = [goods_text(lines, Speaker(RULEBOOK, vocabulary_of(RULEBOOK, one), Names())) for one in (RU, EN)]
    latin = Asked("category", Op.ONE_OF, ("Tea & coffee",))

    assert words == ["товары категории «Выпечка»", "selected goods"]
    assert goods_text(latin, Speaker(RULEBOOK, vocabulary_of(RULEBOOK, EN), Names())) == "goods of “Tea & coffee”"


def test_a_newcomer_is_told_what_he_gets():
    """S4.27: 500 instead of 300 with a friend's code."""
    rulebook = read_source(template_text("referral")).rulebook

    alone, invited = (newcomer_words(rulebook, RU, invited=invited) for invited in (False, True))

    assert [text.replace("\u00a0", " ") for text in alone] == ["Вы получите 300 баллов за регистрацию, срок — 14 дней."]
    assert [text.replace("\u00a0", " ") for text in invited] == [
        "Вы получите 500 баллов за регистрацию, срок — 14 дней.",
        "Вы получите ещё 2 % с первых 3 покупок.",
    ]


def test_a_coupon_for_everybody_says_what_it_gives():
    rulebook = read_source(template_text("gift-shop")).rulebook

    told = coupon_words(rulebook, "BY-LINK", RU, at=datetime(2026, 3, 1, tzinfo=UTC))

    assert told == CouponWords(
        "Купон по ссылке",
        (
            "Скидка по купону из ссылки: скидка 15\u00a0%.",
            "Действует 30\u00a0дней с момента получения.",
            "Действует по 31.12.2026.",
        ),
    )
    assert coupon_words(rulebook, "ABCDEFGH12345678", RU) is None
