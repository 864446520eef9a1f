"""Getting into a card by a code, a link of the till, and out again (S1.8, S2.1)."""

import logging
import re
import statistics
from time import perf_counter

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from kopilka.card.access import COOKIE
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.consents import Given
from kopilka.engine.refusal import Refusal
from kopilka.services.consents import consents_of
from kopilka.services.member_sessions import list_sessions, make_card_link
from kopilka.services.members import find_member
from kopilka.web.templatetags.web import phone as shown_phone
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

KNOWN, UNKNOWN = "+7 916 123-45-67", "8 (903) 123-45-67"


@pytest.fixture
def program():
    return make_program(is_demo=True)


def client(number=1):
    return Client(REMOTE_ADDR=f"198.51.100.{number}", HTTP_ACCEPT_LANGUAGE="en")


def sent(visitor):
    return re.search(r"\b\d{6}\b", visitor.get("/card/lavka/codes/").content.decode())[0]


def asked(visitor, contact, by="phone"):
    return visitor.post(f"/card/lavka/login/?by={by}", {"contact": contact})


def test_the_code_opens_the_card_and_leads_where_one_wanted_to_go(program):
    make_member(program)
    visitor = client()

    visitor.post("/card/lavka/login/?next=/card/lavka/history/", {"contact": KNOWN})
    answer = visitor.post("/card/lavka/login/code/?next=/card/lavka/history/", {"code": sent(visitor)})

    assert (answer.status_code, answer["Location"]) == (302, "/card/lavka/history/")
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/card/lavka/")
    assert visitor.get("/card/lavka/history/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/till/lavka/", "/card/lavka/../../"])
def test_nobody_is_led_to_another_site(program, wanted):
    make_member(program)
    visitor = client()
    visitor.post("/card/lavka/login/", {"contact": KNOWN})

    answer = visitor.post(f"/card/lavka/login/code/?next={wanted}", {"code": sent(visitor)})

    assert answer["Location"] == "/card/lavka/"


def test_a_new_login_has_a_new_token(program):
    make_member(program)
    visitor = client()
    visitor.cookies[COOKIE] = "a token somebody has put there"
    asked(visitor, KNOWN)

    token = visitor.post("/card/lavka/login/code/", {"code": sent(visitor)}).cookies[COOKIE].value

    assert re.fullmatch(r"[\w-]{43}", token)


def test_a_wrong_code_says_how_many_tries_are_left(program):
    visitor = client()
    asked(visitor, KNOWN)
    code = sent(visitor)

    told = [
        re.search(r"The code is wrong[^<]*|That was too often[^<]*", answer.content.decode())[0]
        for answer in [visitor.post("/card/lavka/login/code/", {"code": wrong(code)}) for _ in range(5)]
    ]
    locked = visitor.post("/card/lavka/login/code/", {"code": code})

    assert told[0] == "The code is wrong. 4 tries are left."
    assert told[3:] == ["The code is wrong. 1 try is left.", "That was too often in a row. Try again in 1 minute."]
    assert (locked.status_code, COOKIE in locked.cookies) == (429, False)


def test_what_was_typed_is_still_there_after_a_mistake(program):
    answer = asked(client(), "12 34 <b>")

    assert answer.status_code == 422
    assert 'value="12 34 &lt;b&gt;"' in answer.content.decode()
    assert "could not be read" in answer.content.decode()


def test_nothing_tells_whether_a_phone_is_known(program):
    make_member(program)
    pages = {}
    for number, phone in enumerate((KNOWN, UNKNOWN)):
        visitor = client(number)
        answer = asked(visitor, phone)
        page = visitor.get("/card/lavka/login/code/")
        mistake = visitor.post("/card/lavka/login/code/", {"code": "x"})
        pages[phone] = [
            (one.status_code, sorted(one.headers), same(one.content.decode(), phone)) for one in (answer, page, mistake)
        ]

    assert pages[KNOWN] == pages[UNKNOWN]


