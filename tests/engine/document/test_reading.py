from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.conditions import All, Any, Not, Op
from kopilka.engine.conditions import Test as Asked
from kopilka.engine.document.reading import fingerprint, read_document, read_rulebook
from kopilka.engine.mechanics import (
    Automation,
    Bounds,
    Grant,
    Limit,
    Mechanics,
    On,
    Share,
    To,
    Trigger,
    Whose,
)
from kopilka.engine.period import Edge, Hours, Life, Window
from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    Coupon,
    EarnBase,
    Fiscal,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
    PointsAs,
    Promotion,
    Proof,
    Returns,
    Spending,
    SpendingProof,
    Stacking,
    TakeBack,
    Tier,
    ZeroGift,
)
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.engine.rulebook_tiers import Keep
from kopilka.engine.spans import Span

MOSCOW = ZoneInfo("Europe/Moscow")
HEAD = "rulebook: 1\nprogram: {ru: Лавка, en: Shop}\nmoney: RUB\ntimezone: Europe/Moscow\n"
POINTS = "points: {bonus: {worth: 1, decimals: 2}, stars: {}}\nspending: {bonus: {}}\n"


def rulebook_of(source):
    read = read_source(HEAD + source)
    assert read.rulebook is not None, read.problems
    return read.rulebook


def promotion_of(rule):
    return rulebook_of(POINTS + "promotions: {rule: " + rule + "}").promotions[0]


def condition_of(when):
    return promotion_of("{turn_off: earning, when: " + when + "}").when


def test_smallest_document_has_every_default():
    book = rulebook_of("")

    assert (book.name, book.currency, book.digits, book.zone) == ("Лавка", "RUB", 2, MOSCOW)
    assert (book.points, book.spending, book.tiers, book.groups, book.promotions) == ({}, {}, (), {}, ())
    assert book.earn_base is EarnBase.PAID_WITH_MONEY
    assert book.returns == Returns(TakeBack.DEBT, give_back=True, grace=Life())
    assert book.fiscal == Fiscal(PointsAs.DISCOUNT, ZeroGift.ZERO)
    assert book.proof == SpendingProof(Proof.CODE, 0)
    assert book.quote_life_minutes == 15
    assert book.mechanics == Mechanics()


def test_settings_of_a_program():
    book = rulebook_of(
        "earning: {base: net}\n"
        "returns: {take_back: clamp, give_back: no, grace: {days: 14}}\n"
        "fiscal: {points_as: counter_provision, zero_gift: minor_unit}\n"
        'spending_proof: {by: none, free_up_to: "500.00"}\n'
        "quote: {minutes: 30}\n"
    )

    assert book.earn_base is EarnBase.NET
    assert book.returns == Returns(TakeBack.CLAMP, give_back=False, grace=Life(days=14))
    assert book.fiscal == Fiscal(PointsAs.COUNTER_PROVISION, ZeroGift.MINOR_UNIT)
    assert book.proof == SpendingProof(Proof.NONE, 50_000)
    assert book.quote_life_minutes == 30


def test_points_and_spending():
    book = rulebook_of(
        "points:\n"
        "  bonus:\n"
        "    {name: {ru: Бонусы, en: Points}, worth: '0.10', decimals: 1, round: half_even, spend_order: 5,\n"
        "     life: {months: 1, days: 2, hours: 3, to_end_of: month}, starts_after: {days: 14}}\n"
        "  packs: {name: Пакетики, gift: WHISKAS-85, carry: true, life: forever, starts_after: at_once}\n"
        "spending:\n"
        "  bonus: {share_of_receipt: 50, share_of_line: 25.5, keep_price: 0.01, cash_min: 1,\n"
        "          step: 10, at_least: 30.5}\n"
    )

    assert book.points == {
        "bonus": PointsCurrency(
            "bonus", "Бонусы", "Points", 10, 1, Rounding.HALF_EVEN,
            life=Life(1, 2, 3, Edge.MONTH), starts_after=Life(days=14), spend_order=5,
        ),
        "packs": PointsCurrency("packs", "Пакетики", "Пакетики", 0, 0, carry=True, gift_sku="WHISKAS-85"),
    }  # fmt: skip
    assert book.spending == {"bonus": Spending("bonus", 5_000, 2_550, 100, 100, 100, 305)}


