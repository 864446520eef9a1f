"""Ready programs to start from: rulebooks with comments and tests, shipped with the package."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal

FOLDER = files("kopilka.services") / "rulebooks"
SUFFIX = ".yaml"


@cache
def template_names() -> tuple[str, ...]:
    """The templates there are, in the order of the alphabet."""
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in FOLDER.iterdir() if file.name.endswith(SUFFIX)))


def template_text(name: str) -> str:
    """A template as it is shipped; `not_found` (template) when there is none of this name."""
    if name not in template_names():
        raise Refusal(Code.NOT_FOUND, what="template")
    return (FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def template_summary(name: str) -> str:
    """What it is, in one line: its first comment."""
    return template_text(name).partition("\n")[0].lstrip("# ")


def from_template(name: str, *, program: str = "", currency: str = "RUB", timezone: str = "Europe/Moscow") -> str:
    """The text of a rulebook for a new program; its comments and tests stay.

    An empty `program` keeps the template's name. `invalid` (currency or timezone) when nobody knows it.
    """
    if currency not in CURRENCY_DIGITS:
        raise Refusal(Code.INVALID, field="currency", reason="unknown")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Refusal(Code.INVALID, field="timezone", reason="unknown") from None
    text = _with_head(template_text(name), "money", currency)
    text = _with_head(text, "timezone", timezone)
    return _with_head(text, "program", json.dumps(program, ensure_ascii=False)) if program else text


def _with_head(text: str, key: str, value: str) -> str:
    """Every template writes its head as one line per key at the left margin."""
    return re.sub(rf"^{key}: .*$", lambda _: f"{key}: {value}", text, count=1, flags=re.MULTILINE)
