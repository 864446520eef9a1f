import re

import pytest

from kopilka.engine.document.problems import ProblemCode
from kopilka.wording.languages import Language
from kopilka.wording.problem_texts import SENTENCES
from kopilka.wording.problems import problem_text


def test_every_problem_has_a_sentence():
    assert set(SENTENCES) == {code.value for code in ProblemCode}


@pytest.mark.parametrize("code", list(ProblemCode))
def test_both_languages_tell_the_same_figures(code):
    names = [set(re.findall(r"{(\w+)}", SENTENCES[code][language])) for language in Language]

    assert names[0] == names[1]


def test_problem_text_says_what_was_probably_meant():
    params = {"key": "whn", "suggestion": "when"}

    assert (
        problem_text("unknown_key", params, Language.RU) == "Неизвестный ключ «whn». Возможно, имелось в виду «when»."
    )
    assert problem_text("unknown_key", params, Language.EN) == "Unknown key “whn”. Did you mean “when”?"


def test_problem_text_stays_short_and_printable():
    told = problem_text("unknown_key", {"key": "a\x00" + "b" * 500, "suggestion": ""}, Language.EN)

    assert told == "Unknown key “a\ufffd" + "b" * 98 + "…”."
