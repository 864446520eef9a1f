"""The gift catalogue on the card (S1.10, S1.11, S1.12)."""

import re

import pytest

from kopilka.queries.gifts import claims_of_member
from tests.card.content import card_of, rich_member, shop
from tests.factories import make_program
from tests.tills import wallet

pytestmark = pytest.mark.django_db(transaction=True)
GIFTS = "/card/lavka/gifts/"


def choose(client, gift="cake"):
    page = client.get(f"{GIFTS}{gift}/")
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    return client.post(f"{GIFTS}{gift}/", {"once": once.group(1) if once else ""}), once


def test_catalogue_says_what_is_missing_s1_10():
    program = shop()
    client = card_of(program, rich_member(program))

    page = client.get(GIFTS).content.decode()

    assert "Торт" in page
    assert "100\xa0баллов" in page
    assert "4\xa0700\xa0баллов" in page
    assert "Осталось накопить" in client.get(f"{GIFTS}mug/").content.decode()


def test_a_gift_says_all_that_one_has_not_only_its_price():
    program = shop()

    page = card_of(program, rich_member(program)).get(f"{GIFTS}cake/").content.decode()

    assert "100\xa0баллов" in page
    assert "300\xa0баллов" in page


def test_gift_is_chosen_and_its_code_shown_s1_11():
    program = shop()
    member_id = rich_member(program)
    client = card_of(program, member_id)

    answer, once = choose(client)
    again = client.post(f"{GIFTS}cake/", {"once": once.group(1)})

    (claim,), _ = claims_of_member(program.id, member_id)
    assert answer.headers["Location"] == again.headers["Location"] == f"{GIFTS}mine/{claim.id}/"
    assert wallet(program.id, member_id)[0] == 200
    page = client.get(answer.headers["Location"]).content.decode()
    assert " ".join(re.findall("....|.+", claim.code)) in page
    assert "<svg" in page


def test_choice_is_called_off_and_the_points_are_back():
    program = shop()
    member_id = rich_member(program)
    client = card_of(program, member_id)
    answer, _ = choose(client)

    back = client.post(answer.headers["Location"] + "cancel/", {"once": ""})

    assert back.status_code == 302
    assert wallet(program.id, member_id)[0] == 300
    page = client.get(back.headers["Location"]).content.decode()
    assert "отменён" in page
    assert '<svg class="segno"' not in page


def test_too_few_points_are_told_on_the_page():
    program = shop()
    client = card_of(program, rich_member(program))

    answer, _ = choose(client, "mug")

    assert answer.status_code == 409
    assert "Не хватает" in answer.content.decode() or "доступно" in answer.content.decode()


def test_gift_of_another_member_is_not_there():
    program = shop()
    mine, other = rich_member(program), rich_member(program, "+79160000001")
    choose(card_of(program, other))
    (claim,), _ = claims_of_member(program.id, other)
    client = card_of(program, mine)

    assert client.get(f"{GIFTS}mine/{claim.id}/").status_code == 404
    assert client.post(f"{GIFTS}mine/{claim.id}/cancel/").status_code == 404
    assert client.get(f"{GIFTS}nothing/").status_code == 404
    assert claims_of_member(program.id, other)[0][0].state == "open"


def test_shop_without_gifts_says_so():
    bare = make_program("bare")

    page = card_of(bare).get("/card/bare/gifts/")

    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()
