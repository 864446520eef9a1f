"""How the places of a document fit together: codes that exist, figures that make sense, advice to the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kopilka.engine.document.coupon_checks import check_coupons
from kopilka.engine.document.gift_checks import check_gifts
from kopilka.engine.document.kinds import Notebook, Place, written
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.document.segment_checks import check_segments
from kopilka.engine.document.share_checks import check_shares
from kopilka.engine.document.tier_checks import check_tiers

Values = dict[str, object]


def section(document: Values, name: str) -> dict[str, Values]:
    """The records of a section that could be read."""
    found = document.get(name)
    return {key: value for key, value in found.items() if isinstance(value, dict)} if isinstance(found, dict) else {}


def check_document(document: Values, place: Place) -> None:
    _check_links(place.notebook)
    _check_points(document, place)
    check_tiers(section(document, "tiers"), document, place)
    _check_promotions(document, place)
    check_coupons(section(document, "coupons"), section(document, "tests"), place)
    _check_windows(document, place)
    check_shares(section(document, "shares"), place)
    check_gifts(section(document, "points"), section(document, "gifts"), place)
    check_segments(section(document, "segments"), section(document, "automations"), section(document, "links"), place)
    _check_unused(place)


def _check_links(notebook: Notebook) -> None:
    for place, name, text in notebook.links:
        known = notebook.codes.get(name, ())
        if text not in known:
            place.wrong(ProblemCode.UNKNOWN_CODE, section=name, text=text, suggestion=place.nearest(text, known))


def _check_points(document: Values, place: Place) -> None:
    spending = section(document, "spending")
    for code, currency in section(document, "points").items():
        spot = place.into("points").into(code)
        if currency.get("carry") and currency.get("round", "down") != "down":
            spot.into("carry").wrong(ProblemCode.CARRY_NEEDS_DOWN)
        if not currency.get("worth") and code in spending:
            place.into("spending").into(code).wrong(ProblemCode.WORTHLESS, currency=code)
        if currency.get("worth"):
            _advise_on_points(code, currency, spot, can_pay=code in spending)
    for code, rules in spending.items():
        for key in ("step", "at_least"):
            check_fine(rules.get(key), code, place.into("spending").into(code).into(key))


def _advise_on_points(code: str, currency: Values, spot: Place, *, can_pay: bool) -> None:
    if not can_pay:
        spot.wrong(ProblemCode.CANNOT_BE_SPENT, currency=code)
    elif "starts_after" not in currency:  # whoever writes at_once has thought of it
        spot.wrong(ProblemCode.NO_RETURN_WINDOW, currency=code)


def check_fine(hundredths: object, currency: str, place: Place) -> None:
    """Complain when `hundredths` of a point is finer than the currency's smallest unit."""
    digits = place.notebook.decimals.get(currency, 2)
    if isinstance(hundredths, int) and hundredths % 10 ** (2 - digits):
        place.wrong(ProblemCode.POINTS_TOO_FINE, text=written(hundredths, 2), currency=currency, digits=digits)


def the_currency(record: Values, place: Place) -> str:
    """The points a record speaks of: named, or the only ones of the program. Empty with a problem written down."""
    named = record.get("in")
    known = place.notebook.codes.get("points", ())
    if isinstance(named, str):
        return named
    if len(known) == 1:
        return known[0]
    if known:
        place.wrong(ProblemCode.CURRENCY_UNSAID, known=list(known))
    else:
        place.wrong(ProblemCode.UNKNOWN_CODE, section="points", text="", suggestion="")
    return ""


def each_earn(document: Values, place: Place) -> Iterator[tuple[Values, Values, Place]]:
    """Every earn record with the record that holds it."""
    for name in ("promotions", "tiers", "shares"):
        for code, rule in section(document, name).items():
            given = rule.get("earn")
            spot = place.into(name).into(code).into("earn")
            earns: tuple[Values, ...] = given if isinstance(given, tuple) else ()
            for index, earn in enumerate(earns):
                yield rule, earn, spot.item(index) if len(earns) > 1 else spot
            splits = rule.get("splits")
            for split, said in splits.items() if isinstance(splits, dict) else ():
                for earn in said.get("earn") or ():
                    yield rule, earn, place.into(name).into(code).into("splits").into(split).into("earn")


def _check_promotions(document: Values, place: Place) -> None:
    for _, earn, spot in each_earn(document, place):
        currency = the_currency(earn, spot)
        for key in ("points", "at_most"):
            check_fine(earn.get(key), currency, spot.into(key))
        if "per" in earn and "points" not in earn:
            spot.into("per").wrong(ProblemCode.AT_LEAST_ONE, keys=["points"])
        if "multiply" in earn:
            for key in ("life", "starts_after", "at_most"):
                if key in earn:
                    spot.wrong(ProblemCode.AT_MOST_ONE, keys=["multiply", key], given=["multiply", key])
    for code, rule in section(document, "promotions").items():
        discount = rule.get("discount")
        if isinstance(discount, dict) and "per" in discount and "amount" not in discount:
            spot = place.into("promotions").into(code).into("discount").into("per")
            spot.wrong(ProblemCode.AT_LEAST_ONE, keys=["amount"])
    for code, rule in section(document, "automations").items():
        given = rule.get("grant")
        for grant in given if isinstance(given, tuple) else ():
            spot = place.into("automations").into(code).into("grant")
            check_fine(grant.get("points"), the_currency(grant, spot), spot.into("points"))


def _check_windows(document: Values, place: Place) -> None:
    for name in ("promotions", "coupons", "automations", "shares", "gifts", "links"):
        for code, rule in section(document, name).items():
            start, end = rule.get("from"), rule.get("until")
            if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
                spot = place.into(name).into(code).into("until")
                spot.wrong(ProblemCode.END_BEFORE_START, start=f"{start:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}")


def _check_unused(place: Place) -> None:
    used = {(name, text) for spot, name, text in place.notebook.links if not spot.path.startswith("tests.")}
    for name, code_of_problem in (("coupons", ProblemCode.COUPON_UNUSED), ("groups", ProblemCode.GROUP_UNUSED)):
        for code in place.notebook.codes.get(name, ()):
            if (name, code) not in used:
                key = "coupon" if name == "coupons" else "group"
                place.into(name).into(code).wrong(code_of_problem, **{key: code})