def test_money_follows_the_digits_of_its_currency():
    book = read_source(
        "rulebook: 1\nprogram: Shop\nmoney: JPY\ntimezone: Asia/Tokyo\npromotions: {a: {discount: {amount: 300}}}\n"
    ).rulebook

    assert book is not None
    assert (book.digits, book.promotions[0].discount) == (0, AmountOff(300))


def test_tier_gives_by_a_promotion_of_its_own():
    book = rulebook_of(
        "points: {bonus: {}}\ngroups: {price: best}\n"
        "tiers:\n"
        "  first: {name: Первый}\n"
        "  second: {name: {ru: Второй, en: Second}, enter: {spent: {above: 10000}}, earn: {percent: 5},\n"
        "           discount: 3, group: price, spending_share: 50}\n"
    )

    enter = Asked("spent", Op.ABOVE, 1_000_000)
    assert book.tiers == (Tier("first", "Первый", "Первый"), Tier("second", "Второй", "Second", enter, 5_000))
    assert book.promotions == (
        Promotion(
            "tiers.second", "Второй", "Second", when=Asked("tier", Op.ONE_OF, ("second",)),
            discount=PercentOff(300), earn=(Earn("bonus", percent=500),), group="price",
        ),
    )  # fmt: skip


def test_promotion_with_everything():
    book = rulebook_of(
        POINTS
        + "groups: {price: exclusive}\ncoupons: {card: {words: [A, b], uses: 9, uses_each: 1, from: 2026-01-01}}\n"
        "promotions:\n"
        "  rule:\n"
        "    name: {ru: Акция, en: Promotion}\n"
        "    note: nothing\n"
        "    from: '2026-01-01 09:00'\n"
        "    until: '2026-01-03 22:00'\n"
        "    branches: [mall, station]\n"
        "    when: {member: yes}\n"
        "    lines: {sku: [A, '007']}\n"
        "    discount: {percent: 12.5, at_most: 500}\n"
        "    earn: {percent: 5, in: bonus, at_most: 10.25, life: {days: 7}, starts_after: at_once}\n"
        "    turn_off: [earning, spending]\n"
        "    spending_share: 10\n"
        "    coupon: card\n"
        "    locked: yes\n"
        "    group: price\n"
        "    priority: 7\n"
        "    prompt: {ru: Скажите, en: Say}\n"
    )

    start = datetime(2026, 1, 1, 6, 0, tzinfo=UTC)
    end = datetime(2026, 1, 3, 19, 0, tzinfo=UTC)
    assert book.groups == {"price": Stacking.EXCLUSIVE}
    assert book.coupons == {"card": Coupon("card", ("A", "b"), 9, 1, Window(datetime(2026, 1, 1, tzinfo=MOSCOW), None))}
    assert book.promotions == (
        Promotion(
            "rule", "Акция", "Promotion",
            when=Asked("member", Op.ONE_OF, (True,)),
            lines=Asked("sku", Op.ONE_OF, ("A", "007")),
            window=Window(start, end), branches=("mall", "station"),
            discount=PercentOff(1_250), discount_max=50_000,
            earn=(Earn("bonus", percent=500, units_max=1_025, life=Life(days=7), starts_after=Life()),),
            no_earning=True, no_spending=True, spending_share=1_000,
            group="price", priority=7, coupon="card", locked=True, prompt_ru="Скажите", prompt_en="Say",
        ),
    )  # fmt: skip


