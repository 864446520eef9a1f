"""Rules in force in some branches only (S2.16), then everywhere or nowhere; and the way back."""

import pytest

from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, QuoteRequest, RefKind
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.drafts import list_switches, switches_now
from kopilka.queries.programs import list_versions, rulebook_source
from kopilka.queries.scope import reading
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import confirm_purchase, confirm_purchases
from kopilka.services.quotes import quote_purchase
from kopilka.services.rollouts import finish_rollout, roll_back, start_rollout, widen_rollout, withdraw_rollout
from kopilka.services.switches import switch
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

FIVE = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  cashback: {earn: {percent: 5}}
"""
TEN = FIVE.replace("percent: 5", "percent: 10")
ACT = {"by": SYSTEM_ACTOR, "at": NOON}


@pytest.fixture
def program():
    return make_program(rulebook=FIVE)


def receipt(branch):
    line = Line(number=1, sku="X", quantity=1_000, price=10_000_000, amount=100_000)
    return Receipt(lines=(line,), at=NOON, branch=branch)


def quoted(program, member, branch, **facts):
    who = MemberRef(RefKind.ID, str(member))
    asked = QuoteRequest(receipt=receipt(branch), member=who, **ACT, **facts)
    return quote_purchase(program_id=program.id, request=asked)


def rate(program, member, branch):
    decision = quoted(program, member, branch).decision
    return decision.version, sum(lot.units for lot in decision.lots)


def start(program, branches=("first",), source=TEN):
    return start_rollout(program_id=program.id, source=source, branches=branches, note="проба", **ACT)


def refused(act, **facts):
    with pytest.raises(Refusal) as caught:
        act(**facts)
    return caught.value.code


def test_rollout_is_in_force_in_its_branches_only_s2_16(program):
    member = make_member(program)

    told = start(program)

    assert (told.number, told.current, told.branches) == (2, 1, ["first"])
    assert rate(program, member, "first") == (2, 100)
    assert rate(program, member, "second") == (1, 50)
    assert rate(program, member, "") == (1, 50)


def test_one_batch_of_purchases_plays_each_receipt_by_its_branch(program):
    member = make_member(program)
    start(program)
    who = MemberRef(RefKind.ID, str(member))
    asked = [
        PurchaseRequest("till", branch, SYSTEM_ACTOR, NOON, receipt=receipt(branch), member=who)
        for branch in ("first", "second")
    ]

    done = confirm_purchases(program_id=program.id, requests=asked)

    assert [(one.decision.version, one.decision.lots[0].units) for one in done] == [(2, 100), (1, 50)]
    with reading(program.id):
        stored = list(Purchase.objects.of(program.id).order_by("branch").values_list("branch", "version"))
    assert stored == [("first", 2), ("second", 1)]


def test_rollout_is_widened_branch_by_branch(program):
    member = make_member(program)
    start(program)

    told = widen_rollout(program_id=program.id, branches=["second"], **ACT)

    assert told.branches == ["first", "second"]
    assert rate(program, member, "second") == (2, 100)
    assert rate(program, member, "third") == (1, 50)


def test_rollout_finished_is_in_force_everywhere(program):
    member = make_member(program)
    start(program)

    finish_rollout(program_id=program.id, **ACT)

    assert rate(program, member, "third") == (2, 100)
    assert switches_now(program.id).rollout_number == 0
    assert [one.number for one in list_versions(program.id) if one.is_current] == [2]


def test_rollout_withdrawn_leaves_every_branch_with_the_current_version(program):
    member = make_member(program)
    start(program)

    withdraw_rollout(program_id=program.id, reason="не пошло", **ACT)

    assert rate(program, member, "first") == (1, 50)
    publish_rulebook(program_id=program.id, source=TEN, **ACT)
    assert rate(program, member, "first") == (3, 100)


def test_quote_of_a_branch_that_was_ahead_keeps_its_version(program):
    member = make_member(program)
    start(program)
    offered = quoted(program, member, "first", keep=True)
    withdraw_rollout(program_id=program.id, **ACT)

    asked = PurchaseRequest("till", "1", SYSTEM_ACTOR, NOON, quote_id=offered.quote_id)
    done = confirm_purchase(program_id=program.id, request=asked)

    assert (done.decision.version, done.decision.lots[0].units) == (2, 100)


def test_rule_switched_off_is_off_in_branches_that_are_ahead_too(program):
    member = make_member(program)
    start(program)

    switch(program_id=program.id, what="cashback", on=False, reason="ошибка", **ACT)

    assert rate(program, member, "first") == (2, 0)
    assert rate(program, member, "second") == (1, 0)


def test_nothing_is_published_while_branches_are_ahead(program):
    start(program)

    assert refused(publish_rulebook, program_id=program.id, source=FIVE + "# x", **ACT) is Code.ROLLOUT_OPEN
    assert refused(start, program=program) is Code.ROLLOUT_OPEN
    assert [one.number for one in list_versions(program.id)] == [2, 1]


def test_rollout_brings_no_points_the_other_branches_do_not_know(program):
    more = TEN.replace("points:\n", "points:\n  stars: {name: Звёзды}\n").replace(
        "percent: 10", "percent: 10, in: bonus"
    )

    with pytest.raises(Refusal) as caught:
        start(program, source=more)

    assert [problem["code"] for problem in caught.value.params["problems"]] == ["points_ahead"]
    assert switches_now(program.id).number == 0


def test_rollout_needs_branches_and_a_program_with_rules(program):
    empty = make_program(slug="empty")

    assert refused(start, program=program, branches=()) is Code.MISSING
    assert refused(start, program=program, branches=("",)) is Code.MISSING
    assert refused(start, program=empty) is Code.RULEBOOK_MISSING
    assert refused(finish_rollout, program_id=program.id, **ACT) is Code.NOT_FOUND
    assert refused(withdraw_rollout, program_id=program.id, **ACT) is Code.NOT_FOUND


def test_rolling_back_publishes_an_earlier_version_again(program):
    member = make_member(program)
    publish_rulebook(program_id=program.id, source=TEN, **ACT)

    told = roll_back(program_id=program.id, number=1, reason="слишком щедро", **ACT)

    assert (told.number, rate(program, member, "")) == (3, (3, 50))
    assert rulebook_source(program.id) == (3, FIVE)
    assert list_versions(program.id)[0].note == "= 1: слишком щедро"


def test_rolling_back_ends_a_rollout(program):
    member = make_member(program)
    start(program)

    roll_back(program_id=program.id, number=1, **ACT)

    assert rate(program, member, "first") == (3, 50)
    assert [one.rollout_number for one in list_switches(program.id)] == [0, 2]


def test_rolling_back_to_nothing_is_refused(program):
    assert refused(roll_back, program_id=program.id, number=9, **ACT) is Code.NOT_FOUND
    assert [one.number for one in list_versions(program.id)] == [1]
