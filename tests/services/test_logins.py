"""One-time codes of the card and their standing limits: guesses, repetition, spellings, networks."""

import re
from datetime import timedelta

import pytest

from kopilka.data.models.card import LoginCode, LoginFailure
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.demo_messages import demo_messages
from kopilka.services.logins import ask_code, enter_code
from kopilka.wording.languages import Language
from tests.factories import NOON, make_member, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+79161234567"
SPELLINGS = ("8 916 123-45-67", "+7 (916) 123 45 67", "9161234567", "８９１６１２３４５６７")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def program():
    return make_program(is_demo=True)


def ask(program, contact=PHONE, *, at=NOON, network="198.51.100.1", kind="phone"):
    return ask_code(program=program, kind=kind, contact=contact, network=network, language=Language.RU, at=at).login_id


def sent(program):
    """The code of the newest message."""
    return re.search(r"\d{6}", demo_messages(program.id, since=NOON - timedelta(days=1))[0].text)[0]


def enter(program, login, code, *, contact=PHONE, at=NOON, network="198.51.100.1", kind="phone"):
    return enter_code(program=program, login_id=login, kind=kind, contact=contact, code=code, network=network, at=at)


def refused(act, *args, **facts):
    with pytest.raises(Refusal) as told:
        act(*args, **facts)
    return told.value.code, dict(told.value.params)


def wrong(code):
    """Another code than this."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_opens_the_card_of_whoever_is_known(program):
    member = make_member(program)

    found = enter(program, ask(program), sent(program))

    assert (found.member_id, found.kind, found.contact) == (member, "phone", PHONE)


def test_a_contact_nobody_is_known_by_is_proven_all_the_same(program):
    found = enter(program, ask(program, "Anna@Example.com", kind="email"), sent(program), contact="anna@example.com",
                  kind="email")  # fmt: skip

    assert (found.member_id, found.kind, found.contact) == (None, "email", "anna@example.com")


def test_a_code_may_be_pasted_with_spaces_and_digits_of_any_script(program):
    login, code = ask(program), sent(program)

    assert enter(program, login, f" {code[:3]}\u00a0{code[3:]} ").contact == PHONE
    assert refused(enter, program, login, code) == (Code.CODE_EXPIRED, {})


@pytest.mark.parametrize("case", ["of another contact", "of an earlier request", "twice", "too old", "for another"])
def test_a_code_is_good_for_its_own_request_only(program, case):
    other = "+79031234567"
    if case == "of another contact":
        login = ask(program, other)
        ask(program)
        tried = (login, sent(program), {"contact": other})
    elif case == "of an earlier request":
        login, code = ask(program), sent(program)
        ask(program, at=NOON + 20 * SECOND)
        tried = (login, code, {"at": NOON + 21 * SECOND})
    elif case == "twice":
        login, code = ask(program), sent(program)
        enter(program, login, code)
        tried = (login, code, {})
    elif case == "too old":
        login, code = ask(program), sent(program)
        tried = (login, code, {"at": NOON + 5 * MINUTE})
    else:
        login, code = ask(program), sent(program)
        tried = (login, code, {"contact": other})

    told, _ = refused(enter, program, tried[0], tried[1], **tried[2])

    assert told is (Code.CODE_WRONG if case == "of another contact" else Code.CODE_EXPIRED)


def test_five_wrong_codes_lock_a_contact_for_longer_each_time(program):
    at, locked = NOON, []

    for _ in range(4):
        login = ask(program, at=at)
        told = [refused(enter, program, login, wrong(sent(program)), at=at) for _ in range(5)]
        locked.append(told[-1][1]["retry_after_seconds"])
        assert [params.get("tries_left") for _, params in told] == [4, 3, 2, 1, None]
        assert refused(enter, program, login, sent(program), at=at)[0] is Code.TOO_MANY_TRIES
        assert refused(ask, program, at=at)[0] is Code.TOO_MANY_TRIES
        at += 31 * MINUTE

    assert locked == [61, 301, 1801, 1801]


def test_asking_again_forgets_no_wrong_try(program):
    login = ask(program)
    for _ in range(3):
        refused(enter, program, login, wrong(sent(program)))

    again = ask(program, at=NOON + MINUTE)
    told = [refused(enter, program, again, wrong(sent(program)), at=NOON + MINUTE) for _ in range(2)]

    assert told == [(Code.CODE_WRONG, {"tries_left": 1}), (Code.TOO_MANY_TRIES, {"retry_after_seconds": 61})]


def test_whoever_got_in_starts_anew(program):
    login = ask(program)
    for _ in range(4):
        refused(enter, program, login, wrong(sent(program)))
    enter(program, login, sent(program), at=NOON + SECOND)

    login = ask(program, at=NOON + MINUTE)

    assert refused(enter, program, login, wrong(sent(program)), at=NOON + MINUTE) == (
        Code.CODE_WRONG,
        {"tries_left": 4},
    )


def test_a_contact_gets_three_codes_an_hour_and_ten_a_day_however_it_is_spelt(program):
    for number, spelling in enumerate(SPELLINGS[:3]):
        ask(program, spelling, at=NOON + number * MINUTE, network=f"198.51.100.{number}")

    told = refused(ask, program, SPELLINGS[3], at=NOON + 3 * MINUTE, network="203.0.113.9")
    for number in range(3, 10):
        ask(program, at=NOON + number * 40 * MINUTE)

    assert told == (Code.TOO_MANY_CODES, {"retry_after_seconds": 57 * 60 + 1})
    assert refused(ask, program, at=NOON + timedelta(hours=23))[0] is Code.TOO_MANY_CODES
    assert ask(program, at=NOON + timedelta(hours=25))


def test_fifty_rounds_of_asking_and_guessing_get_no_further_than_a_day_allows(program):
    for number in range(50):
        at = NOON + number * 25 * MINUTE
        try:
            login = ask(program, at=at)
        except Refusal:
            continue
        for _ in range(5):
            refused(enter, program, login, wrong(sent(program)), at=at)

    assert len(rows(program.id, LoginCode, "id")) <= 10
    assert len(rows(program.id, LoginFailure, "id")) <= 50


def test_a_network_gets_twenty_codes_an_hour(program):
    for number in range(20):
        ask(program, f"+791612345{number:02}")

    assert refused(ask, program, "+79161234599")[0] is Code.TOO_MANY_CODES
    assert ask(program, "+79161234599", network="198.51.100.2")


def test_a_button_pressed_twice_sends_one_code(program):
    assert ask(program) == ask(program, at=NOON + 2 * SECOND)
    assert ask(program, at=NOON + 3 * SECOND, network="198.51.100.2") != ask(program, at=NOON + 20 * SECOND)


def test_one_guess_at_each_of_many_phones_is_stopped_at_two_hundred_a_minute(program):
    told = []
    for number in range(205):
        login = ask(program, f"+7916{number:07}", network=f"10.0.0.{number}")
        told.append(refused(enter, program, login, wrong(sent(program)), contact=f"+7916{number:07}")[0])

    assert told.count(Code.CODE_WRONG) == 200
    assert told[200:] == [Code.TOO_MANY_TRIES] * 5
    assert len(rows(program.id, LoginFailure, "id")) == 200


def test_no_code_is_promised_where_none_can_be_sent():
    assert refused(ask, make_program()) == (Code.NOT_OFFERED, {"what": "login_code"})


def test_codes_are_stored_as_hashes(program):
    ask(program)
    code = sent(program)

    assert code.encode() not in b"".join(bytes(one) for (one,) in rows(program.id, LoginCode, "code_hash"))