def test_every_kind_of_discount():
    sku = Asked("sku", Op.ONE_OF, ("A",))
    kinds = {
        "{percent: 20}": PercentOff(2_000),
        "{amount: 300}": AmountOff(30_000),
        "{amount: 300, per: receipt}": AmountOff(30_000),
        "{amount: 0.50, per: unit}": AmountOff(50, each=True),
        "{price: 59.9}": FixedPrice(599_000),
        "{cheapest: {of: 3}}": NthFree(3, 10_000, 0),
        "{cheapest: {of: 2, percent: 50, times: 1}}": NthFree(2, 5_000, 1),
        "{buy_get: {buy: 2, get: 1}}": BuyGet(2, 1, None, 10_000, 0),
        "{buy_get: {buy: 1, get: 2, get_lines: {sku: A}, percent: 10, times: 3}}": BuyGet(1, 2, sku, 1_000, 3),
        "{bundle: {parts: [{sku: A}, {sku: A}], price: 350}}": Bundle((sku, sku), 35_000, 0, 0),
        "{bundle: {parts: [{sku: A}, {sku: A}], percent: 5, times: 1}}": Bundle((sku, sku), None, 500, 1),
        "{gift: {sku: BAG}}": GiftLine("BAG", 1_000, 0, ""),
        "{gift: {sku: BAG, quantity: 0.5, price: 15, name: Пакет}}": GiftLine("BAG", 500, 150_000, "Пакет"),
    }

    read = {written: promotion_of("{discount: " + written + "}").discount for written in kinds}

    assert read == kinds


def test_every_kind_of_earning():
    kinds = {
        "{percent: 5, in: bonus}": Earn("bonus", percent=500),
        "{points: 10, in: stars}": Earn("stars", units=10),
        "{points: 10, in: bonus}": Earn("bonus", units=1_000),
        "{points: 1, per: line, in: stars}": Earn("stars", units=1, per=Per.LINE),
        "{points: 1, per: unit, in: stars}": Earn("stars", units=1, per=Per.UNIT),
        "{points: 1, per: 50, in: stars}": Earn("stars", units=1, per=Per.AMOUNT, per_minor=5_000),
        "{multiply: 2, in: stars}": Earn("stars", multiply=200),
        "{percent: 5, in: bonus, life: forever, starts_after: {hours: 2}}": Earn(
            "bonus", percent=500, life=Life(), starts_after=Life(hours=2)
        ),
    }

    read = {written: promotion_of("{earn: " + written + "}").earn for written in kinds}

    assert read == {written: (earn,) for written, earn in kinds.items()}


def test_conditions():
    mall, online = Asked("branch", Op.ONE_OF, ("mall",)), Asked("origin", Op.ONE_OF, ("online",))
    kinds = {
        "{branch: mall}": mall,
        "{branch: [mall, station]}": Asked("branch", Op.ONE_OF, ("mall", "station")),
        "{branch: mall, origin: online}": All((mall, online)),
        "{all: [{branch: mall}, {origin: online}]}": All((mall, online)),
        "{any: [{branch: mall}, {origin: online}]}": Any((mall, online)),
        "{not: {branch: mall}}": Not(mall),
        "{all: [{branch: mall}]}": mall,
        "{total: {above: 10}}": Asked("total", Op.ABOVE, 1_000),
        "{total: {at_least: 10, below: 20.5}}": All(
            (Asked("total", Op.AT_LEAST, 1_000), Asked("total", Op.BELOW, 2_050))
        ),
        "{items: {at_most: 1.5}}": Asked("items", Op.AT_MOST, 1_500),
        "{purchases: [0, 9]}": Asked("purchases", Op.ONE_OF, (0, 9)),
        "{weekday: [fri, sun]}": Asked("weekday", Op.ONE_OF, (4, 6)),
        "{hours: {from: 18:00, until: 24:00}}": Asked("hours", Op.WITHIN, Hours(1_080, 0)),
        "{date: 2026-03-08}": Asked("date", Op.ONE_OF, (date(2026, 3, 8),)),
        "{date: {from: 2026-03-08}}": Asked("date", Op.AT_LEAST, date(2026, 3, 8)),
        "{date: {through: 2026-03-08}}": Asked("date", Op.AT_MOST, date(2026, 3, 8)),
        "{date: {from: 2026-03-07, through: 2026-03-08}}": Asked(
            "date", Op.WITHIN, (date(2026, 3, 7), date(2026, 3, 9))
        ),
        "{birthday: {before: 3, after: 7}}": Asked("birthday", Op.WITHIN, (3, 7)),
        "{birthday: {before: 3}}": Asked("birthday", Op.WITHIN, (3, 0)),
        "{has: {price: {above: 0.001}}}": Asked("has_lines", Op.ONE_OF, Asked("price", Op.ABOVE, 10)),
        "{member: no}": Asked("member", Op.ONE_OF, (False,)),
    }

    assert {written: condition_of(written) for written in kinds} == kinds


