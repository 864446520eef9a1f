"""Coupons of a series: each code good once, perhaps somebody's; and what happens to them (S2.22, S2.23)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from kopilka.bookkeeping import coupon_guard
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.coupons import CouponBatch, CouponCode, RuleCount
from kopilka.data.models.events import Event
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.coupons import code_by_word, codes_for_office, every_code
from kopilka.services.coupon_batches import expire_codes, issue_codes, withdraw_batch
from kopilka.services.coupons import bind_coupon, read_coupon, withdraw_coupon
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase
from kopilka.services.quotes import QuoteRequest, quote_purchase
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, bread, by_id, request, rows, with_key

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  flyer: {coupon: flyer, discount: {percent: 10}}
  guest: {coupon: guest, discount: {percent: 20}}
  friend: {coupon: friend, discount: {percent: 30}}
coupons:
  flyer: {series: {count: 20000, prefix: F-, length: 8}, uses_each: 2}
  guest: {bind: yes, series: {count: 3, prefix: G-, length: 8, life: {days: 30}}}
  friend:
    {bind: yes, by_itself: no, on_return: keep, prompt: Предложите купон друга, series: {count: 100, length: 13}}
"""
ASKING = Asking(SYSTEM_ACTOR, NOON)
TILL = Asking(TILL_1, NOON)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def flyers(program, count=3) -> list[str]:
    issue_codes(program_id=program.id, coupon="flyer", count=count, asking=ASKING)
    return [code.word for code in codes_for_office(program.id, at=NOON, coupon="flyer")]


def sell(program, member_id, *codes, number="1", **facts):
    sold = bread("100", codes=codes)
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, **facts))


def quoted(program, member_id, *codes, at=NOON):
    asked = QuoteRequest(bread("100", codes=codes), TILL_1, at, member=by_id(member_id), keep=False)
    return quote_purchase(program_id=program.id, request=asked).decision


def bring_back(program, bought, number="r1", lines=ALL):
    return return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, external_id=number, source="till:1",
        by=TILL_1, at=NOON,
    )  # fmt: skip


def state(program, word) -> str:
    return code_by_word(program.id, word, at=NOON).state


def test_a_code_is_good_once(program):
    word, *_ = flyers(program)
    member_id = make_member(program)

    first = sell(program, member_id, word)
    second = sell(program, member_id, word, number="2")

    assert (first.decision.totals.paid, first.decision.coupons) == (9_000, ["flyer"])
    assert (second.decision.totals.paid, second.decision.coupons_refused) == (10_000, [word])
    assert second.decision.beyond.refused == {word: "used"}
    used = code_by_word(program.id, word, at=NOON)
    assert (used.state, used.member_id, used.purchase_id) == ("used", member_id, first.purchase_id)
    assert ("coupon_used", member_id) in rows(program.id, Event, "kind", "member_id")


def test_codes_are_as_many_as_asked_for_and_all_different(program):
    done = issue_codes(program_id=program.id, coupon="flyer", count=15_000, asking=ASKING)

    assert (done.made, done.wanted) == (15_000, 15_000)
    words = [code.word for code in every_code(program.id, at=NOON, coupon="flyer")]
    assert len(set(words)) == len(words) == 15_000
    assert {(len(word), word[:2]) for word in words} == {(10, "F-")}
    assert not set("".join(words)) & set("IO01")


def test_an_issue_that_was_cut_off_goes_on_where_it_was(program):
    def cut(made, _wanted):
        if made == 10_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issue_codes(program_id=program.id, coupon="flyer", count=15_000, asking=ASKING, progress=cut)
    done = issue_codes(program_id=program.id, coupon="flyer", count=15_000, asking=ASKING)

    assert done.made == 15_000
    assert rows(program.id, CouponBatch, "wanted", "made") == [(15_000, 15_000)]


def test_more_codes_can_be_issued_later_up_to_the_size_of_the_series(program):
    flyers(program, 15_000)
    issue_codes(program_id=program.id, coupon="flyer", count=5_000, asking=ASKING)

    with pytest.raises(Refusal) as refused:
        issue_codes(program_id=program.id, coupon="flyer", count=1, asking=ASKING)

    assert (refused.value.code, refused.value.params["maximum"]) == (Code.OUT_OF_RANGE, 0)


def test_a_series_that_could_be_guessed_is_not_issued():
    dense = RULES.replace("count: 20000, prefix: F-, length: 8", "count: 20000, length: 6, letters: no")
    program = make_program(rulebook=dense)

    with pytest.raises(Refusal) as refused:
        issue_codes(program_id=program.id, coupon="flyer", count=10, asking=ASKING)

    assert refused.value.params == {"field": "count", "minimum": 1, "maximum": 1}


