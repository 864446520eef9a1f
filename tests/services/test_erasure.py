"""A member leaves: nothing about him is left, the books stay whole, and what new members get comes once (T21)."""

from datetime import timedelta

import pytest
from django.apps import apps

from kopilka.bookkeeping.erasing import hash_contact
from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.data.ids import new_id
from kopilka.data.models.card import ChatMessage, Consent, ErasedContact, LoginCode, MemberPin, MemberSession
from kopilka.data.models.coupons import CouponCode
from kopilka.data.models.events import AuditRecord, Event
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.ledger import LedgerEntry, Operation
from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.data.scope import ProgramModel
from kopilka.engine.actor import MANAGER, MEMBER, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.consents import Given
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.answers import Answer, give_answers
from kopilka.services.books import check_books
from kopilka.services.codes import issue_code
from kopilka.services.coupons import bind_coupon
from kopilka.services.erasure import erase_member
from kopilka.services.families import join_family
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.holds import HoldRequest, place_hold
from kopilka.services.member_sessions import member_by_token, start_session
from kopilka.services.members import MemberChange, change_member, enrol_member, find_member
from kopilka.services.merging import merge_members
from kopilka.services.profiles import MemberFacts
from kopilka.services.referral import issue_referral_code
from kopilka.services.sealing import seal_entries
from kopilka.services.transfers import Signed
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import live, points
from tests.tills import TILL_1, books_agree, buy, by_id, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(hours=1)
PHONE, EMAIL, NAME = "+79161234567", "anna.k@gmail.com", "Анна Ключева"
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
spending_proof: {by: none}
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}, starts_after: at_once}
spending:
  bonus: {share_of_receipt: 50}
coupons: {spring: {bind: yes, series: {count: 9, prefix: S-, length: 8}}}
promotions:
  cashback: {earn: {percent: 10}}
  spring: {coupon: spring, discount: {percent: 10}}
gifts:
  cake: {name: {ru: Торт, en: Cake}, sku: CAKE, for: {bonus: 100}, stock: 1}
automations:
  welcome: {event: enrolled, grant: {points: 300, in: bonus}}
  thanks: {event: enrolled, when: {invited: yes}, grant: {points: 50, in: bonus, to: inviter, level: 1}}
  first: {event: first_purchase, grant: {points: 70, in: bonus}}
profile:
  pet: {name: {ru: Кто у вас?, en: Pet?}, kind: text}
family: {size: 4}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def enrol(program, phone=PHONE, at=NOON, request=NO_KEY, **facts):
    typed = MemberFacts(phone=phone, **facts)
    member = enrol_member(program_id=program.id, facts=typed, request=request, by=SYSTEM_ACTOR, at=at).member
    live(program.id, at)
    return member.id


def erase(program, member_id, at=LATER, by=SYSTEM_ACTOR):
    return erase_member(program_id=program.id, member_id=member_id, by=by, at=at)


def whole(program):
    return books_agree(program.id) and not [one for one in check_books(program_id=program.id) if one.findings]


def everything_of(program):
    """All that any table of the program holds, as one text."""
    told = []
    for model in apps.get_app_config("kopilka").get_models():
        if issubclass(model, ProgramModel) and model is not Member:
            names = [one.attname for one in model._meta.concrete_fields]
            pk = model._meta.pk.attname
            told += [repr(row) for row in rows(program.id, model, *names, order=pk)]
    return "\n".join(told)


def test_nothing_that_names_him_is_left_in_any_table(program):
    member_id = enrol(program, email=EMAIL, name=NAME, request=with_key("1"))
    change = MemberChange(name=NAME + " Петровна", card="CARD7770001")
    change_member(
        program_id=program.id, member_id=member_id, change=change, request=with_key("2"), by=SYSTEM_ACTOR, at=NOON
    )
    asking = Asking(SYSTEM_ACTOR, NOON, with_key("3"))
    give_answers(program_id=program.id, member_id=member_id, answers={"pet": [Answer("Мурзик")]}, asking=asking)
    issue_code(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR, at=NOON)
    session = start_session(program_id=program.id, member_id=member_id, label="Chrome", came_by="code", at=NOON)
    buy(program.id, member_id, "1000")
    assert NAME in everything_of(program)
    assert "Мурзик" in everything_of(program)

    erased = erase(program, member_id)

    left = everything_of(program)
    assert [
        word for word in (NAME, "Ключева", "Мурзик", PHONE, "9161234567", EMAIL, "CARD7770001") if word in left
    ] == []
    assert erased.cleared == {
        "identifiers": 3, "answers": 1, "codes": 1, "sessions": 1, "profile": 1, "answers_kept": 3,
    }  # fmt: skip
    assert member_by_token(program_id=program.id, token=session.token, at=LATER) is None
    with pytest.raises(Refusal) as refused:
        find_member(program=program, kind="phone", value=PHONE, by=SYSTEM_ACTOR, at=LATER)
    assert refused.value.code is Code.NOT_FOUND


