"""Confirming purchases: rows, replays, batches, proof (S4.6, I1, I11, I14, S4.1)."""

from dataclasses import replace
from datetime import timedelta
from threading import Event as Event_
from threading import Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction

from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.purchasing.confirming import pay
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models import ledger
from kopilka.data.models.events import Event
from kopilka.data.models.ledger import Draw, LedgerEntry, Operation
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import IMPORT_ACTOR, Capability
from kopilka.engine.ledger import Act
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.standing import Lot, Standing
from kopilka.services.holds import HoldRequest, place_hold
from kopilka.services.purchases import (
    MemberRef,
    PurchaseState,
    RefKind,
    confirm_purchase,
    confirm_purchases,
)
from tests.factories import NOON, make_member, make_program
from tests.tills import (
    FREE_RULES,
    KEY_ID,
    RULES,
    TILL_1,
    books_agree,
    bread,
    buy,
    by_id,
    member_row,
    request,
    rows,
    wallet,
    with_key,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def refused(program_id, asked):
    with pytest.raises(Refusal) as caught:
        confirm_purchase(program_id=program_id, request=asked)
    return caught.value.code, caught.value.params


def test_purchase_leaves_exactly_these_rows(program):
    member_id = make_member(program)

    result = buy(program.id, member_id, "750", number="17")

    purchase_id = result.purchase_id
    assert rows(program.id, Purchase, "id", "member_id", "state", "external_id", "net_minor", "paid_minor") == [
        (purchase_id, member_id, "confirmed", "17", 75_000, 75_000)
    ]
    assert rows(program.id, Operation, "id", "kind", "subject_id", "actor_name", "status")[-1] == (
        purchase_id, "purchase", purchase_id, "касса 1", 201,
    )  # fmt: skip
    assert sorted(rows(program.id, LedgerEntry, "account", "units")) == [("available", 75), ("expense", -75)]
    assert rows(program.id, ledger.Lot, "amount", "remaining", "active", "purchase_id", "expires_at") == [
        (75, 75, True, purchase_id, NOON + timedelta(days=365))
    ]
    assert rows(program.id, Draw, "units") == []
    assert rows(program.id, Event, "kind", "member_id", "subject_id")[-1] == (
        "purchase_confirmed", member_id, purchase_id,
    )  # fmt: skip
    member = member_row(program.id, member_id)
    assert (member.purchases, member.spent_minor, member.last_purchase_minor, member.last_purchase_at) == (
        1, 75_000, 75_000, NOON,
    )  # fmt: skip
    assert wallet(program.id, member_id) == (75, 0, 0, 0)
    assert books_agree(program.id)


def test_paying_with_points_draws_from_the_soonest_to_expire(program):
    member_id = make_member(program)
    early = buy(program.id, member_id, "300", at=NOON)
    buy(program.id, member_id, "500", at=NOON + timedelta(hours=1))

    result = buy(program.id, member_id, "100", spend=40, at=NOON + timedelta(hours=2))

    assert (result.decision.totals.points, result.decision.totals.paid) == (4_000, 6_000)
    assert rows(program.id, Draw, "units") == [(30,), (10,)]
    assert rows(program.id, ledger.Lot, "amount", "remaining") == [(30, 0), (50, 40), (6, 6)]
    assert rows(program.id, ledger.Lot, "purchase_id")[0] == (early.purchase_id,)
    assert sorted(rows(program.id, LedgerEntry, "account", "units"))[-3:] == [
        ("expense", -30), ("expense", -6), ("liability", 40),
    ]  # fmt: skip
    assert wallet(program.id, member_id) == (46, 0, 0, 0)
    assert result.balances["bonus"].available == 46
    assert member_row(program.id, member_id).spent_minor == 86_000
    assert books_agree(program.id)


def test_anonymous_purchase_moves_no_points(program):
    result = buy(program.id, None, "100")

    assert result.member_id is None
    assert result.balances == {}
    assert rows(program.id, LedgerEntry, "units") == []
    assert rows(program.id, Event, "kind", "member_id")[-1] == ("purchase_confirmed", None)
    assert rows(program.id, Purchase, "member_id", "paid_minor") == [(None, 10_000)]


@pytest.mark.parametrize(("kind", "value"), [("phone", "+79161234567"), ("card", "2000000000017"), ("email", "a@b.ru")])
def test_member_is_found_by_what_he_is_recognised_by(program, kind, value):
    member_id = make_member(program, card="2000000000017", email="a@b.ru")
    asked = replace(request(None, bread()), member=MemberRef(RefKind(kind), value))

    assert confirm_purchase(program_id=program.id, request=asked).member_id == member_id


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("named", ["id", "card", None])
def test_prepared_request_is_stored_as_any_other(program, named, final):
    """Each before the other: the same receipt under another number."""
    member_id = make_member(program, card="2000000000017")
    value = str(member_id) if named == "id" else "2000000000017"
    who = None if named is None else MemberRef(RefKind(named), value)
    plain, prepared = (replace(request(None, bread(), number), member=who, final=final) for number in "12")
    prepared.prepare()

    confirm_purchases(program_id=program.id, requests=[plain, prepared])

    one, other = rows(program.id, Purchase, "receipt", "fingerprint", "member_id", "state")
    assert [one[0], bytes(one[1]), *one[2:]] == [other[0], bytes(other[1]), *other[2:]]
    assert confirm_purchase(program_id=program.id, request=prepared).replayed


def test_what_was_prepared_for_another_member_or_receipt_is_not_used(program):
    anna, boris = make_member(program), make_member(program, phone="+79160000002")
    prepared = request(anna, bread())
    prepared.prepare()

    dear = replace(prepared, member=by_id(boris), receipt=bread("300"))
    result = confirm_purchase(program_id=program.id, request=dear)

    assert (result.member_id, result.decision.totals.net) == (boris, 30_000)
    assert confirm_purchase(program_id=program.id, request=request(boris, bread("300"))).replayed


def test_prepared_request_that_names_nobody_is_refused(program):
    asked = replace(request(None, bread()), member=MemberRef(RefKind.ID, "nonsense"))
    asked.prepare()

    assert refused(program.id, asked) == (Code.NOT_FOUND, {"what": "member"})
    assert rows(program.id, Purchase, "id") == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [("id", "01900000-0000-7000-8000-000000000001"), ("id", "nonsense"), ("phone", "+79990000000"), ("card", "9")],
)
def test_unknown_member_is_not_found(program, kind, value):
    asked = replace(request(None, bread()), member=MemberRef(RefKind(kind), value))

    assert refused(program.id, asked) == (Code.NOT_FOUND, {"what": "member"})
    assert rows(program.id, Purchase, "id") == []


