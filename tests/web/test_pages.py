"""What every page has around it."""

import pytest

from tests.factories import make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_missing_page_is_told_in_both_languages(visitor):
    page = visitor(language="en").page("/card/nowhere/")

    assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"

    page = visitor().page("/card/nowhere/")

    assert page.get_by_role("heading", level=1).inner_text() == "Такой страницы нет"


def test_theme_of_a_program_is_kept_by_browsers(visitor, site):
    make_program()

    answer = visitor().context.request.get(f"{site.url}/web/lavka/theme.css")

    assert (answer.status, answer.text()) == (200, ":root{}\n")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
