"""What keys do to a receipt as typed."""

from kopilka.queries.articles import ArticleView
from kopilka.services.open_receipts import ReceiptDraft, Spend
from kopilka.till.drafting import CODES_MAX, one_more, paying, with_article, with_code, with_quantity, without_code

LATTE = ArticleView("LATTE", "Латте", "goods", "drinks", "", 240_0000, None, "", 0, active=True)


def test_same_article_goes_to_its_line():
    draft = with_article(with_article(ReceiptDraft(), LATTE), LATTE, 500)

    assert [(line.sku, line.price, line.quantity) for line in draft.lines] == [("LATTE", 240_0000, 1500)]


def test_quantity_nought_takes_the_line_away():
    draft = with_article(ReceiptDraft(), LATTE)

    assert with_quantity(draft, 0, 0) == ReceiptDraft()
    assert one_more(draft, 0, -1) == ReceiptDraft()


def test_unknown_line_and_endless_quantity_change_nothing():
    draft = with_article(ReceiptDraft(), LATTE)

    assert with_quantity(draft, 1, 1000) == draft
    assert one_more(draft, 7, 1) == draft
    assert with_quantity(draft, 0, 10**10) == draft


def test_code_stands_once_and_not_endlessly():
    draft = with_code(with_code(ReceiptDraft(), "TEA"), "TEA")
    assert draft.codes == ("TEA",)
    assert without_code(draft, "TEA") == ReceiptDraft()

    for number in range(2 * CODES_MAX):
        draft = with_code(draft, str(number))
    assert len(draft.codes) == CODES_MAX


def test_points_below_one_are_none():
    assert paying(ReceiptDraft(), 5) == ReceiptDraft(spend=Spend.SOME, units=5)
    assert paying(ReceiptDraft(), -5) == ReceiptDraft()