def test_member_of_another_program_is_not_found(program):
    other = make_program("other", rulebook=FREE_RULES)
    stranger = make_member(other)

    assert refused(program.id, request(stranger, bread()))[0] is Code.NOT_FOUND


def test_same_key_is_answered_as_before(program):
    member_id = make_member(program)
    asked = request(member_id, bread("500"), request=with_key("k1"), language="en")
    first = confirm_purchase(program_id=program.id, request=asked)
    buy(program.id, member_id, "100")

    again = confirm_purchase(program_id=program.id, request=replace(asked, language="ru"))

    assert again == replace(first, replayed=True)
    assert (again.language, again.status, again.balances["bonus"].available) == ("en", 201, 50)
    assert len(rows(program.id, Purchase, "id")) == 2
    assert books_agree(program.id)


def test_same_key_for_something_else_is_refused(program):
    member_id = make_member(program)
    confirm_purchase(program_id=program.id, request=request(member_id, bread(), request=with_key("k1")))

    changed = request(member_id, bread("200"), "2", request=with_key("k1", "other"))

    assert refused(program.id, changed) == (Code.KEY_REUSED, {"key": "k1"})
    assert len(rows(program.id, Purchase, "id")) == 1


def test_keys_of_two_owners_do_not_meet(program):
    member_id = make_member(program)
    confirm_purchase(program_id=program.id, request=request(member_id, bread(), request=with_key("k1")))

    other = request(member_id, bread(), "2", request=with_key("k1", "other", owner=uuid4()))

    assert confirm_purchase(program_id=program.id, request=other).replayed is False


