"""Every form of every door is given what does not belong into it, field by field.

It never breaks; it says in words what is wrong; what was typed is still there; and nothing of it becomes code.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from kopilka.queries.programs import program_by_slug
from kopilka.services.demo import create_demo_program
from tests.web.bad_inputs import ALL, CHOICES, CODE, EXTRA, QUERIES
from tests.web.forms import Field, PageForm, PageReader
from tools.screenshots.shots import SHOTS
from tools.screenshots.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = {
    "phone": "+7 900 000-00-77", "name": "Анна", "amount": "500", "mail": "anna@example.com",
    "email": "anna@example.com", "text": "Спасибо!", "reason": "Ошибка", "pin": "4826", "code": "123456",
    "birthday": "1990-05-17", "sum": "500",
}  # fmt: skip
PLACES = [shot for shot in SHOTS if shot.go is None and shot.status == 200]
DOORS = sorted({place.door for place in PLACES})
CUT_MIN = 64
FORMS_MIN = {"till": 4, "card": 4, "site": 1, "kiosk": 1}
"""So that a search that finds nothing is noticed."""


@pytest.fixture
def stage():
    create_demo_program(at=timezone.now())
    return Stage("http://testserver", program_by_slug("demo"))


@pytest.mark.parametrize("door", DOORS)
def test_forms_of_a_door_bear_anything(door, stage):
    places = [place for place in PLACES if place.door == door]
    found = [(place, form) for place in places for form in _forms(stage, place)]

    wrong = [trouble for place, form in found for trouble in _sweep(stage, place, form)]

    assert wrong == []
    assert len(found) >= FORMS_MIN.get(door, 0)


@pytest.mark.parametrize("door", DOORS)
def test_addresses_of_a_door_bear_anything(door, stage):
    wrong = []
    for place in (place for place in PLACES if place.door == door):
        client, address = _client(stage, place.who), place.path(stage)
        for query in QUERIES:
            answer = client.get(f"{address}?{query}")
            wrong += [f"{place.name}?{query}: {trouble}" for trouble in _trouble(answer, "")]
            if answer.status_code in {301, 302, 303} and urlsplit(answer.headers["Location"]).netloc:
                wrong.append(f"{place.name}?{query}: leads away to {answer.headers['Location']}")

    assert wrong == []


def _forms(stage: Stage, place) -> list[PageForm]:
    address = place.path(stage)
    answer = _client(stage, place.who).get(address)
    assert answer.status_code < 400, f"{place.name} answers {answer.status_code}"
    forms = PageReader(answer.content.decode(), address).forms
    return [form for form in forms if form.method == "post" and not form.action.endswith("/language/")]


def _sweep(stage: Stage, place, form: PageForm) -> Iterator[str]:
    client = _client(stage, place.who)
    good = {name: value or GOOD.get(name, value) for name, value in form.values.items()}
    good |= {one.name: one.value for one in form.fields if one.kind == "checkbox"}
    for one, bad in [(one, bad) for one in form.typed() for bad in ALL] + [
        (one, bad) for one in form.chosen() for bad in CHOICES
    ]:
        answer = client.post(form.action, {**good, one.name: bad})
        for trouble in (*_trouble(answer, bad), *_lost(answer, form, one, bad)):
            yield f"{place.name} {form.action} {one.name}={bad[:40]!r}: {trouble}"
    for name, sent in {"nothing": {}, "more than asked for": good | EXTRA}.items():
        for trouble in _trouble(client.post(form.action, sent), ""):
            yield f"{place.name} {form.action} {name}: {trouble}"
    raw = client.post(form.action, b"phone=%FF%FE&name=\xcf\xf0", content_type="application/x-www-form-urlencoded")
    if raw.status_code >= 500:
        yield f"{place.name} {form.action} not text: answers {raw.status_code}"


def _trouble(answer, bad: str) -> Iterator[str]:
    """It broke, or what was typed became a part of the page."""
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
        return
    if answer.streaming or "text/html" not in answer.headers.get("Content-Type", ""):
        return
    text = answer.content.decode()
    if handlers := PageReader(text, "").handlers:
        yield f"has become {handlers}"
    if bad in CODE and "<" in bad and bad in text:
        yield "stands in the page as it was typed"


def _lost(answer, form: PageForm, one: Field, bad: str) -> Iterator[str]:
    """The page came again without a word about it, or without what was typed."""
    if answer.status_code not in {200, 400, 422} or "text/html" not in answer.headers.get("Content-Type", ""):
        return
    page = PageReader(answer.content.decode(), form.action)
    if not page.forms and answer.status_code == 200:
        return
    if answer.status_code != 200 and not page.says:
        yield "is refused without a word"
    if one.kind in {"hidden", "radio", "checkbox", "select"} or one.secret or not page.says:
        return
    again = [shown.value for found in page.forms for shown in found.fields if shown.name == one.name]
    if not any(_same(value, bad) for value in again):
        yield f"what was typed is gone, the page has {again}"


def _same(shown: str, typed: str) -> bool:
    """Blanks aside; a text without end may be cut."""
    again, sent = ("".join(text.split()).replace("\x00", "") for text in (shown, typed))
    return again == sent or (len(again) >= CUT_MIN and sent.startswith(again))


def _client(stage: Stage, who: str) -> Client:
    client = Client(raise_request_exception=False)
    for cookie in stage.cookies(who, "sweep"):
        client.cookies[cookie["name"]] = cookie["value"]
    return client
