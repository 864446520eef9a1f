"""Returns: what they undo, whom they match, how they repeat (I11 to I14, T17, B75)."""

from datetime import timedelta

import pytest

from kopilka.data.models.events import Event
from kopilka.data.models.ledger import LedgerEntry, Lot, Operation
from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.actor import IMPORT_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.expiry import settle_due_lots
from kopilka.services.purchases import cancel_open, confirm_purchase
from kopilka.services.returns import ALL, Article, ReturnRequest, return_many, return_purchase, return_unnamed
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, books_agree, buy, member_row, receipt, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(days=3)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def sell(program, member_id, *lines, number="1", **facts):
    sold = receipt(*lines, at=facts.get("at", NOON), spend=facts.pop("spend", 0))
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, **facts))


def bring(program, purchase_id, lines=ALL, number="r1", **facts):
    facts = {"at": LATER, "by": TILL_1, "source": "till:1", **facts}
    return return_purchase(
        program_id=program.id, purchase_id=purchase_id, lines=lines, external_id=number, **facts
    )  # fmt: skip


def figures(one):
    return (one.earned, one.taken, one.expired, one.owed, one.forgotten, one.given, one.in_grace, one.lapsed)


def test_full_return_undoes_the_purchase(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    bought = sell(program, member_id, ("BREAD", "60", 2), ("MILK", "80", 1), spend=100, number="2")

    done = bring(program, bought.purchase_id)

    assert done.refund_minor == 10_000
    assert [(line.number, line.quantity, line.refund_minor) for line in done.decisions[0].lines] == [
        (1, 2000, 6_000),
        (2, 1000, 4_000),
    ]
    assert [figures(one) for one in done.decisions[0].points] == [(10, 10, 0, 0, 0, 100, 0, 0)]
    assert wallet(program.id, member_id) == (100, 0, 0, 0)
    assert done.balances["bonus"].available == 100
    assert rows(program.id, Return, "id", "member_id", "purchase_id", "refund_minor", "external_id") == [
        (done.return_id, member_id, bought.purchase_id, 10_000, "r1")
    ]
    assert rows(program.id, Operation, "id", "kind", "subject_id", "status")[-1] == (
        done.return_id, "return", done.return_id, 201,
    )  # fmt: skip
    assert rows(program.id, Event, "kind", "subject_id")[-1] == ("purchase_returned", done.return_id)
    assert member_row(program.id, member_id).spent_minor == 100_000
    assert rows(program.id, Purchase, "returned_minor") == [(0,), (10_000,)]
    assert books_agree(program.id)


def test_points_go_back_to_the_lot_they_came_from_with_its_life(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    before = rows(program.id, Lot, "id", "remaining", "expires_at")
    bought = sell(program, member_id, ("BREAD", "100", 1), spend=50, number="2", at=LATER)

    bring(program, bought.purchase_id, at=LATER + timedelta(days=2))

    assert rows(program.id, Lot, "id", "remaining", "expires_at")[:1] == before


def test_parts_sum_to_the_whole(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    bought = sell(program, member_id, ("BREAD", "33.33", 3), spend=49, number="2")

    refunds = [bring(program, bought.purchase_id, {1: 1000}, number=f"r{turn}").refund_minor for turn in range(3)]

    assert (refunds, sum(refunds)) == ([1_699, 1_700, 1_700], 5_099)
    assert wallet(program.id, member_id) == (100, 0, 0, 0)
    assert books_agree(program.id)


def test_spent_points_are_owed_and_the_next_purchase_repays(program):
    """T17: buy, earn, spend, return gains nothing."""
    member_id = make_member(program)
    first = buy(program.id, member_id, "1000")
    sell(program, member_id, ("BREAD", "200", 1), spend=100, number="2")

    done = bring(program, first.purchase_id)

    assert [figures(one) for one in done.decisions[0].points] == [(100, 10, 0, 90, 0, 0, 0, 0)]
    assert wallet(program.id, member_id) == (0, 0, 0, 90)

    buy(program.id, member_id, "1000")

    assert wallet(program.id, member_id) == (10, 0, 0, 0)
    assert books_agree(program.id)


def test_points_that_come_back_are_first_for_the_return_that_missed_them(program):
    """T18: returning two purchases must not swap points that expire soon for points that expire late."""
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    earning = buy(program.id, member_id, "100", at=LATER)
    spending = sell(program, member_id, ("BREAD", "40", 1), spend=20, number="2", at=LATER)

    bring(program, earning.purchase_id, number="r1")
    bring(program, spending.purchase_id, number="r2")

    assert rows(program.id, Lot, "remaining", "expires_at") == [
        (10, NOON + timedelta(days=365)),
        (0, LATER + timedelta(days=365)),
        (0, LATER + timedelta(days=365)),
    ]
    assert wallet(program.id, member_id) == (10, 0, 0, 0)
    assert books_agree(program.id)


@pytest.mark.parametrize(
    ("policy", "owed", "forgotten", "debt"),
    [("clamp", 0, 90, 0), ("debt", 90, 0, 90), ("negative", 90, 0, 90)],
)
def test_policy_decides_about_points_that_are_gone(policy, owed, forgotten, debt):
    program = make_program(rulebook=FREE_RULES + f"returns: {{take_back: {policy}}}\n")
    member_id = make_member(program)
    first = buy(program.id, member_id, "1000")
    sell(program, member_id, ("BREAD", "200", 1), spend=100, number="2")

    done = bring(program, first.purchase_id)

    assert [figures(one) for one in done.decisions[0].points] == [(100, 10, 0, owed, forgotten, 0, 0, 0)]
    assert wallet(program.id, member_id) == (0, 0, 0, debt)
    assert books_agree(program.id)


def test_grace_for_points_whose_life_is_over():
    program = make_program(rulebook=FREE_RULES + "returns: {grace: {days: 14}}\n")
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    bought = sell(program, member_id, ("BREAD", "100", 1), spend=50, number="2", at=NOON + timedelta(days=364))

    done = bring(program, bought.purchase_id, at=NOON + timedelta(days=366))

    assert figures(done.decisions[0].points[0])[5:] == (50, 50, 0)
    assert rows(program.id, Lot, "amount", "grace", "expires_at")[-1] == (50, True, NOON + timedelta(days=380))


def test_without_grace_they_expire_at_once(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    bought = sell(program, member_id, ("BREAD", "100", 1), spend=50, number="2", at=NOON + timedelta(days=364))

    done = bring(program, bought.purchase_id, at=NOON + timedelta(days=366))

    assert figures(done.decisions[0].points[0])[5:] == (50, 0, 50)
    assert sorted(rows(program.id, LedgerEntry, "account", "units", order="id")[-4:]) == [
        ("available", -5), ("expense", 5), ("expired", 50), ("liability", -50),
    ]  # fmt: skip


def test_anonymous_purchase_gives_money_back_only(program):
    bought = sell(program, None, ("BREAD", "100", 2))

    done = bring(program, bought.purchase_id, {1: 1000})

    assert (done.refund_minor, done.decisions[0].points, done.balances, done.member_id) == (10_000, [], {}, None)
    assert rows(program.id, Purchase, "returned_minor") == [(10_000,)]


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ({1: 3000}, (Code.RETURN_EXCEEDS, {"line": 1, "returnable": 2000})),
        ({1: 0}, (Code.RETURN_EXCEEDS, {"line": 1, "returnable": 2000})),
        ({7: 1000}, (Code.LINE_UNKNOWN, {"line": 7})),
        ({}, (Code.RETURN_EXCEEDS, {"line": 0, "returnable": 0})),
    ],
)
def test_return_beyond_the_purchase_is_refused_and_changes_nothing(program, lines, refusal):
    member_id = make_member(program)
    bought = sell(program, member_id, ("BREAD", "100", 2))

    with pytest.raises(Refusal) as refused:
        bring(program, bought.purchase_id, lines)

    assert (refused.value.code, refused.value.params) == refusal
    assert rows(program.id, Return, "id") == []
    assert wallet(program.id, member_id) == (20, 0, 0, 0)


def test_nothing_is_left_after_a_full_return(program):
    bought = sell(program, make_member(program), ("BREAD", "100", 2))
    bring(program, bought.purchase_id)

    with pytest.raises(Refusal, match="return_exceeds"):
        bring(program, bought.purchase_id, number="r2")


def test_purchase_of_another_program_is_unknown(program):
    other = make_program("other", rulebook=FREE_RULES)
    bought = sell(other, None, ("BREAD", "100", 1))

    with pytest.raises(Refusal, match="not_found"):
        bring(program, bought.purchase_id)


def test_return_needs_the_capability(program):
    bought = sell(program, None, ("BREAD", "100", 1))
    reader = Actor(ActorKind.KEY, None, "читатель", frozenset())

    with pytest.raises(Refusal, match="not_allowed"):
        bring(program, bought.purchase_id, by=reader)


def test_dry_run_gives_the_same_figures_and_writes_nothing(program):
    member_id = make_member(program)
    bought = sell(program, member_id, ("BREAD", "100", 3), ("MILK", "10", 1))

    tried = bring(program, bought.purchase_id, {1: 2000}, dry_run=True)
    count = len(rows(program.id, Operation, "id"))
    done = bring(program, bought.purchase_id, {1: 2000})

    assert (tried.return_id, tried.decisions, tried.refund_minor, tried.balances) == (
        None, done.decisions, done.refund_minor, done.balances,
    )  # fmt: skip
    assert len(rows(program.id, Operation, "id")) == count + 1


def test_repeated_key_gets_the_same_answer(program):
    member_id = make_member(program)
    bought = sell(program, member_id, ("BREAD", "100", 3))

    first = bring(program, bought.purchase_id, {1: 1000}, request=with_key("k"))
    again = bring(program, bought.purchase_id, {1: 1000}, request=with_key("k"))

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.return_id, again.decisions, again.balances, again.refund_minor) == (
        first.return_id, first.decisions, first.balances, first.refund_minor,
    )  # fmt: skip
    assert wallet(program.id, member_id) == (20, 0, 0, 0)


def test_key_used_for_something_else_is_refused(program):
    bought = sell(program, None, ("BREAD", "100", 3))
    bring(program, bought.purchase_id, {1: 1000}, request=with_key("k"))

    with pytest.raises(Refusal, match="idempotency_key_reused"):
        bring(program, bought.purchase_id, {1: 2000}, number="r2", request=with_key("k", "other"))


def test_number_of_a_return_stands_for_one_return_for_ever(program):
    bought = sell(program, None, ("BREAD", "100", 3))
    first = bring(program, bought.purchase_id, {1: 1000})

    again = bring(program, bought.purchase_id, {1: 1000}, request=with_key("another"))

    assert (again.return_id, again.replayed) == (first.return_id, True)
    with pytest.raises(Refusal, match="receipt_exists"):
        bring(program, bought.purchase_id, {1: 2000})


def unnamed(program, member_id, *articles, number="u1", at=LATER, **facts):
    made = [Article(sku, quantity * 1000, amount) for sku, quantity, amount in articles]
    return return_unnamed(
        program_id=program.id, member_id=member_id, articles=made, source="till:1", external_id=number,
        by=TILL_1, at=at, **facts,
    )  # fmt: skip


def test_unnamed_return_is_matched_to_own_purchases_latest_first(program):
    member_id = make_member(program)
    first = sell(program, member_id, ("BREAD", "100", 2))
    second = sell(program, member_id, ("MILK", "50", 1), ("BREAD", "90", 1), number="2", at=NOON + timedelta(hours=1))

    done = unnamed(program, member_id, ("BREAD", 2, 19_000))

    assert [(one.purchase, [(line.number, line.quantity) for line in one.lines]) for one in done.decisions] == [
        (second.purchase_id, [(2, 1000)]),
        (first.purchase_id, [(1, 1000)]),
    ]
    assert (done.refund_minor, done.unmatched, done.purchase_id) == (19_000, [], None)
    assert wallet(program.id, member_id) == (15, 0, 0, 0)
    assert books_agree(program.id)


def test_what_cannot_be_matched_moves_no_points(program):
    member_id = make_member(program)
    sell(program, member_id, ("BREAD", "100", 1))
    sell(program, None, ("BREAD", "100", 5), number="2")
    sell(program, member_id, ("BREAD", "100", 5), number="3", at=LATER + timedelta(days=1))

    done = unnamed(program, member_id, ("BREAD", 3, 30_001), ("SALT", 1, 500))

    assert [(one.sku, one.quantity, one.amount_minor) for one in done.unmatched] == [
        ("BREAD", 2000, 20_001),
        ("SALT", 1000, 500),
    ]
    assert done.refund_minor == 30_501
    assert wallet(program.id, member_id) == (50, 0, 0, 0)
    assert member_row(program.id, member_id).spent_minor == 50_000


def test_unnamed_return_of_nobody_is_recorded(program):
    sell(program, None, ("BREAD", "100", 1))

    done = unnamed(program, None, ("BREAD", 1, 10_000))

    assert (done.refund_minor, done.decisions, len(done.unmatched)) == (10_000, [], 1)
    assert rows(program.id, Return, "member_id", "refund_minor") == [(None, 10_000)]


def test_unnamed_return_of_an_unknown_member_is_refused(program):
    with pytest.raises(Refusal, match="not_found"):
        unnamed(program, program.id, ("BREAD", 1, 10_000))


def test_many_returns_in_one_transaction_see_each_other(program):
    member_id = make_member(program)
    bought = sell(program, member_id, ("BREAD", "100", 2))
    facts = {"source": "file", "by": IMPORT_ACTOR, "at": LATER}

    done = return_many(
        program_id=program.id,
        requests=[
            ReturnRequest(external_id="1", purchase_id=bought.purchase_id, lines={1: 1000}, **facts),
            ReturnRequest(external_id="2", member_id=member_id, articles=(Article("BREAD", 1000, 10_000),), **facts),
            ReturnRequest(external_id="3", purchase_id=bought.purchase_id, lines={1: 1000}, **facts),
            ReturnRequest(external_id="1", purchase_id=bought.purchase_id, lines={1: 1000}, **facts),
        ],
    )

    assert [one.refund_minor for one in done[:2]] == [10_000, 10_000]
    assert done[2].code is Code.RETURN_EXCEEDS
    assert (done[3].replayed, done[3].return_id) == (True, done[0].return_id)
    assert wallet(program.id, member_id) == (0, 0, 0, 0)
    assert rows(program.id, Purchase, "returned_minor") == [(20_000,)]
    assert books_agree(program.id)


@pytest.mark.parametrize("policy", ["clamp", "debt"])
def test_points_set_aside_are_owed_until_they_come_back(policy):
    """Hold, return, release: otherwise a forgiving program would give points away, a strict one longer lives."""
    program = make_program(rulebook=FREE_RULES + f"returns: {{take_back: {policy}}}\n")
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    earning = buy(program.id, member_id, "1000", at=LATER)
    opened = sell(program, member_id, ("BREAD", "220", 1), spend=110, number="2", at=LATER, final=False)

    done = bring(program, earning.purchase_id)
    between = wallet(program.id, member_id)
    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=LATER)

    assert [figures(one) for one in done.decisions[0].points] == [(100, 0, 0, 100, 0, 0, 0, 0)]
    assert between == (0, 0, 110, 100)
    assert wallet(program.id, member_id) == (10, 0, 0, 0)
    assert books_agree(program.id)