def test_refusal_burns_no_key(program):
    member_id = make_member(program)
    key = with_key("k1")
    too_much = request(member_id, bread("100", spend=10), request=key)
    assert refused(program.id, too_much)[0] is Code.INSUFFICIENT_POINTS
    buy(program.id, member_id, "500")

    assert confirm_purchase(program_id=program.id, request=too_much).decision.totals.points == 1_000


def test_receipt_with_another_key_is_the_same_purchase(program):
    member_id = make_member(program)
    first = confirm_purchase(program_id=program.id, request=request(member_id, bread(), request=with_key("k1")))

    again = confirm_purchase(program_id=program.id, request=request(member_id, bread(), request=with_key("k2")))

    assert again == replace(first, replayed=True)
    assert wallet(program.id, member_id) == (10, 0, 0, 0)


def test_receipt_repeated_with_the_time_of_the_repetition_is_the_same(program):
    member_id = make_member(program)
    first = confirm_purchase(program_id=program.id, request=request(member_id, bread()))
    later = NOON + timedelta(minutes=2)

    again = confirm_purchase(program_id=program.id, request=request(member_id, bread(at=later), at=later))

    assert again == replace(first, replayed=True)


@pytest.mark.parametrize("change", ["lines", "member", "day", "final"])
def test_receipt_number_used_for_another_sale_is_refused(program, change):
    member_id, other = make_member(program), make_member(program, "+79160000002")
    first = confirm_purchase(program_id=program.id, request=request(member_id, bread()))
    later = NOON + timedelta(days=2)
    asked = {
        "lines": request(member_id, bread("101")),
        "member": request(other, bread()),
        "day": request(member_id, bread(at=later), at=later),
        "final": request(member_id, bread(), final=False),
    }[change]

    assert refused(program.id, asked) == (Code.RECEIPT_EXISTS, {"purchase_id": str(first.purchase_id)})
    assert len(rows(program.id, Purchase, "id")) == 1


def test_same_number_from_another_till_is_another_receipt(program):
    member_id = make_member(program)
    confirm_purchase(program_id=program.id, request=request(member_id, bread()))

    other = replace(request(member_id, bread()), source="till:2")

    assert confirm_purchase(program_id=program.id, request=other).replayed is False


def test_two_purchases_of_one_member_in_a_batch_see_each_other(program):
    member_id = make_member(program)
    batch = [
        request(member_id, bread("500"), "1"),
        request(member_id, bread("100", spend=50), "2"),
        request(member_id, bread("100", spend=6), "3"),
    ]

    first, second, third = confirm_purchases(program_id=program.id, requests=batch)

    assert (first.balances["bonus"].available, second.balances["bonus"].available) == (50, 5)
    assert (third.code, third.params["available"]) == (Code.INSUFFICIENT_POINTS, 5)
    assert rows(program.id, ledger.Lot, "amount", "remaining") == [(50, 0), (5, 5)]
    assert member_row(program.id, member_id).purchases == 2
    assert books_agree(program.id)


def test_duplicates_inside_a_batch_happen_once(program):
    member_id = make_member(program)
    batch = [
        request(member_id, bread(), "1", request=with_key("k1")),
        request(member_id, bread(), "1", request=with_key("k1")),
        request(member_id, bread(), "1", request=with_key("k2")),
        request(member_id, bread("200"), "1", request=with_key("k1", "other")),
        request(member_id, bread("200"), "1", request=with_key("k3")),
    ]

    first, again, by_receipt, reused, exists = confirm_purchases(program_id=program.id, requests=batch)

    assert again == by_receipt == replace(first, replayed=True)
    assert (reused.code, exists.code) == (Code.KEY_REUSED, Code.RECEIPT_EXISTS)
    assert len(rows(program.id, Purchase, "id")) == 1
    assert wallet(program.id, member_id) == (10, 0, 0, 0)


def test_refusal_in_a_batch_leaves_the_others_alone(program):
    one, two = make_member(program), make_member(program, "+79160000002")
    batch = [
        request(one, bread("500"), "1"),
        request(one, bread("100", spend=51), "2"),
        request(uuid4(), bread(), "3"),
        request(two, bread("200"), "4"),
        request(one, bread("100", spend=50), "5"),
    ]

    answers = confirm_purchases(program_id=program.id, requests=batch)

    assert [getattr(answer, "code", None) for answer in answers] == [
        None, Code.SPEND_LIMIT, Code.NOT_FOUND, None, None,
    ]  # fmt: skip
    assert [number for (number,) in rows(program.id, Purchase, "external_id")] == ["1", "4", "5"]
    assert wallet(program.id, one) == (5, 0, 0, 0)
    assert books_agree(program.id)


