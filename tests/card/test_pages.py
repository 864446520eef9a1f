"""The pages of an open card, and what installs it (S0.2, S1.5)."""

import json
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from kopilka.card.access import COOKIE, KEEP
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.member_sessions import end_other_sessions, list_sessions, start_session
from kopilka.services.page_settings import PageChange, change_pages
from tests.factories import make_member, make_program
from tests.tills import RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/149.0"


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def opened(program, member, **headers):
    session = start_session(program_id=program.id, member_id=member, label=PHONE, came_by="code", at=timezone.now())
    client = Client(HTTP_ACCEPT_LANGUAGE="ru", **headers)
    client.cookies[COOKIE] = session.token
    return client


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_screen_shows_what_there_is(program):
    member = make_member(program, name="Анна", card="1001")
    buy(program.id, member, "1000.00", at=timezone.now())

    page = shown(opened(program, member), "/card/lavka/")

    assert '<span class="figure-big" data-wallet="bonus">100 ' in page
    assert "Сгорит" in page
    assert "1001" in page
    assert "За покупку" not in page.split('id="wallets"')[0]


def test_an_empty_card_says_what_to_do_next(program):
    client = opened(program, make_member(program))

    assert "Покажите код при первой покупке" in shown(client, "/card/lavka/")
    assert "Пока ничего не было" in shown(client, "/card/lavka/history/")
    assert "За это время ничего нет" in shown(client, "/card/lavka/history/?period=year")


def test_the_card_works_before_there_are_rules():
    bare = make_program("bare")
    client = opened(bare, make_member(bare))

    assert "Пока пусто" in shown(client, "/card/bare/")
    assert "Правил пока нет" in shown(client, "/card/bare/rules/")


def test_history_goes_on_with_the_next_page(program):
    member = make_member(program)
    for number in range(14):
        buy(program.id, member, f"{100 + number}.00")
    client = opened(program, member)

    page = client.get("/card/lavka/history/?wallet=bonus")
    more = client.get(
        f"/card/lavka/history/?wallet=bonus&before={page.context['found'].before}", headers={"HX-Request": "true"}
    )

    assert page.content.decode().count('class="happened"') == 12
    assert more.content.decode().count('class="happened"') == 2
    assert "<html" not in more.content.decode()


@pytest.mark.parametrize("query", ["before=nonsense", "period=x&wallet=nobody", "before=" + "9" * 400])
def test_a_filter_nobody_offers_counts_as_none(program, query):
    assert "Пока ничего не было" in shown(opened(program, make_member(program)), f"/card/lavka/history/?{query}")


def test_a_phone_may_keep_what_was_shown_and_nobody_else(program):
    answer = opened(program, make_member(program)).get("/card/lavka/")

    assert (answer[KEEP], answer["Cache-Control"]) == ("1", "private, no-store")


def test_the_manifest_is_the_programs_own(program):
    change_pages(program_id=program.id, change=PageChange(accent="#1f6f5c"), by=SYSTEM_ACTOR, at=timezone.now())

    answer = Client().get("/card/lavka/manifest.webmanifest")
    told = json.loads(answer.content)

    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["start_url"], told["scope"]) == ("Лавка", "/card/lavka/", "/card/lavka/")
    assert told["theme_color"] == "#1f6f5c"
    assert [(one["sizes"], one["purpose"]) for one in told["icons"]] == [
        ("192x192", "any"), ("192x192", "maskable"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    picture = Image.open(BytesIO(Client().get(told["icons"][0]["src"]).content))
    assert (picture.size, picture.getpixel((2, 2))) == ((192, 192), (0x1F, 0x6F, 0x5C))
    assert Client().get("/card/lavka/icon-9999.png").status_code == 404


def test_the_worker_changes_with_the_programs_colour(program):
    before = shown(Client(), "/card/lavka/sw.js")
    change_pages(program_id=program.id, change=PageChange(accent="#1f6f5c"), by=SYSTEM_ACTOR, at=timezone.now())

    after = shown(Client(), "/card/lavka/sw.js")

    assert before != after
    assert '"scope": "/card/lavka/"' in before


def test_one_program_needs_no_choice_and_several_do(program):
    assert Client().get("/card/")["Location"] == "/card/lavka/"

    make_program("other")
    page = shown(Client(HTTP_ACCEPT_LANGUAGE="ru"), "/card/")

    assert "/card/lavka/" in page
    assert "/card/other/" in page


def test_a_browser_is_known_by_what_it_says_of_itself(program):
    member = make_member(program)
    client = opened(program, member)
    opened(program, member)

    mine = client.get("/card/lavka/").wsgi_request.card
    ended = end_other_sessions(program_id=program.id, member_id=member, but=mine.session_id, at=timezone.now())

    assert ended == 1
    assert [one.label for one in list_sessions(program_id=program.id, member_id=member, at=timezone.now())] == [PHONE]
