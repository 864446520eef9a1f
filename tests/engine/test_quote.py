from dataclasses import replace

from kopilka.engine.compiling import book as compiling
from kopilka.engine.compiling.lines import MEMO_MAX, LineIndex, LineKey
from kopilka.engine.decision import Totals
from kopilka.engine.quote import decide
from kopilka.engine.rulebook import FixedPrice, PercentOff, Rulebook, Tier
from kopilka.engine.rulebook_earn import Earn
from tests.engine.samples import AT, MAX, MOSCOW, asks, line, member, paying, play, priced, promotion, receipt, rulebook

MILK = promotion(
    "milk", lines=asks("sku", "MILK"), discount=FixedPrice(599_000), no_earning=True, no_spending=True,
    prompt_ru="Предложите хлеб",
)  # fmt: skip
CASHBACK = promotion("cashback", earn=(Earn("bonus", percent=500),))


def milk_and_bread(**facts):
    return receipt(line(1, 8_990, 2, sku="MILK"), line(2, 4_550, sku="BREAD"), **facts)


def test_milk_keeps_out_of_the_points_and_bread_does_not():
    """S4.13 and the figures of the worked example in docs/algorithms/quote.md."""
    said = rulebook(MILK, CASHBACK, spending=(paying(share_line=2_500),))

    decision = decide(said, member(1_000), milk_and_bread(spend=MAX), version=3)

    assert decision.totals == Totals(amount=22_530, manual=0, discount=6_000, net=16_530, points=1_100, paid=15_430)
    assert [(sold.net, sold.points, sold.paid, sold.earned) for sold in decision.lines] == [
        (11_980, 0, 11_980, {}),
        (4_550, 1_100, 3_450, {0: 1}),
    ]
    assert decision.prompts == ["milk"]
    assert (decision.version, decision.fingerprint, decision.at) == (3, "test", AT)


def test_nothing_that_came_in_is_changed():
    said = rulebook(MILK, CASHBACK, spending=(paying(),))
    who, sale = member(1_000), milk_and_bread(spend=MAX)
    before = repr((who, sale))

    decide(said, who, sale)

    assert repr((who, sale)) == before


def test_the_same_values_give_the_same_decision():
    said = rulebook(MILK, CASHBACK, spending=(paying(),))

    assert decide(said, member(7), milk_and_bread()) == decide(said, member(7), milk_and_bread())


def test_the_order_in_which_lines_are_sent_changes_nothing():
    said = rulebook(MILK, CASHBACK, spending=(paying(),))
    there = milk_and_bread(spend=MAX)
    back = replace(there, lines=there.lines[::-1])

    assert decide(said, member(1_000), there) == decide(said, member(1_000), back)


def test_the_tills_discount_is_taken_before_everything_and_never_exceeds_the_line():
    decision = play(
        promotion(discount=PercentOff(1_000)), lines=(line(1, 100, discount=500), line(2, 100, discount=10))
    )

    assert [(sold.manual, sold.net) for sold in decision.lines] == [(100, 0), (10, 81)]


def test_yen_have_no_kopecks():
    said = Rulebook("yen", "Yen", "JPY", MOSCOW, digits=0, promotions=(promotion(discount=FixedPrice(5_000_000)),))

    decision = decide(said, member(), receipt(line(1, amount=700)))

    assert priced(decision) == [500]


def test_rulebooks_of_one_fingerprint_are_told_apart():
    one = rulebook(promotion(discount=PercentOff(1_000)))
    two = rulebook(promotion(discount=PercentOff(2_000)))

    assert [priced(decide(said, member(), receipt())) for said in (one, two, one)] == [[9_000], [8_000], [9_000]]


def test_ready_rulebooks_are_kept_within_bounds(monkeypatch):
    monkeypatch.setattr(compiling, "BOOKS_MAX", 2)
    compiling._books.clear()

    for number in range(5):
        decide(replace(rulebook(), fingerprint=str(number)), member(), receipt())

    assert list(compiling._books) == ["4"]


def test_a_rulebook_read_again_is_not_made_ready_again():
    first = compiling.book_of(rulebook(MILK))

    assert compiling.book_of(rulebook(MILK)) is first


def test_what_was_found_for_articles_is_kept_within_bounds():
    index = LineIndex([(0, LineKey("brand", frozenset({"b"})))])

    for number in range(MEMO_MAX + 1):
        assert index.find(line(sku=f"sku-{number}", brand="b")).indexes == [0]

    assert len(index._memo) == 1


def test_an_article_under_another_brand_or_category_is_looked_up_anew():
    index = LineIndex([(0, LineKey("brand", frozenset({"b"}))), (1, LineKey("category", frozenset({"tea"})))])
    sold = (
        line(sku="A", brand="b"), line(sku="A"), line(sku="A", category="tea/green"), line(sku="A", brand="b"),
        line(sku="", brand="b"), line(sku="", category="tea"), line(sku="", brand="b", category="tea"), line(sku=""),
    )  # fmt: skip

    found = [(one.indexes, one.mask) for one in map(index.find, sold)]

    assert found == [
        ([0], 1), ([], 0), ([1], 2), ([0], 1),
        ([0], 1), ([1], 2), ([0, 1], 3), ([], 0),
    ]  # fmt: skip


def test_promotions_that_ask_for_overlapping_values_of_one_fact_are_told_apart():
    first = promotion("first", when=asks("branch", "north", "centre"), discount=PercentOff(1_000))
    second = promotion("second", when=asks("branch", "centre", "south"), discount=PercentOff(1_000))

    sold = {branch: priced(play(first, second, branch=branch)) for branch in ("north", "centre", "south", "west", "")}

    assert sold == {"north": [9_000], "centre": [8_100], "south": [9_000], "west": [10_000], "": [10_000]}


def test_a_brief_decision_comes_to_the_same():
    said = rulebook(MILK, CASHBACK, spending=(paying(share_line=2_500),))

    whole = decide(said, member(1_000), milk_and_bread(spend=MAX))
    brief = decide(said, member(1_000), milk_and_bread(spend=MAX), brief=True)

    assert brief == replace(whole, lines=[], fiscal=[], reasons=[])


def test_a_brief_decision_tells_the_tier_reached_and_not_the_way_to_the_next():
    tiers = (
        Tier("bronze"),
        Tier("silver", enter=asks("spent", at_least=5_000)),
        Tier("gold", enter=asks("spent", at_least=90_000)),
    )
    said = rulebook(MILK, CASHBACK, tiers=tiers)

    whole = decide(said, member(), milk_and_bread())
    brief = decide(said, member(), milk_and_bread(), brief=True)

    assert whole.beyond is not None
    assert brief == replace(whole, lines=[], fiscal=[], reasons=[], beyond=None)
    assert brief.tier_after == "silver"