def test_the_same_key_issues_once(program):
    asking = replace(ASKING, request=with_key("k1"))

    first = issue_codes(program_id=program.id, coupon="flyer", count=5, asking=asking)
    again = issue_codes(program_id=program.id, coupon="flyer", count=5, asking=asking)

    assert first == again
    assert len(rows(program.id, CouponCode, "id")) == 5


def test_an_open_purchase_reserves_and_a_cancelled_one_burns_nothing(program):
    word, *_ = flyers(program)
    member_id = make_member(program)

    bought = sell(program, member_id, word, final=False)
    assert state(program, word) == "reserved"
    assert quoted(program, member_id, word).beyond.refused == {word: "reserved"}
    cancel_open(program_id=program.id, purchase_id=bought.purchase_id, by=TILL_1, at=NOON)

    assert state(program, word) == "new"
    assert code_by_word(program.id, word, at=NOON).member_id is None
    assert sell(program, member_id, word, number="2").decision.coupons == ["flyer"]


def test_an_open_purchase_that_becomes_final_uses_its_code(program):
    word, *_ = flyers(program)

    bought = sell(program, make_member(program), word, final=False)
    confirm_open(program_id=program.id, purchase_id=bought.purchase_id, by=TILL_1, at=NOON)

    assert state(program, word) == "used"


def test_a_code_comes_back_when_everything_is_brought_back(program):
    word, *_ = flyers(program)
    member_id = make_member(program)
    sold = bread("100", codes=(word,))
    twice = replace(sold, lines=(*sold.lines, replace(sold.lines[0], number=2)))
    bought = confirm_purchase(program_id=program.id, request=request(member_id, twice))

    bring_back(program, bought, "r1", {1: 1_000})
    assert state(program, word) == "used"
    bring_back(program, bought, "r2", {2: 1_000})

    assert state(program, word) == "new"
    counted = rows(program.id, RuleCount, "rule", "whose", "uses", order="whose")
    assert counted == [("coupon:flyer", "", 0), ("coupon:flyer", f"m:{member_id}", 0)]


def test_uses_of_each_member_are_bounded_over_all_codes_of_a_series(program):
    first, second, third = flyers(program)
    member_id = make_member(program)

    assert sell(program, member_id, first).decision.coupons == ["flyer"]
    assert sell(program, member_id, second, number="2").decision.coupons == ["flyer"]
    assert sell(program, member_id, third, number="3").decision.beyond.refused == {third: "used_by_member"}
    assert state(program, third) == "new"


def test_one_receipt_takes_one_code_of_a_series(program):
    first, second, _ = flyers(program)

    decision = quoted(program, make_member(program), first, second)

    assert decision.totals.paid == 9_000
    assert decision.beyond.refused == {second: "one_is_enough"}


def test_s2_22_a_code_bound_by_its_link_needs_the_phone_only(program):
    bound = bind_coupon(program_id=program.id, word="guest", phone="8 916 123-45-67", asking=TILL)

    assert (bound.coupon, bound.enrolled, bound.until) == ("guest", True, NOON + timedelta(days=30))
    assert len(rows(program.id, Member, "id")) == 1
    assert ("coupon_bound", bound.member_id) in rows(program.id, Event, "kind", "member_id")
    bought = sell(program, bound.member_id)
    assert (bought.decision.totals.paid, bought.decision.coupons) == (8_000, ["guest"])
    assert state(program, bound.word) == "used"


def test_whoever_opens_the_link_again_keeps_his_code(program):
    first = bind_coupon(program_id=program.id, word="guest", phone="+79161234567", asking=TILL)
    again = bind_coupon(program_id=program.id, word="GUEST", phone="89161234567", asking=TILL)

    assert (again.word, again.enrolled) == (first.word, False)
    assert len(rows(program.id, CouponCode, "id")) == 1


def test_a_series_gives_away_no_more_than_it_has(program):
    for number in range(3):
        bind_coupon(program_id=program.id, word="guest", phone=f"+7916000000{number}", asking=TILL)

    with pytest.raises(Refusal) as refused:
        bind_coupon(program_id=program.id, word="guest", phone="+79160000009", asking=TILL)

    assert refused.value.code is Code.COUPON_UNUSABLE
    assert len(rows(program.id, Member, "id")) == 3


