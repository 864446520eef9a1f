"""Sales made without a network: signed, booked exactly once, none lost (T26, T38, T39, F20)."""

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.card import MemberSession
from kopilka.data.models.doors import PageSettings, QueuedSale
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import MANAGER, TILL, Actor, ActorKind
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.queued_sales import count_waiting, waiting_sales
from kopilka.services.live_codes import secret_of
from kopilka.services.member_sessions import start_session
from kopilka.services.queued_sales import SentSale, Taken, queue_key, take_sales
from kopilka.services.settling_sales import book_waiting, drop_waiting
from kopilka.services.staff_access import person_by_token, sign_in, sign_out
from tests.counter import PIN, let_in, make_cashier
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, goes_wrong
from tests.tills import RULES, books_agree, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

OLYA = Actor(ActorKind.STAFF, uuid4(), "Оля", TILL, till="1")
MIRA = Actor(ActorKind.STAFF, uuid4(), "Мира", MANAGER, till="1")


@dataclass
class Till:
    """A till with a cashier signed in: makes sales as its browser would, and brings them."""

    program: Any
    device: Any
    token: str
    session: UUID
    numbers: count = field(default_factory=lambda: count(1))

    @property
    def key(self) -> bytes:
        return queue_key(program_id=self.program.id, session_id=self.session)

    def sale(self, member: str = "8 916 123-45-67", minor: int = 10_000, *, at: datetime = NOON, **facts) -> SentSale:
        body = {
            "key": f"00000000-0000-4000-8000-{next(self.numbers):012}", "session": str(self.session),
            "member": member, "amount_minor": minor, "occurred_at": at.isoformat(),
        }  # fmt: skip
        text = json.dumps(body | facts, ensure_ascii=False)
        return SentSale(text, hmac.digest(self.key, text.encode(), "sha256"))

    def bring(self, *sales: SentSale, at: datetime = NOON + timedelta(minutes=1)) -> list[str]:
        taken = take_sales(program=self.program, device=self.device, sent=sales, language="ru", at=at)
        return [one.state for one in taken]


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def till(program):
    make_cashier(program)
    return open_till(program)


def open_till(program, *, training=False, **facts):
    device = let_in(program, **facts).device
    signed = sign_in(program_id=program.id, device=device, employee_code="01", pin=PIN, training=training, at=NOON)
    staff = person_by_token(program_id=program.id, device=device, token=signed.token, idle_minutes=30, at=NOON)
    return Till(program, device, signed.token, staff.session_id)


def purchases(program):
    return rows(program.id, Purchase, "at", "recorded_at", "net_minor", "staff", "source", order="at")


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code, caught.value.params


def waiting(program):
    return [(one.refused, one.params) for one in waiting_sales(program.id)]


def book(program, member, by=OLYA, at=NOON + timedelta(hours=1)):
    sale = waiting_sales(program.id)[0]
    return book_waiting(program=program, sale_id=sale.id, member=member, by=by, language="ru", at=at)


def test_sales_are_booked_for_the_moment_they_were_made(program, till):
    anna = make_member(program)
    later = NOON + timedelta(hours=3)

    states = till.bring(till.sale(), till.sale("+79161234567", 25_000, at=NOON + timedelta(hours=1)), at=later)

    assert states == ["booked", "booked"]
    assert purchases(program) == [
        (NOON, later, 10_000, "01", "till:1"),
        (NOON + timedelta(hours=1), later, 25_000, "01", "till:1"),
    ]
    assert wallet(program.id, anna) == (35, 0, 0, 0)
    assert books_agree(program.id)


def test_batch_sent_twice_is_booked_once(program, till):
    anna = make_member(program)
    batch = [till.sale(), till.sale(), till.sale()]

    states = [till.bring(*batch), till.bring(*batch, at=NOON + timedelta(days=2))]

    assert states == [["booked"] * 3, ["booked"] * 3]
    assert len(purchases(program)) == 3
    assert wallet(program.id, anna) == (30, 0, 0, 0)


def test_answer_lost_after_booking_and_before_it_was_noted(program, till):
    make_member(program)
    sale = till.sale()
    till.bring(sale)
    forget_the_note(program)

    assert till.bring(sale) == ["booked"]
    assert len(purchases(program)) == 1


def set_pages(program, **limits):
    with transaction.atomic():
        enter_program(program.id)
        PageSettings.objects.of(program.id).update_or_create(
            program_id=program.id, defaults=limits, create_defaults={**limits, "changed_at": NOON}
        )


