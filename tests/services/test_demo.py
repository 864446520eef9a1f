"""The demo program of a first start."""

import pytest
from django.db import transaction

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.card import ChatMessage, Post
from kopilka.data.models.doors import Article
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.page_settings import page_settings
from kopilka.queries.programs import program_by_slug
from kopilka.services.access import find_key
from kopilka.services.demo import RULEBOOK, create_demo_program
from kopilka.services.gifts import list_gifts
from kopilka.services.members import find_member
from kopilka.services.staff import read_staff
from kopilka.services.staff_access import staff_of_tills
from tests.factories import NOON
from tests.tills import books_agree

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return create_demo_program(at=NOON)


def test_demo_has_members_who_bought_something(made):
    holder = find_key(made.api_key, at=NOON)
    program = program_by_slug(made.program_slug)
    anna = find_member(program=program, kind="phone", value="8 900 000-00-01", by=holder.actor, at=NOON)
    with transaction.atomic():
        enter_program(program.id)
        assert (program.rulebook_number, Member.objects.of(program.id).filter(role="").count()) == (1, 12)
        assert Purchase.objects.of(program.id).count() == 59
    assert (anna.name, anna.card, anna.purchases, anna.tier) == ("Анна Ёлкина", "1001", 10, "friend")


def test_demo_shows_everything_there_is(made, settings):
    program = program_by_slug(made.program_slug)
    anna = find_member(program=program, kind="phone", value="+79000000001", by=SYSTEM_ACTOR, at=NOON)
    pages = page_settings(program.id)
    with transaction.atomic():
        enter_program(program.id)
        counts = [model.objects.of(program.id).count() for model in (Article, Post, ChatMessage)]

    offered = {one.gift.code for one in list_gifts(program_id=program.id, member_id=anna.id, by=SYSTEM_ACTOR, at=NOON)}

    assert program.is_demo
    assert counts == [13, 2, 2]
    assert (pages.accent, pages.logo[-4:]) == ("#8a4b2a", ".jpg")
    assert (settings.MEDIA_ROOT / str(program.id) / pages.logo).is_file()
    assert [(one.code, one.name, one.role) for one in staff_of_tills(program_id=program.id, by=SYSTEM_ACTOR)] == [
        ("02", "Мира", "manager"), ("01", "Оля", "cashier"),
    ]  # fmt: skip
    assert {"croissant", "mug", "beans"} <= offered
    assert books_agree(program.id)


def test_demo_rules_are_good_and_its_staff_have_earned(made):
    program = program_by_slug(made.program_slug)

    olya = read_staff(program_id=program.id, code="01", by=SYSTEM_ACTOR, at=NOON)

    assert read_source(RULEBOOK.read_text(encoding="utf-8")).problems == []
    assert olya.balances["staff"][0] > 0
    assert [progress.goal.code for progress in olya.goals] == ["month"]
