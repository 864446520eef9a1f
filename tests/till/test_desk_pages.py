"""Every page of the till's desk, as a cashier meets it the first time."""

import pytest

from tests.factories import make_member
from tests.till.desk import at_counter, make_shop, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return make_shop()


@pytest.mark.parametrize("page", ["enrol", "gift", "request", "return", "shift", "my-points"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_empty_page_opens_in_both_languages(shop, page, language):
    answer = at_counter(shop, language=language).get(f"/till/lavka/{page}/")

    assert answer.status_code == 200
    assert text_of(answer)


def test_member_page_of_somebody_new_opens(shop):
    member_id = make_member(shop)

    answer = at_counter(shop).get(f"/till/lavka/member/{member_id}/")

    assert answer.status_code == 200
    assert "45-67" in text_of(answer)
    assert "916123" not in answer.content.decode()


@pytest.mark.parametrize("page", ["enrol", "gift", "request", "return", "shift", "my-points"])
def test_page_asks_whoever_is_not_signed_in_to_sign_in(shop, page, client):
    answer = client.get(f"/till/lavka/{page}/")

    assert answer.status_code == 302
    assert answer["Location"] == "/till/lavka/device/"
