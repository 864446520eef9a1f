"""Letters between a member and the shop (S3.18)."""

from datetime import timedelta

import pytest

from kopilka.data.ids import new_id
from kopilka.engine.actor import MEMBER, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.chats import chats_for_office, messages_of, unread_by_member
from kopilka.services.chats import note_read, write_to_member, write_to_shop
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
HIMSELF = Actor(ActorKind.MEMBER, new_id(), "member", MEMBER)


def ask(program, member_id, text="Есть хлеб?", at=NOON):
    return write_to_shop(program_id=program.id, member_id=member_id, text=text, by=HIMSELF, at=at)


def answer(program, member_id, text="Есть", at=NOON + MINUTE):
    return write_to_member(program_id=program.id, member_id=member_id, text=text, by=SYSTEM_ACTOR, staff="Оля", at=at)


def test_member_asks_and_the_shop_answers_s3_18():
    program = make_program()
    member_id = make_member(program)

    ask(program, member_id, "Есть хлеб?\r\n\r\n\r\n\r\nСвежий")
    answer(program, member_id)

    said = messages_of(program.id, member_id).messages
    assert [(one.author, one.staff, one.text) for one in said] == [
        ("member", "", "Есть хлеб?\n\nСвежий"), ("shop", "Оля", "Есть"),
    ]  # fmt: skip
    assert unread_by_member(program.id, member_id) == 1
    assert note_read(program_id=program.id, member_id=member_id, at=NOON + 2 * MINUTE) == 1
    assert unread_by_member(program.id, member_id) == 0


def test_who_waits_longest_stands_first():
    program = make_program()
    first, second, third = (make_member(program, f"+7916000000{number}", name=f"№ {number}") for number in range(3))
    ask(program, second, at=NOON)
    ask(program, first, at=NOON + MINUTE)
    ask(program, third, at=NOON)
    answer(program, third, at=NOON + 2 * MINUTE)

    chats = chats_for_office(program.id)

    assert [(one.member_id, one.waiting) for one in chats] == [(second, 1), (first, 1), (third, 0)]
    assert [one.name for one in chats_for_office(program.id, only_waiting=True)] == ["№ 1", "№ 0"]


def test_messages_are_paged_backwards():
    program = make_program()
    member_id = make_member(program)
    for number in range(5):
        ask(program, member_id, str(number), NOON + number * MINUTE)

    last = messages_of(program.id, member_id, limit=2)
    before = messages_of(program.id, member_id, before=last.before, limit=3)

    assert [one.text for one in last.messages] == ["3", "4"]
    assert ([one.text for one in before.messages], before.before) == (["0", "1", "2"], None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", Code.MISSING), (" \n ", Code.MISSING), ("я" * 2001, Code.INVALID), ("a\u202eb", Code.INVALID)],
)
def test_empty_long_and_hidden_texts_are_refused(text, code):
    program = make_program()
    member_id = make_member(program)

    with pytest.raises(Refusal) as refused:
        ask(program, member_id, text)

    assert (refused.value.code, refused.value.params["field"]) == (code, "text")
    assert messages_of(program.id, member_id).messages == ()


def test_nobody_types_more_than_ten_messages_a_minute():
    program = make_program()
    member_id = make_member(program)
    for number in range(10):
        ask(program, member_id, str(number))

    with pytest.raises(Refusal) as refused:
        ask(program, member_id, "ещё")

    assert (refused.value.code, refused.value.params) == (Code.TOO_MANY_TRIES, {"retry_after_seconds": 61})
    assert ask(program, member_id, "ещё", NOON + MINUTE).text == "ещё"


def test_chat_of_another_program_is_nobody_s():
    program, other = make_program(), make_program("other")
    member_id = make_member(program)
    ask(program, member_id)

    with pytest.raises(Refusal):
        answer(other, member_id)

    assert messages_of(other.id, member_id).messages == ()
    assert chats_for_office(other.id) == []


def test_the_same_letter_sent_twice_at_once_is_one():
    program = make_program()
    member_id = make_member(program)

    first = ask(program, member_id, "Есть хлеб?")
    again = ask(program, member_id, " Есть хлеб?", at=NOON + timedelta(seconds=20))
    ask(program, member_id, "Алло", at=NOON + timedelta(seconds=25))
    ask(program, member_id, "Есть хлеб?", at=NOON + timedelta(seconds=29))
    ask(program, member_id, "Есть хлеб?", at=NOON + timedelta(seconds=60))

    said = [one.text for one in messages_of(program.id, member_id).messages]
    assert first == again
    assert said == ["Есть хлеб?", "Алло", "Есть хлеб?", "Есть хлеб?"]
