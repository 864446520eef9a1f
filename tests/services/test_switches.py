"""Switches act on the very next receipt, in every process, and are told in the trace."""

import pytest

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, QuoteRequest, RefKind
from kopilka.data.ids import new_id
from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.decision import Why
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.drafts import list_switches, switches_now
from kopilka.queries.scope import reading
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import confirm_purchase
from kopilka.services.quotes import quote_purchase
from kopilka.services.switches import switch
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending:
  bonus: {share_of_receipt: 50}
tiers:
  bronze: {earn: {percent: 1}}
promotions:
  cashback: {earn: {percent: 5}}
  friday: {discount: {percent: 10}}
automations:
  welcome: {event: enrolled, grant: {points: 100}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def receipt(amount=100_000, branch="", spend=SpendMode.NONE):
    line = Line(number=1, sku="X", quantity=1_000, price=amount * 100, amount=amount)
    return Receipt(lines=(line,), at=NOON, branch=branch, spend=SpendWish(spend))


def quote(program, member, sale=None, **facts):
    asked = QuoteRequest(
        receipt=sale or receipt(), member=MemberRef(RefKind.ID, str(member)), by=SYSTEM_ACTOR, at=NOON, **facts
    )
    return quote_purchase(program_id=program.id, request=asked)


def earned(decision):
    return sum(lot.units for lot in decision.lots)


def throw(program, what, on, **facts):
    return switch(program_id=program.id, what=what, on=on, reason="проверка", by=SYSTEM_ACTOR, at=NOON, **facts)


def why(decision, rule):
    return [reason.why for reason in decision.reasons if reason.rule == rule]


def test_earning_off_gives_no_points_on_the_very_next_receipt(program):
    member = make_member(program)
    before = quote(program, member).decision

    throw(program, "earning", on=False)

    after = quote(program, member).decision
    assert (earned(before), earned(after)) == (54, 0)
    assert after.totals.net == before.totals.net
    assert why(after, "switches.earning") == [Why.EARNING_OFF]


def test_earning_on_again_gives_points_again(program):
    member = make_member(program)
    throw(program, "earning", on=False)

    throw(program, "earning", on=True)

    assert earned(quote(program, member).decision) == 54


def test_spending_off_lets_no_points_pay(program):
    member = make_member(program)
    given = AdjustRequest(member, "bonus", 500, "подарок", SYSTEM_ACTOR, NOON)
    adjust_points(program_id=program.id, request=given)
    before = quote(program, member, receipt(spend=SpendMode.MAX)).decision

    throw(program, "spending", on=False)

    after = quote(program, member, receipt(spend=SpendMode.MAX)).decision
    assert (before.totals.points, after.totals.points) == (45_000, 0)


def test_rule_off_is_told_in_the_trace_with_its_own_reason(program):
    member = make_member(program)

    told = throw(program, "friday", on=False)

    decision = quote(program, member).decision
    assert told.what == "promotions.friday"
    assert told.rules_off == ["promotions.friday"]
    assert decision.totals.net == 100_000
    assert why(decision, "friday") == [Why.SWITCHED_OFF]


def test_what_a_tier_gives_is_a_rule_too(program):
    member = make_member(program)

    throw(program, "tiers.bronze", on=False)

    assert earned(quote(program, member).decision) == 45


def test_quote_made_before_a_switch_is_outdated_after_it(program):
    member = make_member(program)
    quoted = quote(program, member, keep=True)

    throw(program, "cashback", on=False)

    asked = PurchaseRequest(
        source="till-1", external_id="1", quote_id=quoted.quote_id, by=SYSTEM_ACTOR, at=NOON,
    )  # fmt: skip
    with pytest.raises(Refusal) as caught:
        confirm_purchase(program_id=program.id, request=asked)
    assert caught.value.code is Code.QUOTE_OUTDATED
    assert caught.value.params["differences"] == {"earn": [{"bonus": 54}, {"bonus": 9}]}


def test_switch_outlives_the_next_version(program):
    member = make_member(program)
    throw(program, "friday", on=False)

    publish_rulebook(program_id=program.id, source=RULES.replace("percent: 5", "percent: 7"), by=SYSTEM_ACTOR, at=NOON)

    decision = quote(program, member).decision
    assert decision.version == 2
    assert decision.totals.net == 100_000


def test_switch_needs_a_reason_and_a_known_rule(program):
    with pytest.raises(Refusal) as missing:
        switch(program_id=program.id, what="earning", on=False, reason=" ", by=SYSTEM_ACTOR, at=NOON)
    with pytest.raises(Refusal) as unknown:
        throw(program, "monday", on=False)

    assert (missing.value.code, missing.value.params) == (Code.MISSING, {"field": "reason"})
    assert (unknown.value.code, unknown.value.params) == (Code.NOT_FOUND, {"what": "rule"})
    assert switches_now(program.id).number == 0


def test_switch_needs_the_right_to_publish(program):
    till = Actor(ActorKind.KEY, new_id(), "till", TILL)

    with pytest.raises(Refusal) as caught:
        switch(program_id=program.id, what="earning", on=False, reason="x", by=till, at=NOON)

    assert (caught.value.code, caught.value.params) == (Code.NOT_ALLOWED, {"capability": "publish"})
    assert switches_now(program.id).earning


def test_switch_is_audited_and_its_history_kept(program):
    throw(program, "automations.welcome", on=False)
    throw(program, "automations.welcome", on=True)

    history = [(one.number, one.rules_off, one.reason) for one in list_switches(program.id)]
    with reading(program.id):
        rows = AuditRecord.objects.of(program.id).filter(act__startswith="switched").order_by("id")
        acts = list(rows.values_list("act", flat=True))
    assert history == [
        (2, (), "automations.welcome: проверка"),
        (1, ("automations.welcome",), "automations.welcome: проверка"),
    ]
    assert acts == ["switched_off", "switched_on"]


def test_switch_that_stands_so_already_changes_nothing(program):
    told = throw(program, "earning", on=True)

    assert not told.changed
    assert list_switches(program.id) == []


def test_switch_repeated_with_its_key_answers_the_same(program):
    request = Request(None, "k1", b"1")

    first = throw(program, "earning", on=False, request=request)
    again = throw(program, "earning", on=False, request=request)

    assert (first.changed, first.replayed) == (True, False)
    assert (again.changed, again.replayed) == (True, True)
    assert len(list_switches(program.id)) == 1
