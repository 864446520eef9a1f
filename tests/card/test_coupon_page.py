"""The coupon of a link becomes the member's (S2.22)."""

import pytest
from django.test import Client
from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.card.access import COOKIE
from kopilka.data.models.coupons import CouponCode
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.coupon_batches import issue_codes
from kopilka.services.coupons import bind_coupon
from kopilka.services.member_sessions import start_session
from tests.factories import make_member, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
promotions: {link: {coupon: by-link, discount: {percent: 15}}}
coupons: {by-link: {name: {ru: Купон, en: Link coupon}, series: {count: 10, length: 16}, bind: yes, by_itself: yes}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def came_by(program, member_id, word):
    """A member at his card who pressed the button on the coupon's page."""
    session = start_session(
        program_id=program.id, member_id=member_id, label="x", came_by="code", at=timezone.now()
    )  # fmt: skip
    client = Client(**ENGLISH)
    client.cookies[COOKIE] = session.token
    client.post(f"/p/lavka/c/{word}/")
    return client


def test_the_button_binds_and_looking_does_not(program):
    member_id = make_member(program)
    client = came_by(program, member_id, "by-link")

    looked = client.get("/card/lavka/coupon/").content.decode()
    assert rows(program.id, CouponCode, "member_id") == []
    done = client.post("/card/lavka/coupon/").content.decode()

    assert "Make it mine" in looked
    assert "The coupon is yours" in done
    assert "+7\xa0916\xa0123-45-67" in done
    assert rows(program.id, CouponCode, "coupon", "state", "member_id") == [("by-link", "bound", member_id)]
    assert client.get("/card/lavka/coupon/")["Location"] == "/card/lavka/"


def test_a_wrong_word_and_somebody_elses_are_refused_alike(program):
    issue_codes(program_id=program.id, coupon="by-link", count=1, asking=Asking(SYSTEM_ACTOR, timezone.now()))
    word = rows(program.id, CouponCode, "word")[0][0]
    bind_coupon(program_id=program.id, word=word, phone="+79169999999", asking=Asking(SYSTEM_ACTOR, timezone.now()))

    pages = []
    for asked in (word, "QQQQQQQQQQQQQQQQ"):
        client = came_by(program, make_member(program, phone=f"+7916123456{len(pages)}"), asked)
        pages.append(client.post("/card/lavka/coupon/"))

    assert [page.status_code for page in pages] == [422, 422]
    for page in pages:
        assert "This coupon cannot become yours" in page.content.decode()


def test_who_guesses_waits(program):
    """T22: ten wrong words of one member, then none at all."""
    member_id = make_member(program)
    session = start_session(program_id=program.id, member_id=member_id, label="x", came_by="code", at=timezone.now())
    client = Client(**ENGLISH)
    client.cookies[COOKIE] = session.token

    answers = []
    for number in range(12):
        client.post(f"/p/lavka/c/WRONG{number:011}/")
        answers.append(client.post("/card/lavka/coupon/").status_code)

    assert answers == [422] * 10 + [429] * 2


def test_a_card_without_a_phone_says_what_to_do(program):
    member_id = make_member(program, phone="", email="a@b.example")
    client = came_by(program, member_id, "by-link")

    assert "has none yet" in client.post("/card/lavka/coupon/").content.decode()
    assert rows(program.id, CouponCode, "id") == []


def test_without_a_coupon_in_hand_there_is_only_the_card(program):
    member_id = make_member(program)
    session = start_session(program_id=program.id, member_id=member_id, label="x", came_by="code", at=timezone.now())
    client = Client()
    client.cookies[COOKIE] = session.token

    assert client.get("/card/lavka/coupon/")["Location"] == "/card/lavka/"