@pytest.mark.slow
def test_the_answer_takes_as_long_for_an_unknown_phone(program):
    """Medians of 2 by 60: nobody is looked for before the code is right, so only noise differs."""
    took = {"known": [], "unknown": []}
    for number in range(60):
        make_member(program, f"+7916{number:07}")
    asked(client(250), "+7 905 111-22-33")

    for number in range(60):
        for name, phone in (("known", f"+7916{number:07}"), ("unknown", f"+7903{number:07}")):
            visitor = client(number)
            start = perf_counter()
            assert asked(visitor, phone).status_code == 302
            took[name].append(perf_counter() - start)

    known, unknown = statistics.median(took["known"]), statistics.median(took["unknown"])
    assert abs(known - unknown) < max(0.005, known / 4)


def test_codes_stand_in_no_log_no_address_and_no_error(program, caplog):
    caplog.set_level(logging.DEBUG)
    make_member(program)
    visitor, told = client(), []
    told.append(asked(visitor, KNOWN))
    code = sent(visitor)
    told.append(visitor.get("/card/lavka/login/code/"))
    told.append(visitor.post("/card/lavka/login/code/", {"code": wrong(code)}))
    told.append(visitor.post("/card/lavka/login/code/", {"code": code}))

    shown = "".join(str(one.headers) + one.content.decode() for one in told) + caplog.text
    assert code not in shown
    assert "9161234567" not in caplog.text


def test_somebody_new_becomes_a_member_with_his_consents(program):
    visitor = client()
    asked(visitor, UNKNOWN)
    visitor.post("/card/lavka/login/code/", {"code": sent(visitor)})

    nothing = visitor.post("/card/lavka/login/join/", {"name": "Анна"})
    joined = visitor.post(
        "/card/lavka/login/join/", {"name": "Анна", "terms": "on", "privacy": "on", "ads_email": "on"}
    )

    assert (nothing.status_code, 'value="Анна"' in nothing.content.decode()) == (422, True)
    assert (joined.status_code, joined["Location"]) == (302, "/card/lavka/")
    member = find_member(program=program, kind="phone", value=UNKNOWN, by=SYSTEM_ACTOR, at=NOON)
    assert (member.name, member.language) == ("Анна", "en")
    assert [(one.kind, one.channel, one.given, one.door) for one in consents_of(program.id, member.id)] == [
        ("terms", "", True, "card"), ("privacy", "", True, "card"), ("ads", "email", True, "card"),
    ]  # fmt: skip
    assert visitor.get("/card/lavka/").status_code == 200


def test_whoever_was_enrolled_at_a_till_meanwhile_is_let_in(program):
    visitor = client()
    asked(visitor, UNKNOWN)
    visitor.post("/card/lavka/login/code/", {"code": sent(visitor)})
    member = make_member(program, UNKNOWN)

    visitor.post("/card/lavka/login/join/", {"name": "Анна", "terms": "on", "privacy": "on"})

    assert len(list_sessions(program_id=program.id, member_id=member, at=timezone.now())) == 1


def test_nobody_joins_without_a_proven_contact(program):
    visitor = client()
    visitor.cookies["kopilka_proven"] = signing.get_cookie_signer(salt="x").sign('["phone", "+79031234567"]')

    answer = visitor.post("/card/lavka/login/join/", {"name": "Анна", "terms": "on", "privacy": "on"})

    assert answer["Location"] == "/card/lavka/login/"


def test_an_unknown_code_of_a_friend_is_told_beside_its_field(program):
    visitor = client()
    asked(visitor, UNKNOWN)
    visitor.post("/card/lavka/login/code/", {"code": sent(visitor)})

    answer = visitor.post("/card/lavka/login/join/", {"name": "Анна", "terms": "on", "privacy": "on", "friend": "НЕТ"})

    assert answer.status_code == 422
    assert "friend" in answer.context["form"].errors


def test_where_no_codes_can_be_sent_the_page_says_how_the_card_is_opened():
    make_program()

    answer = client().get("/card/lavka/login/")
    refused = asked(client(), KNOWN)

    assert "This shop cannot send codes to phones yet" in answer.content.decode()
    assert "This shop cannot send codes to phones yet" in refused.content.decode()
    assert client().get("/card/lavka/codes/").status_code == 404


AGREED = (Given("terms"), Given("privacy"))
TICKED = {"terms": "on", "privacy": "on"}


def link_of(program, *consents):
    """A member enrolled just now who has agreed to this, and the link of his card."""
    now = timezone.now()
    member = make_member(program, at=now, consents=consents)
    token = make_card_link(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=now)
    return member, f"/card/lavka/open/{token}/"