def test_what_the_database_refuses_fails_alone(program, caplog):
    member_id = make_member(program)
    poison = request(member_id, bread(), "2")
    poison.by = replace(poison.by, name=None)
    batch = [request(member_id, bread("500"), "1"), poison, request(member_id, bread("100", spend=50), "3")]

    first, failed, third = confirm_purchases(program_id=program.id, requests=batch)

    assert failed.code is Code.LEDGER_INTEGRITY
    assert (first.balances["bonus"].available, third.balances["bonus"].available) == (50, 5)
    assert [number for (number,) in rows(program.id, Purchase, "external_id")] == ["1", "3"]
    assert "could not be booked" in caplog.text
    assert books_agree(program.id)


def test_refused_purchase_changes_nothing(program):
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    before = [rows(program.id, table, *names) for table, *names in EVERYTHING]

    assert refused(program.id, request(member_id, bread("100", spend=11), "2"))[0] is Code.INSUFFICIENT_POINTS

    assert [rows(program.id, table, *names) for table, *names in EVERYTHING] == before


EVERYTHING = (
    (Purchase, "id", "state"),
    (Operation, "id", "kind"),
    (LedgerEntry, "id", "units"),
    (ledger.Lot, "id", "remaining"),
    (Draw, "id", "units"),
    (Event, "id", "kind"),
)


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        (timedelta(days=-15), Code.TOO_OLD),
        (timedelta(days=-14), None),
        (timedelta(minutes=5), None),
        (timedelta(minutes=6), Code.IN_FUTURE),
    ],
)
def test_moment_of_a_tills_receipt_is_bounded(program, moved, code):
    asked = request(make_member(program), bread(at=NOON + moved))

    answer = confirm_purchases(program_id=program.id, requests=[asked])[0]

    assert getattr(answer, "code", None) is code


def test_import_may_book_any_past_moment(program):
    asked = request(make_member(program), bread(at=NOON - timedelta(days=4000)), by=IMPORT_ACTOR)

    assert confirm_purchase(program_id=program.id, request=asked).at == NOON - timedelta(days=4000)


def test_earlier_receipt_booked_later_is_not_the_last_purchase(program):
    member_id = make_member(program)
    buy(program.id, member_id, "100", at=NOON)

    buy(program.id, member_id, "300", at=NOON - timedelta(days=3))

    member = member_row(program.id, member_id)
    assert (member.last_purchase_at, member.last_purchase_minor, member.purchases) == (NOON, 10_000, 2)


@pytest.mark.parametrize("missing", [Capability.EARN, Capability.SPEND])
def test_actor_must_be_allowed(program, missing):
    member_id = make_member(program)
    buy(program.id, member_id, "500")
    actor = replace(TILL_1, capabilities=TILL_1.capabilities - {missing})

    asked = request(member_id, bread("100", spend=10), by=actor)

    assert refused(program.id, asked) == (Code.NOT_ALLOWED, {"capability": missing.value})


def test_blocked_member_is_refused(program):
    member_id = make_member(program)
    with transaction.atomic():
        enter_program(program.id)
        Member.objects.of(program.id).filter(id=member_id).update(status="blocked")

    assert refused(program.id, request(member_id, bread()))[0] is Code.MEMBER_BLOCKED


def test_program_without_rules_refuses():
    program = make_program("bare")

    assert refused(program.id, request(None, bread()))[0] is Code.RULEBOOK_MISSING


