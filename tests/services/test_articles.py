"""The small catalogue of a till without integration."""

import pytest

from kopilka.engine.actor import SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.articles import article_by_barcode, articles_by_sku, articles_for_till, list_articles
from kopilka.services.articles import NewArticle, RejectedRow, import_articles, offer_article, save_article
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

LATTE = NewArticle("LATTE", "Латте тёплый", 240_0000, category="drinks", barcode="4600000000017", place=1)
MENU = """\
Артикул;Название;Цена;Вид;Категория;НДС;Штрихкод
LATTE;Латте;240,00;;drinks;20 %;4600000000017
HAIRCUT;Стрижка;1 500;услуга;;без НДС;
"""


def save(program, *articles):
    for article in articles:
        save_article(program_id=program.id, article=article, by=SYSTEM_ACTOR, at=NOON)


def bring(program, tmp_path, text, encoding="utf-8"):
    place = tmp_path / "menu.csv"
    place.write_bytes(text.encode(encoding))
    return import_articles(program_id=program.id, path=place, by=SYSTEM_ACTOR, at=NOON)


def test_articles_stand_in_the_order_of_their_buttons_and_those_off_sale_are_hidden():
    program = make_program()
    save(program, LATTE, NewArticle("BUN", "Булочка", 90_0000, place=0), NewArticle("OLD", "Старое", 1_0000, place=0))

    offer_article(program_id=program.id, sku="OLD", active=False, by=SYSTEM_ACTOR, at=NOON)

    assert [one.sku for one in articles_for_till(program.id)] == ["BUN", "LATTE"]
    assert [(one.sku, one.active) for one in list_articles(program.id)] == [
        ("BUN", True), ("OLD", False), ("LATTE", True),
    ]  # fmt: skip


def test_search_reads_every_word_apart_from_case_and_yo():
    program = make_program()
    save(program, LATTE, NewArticle("BUN", "Булочка", 90_0000))

    assert [one.sku for one in articles_for_till(program.id, "ТЕПЛ лат")] == ["LATTE"]
    assert [one.sku for one in articles_for_till(program.id, "bun")] == ["BUN"]
    assert articles_for_till(program.id, "%") == []


def test_an_article_is_found_by_its_barcode_and_by_its_code():
    program = make_program()
    save(program, LATTE, NewArticle("4600000000017", "Самозванец", 1_0000))

    found = [article_by_barcode(program.id, text) for text in (" 4600000000017 ", "LATTE", "latte?", "")]

    assert [one and one.name for one in found] == ["Латте тёплый", "Латте тёплый", None, None]


def test_saving_again_changes_the_article():
    program = make_program()
    save(program, LATTE, NewArticle("LATTE", "Латте", 250_0000))

    assert articles_by_sku(program.id, ["LATTE", "NONE"])["LATTE"].price == 250_0000
    assert len(list_articles(program.id)) == 1


@pytest.mark.parametrize(
    ("article", "code", "field"),
    [
        (NewArticle("", "Без кода", 1), Code.MISSING, "sku"),
        (NewArticle("A", " ", 1), Code.MISSING, "name"),
        (NewArticle("A", "А", -1), Code.OUT_OF_RANGE, "price"),
        (NewArticle("A", "А", 1, vat=10_001), Code.OUT_OF_RANGE, "vat"),
        (NewArticle("A", "А", 1, kind="thing"), Code.INVALID, "kind"),
        (NewArticle("A", "А" * 401, 1), Code.INVALID, "name"),
        (NewArticle("A", "А", 1, barcode="4600000000017"), Code.INVALID, "barcode"),
    ],
)
def test_a_bad_article_is_refused_by_its_field(article, code, field):
    program = make_program()
    save(program, LATTE)

    with pytest.raises(Refusal) as refused:
        save(program, article)

    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_a_till_may_not_change_articles():
    program = make_program()
    till = Actor(ActorKind.KEY, None, "till", TILL)

    with pytest.raises(Refusal, match="not_allowed"):
        save_article(program_id=program.id, article=LATTE, by=till, at=NOON)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_file_of_a_spreadsheet_is_read(tmp_path, encoding):
    program = make_program()

    done = bring(program, tmp_path, MENU, encoding)

    assert (done.added, done.changed, done.rejected) == (2, 0, ())
    latte, haircut = articles_for_till(program.id)
    assert (latte.name, latte.price, latte.vat, latte.kind) == ("Латте", 240_0000, 2_000, "goods")
    assert (haircut.price, haircut.vat, haircut.kind) == (1_500_0000, None, "service")


def test_bad_rows_are_told_and_the_others_are_saved(tmp_path):
    program = make_program()
    save(program, NewArticle("OTHER", "Другой", 1_0000, barcode="77"))
    rows = (
        "A,Один,10,",
        "A,Дважды,10,",
        "B,Два,десять,",
        "C,,1,",
        "D,Чужой код,1,77",
        "E,Лишнее,1,,",
        "F,Хорошо,0.5,5",
    )
    text = "\n".join(("sku,name,price,barcode", *rows))

    done = bring(program, tmp_path, text)

    assert (done.added, done.changed) == (2, 0)
    assert [(row.line, row.field, row.reason) for row in done.rejected] == [
        (3, "sku", "taken"),
        (4, "price", "not_a_number"),
        (5, "name", "missing"),
        (6, "barcode", "taken"),
        (7, "", "too_many_cells"),
    ]
    assert done.rejected[1] == RejectedRow(4, "price", "not_a_number", ("B", "Два", "десять", ""))


def test_a_file_brought_again_changes_what_it_says(tmp_path):
    program = make_program()
    bring(program, tmp_path, MENU)

    done = bring(program, tmp_path, MENU.replace("240,00", "260,00"))

    assert (done.added, done.changed) == (0, 2)
    assert articles_by_sku(program.id, ["LATTE"])["LATTE"].price == 260_0000


def test_a_file_without_a_needed_column_is_refused(tmp_path):
    program = make_program()

    with pytest.raises(Refusal) as refused:
        bring(program, tmp_path, "sku,price\nA,1\n")

    assert (refused.value.code, refused.value.params["field"]) == (Code.MISSING, "name")
