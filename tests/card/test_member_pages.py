"""What a member tells and is told on his card: friends, news, profile, consents, letters, devices, data, leaving."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.card import MemberSession
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.consents import Given
from kopilka.queries.chats import messages_of
from kopilka.queries.members import member_for_door
from kopilka.services.answers import read_answers
from kopilka.services.chats import write_to_member
from kopilka.services.codes import issue_code
from kopilka.services.consents import consents_of, publish_text
from kopilka.services.families import join_family
from kopilka.services.member_pins import has_pin
from kopilka.services.members import enrol_member
from kopilka.services.posts import add_post
from kopilka.services.profiles import MemberFacts
from kopilka.services.referral import issue_referral_code
from kopilka.services.transfers import Signed
from tests.card.content import card_of, rich_member, shop
from tests.factories import NOON, make_member
from tests.services.automations.town import live
from tests.tills import rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "/card/lavka/"
PAGES = (
    "gifts/", "friends/", "news/", "more/", "about/", "login/email/", "consents/", "consents/terms/", "devices/",
    "pin/", "data/", "leave/", "letters/", "letters/new/",
)  # fmt: skip


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_the_member_only(page):
    program = shop()

    assert card_of(program).get(CARD + page).status_code == 200
    stranger = card_of(program, make_member(program, "+79160000001"))
    stranger.cookies["kopilka_card"] = "nothing"
    assert "/login/" in stranger.get(CARD + page).headers["Location"]


def test_friends_and_what_they_brought_s4_23():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)
    code = issue_referral_code(program_id=program.id, member_id=member_id, asking=Asking(SYSTEM_ACTOR, NOON)).code
    enrol_member(
        program_id=program.id, facts=MemberFacts(phone="+79160000001", name="Артём Перов", invited_by=code),
        request=NO_KEY, by=SYSTEM_ACTOR, at=NOON,
    )  # fmt: skip
    live(program.id)

    page = text_of(client.get(CARD + "friends/"))

    assert code in page
    assert "Артём П." in page
    assert "Перов" not in page
    assert "50\xa0баллов" in page


def test_news_are_paged_and_the_text_is_literal():
    program = shop()
    for number in range(12):
        add_post(
            program_id=program.id, title=f"Новость {number}", text="<script>alert(1)</script>", by=SYSTEM_ACTOR,
            at=NOON + timedelta(minutes=number),
        )  # fmt: skip
    client = card_of(program)

    first = text_of(client.get(CARD + "news/"))
    after = re.search(r"\?after=([0-9a-f-]+)", first).group(1)
    second = text_of(client.get(f"{CARD}news/?after={after}"))

    assert re.findall(r"<h2>Новость (\d+)</h2>", first + second) == [str(number) for number in range(11, -1, -1)]
    assert "<script>alert" not in first


def test_profile_is_saved_and_a_birthday_changes_once_t24():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)
    about = {"what": "about", "name": "Анна", "birth_date": "1990-07-15", "gender": "f", "language": "ru"}

    assert client.post(CARD + "about/", about).status_code == 302
    again = client.post(CARD + "about/", {**about, "name": "Аня", "birth_date": "20.08.1990"})

    assert again.status_code == 422
    assert "День рождения меняют не чаще раза в год" in text_of(again)
    assert 'value="Аня"' in text_of(again)
    member = member_for_door(program.id, member_id)
    assert (member.name, str(member.birth_date)) == ("Анна", "1990-07-15")


@pytest.mark.parametrize("birth_date", ["1890-01-01", "2999-01-01", "31.02.1990", "вчера"])
def test_wrong_birthday_keeps_what_was_typed(birth_date):
    program = shop()
    client = card_of(program)

    answer = client.post(CARD + "about/", {"what": "about", "name": "Анна", "birth_date": birth_date})

    assert answer.status_code == 422
    assert 'class="mistake"' in text_of(answer)
    assert 'value="Анна"' in text_of(answer)


def test_questions_are_answered_each_by_its_kind_s3_5():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)
    page = text_of(client.get(CARD + "about/"))
    assert "30\xa0баллов" in page

    saved = client.post(
        CARD + "about/",
        {
            "what": "answers", "q_pet_0": "кот", "q_child_0": "2019-05-01", "n_child_0": "Маша",
            "q_child_1": "03.06.2021", "n_child_1": "Петя", "q_coffee_0": "2,5", "q_news_0": "yes",
            "q_hobby_0": "Шахматы",
        },
    )  # fmt: skip
    live(program.id, timezone.now())

    told = read_answers(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR)
    assert saved.status_code == 302
    assert {code: [(one.value, one.name) for one in said] for code, said in told.answers.items()} == {
        "pet": [("кот", "")], "child": [("2019-05-01", "Маша"), ("2021-06-03", "Петя")], "coffee": [("2.5", "")],
        "news": [("yes", "")], "hobby": [("Шахматы", "")],
    }  # fmt: skip
    assert wallet(program.id, member_id)[0] == 30
    assert text_of(client.get(CARD + "about/")).count('name="q_child_') == 3
    client.post(CARD + "about/", {"what": "answers", "q_pet_0": "кот"})
    assert list(read_answers(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR).answers) == ["pet"]


def test_wrong_answer_is_told_beside_its_question():
    program = shop()
    client = card_of(program)

    answer = client.post(
        CARD + "about/", {"what": "answers", "q_pet_0": "слон", "q_coffee_0": "много", "q_hobby_0": "я" * 600}
    )

    page = text_of(answer)
    assert answer.status_code == 422
    assert page.count('class="mistake"') == 2
    assert 'value="много"' in page


def test_advertising_is_switched_on_and_off_channel_by_channel():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)

    client.post(CARD + "consents/", {"give": "ads:sms"})
    client.post(CARD + "consents/", {"give": "ads:push"})
    client.post(CARD + "consents/", {"withdraw": "ads:sms"})

    held = [(one.kind, one.channel, one.given, one.door) for one in consents_of(program.id, member_id)]
    assert held == [("ads", "sms", False, "card"), ("ads", "push", True, "card")]
    assert client.post(CARD + "consents/", {"give": "ads:owl"}).status_code == 404
    assert client.post(CARD + "consents/", {}).status_code == 404
    assert client.post(CARD + "consents/", {"withdraw": "terms"}).status_code == 422


def test_newer_text_is_asked_for_and_the_agreed_one_can_be_read():
    program = shop()
    member_id = make_member(program, consents=(Given("terms"), Given("privacy")))
    client = card_of(program, member_id)
    assert 'value="terms"' not in text_of(client.get(CARD + "consents/"))
    publish_text(
        program_id=program.id, kind="terms", text_ru="Новые условия", text_en="New", by=SYSTEM_ACTOR, at=NOON
    )  # fmt: skip

    assert text_of(client.get(CARD + "consents/")).count('name="give" value="terms"') == 1
    assert "Новые условия" in text_of(client.get(CARD + "consents/terms/"))
    assert "Новые условия" not in text_of(client.get(CARD + "consents/terms/?version=0"))
    client.post(CARD + "consents/", {"give": "terms"})
    assert [one.version for one in consents_of(program.id, member_id)] == [1, 0]
    assert client.get(CARD + "consents/love/").status_code == 404
    assert client.get(CARD + "consents/terms/?version=9").status_code == 404


def test_letter_is_sent_and_the_answer_is_marked_as_new_once():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)

    assert client.post(CARD + "letters/", {"text": "Есть <b>хлеб</b>?"}).status_code == 302
    write_to_member(
        program_id=program.id, member_id=member_id, text="Есть", staff="Оля", by=SYSTEM_ACTOR, at=timezone.now()
    )  # fmt: skip

    assert "1\xa0" in text_of(client.get(CARD + "more/")) or "новое" in text_of(client.get(CARD + "more/"))
    first, second = text_of(client.get(CARD + "letters/new/")), text_of(client.get(CARD + "letters/new/"))
    assert ("badge-accent" in first, "badge-accent" in second) == (True, False)
    assert "&lt;b&gt;хлеб" in first
    assert len(messages_of(program.id, member_id).messages) == 2


@pytest.mark.parametrize("text", ["", "   ", "я" * 3000])
def test_letter_that_cannot_be_sent_is_kept_in_its_field(text):
    program = shop()
    client = card_of(program)

    answer = client.post(CARD + "letters/", {"text": text})

    assert answer.status_code == 422
    assert 'class="mistake"' in text_of(answer)
    assert text.strip() in text_of(answer)


def test_device_is_sent_out_and_this_one_leaves():
    program = shop()
    member_id = make_member(program)
    mine, lost, stranger = card_of(program, member_id), card_of(program, member_id), card_of(
        program, make_member(program, "+79160000001")
    )  # fmt: skip
    ids = [key for (key,) in rows(program.id, MemberSession, "id")]

    assert mine.post(CARD + "devices/", {"device": str(ids[2])}).status_code == 404
    assert mine.post(CARD + "devices/", {"device": str(ids[1])}).status_code == 302
    assert lost.get(CARD + "more/").status_code == 302
    assert "/login/" in mine.post(CARD + "devices/", {"device": str(ids[0])}).headers["Location"]
    assert stranger.get(CARD + "more/").status_code == 200


def test_pin_is_set_changed_and_taken():
    program = shop()
    member_id = make_member(program)
    client = card_of(program, member_id)

    assert client.post(CARD + "pin/", {"pin": "2580", "again": "2581"}).status_code == 422
    assert client.post(CARD + "pin/", {"pin": "abc", "again": "abc"}).status_code == 422
    assert not has_pin(program.id, member_id)
    assert client.post(CARD + "pin/", {"pin": "2583", "again": "2583"}).status_code == 302
    assert has_pin(program.id, member_id)
    client.post(CARD + "pin/", {"take": "1"})
    assert not has_pin(program.id, member_id)


def test_data_are_handed_out_only_after_a_fresh_code_t58():
    program = shop()
    member_id = rich_member(program, name="=HYPERLINK(1)")
    fresh, by_link = card_of(program, member_id), card_of(program, member_id, came_by="link")
    old = card_of(program, member_id, at=timezone.now() - timedelta(minutes=16))

    for client in (by_link, old):
        assert client.get(CARD + "data/?as=json").status_code == 403
        assert client.post(CARD + "leave/", {"sure": "on"}).status_code == 403
    answer = fresh.get(CARD + "data/?as=json")
    page = fresh.get(CARD + "data/?as=html")

    told = json.loads(answer.content)
    assert (told["who"]["phone"], told["balances"][0]["available"]) == ("+79161234567", 300)
    assert (len(told["purchases"]), len(told["points"])) == (1, 1)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="lavka-')
    assert "=HYPERLINK(1)" in text_of(page)
    assert page.headers["Cache-Control"] == "private, no-store"


def test_card_is_deleted_at_once_and_no_session_is_left():
    program = shop()
    member_id = rich_member(program)
    client, other = card_of(program, member_id), card_of(program, member_id)

    assert "300\xa0баллов" in text_of(client.get(CARD + "leave/"))
    assert client.post(CARD + "leave/", {}).status_code == 200
    done = client.post(CARD + "leave/", {"sure": "on"})

    assert done.status_code == 200
    assert done.cookies["kopilka_card"].value == ""
    assert rows(program.id, Member, "status") == [("erased",)]
    assert rows(program.id, Identifier, "value") == []
    assert other.get(CARD + "more/").status_code == 302


def test_family_s_card_is_neither_deleted_nor_taken_along_by_one_of_it():
    program = shop()
    head, joined = make_member(program), make_member(program, "+79160000001")
    codes = [issue_code(program_id=program.id, member_id=one, by=SYSTEM_ACTOR, at=NOON).code for one in (head, joined)]
    signed = Signed(codes[1], SYSTEM_ACTOR, NOON)
    join_family(program_id=program.id, head=head, joining=joined, head_code=codes[0], signed=signed)

    for member_id in (head, joined):
        client = card_of(program, member_id)
        assert client.get(CARD + "data/?as=json").status_code == 403
        assert client.post(CARD + "leave/", {"sure": "on"}).status_code == 403
    assert rows(program.id, Member, "status") == [("active",), ("in_family",)]