def test_s2_23_a_bound_code_is_offered_to_the_cashier(program):
    bound = bind_coupon(program_id=program.id, word="friend", phone="+79161234567", asking=TILL)

    decision = quoted(program, bound.member_id)

    assert decision.totals.paid == 10_000
    assert [(hint.tell, hint.code, hint.detail) for hint in decision.beyond.hints] == [("coupon", "friend", bound.word)]
    assert quoted(program, bound.member_id, bound.word.lower()).totals.paid == 7_000


def test_a_code_of_somebody_else_is_refused_and_he_is_not_named(program):
    bound = bind_coupon(program_id=program.id, word="guest", phone="+79160000000", asking=TILL)
    other = make_member(program)

    assert quoted(program, other, bound.word).beyond.refused == {bound.word: "of_another"}
    assert quoted(program, None, bound.word).beyond.refused == {bound.word: "members_only"}


def test_a_code_that_the_coupon_keeps_stays_used_after_a_return(program):
    bound = bind_coupon(program_id=program.id, word="friend", phone="+79160000000", asking=TILL)
    bought = sell(program, bound.member_id, bound.word)

    bring_back(program, bought)

    assert state(program, bound.word) == "used"


def test_a_bound_code_ends_with_its_life(program):
    bound = bind_coupon(program_id=program.id, word="guest", phone="+79160000000", asking=TILL)
    later = NOON + timedelta(days=30)

    assert code_by_word(program.id, bound.word, at=later).state == "expired"
    assert expire_codes(program_id=program.id, at=later) == 1
    assert quoted(program, bound.member_id, bound.word).beyond.refused == {bound.word: "expired"}


def test_a_withdrawn_code_is_refused_with_its_reason_kept(program):
    word, *_ = flyers(program)

    withdraw_coupon(program_id=program.id, word=word, reason="украден", asking=ASKING)

    found = code_by_word(program.id, word, at=NOON)
    assert (found.state, found.reason) == ("withdrawn", "украден")
    assert quoted(program, None, word).beyond.refused == {word: "withdrawn"}


def test_a_used_code_cannot_be_withdrawn(program):
    word, *_ = flyers(program)
    sell(program, make_member(program), word)

    with pytest.raises(Refusal) as refused:
        withdraw_coupon(program_id=program.id, word=word, reason="поздно", asking=ASKING)

    assert refused.value.code is Code.COUPON_UNUSABLE
    assert state(program, word) == "used"


def test_a_whole_batch_is_withdrawn_but_for_what_was_used(program):
    word, *_ = flyers(program)
    sell(program, make_member(program), word)
    ((batch_id,),) = rows(program.id, CouponBatch, "id")

    done = withdraw_batch(program_id=program.id, batch_id=batch_id, reason="ошибка печати", asking=ASKING)

    assert done.count == 2
    assert sorted(rows(program.id, CouponCode, "state")) == [("used",), ("withdrawn",), ("withdrawn",)]


def test_who_names_too_many_unknown_words_is_told_to_wait(program):
    flyers(program)
    words = [f"F-{number}" for number in range(coupon_guard.MISSES_MAX)]

    for start in range(0, len(words), 10):
        assert set(quoted(program, None, *words[start : start + 10]).beyond.refused.values()) == {"unknown"}
    with pytest.raises(Refusal) as refused:
        quoted(program, None, "F-NEXT")

    assert (refused.value.code, refused.value.params) == (Code.TOO_MANY_CODES, {"retry_after_seconds": 601})
    with pytest.raises(Refusal) as refused:
        read_coupon(program_id=program.id, word="F-NEXT", by=TILL_1, at=NOON)
    assert refused.value.code is Code.TOO_MANY_CODES
    assert quoted(program, None, at=NOON).totals.paid == 10_000
    assert quoted(program, None, "F-NEXT", at=NOON + coupon_guard.WITHIN).beyond.refused == {"F-NEXT": "unknown"}


def test_an_unknown_word_cannot_be_bound_and_counts_as_a_guess(program):
    with pytest.raises(Refusal) as refused:
        bind_coupon(program_id=program.id, word="G-NOTHING", phone="+79161234567", asking=TILL)

    assert refused.value.code is Code.COUPON_UNUSABLE
    with transaction.atomic():
        enter_program(program.id)
        assert coupon_guard.WordMiss.objects.of(program.id).count() == 1
    assert rows(program.id, Member, "id") == []


def test_codes_are_listed_page_by_page(program):
    flyers(program)

    first, second = codes_for_office(program.id, at=NOON, coupon="flyer", limit=2)
    (third,) = codes_for_office(program.id, at=NOON, coupon="flyer", after=second.word)

    assert first.word < second.word < third.word
    assert isinstance(first.id, UUID)
