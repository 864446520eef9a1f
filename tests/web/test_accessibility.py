"""Every page of every door: usable by everybody, light, walled in. The pages are those of `make screenshots`."""

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from kopilka.queries.programs import program_by_slug
from kopilka.services.demo import create_demo_program
from tests.web.looking import mistakes, mistakes_of_page
from tools.screenshots.shots import SHOTS, SHOWN_OTHERWISE
from tools.screenshots.stage import Stage

DOORS = sorted({shot.door for shot in SHOTS})
BAD_PAGE = """<title>Bad</title><meta name="color-scheme" content="light dark">
  <style>@media (prefers-color-scheme: dark) { p { color: #555; background: #444 } }</style>
  <main><h1>Bad</h1><p>Words</p><img src="x"><button style="width:20px;height:20px">+</button>
  <div style="width:900px">wide</div></main>"""
BAD_PAGE_SAYS = ("image-alt", "html-has-lang", "small 20×20", "in the dark color-contrast", "wider than a small phone")


@pytest.fixture
def stage(site):
    create_demo_program(at=timezone.now())
    return Stage(site.url, program_by_slug("demo"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@pytest.mark.usefixtures("only_on_sqlite")  # looks do not depend on the database, and this takes a minute and a half
@pytest.mark.parametrize("door", DOORS)
def test_pages_of_a_door_are_for_everybody(door, stage, visitor):
    """No serious violation in either theme, at most 100 kB over the wire, 48 px for a thumb, no sideways scrolling,
    nothing kept by the browser, and the walls of the content policy."""
    assert list(mistakes([shot for shot in SHOTS if shot.door == door], stage, visitor)) == []


@pytest.mark.browser
def test_mistakes_of_a_page_are_seen(browser):
    """Without this, pages without mistakes might be pages nobody looked at."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BAD_PAGE)

    found = " ".join(mistakes_of_page(page))

    assert [word for word in BAD_PAGE_SAYS if word not in found] == []


def test_every_page_stands_in_the_table():
    named = {pattern.name for pattern in _patterns(get_resolver().url_patterns) if pattern.name}
    shown = {shot.page for shot in SHOTS}

    assert sorted(named - shown - set(SHOWN_OTHERWISE)) == []
    assert sorted(set(SHOWN_OTHERWISE) - named) == []


def _patterns(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _patterns(pattern.url_patterns)