def test_points_expire_and_the_books_and_their_chain_stay_whole(program):
    member_id = enrol(program)
    buy(program.id, member_id, "1000")
    live(program.id)
    seal_entries(program_id=program.id, at=NOON)
    before = rows(program.id, LedgerEntry, "id", "account", "units")
    assert wallet(program.id, member_id) == (470, 0, 0, 0)

    erased = erase(program, member_id)
    seal_entries(program_id=program.id, at=LATER)

    assert erased.expired == {"bonus": 470}
    assert wallet(program.id, member_id) == (0, 0, 0, 0)
    assert rows(program.id, LedgerEntry, "id", "account", "units")[: len(before)] == before
    assert whole(program)
    assert rows(program.id, Member, "status", "purchases", "tags") == [("erased", 1, "")]
    assert rows(program.id, AuditRecord, "act")[-1] == ("member_erased",)
    assert ("member_erased",) in rows(program.id, Event, "kind")


def test_gifts_and_coupons_nobody_will_collect_are_called_off(program):
    member_id = enrol(program)
    bind_coupon(program_id=program.id, word="spring", phone=PHONE, asking=Asking(SYSTEM_ACTOR, NOON))
    wanted = ChooseRequest(member_id, "cake", SYSTEM_ACTOR, NOON)
    choose_gift(program_id=program.id, request=wanted)

    erased = erase(program, member_id)

    assert (erased.gifts, erased.expired) == (1, {"bonus": 300})
    assert rows(program.id, GiftClaim, "state") == [("cancelled",)]
    assert rows(program.id, CouponCode, "state") == [("withdrawn",)]
    other = enrol(program, "+79160000001")
    assert choose_gift(program_id=program.id, request=ChooseRequest(other, "cake", SYSTEM_ACTOR, NOON)).state == "open"
    assert whole(program)


def test_what_new_members_get_comes_once_whatever_the_spelling_t21(program):
    friend = enrol(program, "+79160000001")
    code = issue_referral_code(program_id=program.id, member_id=friend, asking=Asking(SYSTEM_ACTOR, NOON)).code
    member_id = enrol(program, email=EMAIL, invited_by=code)
    assert (points(program.id, member_id), points(program.id, friend)) == (300, 350)
    erase(program, member_id)

    by_phone = enrol(program, "8 (916) 123-45-67", at=LATER, invited_by=code)
    by_mail = enrol(program, "+79160000002", email="a.n.n.a.k+new@googlemail.com", at=LATER)
    buy(program.id, by_phone, "100", at=LATER)
    live(program.id, LATER)

    assert points(program.id, by_phone) == 10
    assert points(program.id, friend) == 350
    assert points(program.id, by_mail) == 300
    assert points(program.id, enrol(program, "+79160000003", email="annak@gmail.com", at=LATER)) == 0
    assert points(program.id, enrol(program, "+79160000004", at=LATER)) == 300


def test_who_comes_by_a_coupon_has_not_forgotten_either(program):
    erase(program, enrol(program))

    bound = bind_coupon(program_id=program.id, word="spring", phone=PHONE, asking=Asking(SYSTEM_ACTOR, LATER))
    live(program.id, LATER)

    assert bound.enrolled
    assert points(program.id, bound.member_id) == 0


def test_contact_is_kept_as_a_hash_of_this_program_only(program):
    other = make_program("other", rulebook=RULES)
    erase(program, enrol(program))

    ((kept,),) = rows(program.id, ErasedContact, "contact_hash")

    assert bytes(kept) == hash_contact(program.id, "phone", PHONE)
    assert bytes(kept) != hash_contact(other.id, "phone", PHONE)
    assert points(other.id, enrol(other)) == 300


def test_he_himself_or_whoever_may_adjust_and_nobody_else(program):
    member_id, stranger = enrol(program), enrol(program, "+79160000001")

    for by in (
        TILL_1,
        Actor(ActorKind.STAFF, new_id(), "Мира", MANAGER),
        Actor(ActorKind.MEMBER, stranger, "", MEMBER),
    ):
        with pytest.raises(Refusal) as refused:
            erase(program, member_id, by=by)
        assert refused.value.code is Code.NOT_ALLOWED

    assert erase(program, member_id, by=Actor(ActorKind.MEMBER, member_id, "member", MEMBER)).expired == {"bonus": 300}
    with pytest.raises(Refusal) as refused:
        erase(program, member_id)
    assert refused.value.params == {"what": "member"}


