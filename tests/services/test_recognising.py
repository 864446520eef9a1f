"""What has arrived in the till's one field."""

from datetime import UTC, datetime, timedelta

import pytest

from kopilka.engine.actor import MANAGER, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.engine.refusal import Refusal
from kopilka.queries.open_receipts import How
from kopilka.queries.tails import MaskedMember
from kopilka.services.articles import NewArticle, save_article
from kopilka.services.codes import issue_code
from kopilka.services.live_codes import secret_of
from kopilka.services.member_pins import set_pin
from kopilka.services.member_sessions import member_by_token, start_session
from kopilka.services.recognising import (
    AmountTyped,
    ArticleFound,
    CouponFound,
    Looking,
    MemberFound,
    Nothing,
    PhoneUnknown,
    Several,
    recognise,
    tidy,
)
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES

pytestmark = pytest.mark.django_db(transaction=True)

COUPONS = (
    RULES
    + "  tea: {when: {coupon: tea}, discount: {percent: 10}}\n  old: {when: {coupon: digits}, discount: {percent: 5}}\n"
    + "coupons:\n  tea: {words: [TEA10, ЧАЙ]}\n  digits: {words: ['2024']}\n"
)
CASHIER = Actor(ActorKind.STAFF, SYSTEM_ACTOR.id, "Оля", TILL, till="k1")


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def anna(program):
    return make_member(program, card="2000 1234", email="anna@example.com", name="Анна Ёлкина")


def found(program, text, looking=Looking.MEMBER, member_id=None, at=NOON):
    return recognise(program=program, text=text, by=CASHIER, at=at, looking=looking, member_id=member_id)


@pytest.mark.parametrize(
    "text",
    ["+79161234567", "8 (916) 123-45-67", "7916 1234567", "9161234567", "+7 916 123\u00a045–67", " 89161234567\r\n"],
)
def test_phone_in_any_spelling(program, anna, text):
    assert found(program, text) == MemberFound(anna, How.PHONE)


@pytest.mark.parametrize("text", ["20001234", "2000-1234", "2000 1234"])
def test_old_plastic_stays_valid(program, anna, text):
    assert found(program, text) == MemberFound(anna, How.CARD)


def test_card_with_letters_scanned_in_a_russian_layout(program):
    boris = make_member(program, "+79260000001", card="AB-77")

    assert found(program, "фи77") == MemberFound(boris, How.CARD)
    assert found(program, "ab-77\x1d") == MemberFound(boris, How.CARD)


def test_email(program, anna):
    assert found(program, "Anna@Example.com") == MemberFound(anna, How.EMAIL)
    assert found(program, "nobody@example.com") == Nothing("nobody@example.com")


def test_last_four_digits_are_masked(program, anna):
    boris = make_member(program, "+79261234567", name="Борис Котов")

    assert found(program, "4567") == Several(
        (MaskedMember(anna, "Анна Ё.", "+7 ••• ••• 45-67"), MaskedMember(boris, "Борис К.", "+7 ••• ••• 45-67"))
    )
    assert found(program, "4568") == Nothing("4568")


def test_five_of_one_end_are_shown_and_six_are_not(program):
    for number in range(5):
        make_member(program, f"+7916{number}124567")
    assert len(found(program, "4567").rows) == 5

    make_member(program, "+79165124567")

    assert found(program, "4567") == Several((), too_many=True)


def test_card_of_four_digits_that_is_also_the_end_of_a_phone_is_asked_about(program, anna):
    boris = make_member(program, "+79260000001", card="4567")

    several = found(program, "4567")

    assert [one.member_id for one in several.rows] == [anna, boris]
    assert found(program, "4567", Looking.AMOUNT, member_id=anna) == AmountTyped(456700)


def test_unknown_phone_is_told_apart_from_nothing(program):
    assert found(program, "8 916 765-43-21") == PhoneUnknown("+79167654321")
    assert found(program, "12345678901234567890") == Nothing("12345678901234567890")
    assert found(program, "+7-916-FLOWERS") == Nothing("+7-916-FLOWERS")


def test_one_time_code_names_and_proves(program, anna):
    code = issue_code(program_id=program.id, member_id=anna, by=SYSTEM_ACTOR, at=NOON).code

    assert found(program, code) == MemberFound(anna, How.CODE, code)
    assert found(program, code, Looking.PROOF, anna) == MemberFound(anna, How.CODE, code)
    boris = make_member(program, "+79260000001")
    assert found(program, code, Looking.AMOUNT, boris) == AmountTyped(int(code) * 100)