def test_purchase_that_is_not_final_cannot_be_returned(program):
    member_id = make_member(program)
    opened = sell(program, member_id, ("BREAD", "100", 1), final=False)

    with pytest.raises(Refusal, match="purchase_open"):
        bring(program, opened.purchase_id)
    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=LATER)
    with pytest.raises(Refusal, match="purchase_cancelled"):
        bring(program, opened.purchase_id)


def test_key_of_another_act_is_refused(program):
    member_id = make_member(program)
    bought = sell(program, member_id, ("BREAD", "100", 1), request=with_key("k"))

    with pytest.raises(Refusal, match="idempotency_key_reused"):
        bring(program, bought.purchase_id, request=with_key("k"))


def test_keys_and_numbers_are_known_within_a_batch(program):
    bought = sell(program, None, ("BREAD", "100", 9))
    facts = {"source": "file", "by": IMPORT_ACTOR, "at": LATER, "purchase_id": bought.purchase_id}

    done = return_many(
        program_id=program.id,
        requests=[
            ReturnRequest(external_id="1", lines={1: 1000}, request=with_key("a"), **facts),
            ReturnRequest(external_id="2", lines={1: 1000}, request=with_key("a"), **facts),
            ReturnRequest(external_id="3", lines={1: 2000}, request=with_key("a", "other"), **facts),
            ReturnRequest(external_id="1", lines={1: 2000}, **facts),
        ],
    )

    assert (done[1].return_id, done[1].replayed) == (done[0].return_id, True)
    assert [refused.code for refused in done[2:]] == [Code.KEY_REUSED, Code.RECEIPT_EXISTS]
    assert rows(program.id, Purchase, "returned_minor") == [(10_000,)]


