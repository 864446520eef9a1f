"""How gifts fit together: a price where one is needed, in whole units; points that stand for a gift do not pay."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.engine.document.kinds import Place, written
from kopilka.engine.document.problems import ProblemCode

Records = Mapping[str, Mapping[str, object]]


def check_gifts(points: Records, gifts: Records, place: Place) -> None:
    for code, currency in points.items():
        spot = place.into("points").into(code)
        if "partly" in currency and "gift" not in currency:
            spot.into("partly").wrong(ProblemCode.AT_LEAST_ONE, keys=["gift"])
        if currency.get("worth") and "gift" in currency:
            spot.wrong(ProblemCode.AT_MOST_ONE, keys=["worth", "gift"], given=["worth", "gift"])
    for code, gift in gifts.items():
        spot = place.into("gifts").into(code)
        prices = gift.get("for")
        for key in ("auto", "with"):
            if gift.get(key) and not prices:
                spot.into(key).wrong(ProblemCode.AT_LEAST_ONE, keys=["for"])
        for currency_code, price in prices.items() if isinstance(prices, dict) else ():
            _must_be_whole(currency_code, price, spot.into("for").into(currency_code))


def _must_be_whole(currency: str, hundredths: object, place: Place) -> None:
    digits = place.notebook.decimals.get(currency, 2)
    if isinstance(hundredths, int) and hundredths % 10 ** (2 - digits):
        place.wrong(ProblemCode.POINTS_TOO_FINE, text=written(hundredths, 2), currency=currency, digits=digits)
