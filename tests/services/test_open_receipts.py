"""The receipt a till is at: one at a time, the same for everybody who looks, booked once."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.doors import Device, OpenReceipt
from kopilka.engine.refusal import Refusal
from kopilka.queries.open_receipts import open_receipt, receipt_changed_at, receipt_of_device
from kopilka.services.open_receipts import (
    DraftLine,
    How,
    ReceiptDraft,
    Spend,
    change_receipt,
    current_receipt,
    drop_receipt,
    finish_receipt,
    name_member,
)
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(minutes=1)


def make_till(program_id, till="k1", token=b"1" * 32):
    with transaction.atomic():
        enter_program(program_id)
        made = Device(
            id=new_id(), program_id=program_id, kind="till", name="Касса", till=till, token_hash=token, created_at=NOON
        )
        made.save(force_insert=True)
    return made.id


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def till(program):
    return make_till(program.id)


def begin(program, till, at=NOON, *, training=False):
    return current_receipt(program_id=program.id, device_id=till, training=training, at=at)


def test_till_has_one_receipt_until_it_is_done(program, till):
    first = begin(program, till)

    assert begin(program, till, LATER) == first
    assert (first.number, first.state, first.member_id) == ("k1-000001", "open", None)

    purchase = new_id()
    done = finish_receipt(
        program_id=program.id, device_id=till, receipt_id=first.id, purchase_id=purchase, by=TILL_1, at=LATER
    )

    assert (done.state, done.purchase_id) == ("done", purchase)
    assert open_receipt(program.id, till) is None
    assert begin(program, till, LATER).number == "k1-000002"


def test_finished_receipt_keeps_its_first_purchase(program, till):
    receipt = begin(program, till)
    first = new_id()
    for purchase in (first, new_id()):
        finish_receipt(
            program_id=program.id, device_id=till, receipt_id=receipt.id, purchase_id=purchase, by=TILL_1, at=LATER
        )

    assert receipt_of_device(program.id, till, receipt.id).purchase_id == first


def test_browser_let_in_anew_goes_on_counting(program, till):
    begin(program, till)
    drop_receipt(program_id=program.id, device_id=till, at=LATER)
    begin(program, till)

    with transaction.atomic():
        enter_program(program.id)
        Device.objects.of(program.id).update(revoked_at=LATER)
    other = make_till(program.id, "k1", b"2" * 32)

    assert begin(program, other).number == "k1-000003"
    assert begin(program, make_till(program.id, "k2", b"3" * 32)).number == "k2-000001"


def test_training_and_counting_never_mix(program, till):
    begin(program, till)

    trained = begin(program, till, LATER, training=True)

    assert (trained.number, trained.training) == ("k1-000002", True)
    assert begin(program, till, LATER).number == "k1-000003"


def test_what_was_typed_is_there_after_a_reload(program, till):
    begin(program, till)
    typed = ReceiptDraft(
        lines=(DraftLine("LATTE", "Латте", 240_0000, 1500),), codes=("TEA",), spend=Spend.SOME, units=10, paper="17"
    )

    change_receipt(program_id=program.id, device_id=till, draft=typed, at=LATER)

    assert begin(program, till, LATER).document == typed


def test_member_named_by_another_door_begins_a_receipt(program, till):
    member = make_member(program)

    name_member(program_id=program.id, device_id=till, member_id=member, how=How.KIOSK, at=NOON)

    found = begin(program, till)
    assert (found.member_id, found.how) == (member, How.KIOSK)


def test_another_member_takes_away_proof_and_spending(program, till):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    name_member(program_id=program.id, device_id=till, member_id=anna, how=How.LIVE, proof="secret", at=NOON)
    typed = ReceiptDraft(amount_minor=100_00, spend=Spend.ALL)
    change_receipt(program_id=program.id, device_id=till, draft=typed, at=NOON)

    after = name_member(program_id=program.id, device_id=till, member_id=boris, how=How.PHONE, at=LATER)

    assert (after.member_id, after.how, after.proof) == (boris, How.PHONE, "")
    assert after.document == ReceiptDraft(amount_minor=100_00)


def test_second_fact_is_added_to_the_first(program, till):
    anna = make_member(program)
    name_member(program_id=program.id, device_id=till, member_id=anna, how=How.TAIL, at=NOON)

    proven = name_member(program_id=program.id, device_id=till, member_id=anna, how=How.CODE, proof="123456", at=NOON)
    again = name_member(program_id=program.id, device_id=till, member_id=anna, how=How.TAIL, at=NOON)

    assert (proven.how, proven.proof) == (How.CODE, "123456")
    assert (again.how, again.proof) == (How.CODE, "123456")


def test_proof_is_hidden_in_the_table_and_forgotten_in_the_end(program, till):
    anna = make_member(program)
    receipt = name_member(program_id=program.id, device_id=till, member_id=anna, how=How.CODE, proof="123456", at=NOON)

    def stored():
        with transaction.atomic():
            enter_program(program.id)
            return OpenReceipt.objects.of(program.id).values_list("document", flat=True).get()

    assert "123456" not in stored()

    finish_receipt(
        program_id=program.id, device_id=till, receipt_id=receipt.id, purchase_id=new_id(), by=TILL_1, at=LATER
    )

    assert receipt_of_device(program.id, till, receipt.id).proof == ""


def test_every_change_is_noticed_even_within_one_moment(program, till):
    begin(program, till)
    before = receipt_changed_at(program.id, till)

    change_receipt(program_id=program.id, device_id=till, draft=ReceiptDraft(amount_minor=1), at=NOON)

    assert receipt_changed_at(program.id, till) > before


def test_nothing_is_changed_where_nothing_is_open(program, till):
    with pytest.raises(Refusal, match="not_found"):
        change_receipt(program_id=program.id, device_id=till, draft=ReceiptDraft(), at=NOON)


def test_stranger_cannot_be_named(program, till):
    stranger = make_member(make_program("chuzhaya"))

    with pytest.raises(Refusal, match="not_found"):
        name_member(program_id=program.id, device_id=till, member_id=stranger, at=NOON)