def test_due_lots_begin_and_end_before_spending():
    rules = RULES.replace("life: {days: 365}", "life: {days: 30}, starts_after: {days: 1}")
    program = make_program(rulebook=rules + "spending_proof: {by: none}\n")
    member_id = make_member(program)
    buy(program.id, member_id, "500", at=NOON)
    buy(program.id, member_id, "300", at=NOON + timedelta(days=30))
    assert wallet(program.id, member_id) == (0, 80, 0, 0)
    later = NOON + timedelta(days=31, hours=1)

    result = buy(program.id, member_id, "100", spend="max", at=later)

    assert result.decision.totals.points == 3_000
    kinds = [kind for (kind,) in rows(program.id, Operation, "kind")]
    assert kinds[-3:] == ["activate", "expire", "purchase"]
    assert wallet(program.id, member_id) == (0, 7, 0, 0)
    assert rows(program.id, ledger.Lot, "amount", "remaining", "expired", "active") == [
        (50, 0, 50, True), (30, 0, 0, True), (7, 7, 0, False),
    ]  # fmt: skip
    assert books_agree(program.id)


def test_fraction_is_carried_to_the_next_purchase_of_the_batch():
    rules = RULES.replace("life: {days: 365}", "carry: true").replace(
        "earn: {percent: 10}", 'earn: {points: 1, per: "50.00"}'
    )
    program = make_program(rulebook=rules)
    member_id = make_member(program)
    batch = [request(member_id, bread("30"), "1"), request(member_id, bread("20"), "2")]

    confirm_purchases(program_id=program.id, requests=batch)

    assert wallet(program.id, member_id) == (1, 0, 0, 0)


def test_tier_changes_with_the_purchase_that_reaches_it():
    tiers = 'tiers:\n  base: {}\n  gold: {enter: {spent: {at_least: "1000.00"}}}\n'
    program = make_program(rulebook=FREE_RULES + tiers)
    member_id = make_member(program)

    buy(program.id, member_id, "999")
    assert (member_row(program.id, member_id).tier, member_row(program.id, member_id).tier_since) == ("base", NOON)
    buy(program.id, member_id, "1", at=NOON + timedelta(days=1))

    member = member_row(program.id, member_id)
    assert (member.tier, member.tier_since) == ("gold", NOON + timedelta(days=1))


def test_purchase_bears_the_key_of_its_request(program):
    asked = request(make_member(program), bread(), request=with_key("k1"), request_id="r-1")

    result = confirm_purchase(program_id=program.id, request=asked)

    assert rows(program.id, Operation, "id", "key_owner", "key", "request_id")[-1] == (
        result.purchase_id, KEY_ID, "k1", "r-1",
    )  # fmt: skip
    assert isinstance(result.purchase_id, UUID)
    assert result.state is PurchaseState.CONFIRMED


def test_nothing_to_confirm_is_nothing_done(program):
    assert confirm_purchases(program_id=program.id, requests=[]) == []


def test_purchase_needs_a_receipt(program):
    assert refused(program.id, request(None, None)) == (Code.MISSING, {"field": "receipt"})


def test_key_of_another_act_is_not_a_purchase(program):
    member_id = make_member(program)
    buy(program.id, member_id, "500")
    held = HoldRequest(by_id(member_id), "bonus", 5, TILL_1, NOON, request=with_key("k1"))
    place_hold(program_id=program.id, request=held)

    assert refused(program.id, request(member_id, bread(), request=with_key("k1"))) == (Code.KEY_REUSED, {"key": "k1"})


def test_act_that_draws_other_lots_than_decided_is_refused(program):
    member_id = make_member(program)
    buy(program.id, member_id, "500")
    paid = buy(program.id, member_id, "100", spend=10)
    standing = Standing(member_id, lots={"bonus": [Lot(uuid4(), "bonus", 50, 50, NOON, None)]})

    with pytest.raises(Refusal) as caught:
        pay(Act(standing, NOON, uuid4), paid.decision)

    assert caught.value.code is Code.LEDGER_INTEGRITY


def test_database_that_is_busy_for_too_long_is_said_to_be_busy(program, on_postgres):
    member_id = make_member(program)
    stop = Event_()
    started = Event_()

    def occupy() -> None:
        with transaction.atomic():
            enter_program(program.id)
            lock_members(program.id, [member_id])
            started.set()
            stop.wait(20)
        connections.close_all()

    other = Thread(target=occupy)
    other.start()
    started.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'" if on_postgres else "PRAGMA busy_timeout = 50")

    answer = confirm_purchases(program_id=program.id, requests=[request(member_id, bread())])[0]

    stop.set()
    other.join()
    connection.close()
    assert answer.code is Code.BUSY
    assert rows(program.id, Purchase, "id") == []