def test_rotating_code_names_and_proves_and_an_old_one_does_not(program, anna):
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    token = start_session(program_id=program.id, member_id=anna, label="телефон", came_by="code", at=now).token
    session = member_by_token(program_id=program.id, token=token, at=now)
    code = write_code(secret_of(session.session_id), session.live_number, slot_of(now))

    shown = found(program, code, at=now)
    assert (shown.member_id, shown.how, bool(shown.proof)) == (anna, How.LIVE, True)
    assert found(program, f"{code[:20]} {code[20:]}", at=now).proof == shown.proof

    old = write_code(secret_of(session.session_id), session.live_number, slot_of(now) - 5)
    with pytest.raises(Refusal, match="code_expired"):
        found(program, old, at=now)


def test_pin_proves_whoever_is_named_only(program, anna):
    set_pin(program_id=program.id, member_id=anna, pin="4826", by=SYSTEM_ACTOR, at=NOON)

    proven = found(program, "4826", Looking.PROOF, anna)

    assert (proven.member_id, proven.how, bool(proven.proof)) == (anna, How.PIN, True)
    with pytest.raises(Refusal, match="code_wrong"):
        found(program, "4827", Looking.PROOF, anna)


def test_six_digits_of_somebody_without_a_pin_go_on_to_the_kernel(program, anna):
    assert found(program, "123456", Looking.PROOF, anna) == MemberFound(anna, How.CODE, "123456")
    assert found(program, "1234", Looking.PROOF, anna) == Nothing("1234")


@pytest.mark.parametrize("text", ["tea10", "ЕУФ10", "чай", "xfq"])
def test_coupon_by_its_word_in_either_layout(text):
    program = make_program("kupony", rulebook=COUPONS)

    assert found(program, text) in {CouponFound("TEA10", "tea"), CouponFound("ЧАЙ", "tea")}


def test_digits_are_a_coupon_where_one_is_waited_for():
    program = make_program("kupony", rulebook=COUPONS)
    member = make_member(program)

    assert found(program, "2024", Looking.AMOUNT, member) == AmountTyped(202400)
    assert found(program, "2024", Looking.CODE, member) == CouponFound("2024", "digits")
    assert found(program, "2025", Looking.CODE, member) == Nothing("2025")


def test_article_by_barcode_by_code_and_so_many_of_it(program):
    new = NewArticle("LATTE", "Латте", price=240_0000, barcode="4600000000017")
    latte = save_article(program_id=program.id, article=new, by=SYSTEM_ACTOR, at=NOON)

    assert found(program, "4600000000017") == ArticleFound(latte, 1000)
    assert found(program, "latte", Looking.AMOUNT) == ArticleFound(latte, 1000)
    assert found(program, "1,5*ДФЕЕУ", Looking.AMOUNT) == ArticleFound(latte, 1500)


@pytest.mark.parametrize(
    ("text", "looking", "minor"),
    [
        ("350", Looking.AMOUNT, 35000),
        ("1 234,5", Looking.AMOUNT, 123450),
        ("350,50", Looking.MEMBER, 35050),
        ("350,", Looking.PROOF, 35000),
        ("9999999", Looking.AMOUNT, 999999900),
    ],
)
def test_amount(program, text, looking, minor):
    assert found(program, text, looking) == AmountTyped(minor)


@pytest.mark.parametrize(
    "text", ["12345678", "10,005", "-5", "1e3", "'; DROP TABLE", "%", "<script>", "\u202e", "x" * 5000]
)
def test_nonsense_is_nothing_and_harms_nothing(program, anna, text):
    assert found(program, text, Looking.AMOUNT, anna) == Nothing(tidy(text)[:64])


def test_what_nobody_sees_is_left_out():
    assert tidy("\x02 4600\u200b000000017\x1d\r\n") == "4600000000017"


def test_another_programs_things_are_unknown_here(program, anna):
    other = make_program("chuzhaya", rulebook=RULES)

    assert found(other, "20001234") == Nothing("20001234")
    assert found(other, "+79161234567") == PhoneUnknown("+79161234567")


def test_whoever_may_not_read_finds_nothing(program, anna):
    nobody = Actor(ActorKind.STAFF, None, "никто", frozenset(), till="k1")

    with pytest.raises(Refusal, match="not_allowed"):
        recognise(program=program, text="20001234", by=nobody, at=NOON + timedelta(0))


def test_managers_find_what_cashiers_find(program, anna):
    manager = Actor(ActorKind.STAFF, None, "Мира", MANAGER, till="k1")

    assert recognise(program=program, text="20001234", by=manager, at=NOON) == MemberFound(anna, How.CARD)
