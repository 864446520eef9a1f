"""Everything written can be read: WCAG AA for each pair of colours that a style puts together, in both themes."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from kopilka.web.colours import contrast, theme_css
from tests.house.tree import SOURCE

TOKENS = (SOURCE / "web" / "static" / "web" / "tokens.css").read_text()
GROUNDS = ("ground", "surface", "sunken")
LETTERS_MIN, LINES_MIN = 4.5, 3.0
COLOURS = ("#ffffff", "#000000", "#ffd600", "#00e676", "#2962ff", "#808080", "#d50000", "#7b1fa2", "#ffccbc", "#0e0f13")

_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*[;}]")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LETTERS = re.compile(r"(?:^|[;\s])color:\s*var\(--([\w-]+)\)")
_GROUND = re.compile(r"background(?:-color)?:\s*var\(--([\w-]+)\)")


def themes(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Names and values in the light and in the dark."""
    light, _, dark = re.sub(r"/\*.*?\*/", "", text).partition("@media")
    both = dict(_TOKEN.findall(light))
    return both, both | dict(_TOKEN.findall(dark))


def with_own_colour(colour: str) -> list[dict[str, str]]:
    return [house | own for house, own in zip(themes(TOKENS), themes(theme_css(colour)), strict=True)]


def pairs() -> Iterator[tuple[str, str, str]]:
    """Letters, ground and where: of one rule, or on each ground where the rule names none."""
    for path in sorted(SOURCE.glob("*/static/**/*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for selector, body in _RULE.findall(text):
            where = f"{path.name} {selector.strip()}"
            letters, ground = _LETTERS.findall(body), _GROUND.findall(body)
            for one in letters:
                if one.startswith("on-"):
                    ground = ground or [one.removeprefix("on-")]
                yield from ((one, under, where) for under in ground or GROUNDS)


def hard_to_read(theme: dict[str, str]) -> list[str]:
    return [
        f"{where}: {letters} on {ground} {contrast(theme[letters], theme[ground]):.2f}"
        for letters, ground, where in pairs()
        if letters in theme and ground in theme and contrast(theme[letters], theme[ground]) < LETTERS_MIN
    ]


@pytest.mark.parametrize("theme", themes(TOKENS), ids=["light", "dark"])
def test_letters_are_readable_on_what_they_stand(theme):
    assert hard_to_read(theme) == []


@pytest.mark.parametrize("colour", COLOURS)
def test_letters_stay_readable_in_a_programs_own_colour(colour):
    assert [wrong for theme in with_own_colour(colour) for wrong in hard_to_read(theme)] == []


@pytest.mark.parametrize("theme", themes(TOKENS), ids=["light", "dark"])
def test_edges_of_fields_and_the_focus_are_seen(theme):
    weak = [
        f"{line} on {ground}"
        for line, ground in product(("field-line", "focus", "accent", "bad"), GROUNDS[:2])
        if contrast(theme[line], theme[ground]) < LINES_MIN
    ]

    assert weak == []


def test_search_finds_pairs():
    """Without this, colours that are never wrong might be colours never looked at."""
    found = {(letters, ground) for letters, ground, _ in pairs()}

    assert {("on-accent", "accent"), ("bad", "bad-ground"), ("quiet", "surface"), ("accent", "accent-ground")} <= found


def test_contrast_is_that_of_the_guidelines():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
