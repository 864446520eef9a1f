"""Members put into segments, taken out, for one sale only; live segments that tell who came and who left."""

import json
from datetime import timedelta

import pytest

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.segments import Putting
from kopilka.data.models.events import Event
from kopilka.data.models.segments import SegmentMember
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.outbox import handle_events
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import cancel_open, confirm_purchase, confirm_purchases
from kopilka.services.returns import ALL, return_purchase
from kopilka.services.segments.asking import count_where, list_where, read_segment
from kopilka.services.segments.putting import import_members, put_member, segments_of_member, take_member_out
from kopilka.services.segments.watching import watch_segments
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, bread, buy, member_row, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
promotions:
  friends: {when: {segment: friends}, discount: {percent: 10}}
  regulars: {when: {segment: regulars}, discount: {percent: 5}}
segments:
  friends: {by: hand}
  trial: {by: hand, life: {days: 7}}
  regulars: {when: {purchases: {at_least: 1}}}
  sleepers: {when: {last_purchase_days: {at_least: 30}}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def asking(at=NOON, key=None):
    return Asking(SYSTEM_ACTOR, at, Request(key=key, fingerprint=b"1" * 32))


def put(program, member, segment="friends", at=NOON, key=None, **said):
    return put_member(program_id=program.id, member_id=member, putting=Putting(segment, **said), asking=asking(at, key))


def told(program):
    found = rows(program.id, Event, "kind", "payload")
    return [(kind, json.loads(payload)["segment"]) for kind, payload in found if kind.startswith("segment_")]


def paid(program, member, **facts):
    return buy(program.id, member, "100", **facts).decision.totals.paid


def work(program, at):
    handle_events(program_id=program.id, at=at)
    return watch_segments(program_id=program.id, at=at)


def in_segment(program, segment, at=NOON):
    page = read_segment(program_id=program.id, segment=segment, by=SYSTEM_ACTOR, at=at)
    return [row.id for row in page.rows]


def test_member_put_into_a_segment_is_there_until_taken_out(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")

    answer = put(program, anna)

    assert (answer.is_in, answer.until, answer.next_sale) == (True, None, False)
    assert in_segment(program, "friends") == [anna]
    assert (paid(program, anna), paid(program, boris)) == (9_000, 10_000)
    take_member_out(program_id=program.id, member_id=anna, segment="friends", asking=asking())
    take_member_out(program_id=program.id, member_id=anna, segment="friends", asking=asking())
    assert in_segment(program, "friends") == []
    assert paid(program, anna) == 9_500
    assert told(program) == [("segment_entered", "friends"), ("segment_left", "friends")]
    assert member_row(program.id, anna).segments == ""


def test_putting_a_member_twice_is_told_once_and_takes_the_end_said_last(program):
    anna = make_member(program)
    put(program, anna)

    put(program, anna, until=NOON + timedelta(days=1))

    assert [(row[0], row[1]) for row in rows(program.id, SegmentMember, "until", "ended_at")] == [
        (NOON + timedelta(days=1), None)
    ]
    assert told(program) == [("segment_entered", "friends")]


def test_request_repeated_with_its_key_puts_nobody_again(program):
    anna = make_member(program)
    first = put(program, anna, key="k1")
    take_member_out(program_id=program.id, member_id=anna, segment="friends", asking=asking())

    again = put(program, anna, key="k1")

    assert (first.replayed, again.replayed) == (False, True)
    assert in_segment(program, "friends") == []


def test_stay_ends_by_itself_and_the_worker_writes_it_down(program):
    anna = make_member(program)
    put(program, anna, "trial")
    end = NOON + timedelta(days=7)

    assert in_segment(program, "trial", end - timedelta(microseconds=1)) == [anna]
    assert in_segment(program, "trial", end) == []
    assert work(program, end).ended == 1
    assert work(program, end).ended == 0
    assert told(program) == [("segment_entered", "trial"), ("segment_left", "trial")]
    assert rows(program.id, SegmentMember, "ended_at") == [(end,)]
    assert member_row(program.id, anna).segments == ""


@pytest.mark.parametrize(
    ("segment", "said", "code"),
    [
        ("nobody", {}, Code.NOT_FOUND),
        ("regulars", {}, Code.INVALID),
        ("friends", {"until": NOON}, Code.OUT_OF_RANGE),
    ],
)
def test_nobody_is_put_where_he_cannot_be(program, segment, said, code):
    anna = make_member(program)

    with pytest.raises(Refusal) as caught:
        put(program, anna, segment, **said)

    assert caught.value.code is code
    assert rows(program.id, SegmentMember, "id") == []


def test_next_sale_uses_the_segment_up_and_a_return_does_not_bring_it_back(program):
    anna = make_member(program)
    put(program, anna, next_sale=True)

    bought = buy(program.id, anna, "100")

    assert bought.decision.totals.paid == 9_000
    assert paid(program, anna) == 9_500
    assert rows(program.id, SegmentMember, "ended_at", "purchase_id") == [(NOON, bought.purchase_id)]
    return_all(program, bought)
    assert in_segment(program, "friends") == []
    assert told(program) == [("segment_entered", "friends"), ("segment_left", "friends")]


def test_quote_and_refused_purchase_keep_the_next_sale(program):
    anna = make_member(program)
    put(program, anna, next_sale=True)

    with pytest.raises(Refusal):
        confirm_purchase(program_id=program.id, request=request(anna, bread(spend=40), "17"))

    assert in_segment(program, "friends") == [anna]


def test_open_purchase_takes_the_next_sale_and_gives_it_back_when_called_off(program):
    anna = make_member(program)
    put(program, anna, next_sale=True)
    opened = confirm_purchase(program_id=program.id, request=request(anna, bread(), "17", final=False))

    assert in_segment(program, "friends") == []
    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)
    assert in_segment(program, "friends") == [anna]
    assert member_row(program.id, anna).segments == "friends!"
    assert (paid(program, anna), paid(program, anna)) == (9_000, 9_500)


def test_two_sales_of_one_batch_share_no_next_sale(program):
    anna = make_member(program)
    put(program, anna, next_sale=True)

    answers = confirm_purchases(
        program_id=program.id, requests=[request(anna, bread(), "1"), request(anna, bread(), "2")]
    )

    assert [one.decision.totals.paid for one in answers] == [9_000, 9_500]


def test_live_segment_holds_at_the_sale_and_is_told_by_the_worker(program):
    anna = make_member(program)
    work(program, NOON)

    assert (paid(program, anna), paid(program, anna)) == (10_000, 9_500)
    assert told(program) == []
    assert work(program, NOON).moved == 1
    assert work(program, NOON).moved == 0
    assert told(program) == [("segment_entered", "regulars")]


def test_time_moves_members_once_a_day(program):
    anna = make_member(program)
    buy(program.id, anna, "100")
    work(program, NOON)

    assert work(program, NOON + timedelta(days=30)).moved == 1
    assert work(program, NOON + timedelta(days=30)).moved == 0
    buy(program.id, anna, "100", at=NOON + timedelta(days=30, hours=1))
    assert work(program, NOON + timedelta(days=30, hours=1)).moved == 1
    assert told(program) == [("segment_entered", "sleepers"), ("segment_left", "sleepers")]


def test_first_look_of_a_condition_is_silent(program):
    anna = make_member(program)
    buy(program.id, anna, "100")

    moved = work(program, NOON).moved

    assert moved == 1
    assert told(program) == []
    changed = RULES.replace("purchases: {at_least: 1}", "purchases: {at_least: 2}")
    publish_rulebook(program_id=program.id, source=changed, by=SYSTEM_ACTOR, at=NOON)
    assert work(program, NOON).moved == 1
    assert told(program) == []
    assert in_segment(program, "regulars") == []


def test_file_puts_members_into_a_segment_and_names_who_is_unknown(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    put(program, boris)

    done = import_members(
        program_id=program.id, putting=Putting("friends"), kind="phone", by=SYSTEM_ACTOR, at=NOON,
        named=["8 916 123-45-67", "+7 916 123-45-68", "+79990000000", "кто"],
    )  # fmt: skip

    assert (done.put, done.were_in, done.unknown) == (1, 1, ("+79990000000", "кто"))
    assert in_segment(program, "friends") == sorted([anna, boris])


def test_members_are_counted_and_listed_by_any_condition(program):
    anna, boris = make_member(program), make_member(program, "+79161234568", tags=("coffee",))
    put(program, anna, "trial")
    when = {"any": [{"segment": "trial"}, {"tags": "coffee"}]}

    first = list_where(program_id=program.id, when=when, by=SYSTEM_ACTOR, at=NOON, limit=1)
    second = list_where(program_id=program.id, when=when, by=SYSTEM_ACTOR, at=NOON, after=first.after, limit=1)

    assert count_where(program_id=program.id, when=when, by=SYSTEM_ACTOR, at=NOON) == 2
    assert count_where(program_id=program.id, when={"not": when}, by=SYSTEM_ACTOR, at=NOON) == 0
    assert [row.id for row in first.rows + second.rows] == sorted([anna, boris])
    assert second.after is None


def test_condition_that_cannot_be_read_is_refused_with_its_place(program):
    with pytest.raises(Refusal) as caught:
        count_where(program_id=program.id, when={"segment": "freinds"}, by=SYSTEM_ACTOR, at=NOON)

    (problem,) = caught.value.params["problems"]
    assert (problem["path"], problem["code"]) == ("when.segment", "unknown_code")
    assert problem["params"]["suggestion"] == "friends"


def test_segments_of_a_member_say_how_he_came(program):
    anna = make_member(program)
    buy(program.id, anna, "100")
    put(program, anna, next_sale=True)
    work(program, NOON)

    found = segments_of_member(program_id=program.id, member_id=anna, by=SYSTEM_ACTOR, at=NOON)

    assert [(one.segment, one.source, one.next_sale) for one in found] == [
        ("friends", "hand", True),
        ("regulars", "live", False),
    ]


def return_all(program, bought):
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=ALL, source="till:1", external_id="r1",
        by=TILL_1, at=NOON,
    )  # fmt: skip