def test_rules_beside_promotions_are_values():
    book = rulebook_of(
        "points: {bonus: {worth: 1, decimals: 1}}\n"
        "promotions: {a: {discount: {percent: 5}, limit: {times: 1, within: {days: 1}}}}\n"
        "tiers: {a: {}, b: {enter: {spent: 1}, keep: {when: {spent: {at_least: 1}}, within: {months: 12}}}}\n"
        "automations: {w: {event: enrolled, grant: {points: 300, life: {days: 14}}, send: hello}}\n"
        "shares: {friend: {to: inviter, earn: {percent: 1}, first: 3}}\n"
    )

    assert book.promotions[0].bounds == Bounds((Limit(1, Whose.MEMBER, Life(days=1)),))
    assert book.tiers[1].keep == Keep(Asked("spent", Op.AT_LEAST, 100), Span(Life(months=12)))
    assert book.mechanics.automations == {
        "w": Automation("w", Trigger(On.ENROLLED), grants=(Grant("bonus", 3_000, life=Life(days=14)),), send="hello")
    }
    assert book.mechanics.shares == {"friend": Share("friend", To.INVITER, (Earn("bonus", percent=100),), first=3)}


def test_fingerprint_is_of_the_content_and_of_the_order_of_tiers():
    first = {"tiers": {"a": {"x": "1", "y": "2"}, "b": {}}, "money": "RUB"}
    same = {"money": "RUB", "tiers": {"a": {"y": "2", "x": 1}, "b": {}}}
    other = {"money": "RUB", "tiers": {"b": {}, "a": {"x": "1", "y": "2"}}}

    assert fingerprint(first) == fingerprint(same)
    assert fingerprint(first) != fingerprint(other)
    assert len(fingerprint(first)) == 64


def test_tree_of_a_door_reads_like_a_text():
    tree = {
        "rulebook": 1,
        "program": "Shop",
        "money": "RUB",
        "timezone": "Europe/Moscow",
        "points": {"bonus": {"worth": Decimal("1.00"), "carry": True, "starts_after": "at_once"}},
        "spending": {"bonus": {}},
    }

    rulebook, problems = read_rulebook(tree)

    assert problems == []
    assert rulebook is not None
    assert rulebook.points["bonus"].worth_minor == 100


def test_tree_of_a_door_may_hold_no_float_and_no_null():
    tree = {
        "rulebook": 1,
        "program": "S",
        "money": "RUB",
        "timezone": "UTC",
        "points": {"a": {"worth": 0.1}},
        "note": None,
    }

    document = read_document(tree)

    assert document.rulebook is None
    assert ("points.a.worth", "float") in [(problem.path, problem.code.value) for problem in document.problems]
    assert ("note", "null") in [(problem.path, problem.code.value) for problem in document.problems]


def test_lists_are_bounded():
    document = read_document(
        {
            "rulebook": "1",
            "program": "S",
            "money": "RUB",
            "timezone": "UTC",
            "promotions": {"a": {"turn_off": "earning", "branches": [str(number) for number in range(1_001)]}},
        }
    )

    assert [(problem.path, problem.code.value) for problem in document.problems] == [
        ("promotions.a.branches", "too_many")
    ]


def test_tiers_of_other_shapes_are_not_compared():
    book = rulebook_of(
        "tiers:\n  a: {}\n  b: {enter: {spent: {below: 100}}}\n  c: {enter: {spent: [1, 2]}}\n"
        "  d: {enter: {spent: {at_least: 5}, purchases: 3}}\n"
    )

    assert [tier.code for tier in book.tiers] == ["a", "b", "c", "d"]