def test_points_set_aside_for_a_purchase_keep_the_card_open(program):
    member_id = enrol(program)
    held = HoldRequest(by_id(member_id), "bonus", 100, SYSTEM_ACTOR, NOON)
    place_hold(program_id=program.id, request=held)

    with pytest.raises(Refusal) as refused:
        erase(program, member_id)

    assert refused.value.code is Code.HOLD_OPEN
    assert rows(program.id, Identifier, "kind") == [("phone",)]
    assert wallet(program.id, member_id) == (200, 0, 100, 0)


def test_record_that_was_merged_into_his_is_forgotten_too(program):
    old = enrol(program, "+79160000009", name=NAME, request=with_key("old"))
    kept = enrol(program)
    merge_members(program_id=program.id, kept=kept, gone=old, reason="дубль", by=SYSTEM_ACTOR, at=NOON)
    assert NAME in everything_of(program)

    erase(program, kept)

    assert NAME not in everything_of(program)
    assert rows(program.id, Profile, "name", order="member_id") == []
    assert whole(program)


def test_family_of_one_who_leaves_stands_by_itself_again(program):
    head, joined = enrol(program), enrol(program, "+79160000001")
    codes = [issue_code(program_id=program.id, member_id=one, by=SYSTEM_ACTOR, at=NOON).code for one in (head, joined)]
    join_family(
        program_id=program.id,
        head=head,
        joining=joined,
        head_code=codes[0],
        signed=Signed(codes[1], SYSTEM_ACTOR, NOON),
    )

    erase(program, head)

    found = find_member(program=program, kind="phone", value="+79160000001", by=SYSTEM_ACTOR, at=LATER)
    assert (found.id, found.status) == (joined, "active")
    assert whole(program)


def test_joined_member_leaves_without_the_points_of_the_family(program):
    head, joined = enrol(program), enrol(program, "+79160000001")
    codes = [issue_code(program_id=program.id, member_id=one, by=SYSTEM_ACTOR, at=NOON).code for one in (head, joined)]
    join_family(
        program_id=program.id,
        head=head,
        joining=joined,
        head_code=codes[0],
        signed=Signed(codes[1], SYSTEM_ACTOR, NOON),
    )

    erased = erase(program, joined)

    assert erased.expired == {}
    assert wallet(program.id, head) == (600, 0, 0, 0)
    assert rows(program.id, Identifier, "kind", "member_id") == [("phone", head)]


def test_what_he_agreed_to_stays_as_evidence_without_his_name(program):
    member_id = enrol(program, consents=(Given("terms"), Given("ads", "sms")), door="till", evidence="касса 1")

    erase(program, member_id)

    assert rows(program.id, Consent, "kind", "evidence") == [("terms", "касса 1"), ("ads", "касса 1")]
    empty = [model for model in (ChatMessage, LoginCode, MemberPin, MemberSession) if rows(program.id, model, "id")]
    assert empty == []


def test_repeated_request_about_an_erased_member_tells_nothing(program):
    member_id = enrol(program, request=with_key("1"))
    erase(program, member_id)

    with pytest.raises(Refusal) as refused:
        enrol(program, request=with_key("1"))

    assert refused.value.code is Code.KEY_REUSED
    assert (None, "enrol") in rows(program.id, Operation, "answer", "kind")


def test_erased_member_is_changed_by_nobody(program):
    member_id = make_member(program)
    erase(program, member_id)

    with pytest.raises(Refusal) as refused:
        change_member(
            program_id=program.id, member_id=member_id, change=MemberChange(name="Вновь"), request=NO_KEY,
            by=SYSTEM_ACTOR, at=LATER,
        )  # fmt: skip

    assert refused.value.params == {"field": "member", "reason": "erased"}
    assert rows(program.id, Profile, "name", order="member_id") == []


def test_nobody_is_merged_with_an_erased_member(program):
    gone, kept = enrol(program), enrol(program, "+79160000001")
    erase(program, gone)

    with pytest.raises(Refusal) as refused:
        merge_members(program_id=program.id, kept=gone, gone=kept, reason="дубль", by=SYSTEM_ACTOR, at=LATER)

    assert refused.value.params == {"field": "gone", "reason": "erased"}
