"""A member's wallets at a moment, his statement, and what stands behind an entry (S1.5, S1.6)."""

from datetime import timedelta

import pytest

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.queries.entries import statement_of_member
from kopilka.queries.wallets import Dated, wallets_of_member
from kopilka.services.expiry import settle_due_lots
from kopilka.services.explanations import explain_entry
from kopilka.services.returns import return_purchase
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, buy

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
WAITING = FREE_RULES.replace("life: {days: 365}", "life: {days: 30}, starts_after: {days: 10}")


def view(program, member_id, days):
    return [
        (one.available, one.pending, one.held, one.debt, one.balance, one.starting, one.expiring)
        for one in wallets_of_member(program.id, member_id, at=NOON + days * DAY)
    ]


def test_lots_that_are_due_count_as_begun_or_ended():
    program = make_program(rulebook=WAITING)
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    start, end = Dated(NOON + 10 * DAY, 100), Dated(NOON + 40 * DAY, 100)

    assert view(program, member_id, 0) == [(0, 100, 0, 0, 100, (start,), ())]
    assert view(program, member_id, 10) == [(100, 0, 0, 0, 100, (), (end,))]
    assert view(program, member_id, 40) == [(0, 0, 0, 0, 0, (), ())]


def test_view_equals_the_wallet_after_the_worker():
    program = make_program(rulebook=WAITING)
    member_id = make_member(program)
    first = buy(program.id, member_id, "1000")
    settle_due_lots(program_id=program.id, at=NOON + 10 * DAY)
    buy(program.id, member_id, "200", spend=100, at=NOON + 11 * DAY)
    return_purchase(
        program_id=program.id, purchase_id=first.purchase_id, lines=None, source="t", external_id="r",
        by=TILL_1, at=NOON + 12 * DAY,
    )  # fmt: skip

    before, expected = view(program, member_id, 12), view(program, member_id, 21)
    settle_due_lots(program_id=program.id, at=NOON + 21 * DAY)

    assert before[0][:5] == (0, 10, 0, 100, -90)
    assert expected[0][:5] == (0, 0, 0, 90, -90)
    assert view(program, member_id, 21) == expected


def test_statement_is_read_page_by_page():
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program)
    for price in ("100", "200", "300"):
        buy(program.id, member_id, price)

    first = statement_of_member(program.id, member_id, limit=2)
    second = statement_of_member(program.id, member_id, limit=2, before=first.next_cursor)

    assert [(one.kind, one.account, one.units) for one in first.entries] == [
        ("purchase", "available", 30),
        ("purchase", "available", 20),
    ]
    assert ([one.units for one in second.entries], second.next_cursor) == ([10], None)
    assert statement_of_member(program.id, member_id, currency="stars").entries == ()


def test_unknown_member_has_no_wallets():
    program = make_program(rulebook=FREE_RULES)

    with pytest.raises(Refusal, match="not_found"):
        wallets_of_member(program.id, program.id, at=NOON)
    with pytest.raises(Refusal, match="not_found"):
        statement_of_member(program.id, program.id)


def explained(program, member_id):
    found = statement_of_member(program.id, member_id).entries[0]
    return explain_entry(program_id=program.id, entry_id=found.id, by=TILL_1)


def test_every_kind_of_entry_has_its_background():
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program)
    adjust_points(
        program_id=program.id,
        request=AdjustRequest(member_id, "bonus", 7, "в подарок", SYSTEM_ACTOR, NOON),
    )
    adjusted = explained(program, member_id)
    bought = buy(program.id, member_id, "1000")
    purchase = explained(program, member_id)
    done = return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=None, source="t", external_id="r",
        by=TILL_1, at=NOON,
    )  # fmt: skip
    returned = explained(program, member_id)
    settle_due_lots(program_id=program.id, at=NOON + 365 * DAY)
    expired = explained(program, member_id)

    assert (adjusted.entry.kind, adjusted.entry.reason, adjusted.decision) == ("adjust", "в подарок", None)
    assert (purchase.purchase_id, purchase.version, purchase.decision) == (bought.purchase_id, 1, bought.decision)
    assert [(lot.units, lot.granted) for lot in purchase.lots] == [(100, 100)]
    assert (returned.returned, returned.purchase_id) == (done.decisions, bought.purchase_id)
    assert [(one.units, one.granted, one.expires_at) for one in expired.lots] == [(7, 7, NOON + 365 * DAY)]
    assert expired.entry.kind == "expire"


def test_entry_of_the_programs_own_side_is_not_shown():
    program = make_program(rulebook=FREE_RULES)

    with pytest.raises(Refusal, match="not_found"):
        explain_entry(program_id=program.id, entry_id=program.id, by=TILL_1)
