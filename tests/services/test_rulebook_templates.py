"""Shows S1.1, S1.3, S1.7, S3.1, S3.10, S4.2, S4.3."""

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.refusal import Refusal
from kopilka.services.rulebook_cases import play_source
from kopilka.services.rulebook_templates import from_template, template_names, template_summary, template_text


def test_templates_are_these():
    assert template_names() == (
        "aquarium",
        "cashback",
        "cashback-2dp",
        "closed-club",
        "coalition",
        "designer-agents",
        "development-centre",
        "discount",
        "discount-ladder",
        "gift-shop",
        "hybrid",
        "perfumery",
        "points-per-unit",
        "referral",
        "stamps",
        "tiers",
    )


@pytest.mark.parametrize("name", template_names())
def test_template_passes_its_own_tests(name):
    report = play_source(template_text(name))

    assert report.failures == []
    assert {problem.code.value for problem in report.problems} <= {"not_played_yet"}
    assert report.tests >= 3


@pytest.mark.parametrize("name", template_names())
def test_template_begins_with_what_it_is(name):
    assert template_text(name).startswith("# ")
    assert template_summary(name) == template_text(name).splitlines()[0].removeprefix("# ")


@pytest.mark.parametrize("name", template_names())
def test_template_takes_a_head_of_its_own(name):
    source = from_template(name, program='Лавка "У дома": чай', currency="KZT", timezone="Asia/Almaty")

    read = read_source(source)
    assert read.rulebook is not None
    assert read.rulebook.name == 'Лавка "У дома": чай'
    assert read.rulebook.currency == "KZT"
    assert read.rulebook.zone.key == "Asia/Almaty"
    assert play_source(source).failures == []


def test_template_keeps_its_name_and_comments():
    source = from_template("cashback")

    assert source == template_text("cashback")


@pytest.mark.parametrize(
    ("given", "params"),
    [
        ({"name": "../cashback"}, {"what": "template"}),
        ({"name": "cashback", "currency": "XXX"}, {"field": "currency", "reason": "unknown"}),
        ({"name": "cashback", "timezone": "../etc"}, {"field": "timezone", "reason": "unknown"}),
        ({"name": "cashback", "timezone": "Europe"}, {"field": "timezone", "reason": "unknown"}),
    ],
)
def test_template_refuses_what_it_does_not_know(given, params):
    with pytest.raises(Refusal) as refused:
        from_template(**given)

    assert refused.value.params == params