def forget_the_note(program):
    """As if the server had been killed between the purchase's commit and the note that it is booked."""
    with transaction.atomic():
        enter_program(program.id)
        QueuedSale.objects.of(program.id).update(state="arrived", purchase_id=None)


def test_cashier_has_left_in_between(program, till):
    make_member(program)
    sale = till.sale()
    sign_out(program_id=program.id, session_id=till.session, at=NOON + timedelta(minutes=10))

    assert till.bring(sale, at=NOON + timedelta(hours=5)) == ["booked"]


@pytest.mark.parametrize("minutes", [-6, 16])
def test_sale_of_a_time_when_the_cashier_was_not_there_waits_for_a_manager(program, till, minutes):
    make_member(program)
    sale = till.sale(at=NOON + timedelta(minutes=minutes))
    sign_out(program_id=program.id, session_id=till.session, at=NOON + timedelta(minutes=10))

    assert till.bring(sale, at=NOON + timedelta(hours=1)) == ["waiting"]

    assert waiting(program) == [("held_for_review", {"reason": "not_signed_in_then"})]
    assert refused(book, program, "89161234567") == (Code.NOT_ALLOWED, {"capability": "devices"})
    assert book(program, "89161234567", MIRA)
    assert waiting(program) == []


def test_cashier_nobody_has_seen_for_a_day_is_looked_at(program, till):
    make_member(program)
    made = NOON + timedelta(hours=25)

    assert till.bring(till.sale(at=made), at=made + timedelta(minutes=1)) == ["waiting"]


def test_unknown_phone_waits_until_somebody_enrols_him(program, till):
    sale = till.sale("8 (999) 000-00-01")

    assert till.bring(sale) == ["waiting"]
    assert till.bring(sale) == ["waiting"]
    assert waiting(program) == [("not_found", {"what": "member"})]
    assert refused(book, program, "8 (999) 000-00-01") == (Code.NOT_FOUND, {"what": "member"})

    boris = make_member(program, "+79990000001", at=NOON - timedelta(days=1))
    booked = book(program, "8 (999) 000-00-01")

    assert [row[0] for row in purchases(program)] == [NOON]
    assert wallet(program.id, boris) == (10, 0, 0, 0)
    assert till.bring(sale) == ["booked"]
    assert rows(program.id, QueuedSale, "state", "purchase_id", "settled_by") == [("booked", booked, "Оля")]


def test_wrong_phone_is_mended(program, till):
    anna = make_member(program)
    till.bring(till.sale("8 916 123-45-6"))

    book(program, "8 916 123-45-67")

    assert wallet(program.id, anna) == (10, 0, 0, 0)


def test_end_of_a_phone_needs_the_whole_phone(program, till):
    make_member(program, "+79160004567")
    make_member(program, "+79161234567")

    assert till.bring(till.sale("4567")) == ["waiting"]
    assert waiting(program) == [("invalid", {"field": "member", "reason": "several_members"})]


def test_sale_older_than_two_weeks_waits_and_is_dropped_with_a_reason(program, till):
    make_member(program)
    till.bring(till.sale(), at=NOON + timedelta(days=15))
    (sale,) = waiting_sales(program.id)

    assert waiting(program) == [("too_old", {"limit_days": 14})]
    no_reason = refused(drop_waiting, program_id=program.id, sale_id=sale.id, reason=" ", by=OLYA, at=NOON)
    drop_waiting(program_id=program.id, sale_id=sale.id, reason="Вернули товар", by=OLYA, at=NOON)

    assert no_reason == (Code.MISSING, {"field": "reason"})
    assert rows(program.id, QueuedSale, "state", "reason", "settled_by") == [("dropped", "Вернули товар", "Оля")]
    assert (count_waiting(program.id), purchases(program)) == (0, [])


def test_dropped_sale_stays_dropped(program, till):
    sale = till.sale("89990000001")
    till.bring(sale)
    (row,) = waiting_sales(program.id)
    drop_waiting(program_id=program.id, sale_id=row.id, reason="ошибка", by=OLYA, at=NOON)
    make_member(program, "+79990000001")

    assert till.bring(sale) == ["dropped"]
    assert purchases(program) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sale: SentSale(sale.document, bytes(32)),
        lambda sale: SentSale(sale.document.replace("10000", "90000"), sale.signature),
        lambda sale: SentSale("{}", sale.signature),
        lambda sale: SentSale("[" * 1000, sale.signature),
        lambda sale: SentSale("", sale.signature[:0]),
    ],
)
def test_sale_nobody_here_has_signed_is_not_taken(program, till, spoil):
    make_member(program)

    assert till.bring(spoil(till.sale())) == ["forged"]
    assert (rows(program.id, QueuedSale, "state"), purchases(program)) == ([], [])