def test_many_unnamed_returns_read_their_purchases_at_once(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    for number, member_id in enumerate([anna, boris, anna]):
        sell(program, member_id, ("BREAD", "100", 1), ("SALT", "10", 2), number=f"p{number}")
    facts = {"source": "file", "by": IMPORT_ACTOR, "at": LATER}

    done = return_many(
        program_id=program.id,
        requests=[
            ReturnRequest(external_id="1", member_id=anna, articles=(Article("BREAD", 2000, 20_000),), **facts),
            ReturnRequest(external_id="2", member_id=boris, articles=(Article("SALT", 3000, 3_000),), **facts),
            ReturnRequest(external_id="3", member_id=anna, articles=(Article("BREAD", 1000, 10_000),), **facts),
        ],
    )

    assert [(len(one.decisions), [rest.quantity for rest in one.unmatched]) for one in done] == [
        (2, []),
        (1, [1000]),
        (0, [1000]),
    ]
    assert [one.refund_minor for one in done] == [20_000, 3_000, 10_000]
    assert books_agree(program.id)


def test_points_do_not_go_back_to_a_lot_that_has_expired_although_the_return_is_dated_before(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    bought = sell(program, member_id, ("BREAD", "100", 1), spend=50, number="2", at=NOON + timedelta(days=364))
    settle_due_lots(program_id=program.id, at=NOON + timedelta(days=365))

    done = bring(program, bought.purchase_id, at=NOON + timedelta(days=364, hours=1))

    assert figures(done.decisions[0].points[0])[5:] == (50, 0, 50)
    assert rows(program.id, Lot, "remaining", "expired")[0] == (0, 50)
    assert books_agree(program.id)
