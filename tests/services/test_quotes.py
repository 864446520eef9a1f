"""Quotes: a look that moves nothing, and a promise that is kept or said to be outdated (S4.19)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.data.models.ledger import Operation
from kopilka.data.models.purchases import Purchase, Quote
from kopilka.engine.actor import SHOP, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import MemberRef, RefKind, confirm_purchase
from kopilka.services.quotes import QuoteRequest, quote_purchase, quote_purchases
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, bread, buy, by_id, request, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(minutes=14)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


@pytest.fixture
def member_id(program):
    member_id = make_member(program)
    buy(program.id, member_id, "5000")
    return member_id


def ask(member_id, sold, **facts):
    return replace(QuoteRequest(sold, TILL_1, NOON, by_id(member_id)), **facts)


def quote(program, member_id, sold, **facts):
    return quote_purchase(program_id=program.id, request=ask(member_id, sold, **facts))


def confirm(program, member_id, quoted, at=LATER, **facts):
    asked = request(member_id, None, quote_id=quoted.quote_id, at=at, **facts)
    return confirm_purchase(program_id=program.id, request=asked)


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def test_quote_prices_and_moves_nothing(program, member_id):
    operations = rows(program.id, Operation, "id")

    quoted = quote(program, member_id, bread(spend=10), keep=False)

    assert (quoted.quote_id, quoted.expires_at) == (None, None)
    assert (quoted.decision.totals.points, quoted.decision.lots[0].units) == (1_000, 9)
    assert quoted.balances["bonus"].available == 500
    assert rows(program.id, Quote, "id") == []
    assert rows(program.id, Operation, "id") == operations
    assert wallet(program.id, member_id) == (500, 0, 0, 0)


def test_kept_quote_is_one_row(program, member_id):
    quoted = quote(program, member_id, bread())

    assert quoted.expires_at == NOON + timedelta(minutes=15)
    assert rows(program.id, Quote, "id", "member_id", "version", "expires_at") == [
        (quoted.quote_id, member_id, 1, quoted.expires_at)
    ]


def test_quoted_purchase_is_confirmed_as_quoted(program, member_id):
    quoted = quote(program, member_id, bread(spend=10))

    result = confirm(program, member_id, quoted)

    assert result.decision == quoted.decision
    assert (result.at, result.recorded_at) == (NOON, LATER)
    assert wallet(program.id, member_id) == (499, 0, 0, 0)


def test_quote_names_its_member(program, member_id):
    quoted = quote(program, member_id, bread())

    assert confirm(program, None, quoted).member_id == member_id


def test_quote_of_one_member_is_not_confirmed_for_another(program, member_id):
    quoted = quote(program, member_id, bread())
    other = make_member(program, "+79160000002")

    assert refused(confirm, program, other, quoted) == (
        Code.INVALID, {"field": "member", "reason": "other_than_quoted"},
    )  # fmt: skip


def test_quote_for_nobody_is_confirmed_for_nobody(program):
    quoted = quote(program, None, bread())

    assert confirm(program, None, quoted).member_id is None


def test_quote_keeps_the_rules_it_was_made_by(program, member_id):
    quoted = quote(program, member_id, bread())
    changed = FREE_RULES.replace("percent: 10", "percent: 1")
    publish_rulebook(program_id=program.id, source=changed, by=SYSTEM_ACTOR, at=NOON)

    result = confirm(program, member_id, quoted)

    assert (result.decision.version, result.decision.lots[0].units) == (1, 10)
    assert buy(program.id, member_id, "100").decision.lots[0].units == 1


def test_quote_that_no_longer_holds_says_what_differs(program):
    member_id = make_member(program)
    buy(program.id, member_id, "200")
    quoted = quote(program, member_id, bread(spend="max"))
    buy(program.id, member_id, "30", spend=15)

    code, params = refused(confirm, program, member_id, quoted)

    assert code is Code.QUOTE_OUTDATED
    assert params["differences"] == {
        "pay": [8_000, 9_400],
        "points": [2_000, 600],
        "spend": [{"bonus": 20}, {"bonus": 6}],
        "earn": [{"bonus": 8}, {"bonus": 9}],
        "lines": [[[1, "BREAD", 10_000, 2_000, 8_000]], [[1, "BREAD", 10_000, 600, 9_400]]],
        "print": [[[1, 1_000, 8_000, 8_000, 0]], [[1, 1_000, 9_400, 9_400, 0]]],
    }
    assert len(rows(program.id, Purchase, "id")) == 2


def test_quote_whose_points_are_gone_is_outdated(program):
    member_id = make_member(program)
    buy(program.id, member_id, "200")
    quoted = quote(program, member_id, bread(spend=20))
    buy(program.id, member_id, "30", spend=15)

    assert refused(confirm, program, member_id, quoted) == (
        Code.QUOTE_OUTDATED, {"differences": {"refusal": ["", "insufficient_points"]}},
    )  # fmt: skip


def test_change_the_buyer_does_not_notice_is_no_difference(program, member_id):
    quoted = quote(program, member_id, bread(spend=10))
    buy(program.id, member_id, "100")

    assert confirm(program, member_id, quoted).decision.totals == quoted.decision.totals


def test_quote_expires(program, member_id):
    quoted = quote(program, member_id, bread())

    assert refused(confirm, program, member_id, quoted, at=NOON + timedelta(minutes=15)) == (Code.QUOTE_EXPIRED, {})


def test_unknown_quote_is_not_found(program, member_id):
    asked = request(member_id, None, quote_id=uuid4())

    assert refused(confirm_purchase, program_id=program.id, request=asked) == (Code.NOT_FOUND, {"what": "quote"})


def test_quote_of_another_program_is_not_found(program):
    other = make_program("other", rulebook=FREE_RULES)
    quoted = quote(other, None, bread())

    assert refused(confirm, program, None, quoted)[0] is Code.NOT_FOUND


def test_unknown_member_is_not_quoted(program):
    asked = replace(ask(None, bread()), member=MemberRef(RefKind.PHONE, "+79990000000"))

    assert refused(quote_purchase, program_id=program.id, request=asked) == (Code.NOT_FOUND, {"what": "member"})
    assert rows(program.id, Quote, "id") == []


def test_several_receipts_are_quoted_at_one_look(program, member_id):
    requests = [
        ask(member_id, bread(spend="max")),
        ask(None, bread()),
        ask(uuid4(), bread()),
        ask(member_id, bread(spend=501)),
    ]

    first, anonymous, unknown, too_much = quote_purchases(program_id=program.id, requests=requests)

    assert (first.decision.totals.points, anonymous.decision.totals.paid) == (5_000, 10_000)
    assert (unknown.code, too_much.code) == (Code.NOT_FOUND, Code.SPEND_LIMIT)
    assert len(rows(program.id, Quote, "id")) == 2


def test_no_receipts_are_no_quotes(program):
    assert quote_purchases(program_id=program.id, requests=[]) == []


def test_program_without_rules_quotes_nothing():
    asked = ask(None, bread())

    assert refused(quote_purchase, program_id=make_program("bare").id, request=asked) == (Code.RULEBOOK_MISSING, {})


def test_code_names_the_member_of_a_quote_and_stays_good(program, member_id):
    shop = Actor(ActorKind.KEY, uuid4(), "магазин", SHOP)
    code = issue_code(program_id=program.id, member_id=member_id, by=shop, at=NOON).code
    asked = replace(ask(None, bread()), member=MemberRef(RefKind.CODE, code))

    assert [quote_purchase(program_id=program.id, request=asked).member_id for _ in range(2)] == [member_id] * 2


def test_other_lots_for_the_same_price_are_no_difference(program, member_id):
    quoted = quote(program, member_id, bread(spend=10))
    buy(program.id, member_id, "500", at=NOON - timedelta(days=1))

    result = confirm(program, member_id, quoted)

    assert result.decision.draws != quoted.decision.draws
    assert result.decision.totals == quoted.decision.totals
