"""How the places of coupons fit together: words that differ, binding that binds something, codes nobody guesses."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.engine.coupons import normal_word, rare_codes
from kopilka.engine.document.kinds import Place
from kopilka.engine.document.problems import ProblemCode

Values = dict[str, object]


def check_coupons(coupons: Mapping[str, Values], tests: Mapping[str, Values], place: Place) -> None:
    _check_words(coupons, place.into("coupons"))
    for code, coupon in coupons.items():
        spot = place.into("coupons").into(code)
        if "words" in coupon:
            _check_binding(code, coupon, spot)
        else:
            _advise_on_series(code, coupon.get("series"), spot.into("series"))
    for name, test in tests.items():
        _check_member(coupons, test.get("member"), place.into("tests").into(name).into("member"))


def _check_words(coupons: Mapping[str, Values], place: Place) -> None:
    taken: dict[str, str] = {}
    for code, coupon in coupons.items():
        words = coupon.get("words")
        for word in words if isinstance(words, tuple) else ():
            other = taken.setdefault(normal_word(str(word)), code)
            if other != code:
                place.into(code).into("words").wrong(ProblemCode.COUPON_WORD_TAKEN, word=word, other=other)


def _check_binding(code: str, coupon: Values, place: Place) -> None:
    for key in ("bind", "by_itself"):
        if coupon.get(key):
            place.into(key).wrong(ProblemCode.NEEDS_SERIES, coupon=code)


def _advise_on_series(code: str, series: object, place: Place) -> None:
    if not isinstance(series, dict) or not isinstance(count := series.get("count"), int):
        return
    limit = rare_codes(series.get("length", 8), letters=series.get("letters", True))
    if limit is not None and count > limit:
        place.wrong(ProblemCode.SERIES_GUESSABLE, coupon=code, count=count, limit=limit)


def _check_member(coupons: Mapping[str, Values], member: object, place: Place) -> None:
    """Only a coupon of a series can be somebody's."""
    for code in member.get("coupons", ()) if isinstance(member, dict) else ():
        if code in coupons and "words" in coupons[code]:
            place.into("coupons").wrong(ProblemCode.NEEDS_SERIES, coupon=code)
