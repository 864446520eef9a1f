"""Everything one rule gave between two moments is taken back exactly, once, and can be given back."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.purchasing.requests import MemberRef, Proof, PurchaseRequest, RefKind
from kopilka.data.models.ledger import Lot
from kopilka.data.models.publishing import ReversalItem
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading
from kopilka.queries.wallets import wallets_of_member
from kopilka.services.books import check_books
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import confirm_purchase
from kopilka.services.returns import return_purchase
from kopilka.services.reversals import (
    Sums,
    continue_reversals,
    preview_reversal,
    reverse_rule,
    undo_reversal,
)
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
spending:
  bonus: {share_of_receipt: 100}
earning: {base: net}
promotions:
  cashback: {earn: {percent: 5}}
  extra: {lines: {category: tea}, earn: {percent: 3}}
  short: {when: {weekday: fri}, earn: {percent: 10, life: {days: 7}}}
"""
DAY = timedelta(days=1)
WINDOW = {"since": NOON - DAY, "until": NOON + 30 * DAY}


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def line(number, minor, category="", quantity=1_000):
    return Line(number, f"S{number}", quantity, minor * 100, minor * quantity // 1_000, category=category)


def buy(program, member, *lines, at=NOON, number="1", spend=0):
    wish = SpendWish(SpendMode.AMOUNT, spend, "bonus") if spend else SpendWish()
    sold = Receipt(lines=lines, at=at, spend=wish)

    asked = PurchaseRequest(
        "till", number, SYSTEM_ACTOR, at, receipt=sold, member=MemberRef(RefKind.ID, str(member)),
        proof=Proof(vouched=True),
    )  # fmt: skip
    return confirm_purchase(program_id=program.id, request=asked)


def bring(program, purchase, lines=None, number="r1", at=NOON + DAY):
    return return_purchase(
        program_id=program.id, purchase_id=purchase.purchase_id, lines=lines, external_id=number, source="till",
        by=SYSTEM_ACTOR, at=at,
    )  # fmt: skip


def reverse(program, rule="extra", at=NOON + 2 * DAY, **facts):
    return reverse_rule(program_id=program.id, rule=rule, reason="ошибка", by=SYSTEM_ACTOR, at=at, **WINDOW, **facts)


def undo(program, done, at=NOON + 3 * DAY):
    return undo_reversal(program_id=program.id, reversal_id=done.reversal_id, reason="зря", by=SYSTEM_ACTOR, at=at)


def balance(program, member):
    (wallet,) = wallets_of_member(program.id, member, at=NOON + 4 * DAY)
    return wallet.available - wallet.debt


def lots_of(program):
    with reading(program.id):
        return list(Lot.objects.of(program.id).order_by("amount").values_list("amount", "remaining"))


def items_of(program):
    with reading(program.id):
        return ReversalItem.objects.of(program.id).count()


def books_are_clean(program):
    return [finding for check in check_books(program_id=program.id) for finding in check.findings]


def test_reversal_takes_exactly_what_the_rule_gave(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"), line(2, 50_000))

    done = reverse(program)

    assert done.rule == "promotions.extra"
    assert (done.state, done.members, done.items) == ("done", 1, 1)
    assert done.sums == {"bonus": Sums(given=30, taken=30)}
    assert balance(program, member) == 75
    assert books_are_clean(program) == []


def test_reversing_again_takes_nothing_more(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    reverse(program)

    again = reverse(program)

    assert (again.members, again.sums) == (0, {})
    assert balance(program, member) == 50


def test_parts_of_all_rules_sum_to_the_lot(program):
    member = make_member(program)
    buy(program, member, line(1, 3_333, "tea"))

    first = reverse(program, "extra")
    second = reverse(program, "cashback")

    assert first.sums["bonus"].given + second.sums["bonus"].given == 2
    assert balance(program, member) == 0


def test_points_of_the_rule_are_taken_from_their_own_lot(program):
    friday = NOON + 4 * DAY
    member = make_member(program)
    buy(program, member, line(1, 100_000), at=friday)

    reverse_rule(
        program_id=program.id, rule="short", since=NOON, until=NOON + 5 * DAY, reason="x", by=SYSTEM_ACTOR,
        at=friday + DAY,
    )  # fmt: skip

    assert lots_of(program) == [(50, 50), (100, 0)]


def test_window_is_half_open(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"), number="1", at=NOON)
    buy(program, member, line(1, 100_000, "tea"), number="2", at=NOON + DAY)

    done = reverse_rule(
        program_id=program.id, rule="extra", since=NOON, until=NOON + DAY, reason="x", by=SYSTEM_ACTOR, at=NOON + DAY
    )

    assert (done.items, done.sums["bonus"].given) == (1, 30)


def test_full_return_after_the_reversal_takes_only_what_is_left(program):
    member = make_member(program)
    sold = buy(program, member, line(1, 100_000, "tea"), line(2, 50_000))
    reverse(program)

    back = bring(program, sold, at=NOON + 3 * DAY)

    assert [point.earned for point in back.decisions[0].points] == [75]
    assert balance(program, member) == 0
    assert books_are_clean(program) == []


def test_reversal_after_a_part_was_returned_takes_the_rest_of_the_rule(program):
    member = make_member(program)
    sold = buy(program, member, line(1, 10_000, "tea", quantity=10_000))
    bring(program, sold, {1: 4_000})
    assert balance(program, member) == 48

    done = reverse(program)

    assert done.sums == {"bonus": Sums(given=30, taken=18, returned=12)}
    assert balance(program, member) == 30
    bring(program, sold, {1: 6_000}, number="r2", at=NOON + 3 * DAY)
    assert balance(program, member) == 0
    assert books_are_clean(program) == []


def test_spent_points_become_a_debt_by_the_policy_and_the_preview_says_so(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    buy(program, member, line(1, 7_000), number="2", at=NOON + DAY, spend=70)

    told = preview_reversal(program_id=program.id, rule="extra", by=SYSTEM_ACTOR, at=NOON + DAY, **WINDOW)
    before = balance(program, member)
    done = reverse(program)

    assert told.sums == done.sums == {"bonus": Sums(given=30, taken=13, owed=17)}
    assert (told.members, told.items, told.reversal_id) == (1, 1, None)
    assert (before, balance(program, member)) == (13, -17)
    assert books_are_clean(program) == []


def test_policy_clamp_forgets_what_was_spent():
    program = make_program(rulebook=RULES + "returns: {take_back: clamp}\n")
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    buy(program, member, line(1, 7_000), number="2", at=NOON + DAY, spend=70)

    done = reverse(program)

    assert done.sums == {"bonus": Sums(given=30, taken=13, forgotten=17)}
    assert balance(program, member) == 0


def test_undo_gives_everything_back_to_the_very_lots(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    done = reverse(program)

    undone = undo(program, done)

    assert undone.state == "undone"
    assert balance(program, member) == 80
    assert lots_of(program) == [(80, 80)]
    assert books_are_clean(program) == []


def test_undo_forgives_the_debt(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    buy(program, member, line(1, 8_000), number="2", at=NOON + DAY, spend=80)
    done = reverse(program)
    assert balance(program, member) == -26

    undo(program, done)

    assert balance(program, member) == 4
    assert books_are_clean(program) == []


def test_undo_gives_new_points_for_a_debt_repaid_meanwhile(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    buy(program, member, line(1, 8_000), number="2", at=NOON + DAY, spend=80)
    done = reverse(program)
    buy(program, member, line(1, 100_000), number="3", at=NOON + 2 * DAY + timedelta(hours=1))
    assert balance(program, member) == 24

    undo(program, done)

    assert balance(program, member) == 54
    assert books_are_clean(program) == []


def test_reversal_can_be_done_again_after_it_was_undone(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    undo(program, reverse(program))

    reverse(program, at=NOON + 4 * DAY)

    assert balance(program, member) == 50
    assert books_are_clean(program) == []


def test_interrupted_reversal_is_gone_on_with_by_the_worker(program):
    members = [make_member(program, f"+7916123456{digit}") for digit in range(3)]
    for number, member in enumerate(members):
        buy(program, member, line(1, 100_000, "tea"), number=str(number))

    begun = reverse(program, members_max=1)
    done = continue_reversals(program_id=program.id, at=NOON + 3 * DAY)

    assert (begun.state, begun.members) == ("running", 1)
    assert done == 2
    assert [balance(program, member) for member in members] == [50, 50, 50]
    assert continue_reversals(program_id=program.id, at=NOON + 3 * DAY) == 0


def test_same_command_again_goes_on_where_it_was(program):
    members = [make_member(program, f"+7916123456{digit}") for digit in range(3)]
    for number, member in enumerate(members):
        buy(program, member, line(1, 100_000, "tea"), number=str(number))
    begun = reverse(program, members_max=2)

    done = reverse(program)

    assert done.reversal_id == begun.reversal_id
    assert (done.state, done.members, done.sums) == ("done", 3, {"bonus": Sums(given=90, taken=90)})
    assert items_of(program) == 3


def test_reversal_reads_the_version_that_decided_not_todays(program):
    member = make_member(program)
    buy(program, member, line(1, 100_000, "tea"))
    other = RULES.replace("extra: {lines: {category: tea}, earn: {percent: 3}}", "later: {earn: {percent: 1}}")
    publish_rulebook(program_id=program.id, source=other, by=SYSTEM_ACTOR, at=NOON)

    done = reverse(program)

    assert done.sums == {"bonus": Sums(given=30, taken=30)}


def test_reversal_refuses_what_makes_no_sense(program):
    def code(**facts):
        with pytest.raises(Refusal) as caught:
            reverse_rule(**{"program_id": program.id, "rule": "extra", "reason": "x", "by": SYSTEM_ACTOR,
                            "at": NOON, **WINDOW, **facts})  # fmt: skip
        return caught.value.code

    assert code(rule="nothing") is Code.NOT_FOUND
    assert code(reason="  ") is Code.MISSING
    assert code(until=NOON - 2 * DAY) is Code.INVALID
    assert items_of(program) == 0