@pytest.mark.parametrize(
    "facts", [{"amount_minor": 0}, {"amount_minor": -1}, {"amount_minor": 10**18}, {"points": 5}, {"member": "8" * 201}]
)
def test_sale_beyond_what_a_browser_writes_is_not_taken(program, till, facts):
    make_member(program)

    assert till.bring(till.sale(**facts)) == ["forged"]


def test_sale_of_another_till_is_not_taken(program, till):
    make_member(program)
    other = open_till(program, till="2")

    assert other.bring(till.sale()) == ["forged"]


def test_second_sale_under_one_key_is_not_taken(program, till):
    make_member(program)
    key = {"key": "11111111-0000-4000-8000-000000000000"}
    till.bring(till.sale(**key))

    assert till.bring(till.sale(minor=77_000, **key)) == ["forged"]
    assert [row[2] for row in purchases(program)] == [10_000]


def test_training_books_nothing(program, till):
    make_member(program)
    other = open_till(program, training=True, till="2")

    assert other.bring(other.sale()) == ["forged"]
    assert purchases(program) == []


def test_card_shown_while_there_was_no_network_earns(program, till):
    anna = make_member(program)
    session = start_session(program_id=program.id, member_id=anna, label="", came_by="code", at=NOON)
    number = dict(rows(program.id, MemberSession, "id", "live_number"))[session.id]
    shown = write_code(secret_of(session.id), number, slot_of(NOON))

    states = till.bring(
        till.sale(shown), till.sale(shown, at=NOON + timedelta(minutes=5)), at=NOON + timedelta(hours=2)
    )

    assert states == ["booked", "waiting"]
    assert waiting(program) == [("code_expired", {})]


def test_cashier_earns_nothing_with_his_own_card(program):
    anna = make_member(program)
    make_cashier(program, person=anna)
    till = open_till(program)

    assert till.bring(till.sale()) == ["waiting"]
    assert (waiting(program), wallet(program.id, anna)[0]) == ([("own_card", {})], 0)


# --- no more than a till sells in a day ---------------------------------------------------------------------------
def test_more_sales_than_a_till_makes_in_a_day_wait_for_a_manager(program, till):
    make_member(program)
    set_pages(program, offline_sales=2)

    states = till.bring(
        *(till.sale() for _ in range(3)), till.sale(at=NOON + timedelta(hours=13)), at=NOON + timedelta(hours=14)
    )

    assert states == ["booked", "booked", "waiting", "booked"]
    assert waiting(program) == [("held_for_review", {"reason": "too_much_offline"})]
    assert book(program, "89161234567", MIRA, at=NOON + timedelta(hours=15))


def test_more_points_than_a_till_gives_in_a_day_wait_for_a_manager(program, till):
    make_member(program)
    set_pages(program, offline_worth=5_000)

    states = till.bring(till.sale(minor=40_000), till.sale(minor=20_000), till.sale(minor=10_000))

    assert states == ["booked", "waiting", "booked"]


# --- two tabs at the same moment ----------------------------------------------------------------------------------
def test_two_tabs_bring_one_batch(program, till):
    anna = make_member(program)
    batch = [till.sale() for _ in range(4)]

    answers = at_once([lambda: till.bring(*batch) for _ in range(3)])

    assert answers == [["booked"] * 4] * 3
    assert (len(purchases(program)), wallet(program.id, anna)) == (4, (40, 0, 0, 0))


def over_the_limit(program, till):
    before = len(purchases(program))
    at_once([lambda: till.bring(till.sale()) for _ in range(4)])
    return len(purchases(program)) - before


def test_limit_holds_when_all_comes_at_once(program, till):
    make_member(program)
    set_pages(program, offline_sales=2)

    assert over_the_limit(program, till) == 2


def test_control_without_the_lock_the_limit_is_overstepped(program, till):
    make_member(program)

    def overstepped() -> bool:
        set_pages(program, offline_sales=len(purchases(program)) + 1)
        return over_the_limit(program, till) > 1

    with without_locks_for_tests():
        assert goes_wrong(overstepped)


def test_forged_answer_says_nothing_of_the_key(program, till):
    assert take_sales(
        program=program, device=till.device, sent=[SentSale("{}", b"")], language="ru", at=NOON
    ) == [Taken("", "forged")]  # fmt: skip