def agreed(program, member):
    return [(one.kind, one.channel, one.door, one.evidence) for one in consents_of(program.id, member)]


def test_a_link_of_the_till_opens_a_new_card_once(program):
    _member, link = link_of(program, *AGREED)

    preview = client().get(link)
    opened, again = client().post(link), client().post(link)

    assert preview.status_code == 200
    assert 'type="checkbox"' not in preview.content.decode()
    assert (opened.status_code, opened["Location"]) == (302, "/card/lavka/")
    assert (again.status_code, COOKIE in again.cookies) == (410, False)


def test_a_link_asks_for_the_consents_before_it_opens_the_card_s2_26(program):
    member, link = link_of(program)

    asked_for = client().get(link).content.decode()
    opened = client().post(link, {**TICKED, "ads_sms": "on"})

    boxes = re.findall(r'type="checkbox" name="(\w+)"', asked_for)
    assert boxes == ["terms", "privacy", "ads_sms", "ads_email", "ads_messenger", "ads_push"]
    assert " checked" not in asked_for
    assert (opened.status_code, opened["Location"], COOKIE in opened.cookies) == (302, "/card/lavka/", True)
    how = ("card", "ticked by himself at the first opening")
    assert agreed(program, member) == [("terms", "", *how), ("privacy", "", *how), ("ads", "sms", *how)]


def test_a_missing_tick_is_told_beside_it_and_the_link_is_still_good(program):
    member, link = link_of(program)

    answer = client().post(link, {"terms": "on", "ads_email": "on"})
    page = answer.content.decode()
    nothing, sessions = (
        agreed(program, member),
        list_sessions(program_id=program.id, member_id=member, at=timezone.now()),
    )
    opened = client().post(link, TICKED)

    assert (answer.status_code, COOKIE in answer.cookies) == (422, False)
    assert re.findall(r'id="id_(\w+)_error"', page) == ["privacy"]
    assert re.findall(r'name="(\w+)"[^>]* checked', page) == ["terms", "ads_email"]
    assert (nothing, sessions) == ([], [])
    assert opened.status_code == 302


def test_a_link_asks_only_for_what_is_not_given_yet(program):
    member, link = link_of(program, Given("terms"))

    asked_for = client().get(link).content.decode()
    opened = client().post(link, {"privacy": "on"})

    assert ('name="terms"' in asked_for, 'name="privacy"' in asked_for) == (False, True)
    assert opened.status_code == 302
    assert [one[:1] for one in agreed(program, member)] == [("terms",), ("privacy",)]


def test_a_used_link_says_so_at_once_and_takes_no_consents(program):
    member, link = link_of(program)
    client().post(link, TICKED)

    page, again = client().get(link), client().post(link, {**TICKED, "ads_sms": "on"})

    assert (page.status_code, again.status_code) == (410, 410)
    assert "This link no longer opens a card" in page.content.decode()
    assert len(agreed(program, member)) == 2


def test_no_link_is_made_for_an_older_card(program):
    with pytest.raises(Refusal, match="code_expired"):
        make_card_link(program_id=program.id, member_id=make_member(program), by=SYSTEM_ACTOR, at=timezone.now())


def test_logging_out_ends_the_session_on_the_server(program):
    make_member(program)
    visitor = client()
    asked(visitor, KNOWN)
    token = visitor.post("/card/lavka/login/code/", {"code": sent(visitor)}).cookies[COOKIE].value

    answer = visitor.post("/card/lavka/logout/")
    visitor.cookies[COOKIE] = token

    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/card/lavka/login/", '"cache"')
    assert visitor.get("/card/lavka/").status_code == 302


def test_forms_need_the_token_of_their_page(program):
    visitor = Client(enforce_csrf_checks=True)

    assert visitor.post("/card/lavka/login/", {"contact": KNOWN}).status_code == 403
    assert visitor.post("/card/lavka/logout/").status_code == 403


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def same(page, phone):
    """A page without what differs between any two visits."""
    page = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": ?)["=]+"?[^"]+"', "", page)
    page = re.sub(r'data-wait="\d+"', "", page)  # seconds until another code may be sent: they run
    return page.replace(shown_phone(phone), "PHONE").replace(phone, "PHONE")
