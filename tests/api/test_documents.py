"""The pages of the document: readable without scripts and without any outside asset."""

import re

import pytest

from kopilka.api import documents
from kopilka.wording.refusals import ALL

OUTSIDE = re.compile(r'(?:src|href|action)="(?:https?:)?//', re.IGNORECASE)


def page(shop, path: str, **headers):
    return shop.send("GET", f"/api/docs{path}", None, authorization=None, **headers)


@pytest.mark.parametrize("path", ["", "/plain", "/errors"])
def test_pages_need_no_key_and_nothing_from_outside(shop, path):
    answer = page(shop, path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert OUTSIDE.findall(answer.text) == []


def test_plain_page_speaks_russian_and_english(shop):
    russian, english = page(shop, "/plain?language=ru").text, page(shop, "/plain?language=en").text
    asked = page(shop, "/plain", accept_language="en").text

    assert ('<html lang="ru">' in russian, "Записать участника" in russian) == (True, True)
    assert ('<html lang="en">' in english, "Enrol a member" in english) == (True, True)
    assert asked == english


def test_plain_page_is_shown_where_the_interactive_one_cannot_be(shop, monkeypatch, tmp_path):
    monkeypatch.setattr(documents, "SWAGGER", tmp_path)

    assert "Enrol a member" in page(shop, "?language=en").text


def test_every_error_stands_in_the_page_of_errors(shop):
    told = page(shop, "/errors").text

    assert [code for code in ALL if f'id="{code}"' not in told] == []


def test_address_of_a_problem_leads_to_its_explanation(shop):
    problem = shop.get("members/x").json()

    address, _, anchor = problem["type"].partition("#")
    assert f'id="{anchor}"' in shop.send("GET", address, None).text


def test_assets_are_only_the_listed_ones(shop):
    assert page(shop, "/assets/docs.css").headers["content-type"] == "text/css; charset=utf-8"
    assert page(shop, "/assets/package.json").status_code == 404
    assert page(shop, "/assets/..%2fapp.py").status_code == 404
