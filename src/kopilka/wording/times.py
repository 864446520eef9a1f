"""Lengths of time, days of the week, hours and windows as people say them: "12 месяцев", "по 08.03.2026"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo

from kopilka.engine.period import Edge, Hours, Life, Window
from kopilka.engine.spans import Period, Span
from kopilka.wording.amounts import SPACE, day, moment, whole
from kopilka.wording.languages import Language
from kopilka.wording.nouns import Noun

YEAR, MONTH, DAY, HOUR = "year", "month", "day", "hour"
_UNITS = {
    YEAR: (Noun("год", "года", "лет"), Noun("year", "years", "years")),
    MONTH: (Noun("месяц", "месяца", "месяцев"), Noun("month", "months", "months")),
    DAY: (Noun("день", "дня", "дней"), Noun("day", "days", "days")),
    HOUR: (Noun("час", "часа", "часов"), Noun("hour", "hours", "hours")),
}
_EDGES = {
    Edge.DAY: ("до конца дня", "to the end of the day"),
    Edge.WEEK: ("до конца недели", "to the end of the week"),
    Edge.MONTH: ("до конца месяца", "to the end of the month"),
    Edge.YEAR: ("до конца года", "to the end of the year"),
}
_PERIODS = {
    Period.MONTH: ("за календарный месяц", "in a calendar month"),
    Period.QUARTER: ("за календарный квартал", "in a calendar quarter"),
    Period.YEAR: ("за календарный год", "in a calendar year"),
}
_WEEKDAYS = (
    ("понедельникам", "Mondays"),
    ("вторникам", "Tuesdays"),
    ("средам", "Wednesdays"),
    ("четвергам", "Thursdays"),
    ("пятницам", "Fridays"),
    ("субботам", "Saturdays"),
    ("воскресеньям", "Sundays"),
)
_WORKDAYS, _WEEKEND = frozenset(range(5)), frozenset({5, 6})
MONTHS_OF_YEAR = 12
MINUTES_OF_HOUR = 60
MINUTES_OF_DAY = 1_440


def counted(number: int, russian: Noun, english: Noun, language: Language) -> str:
    """A whole number with its word: "3 покупки"."""
    noun = russian if language is Language.RU else english
    return f"{whole(number, language)}{SPACE}{noun.after(number, language)}"


def time_text(number: int, unit: str, language: Language) -> str:
    """14 дней; 14 days."""
    return counted(number, *_UNITS[unit], language)


def life_text(life: Life, language: Language) -> str:
    """A length of time; empty for an empty one. In Russian it also follows "за" and "на"."""
    place = 0 if language is Language.RU else 1
    years, months = divmod(life.months, MONTHS_OF_YEAR)
    if months:
        years, months = 0, life.months
    lengths = ((years, YEAR), (months, MONTH), (life.days, DAY), (life.hours, HOUR))
    parts = [time_text(number, unit, language) for number, unit in lengths if number]
    if life.to_end_of is not Edge.NONE:
        parts.append(_EDGES[life.to_end_of][place])
    return listed(parts, language)


def span_text(span: Span, language: Language) -> str:
    """Over which stretch of time something counts: "за 12 месяцев"; empty for all time."""
    place = 0 if language is Language.RU else 1
    if span.this is not None:
        return _PERIODS[span.this][place]
    life = life_text(span.life, language)
    return (f"за {life}" if place == 0 else f"within {life}") if life else ""


def weekdays_text(days: Collection[int], language: Language) -> str:
    """0 is Monday: "по пятницам", "по будням"."""
    russian = language is Language.RU
    if set(days) == _WORKDAYS:
        return "по будням" if russian else "on weekdays"
    if set(days) == _WEEKEND:
        return "по выходным" if russian else "at weekends"
    names = [_WEEKDAYS[one][0 if russian else 1] for one in sorted(set(days))]
    return f"по {listed(names, language)}" if russian else f"on {listed(names, language)}"


def hours_text(hours: Hours, language: Language) -> str:
    """The whole day is not worth a word."""
    if hours.start == hours.end:
        return ""
    begin, end = clock(hours.start), clock(hours.end or MINUTES_OF_DAY)
    return f"с {begin} до {end}" if language is Language.RU else f"from {begin} to {end}"


def clock(minute: int) -> str:
    """A minute of the day: 7:00."""
    return "{}:{:02d}".format(*divmod(minute, MINUTES_OF_HOUR))


def window_text(window: Window, zone: tzinfo, language: Language, at: datetime | None = None) -> str:
    """From when until when, the last day said as people do; what has begun by `at` has no beginning to be told."""
    russian = language is Language.RU
    start = None if window.start and at and window.start <= at else window.start
    if start is None and window.end is None:
        return ""
    whole_days = _is_midnight(start, zone) and _is_midnight(window.end, zone)
    begin = "" if start is None else _shown(start, zone, language, whole_days=whole_days)
    if window.end is None:
        return f"с {begin}" if russian else f"from {begin}"
    last = window.end - timedelta(microseconds=1) if whole_days else window.end
    end = _shown(last, zone, language, whole_days=whole_days)
    closing = ("по" if russian else "through") if whole_days else ("до" if russian else "until")
    opening = f"{'с' if russian else 'from'} {begin} " if begin else ""
    return f"{opening}{closing} {end}"


def listed(parts: Collection[str], language: Language, last: str = "") -> str:
    """A, B и C."""
    joint = f" {last or ('и' if language is Language.RU else 'and')} "
    *first, end = parts or [""]
    return f"{', '.join(first)}{joint}{end}" if first else end


def _is_midnight(at: datetime | None, zone: tzinfo) -> bool:
    if at is None:
        return True
    local = at.astimezone(zone)
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _shown(at: datetime, zone: tzinfo, language: Language, *, whole_days: bool) -> str:
    return day(at.astimezone(zone).date(), language) if whole_days else moment(at, zone, language)
