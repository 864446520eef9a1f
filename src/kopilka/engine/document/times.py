"""How lengths of time, days, hours and moments stand in the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from kopilka.engine.document.kinds import BAD, Bad, Place, Schema, number_schema, read_number, scalar
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.period import Edge, Life

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
EDGES = tuple(edge.value for edge in Edge if edge is not Edge.NONE)
LIFE_MAXIMA = {"months": 1200, "days": 36_500, "hours": 876_000}


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A length of time: {months, days, hours, to_end_of}, or the one word that says there is none.

    `word` (forever, at_once) reads as the empty Life.
    """

    word: str = ""

    def read(self, node: object, place: Place) -> Life | Bad:
        if isinstance(node, str):
            return self._read_word(node, place)
        if not isinstance(node, dict):
            return place.wrong(ProblemCode.NOT_A_MAPPING)
        parts: dict[str, int] = {}
        edge = Edge.NONE
        good = True
        for key, value in node.items():
            spot = place.into(key)
            if key == "to_end_of":
                edge, good = _read_edge(value, spot, good=good)
            elif key in LIFE_MAXIMA:
                text = scalar(value, spot)
                count = BAD if isinstance(text, Bad) else read_number(text, spot, 0, 0, LIFE_MAXIMA[key])
                good = good and not isinstance(count, Bad)
                parts[key] = 0 if isinstance(count, Bad) else count
            else:
                near = place.nearest(key, (*LIFE_MAXIMA, "to_end_of"))
                spot.wrong(ProblemCode.UNKNOWN_KEY, key=key, suggestion=near)
                good = False
        life = Life(parts.get("months", 0), parts.get("days", 0), parts.get("hours", 0), edge)
        if good and life.is_empty and not (self.word == "at_once" and parts):
            return place.wrong(ProblemCode.LIFE_EMPTY)
        return life if good else BAD

    def _read_word(self, text: str, place: Place) -> Life | Bad:
        if self.word and text == self.word:
            return Life()
        if self.word:
            near = place.nearest(text, (self.word,))
            return place.wrong(ProblemCode.NOT_A_WORD, text=text, words=[self.word], suggestion=near)
        return place.wrong(ProblemCode.NOT_A_MAPPING)

    def schema(self) -> Schema:
        length: Schema = {"$ref": "#/$defs/life"}
        return {"anyOf": [{"const": self.word}, length]} if self.word else length


def life_schema() -> Schema:
    counts: Schema = {key: number_schema(0, 0, top) for key, top in LIFE_MAXIMA.items()}
    return {
        "type": "object",
        "description": "A length of time; to_end_of stretches it to the end of that calendar period.",
        "properties": {**counts, "to_end_of": {"enum": list(EDGES)}},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _read_edge(value: object, place: Place, *, good: bool) -> tuple[Edge, bool]:
    text = scalar(value, place)
    if isinstance(text, Bad):
        return Edge.NONE, False
    if text not in EDGES:
        place.wrong(ProblemCode.NOT_A_WORD, text=text, words=list(EDGES), suggestion=place.nearest(text, EDGES))
        return Edge.NONE, False
    return Edge(text), good


@dataclass(frozen=True, slots=True)
class Day:
    """A date: 2026-01-31."""

    def read(self, node: object, place: Place) -> date | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        return read_date(text, place)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{DATE.pattern}$"}


def read_date(text: str, place: Place) -> date | Bad:
    found = DATE.fullmatch(text)
    if not found:
        return place.wrong(ProblemCode.NOT_A_DATE, text=text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:  # 30 February
        return place.wrong(ProblemCode.NOT_A_DATE, text=text)


@dataclass(frozen=True, slots=True)
class Moment:
    """A local moment without its zone: 2026-01-31 18:00. `date_alone`: a date is its midnight, else it is refused."""

    date_alone: bool = True

    def read(self, node: object, place: Place) -> datetime | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        day_text, _, time_text = text.partition(" ")
        if not time_text and DATE.fullmatch(text) and not self.date_alone:
            return place.wrong(ProblemCode.UNTIL_WITHOUT_TIME, text=text)
        found = TIME.fullmatch(time_text or "00:00")
        if not DATE.fullmatch(day_text) or not found or text.endswith(" "):
            return place.wrong(ProblemCode.NOT_A_MOMENT, text=text)
        day = read_date(day_text, place)
        if isinstance(day, Bad):
            return BAD
        return datetime(day.year, day.month, day.day, int(found[1]), int(found[2]))  # noqa: DTZ001  (zone comes later)

    def schema(self) -> Schema:
        time = f" {TIME.pattern}"
        return {"type": "string", "pattern": f"^{DATE.pattern}{f'({time})?' if self.date_alone else time}$"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, read as minutes since midnight: 18:00 is 1080."""

    def read(self, node: object, place: Place) -> int | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if text == "24:00":
            return 0
        found = TIME.fullmatch(text)
        if not found:
            return place.wrong(ProblemCode.NOT_A_TIME, text=text)
        return int(found[1]) * 60 + int(found[2])

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^({TIME.pattern}|24:00)$"}


CRON_FIELD = re.compile(r"(\*|[0-9a-z]+(-[0-9a-z]+)?)(/[0-9]+)?(,(\*|[0-9a-z]+(-[0-9a-z]+)?)(/[0-9]+)?)*")
CRON_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
CRON_NAMES = frozenset(
    {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
    | {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
)


@dataclass(frozen=True, slots=True)
class Cron:
    """Moments that come again and again: minute, hour, day, month and weekday as cron writes them."""

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        fields = text.lower().split()
        if len(fields) != len(CRON_RANGES) or not all(map(_fits_cron, fields, CRON_RANGES)):
            return place.wrong(ProblemCode.NOT_A_CRON, text=text)
        return " ".join(fields)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\S+( \S+){4}$"}


def _fits_cron(text: str, bounds: tuple[int, int]) -> bool:
    if not CRON_FIELD.fullmatch(text):
        return False
    words = [word for part in text.split(",") for word in part.split("/")[0].split("-") if word != "*"]
    steps = [part.split("/")[1] for part in text.split(",") if "/" in part]
    low, high = bounds
    within = all(word in CRON_NAMES if not word.isdecimal() else low <= int(word) <= high for word in words)
    return within and all(0 < int(step) <= high for step in steps)


LIFE = Lifetime()
FOREVER = Lifetime(word="forever")
AT_ONCE = Lifetime(word="at_once")
