"""From the values read out of a document to automations, shares, goals, gifts, segments, links and the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from kopilka.engine.certificate_kinds import CertificateKind
from kopilka.engine.document.building_parts import Read, earns, names, units, window, zone_of
from kopilka.engine.document.checks import Values, section
from kopilka.engine.mechanics import (
    NO_BOUNDS,
    Added,
    Automation,
    Bounds,
    Budget,
    ClubService,
    Each,
    Give,
    Goal,
    Grant,
    Limit,
    Mechanics,
    On,
    Others,
    Person,
    Share,
    Split,
    SplitFor,
    To,
    Trigger,
    Unlock,
    Whose,
    Years,
)
from kopilka.engine.mechanics_things import Family, Gift, Link, Partner, Question, Referral, Segment, Transfers
from kopilka.engine.period import Life
from kopilka.engine.points import PointsCurrency

Points = dict[str, PointsCurrency]

ACTIONS: dict[str, Callable[[Any], object]] = {}
"""How actions that extensions have added are made of what stands under their keys."""


def build_mechanics(document: Values, points: Points) -> Mechanics:
    zone = zone_of(document)

    def made(name: str, make: Any) -> dict[str, Any]:
        return {code: make(code, cast("Read", said)) for code, said in section(document, name).items()}

    referral = cast("Read | None", document.get("referral"))
    return Mechanics(
        automations=made("automations", lambda code, said: _automation(code, said, points, zone)),
        shares=made("shares", lambda code, said: _share(code, said, points, zone)),
        goals=made("goals", lambda code, said: _goal(code, said, points)),
        gifts=made("gifts", lambda code, said: _gift(code, said, points, zone)),
        segments=made("segments", _segment),
        links=made("links", lambda code, said: _link(code, said, zone)),
        referral=None if referral is None else _referral(referral),
        partners=made("partners", _partner),
        club=made("club", _club),
        profile=made("profile", _question),
        certificates=made("certificates", _certificate),
        transfers=_transfers(cast("Read | None", document.get("transfers")), points),
        family=_family(cast("Read | None", document.get("family"))),
    )


def bounds_of(said: Read, points: Points) -> Bounds:
    """What limits a rule, in the smallest units of the points of its budget."""
    limits = tuple(
        Limit(one["times"], Whose(one.get("each", Whose.MEMBER)), one.get("within", Life()))
        for one in said.get("limit", ())
    )
    found = Bounds(limits, _budget(said.get("budget"), points), said.get("holdout", 0))
    return NO_BOUNDS if found.is_empty else found


def _budget(said: Read | None, points: Points) -> Budget | None:
    if said is None:
        return None
    currency = said.get("in") or next(iter(points), "")
    given = units(said["points"], points[currency]) if "points" in said else None
    return Budget(said.get("money"), given, currency if given is not None else "", said.get("within", Life()))


def _automation(code: str, said: Read, points: Points, zone: Any) -> Automation:
    ru, en = names(said)
    mark = said.get("mark", {})
    return Automation(
        code=code,
        trigger=_trigger(said["event"]),
        name_ru=ru,
        name_en=en,
        window=window(said, zone),
        branches=said.get("branches", ()),
        when=said.get("when"),
        lines=said.get("lines"),
        wait=said.get("wait", Life()),
        late=said.get("late", Life(days=3)),
        grants=tuple(_grant(one, points) for one in said.get("grant", ())),
        unlocks=tuple(
            Unlock(promotion, one.get("for", Life()), one.get("times", 0))
            for promotion, one in said.get("unlock", {}).items()
        ),
        gives=tuple(
            Give(one.get("gift", ""), one.get("coupon", ""), one.get("quantity", 1), one.get("life"))
            for one in said.get("give", ())
        ),
        tags_on=mark.get("add", ()),
        tags_off=mark.get("remove", ()),
        put_into=said.get("put_into", ()),
        take_out_of=said.get("take_out_of", ()),
        tier=said.get("tier", ""),
        added=tuple(Added(key, ACTIONS[key](value)) for key, value in said.items() if key in ACTIONS),
        send=said.get("send", ""),
        call=said.get("call", ""),
        bounds=bounds_of(said, points),
        take_back=said.get("on_return") == "take_back",
    )


def _trigger(said: str | Read) -> Trigger:
    if isinstance(said, str):
        return Trigger(On(said))
    ((key, value),) = said.items()
    match key:
        case "date":
            days = value.get("after", 0) - value.get("before", 0)
            years = Years(value.get("years", Years.HUMAN))
            return Trigger(On.DATE, value["of"], days, value.get("age"), years, value.get("at", 600))
        case "calendar":
            return Trigger(On.CALENDAR, minute=value.get("at", 600), day=value.get("date"), cron=value.get("cron", ""))
        case "quiet" | "expiring":
            return Trigger(On(key), life=value)
    return Trigger(On(key), name=value)


def _grant(said: Read, points: Points) -> Grant:
    currency = points[said.get("in") or next(iter(points))]
    return Grant(
        currency=currency.code,
        units=units(said.get("points", 0), currency),
        percent=said.get("percent", 0),
        life=said.get("life"),
        starts_after=said.get("starts_after"),
        to=Person(said.get("to", Person.MEMBER)),
        level=said.get("level", 1),
    )


def _share(code: str, said: Read, points: Points, zone: Any) -> Share:
    ru, en = names(said)
    return Share(
        code=code,
        to=To(said["to"]),
        earns=earns(said, points),
        name_ru=ru,
        name_en=en,
        window=window(said, zone),
        branches=said.get("branches", ()),
        level=said.get("level", 1),
        partner=said.get("partner", ""),
        when=said.get("when"),
        lines=said.get("lines"),
        first=said.get("first", 0),
        splits=tuple(_split(name, one, points) for name, one in said.get("splits", {}).items()),
        funded_by=said.get("funded_by", ""),
        bounds=bounds_of(said, points),
    )


def _split(code: str, said: Read, points: Points) -> Split:
    holds = said.get("for", SplitFor.NEXT_SALE)
    by_time = isinstance(holds, Life)
    return Split(
        code,
        said["segment"],
        said.get("buyer_discount", 0),
        earns(said, points),
        SplitFor.ALWAYS if by_time else SplitFor(holds),
        holds if by_time else Life(),
    )


def _goal(code: str, said: Read, points: Points) -> Goal:
    ru, en = names(said)
    currency = said.get("in") or next(iter(points), "")
    return Goal(
        code=code,
        each=Each(said["each"]),
        premium_minor=said["premium"],
        name_ru=ru,
        name_en=en,
        branches=said.get("branches", ()),
        units=units(said["points"], points[currency]) if "points" in said else None,
        currency=currency if "points" in said else "",
        enrolments=said.get("enrolments"),
        named_share=said.get("named_share"),
        reset=said.get("reset", True),
    )


def _gift(code: str, said: Read, points: Points, zone: Any) -> Gift:
    ru, en = names(said)
    return Gift(
        code=code,
        sku=said["sku"],
        name_ru=ru,
        name_en=en,
        quantity=said.get("quantity", 1),
        prices={currency: units(price, points[currency]) for currency, price in said.get("for", {}).items()},
        cash_minor=said.get("with", 0),
        code_needed=said.get("code_needed", True),
        life=said.get("life", Life()),
        stock=said.get("stock"),
        window=window(said, zone),
        branches=said.get("branches", ()),
        tiers=said.get("tier", ()),
        auto=said.get("auto", False),
        picture=said.get("picture", ""),
    )


def _segment(code: str, said: Read) -> Segment:
    ru, en = names(said)
    return Segment(code, ru, en, said.get("when"), said.get("by", ""), said.get("life", Life()))


def _link(code: str, said: Read, zone: Any) -> Link:
    ru, en = names(said)
    mark = said.get("mark", {})
    return Link(
        code, ru, en, window(said, zone), said.get("segment", ""), mark.get("add", ()), mark.get("remove", ()),
        said.get("partner", ""), said.get("cost", 0), said.get("limit", 0),
    )  # fmt: skip


def _certificate(code: str, said: Read) -> CertificateKind:
    ru, en = names(said)
    return CertificateKind(
        code, said["skus"], ru, en, said.get("values", ()), said.get("life", Life()), said.get("top_up", False),
        said.get("refund", True), said.get("pin", False),
    )  # fmt: skip


def _referral(said: Read) -> Referral:
    return Referral(said.get("code") == "letters", said.get("levels", 1), said.get("until_first_purchase", False))


def _partner(code: str, said: Read) -> Partner:
    ru, en = names(said)
    return Partner(
        code, ru, en, said.get("branches", ()), said.get("gives", ()), said.get("takes", ()), said.get("fee", 0)
    )


def _club(code: str, said: Read) -> ClubService:
    ru, en = names(said)
    limits = bounds_of(said, {}).limits
    others = Others(said.get("others", Others.REFUSED))
    return ClubService(code, said["when"], ru, en, said.get("cost", 0), limits, said.get("lines"), others)


def _transfers(said: Read | None, points: Points) -> Transfers | None:
    """The bounds are said in whole points and hold for each of the currencies alike."""
    if said is None:
        return None
    codes = said["in"]
    scale = points[codes[0]]
    each_day = units(said["each_day"], scale) if "each_day" in said else None
    return Transfers(codes, max(1, units(said.get("at_least", 0), scale)), each_day, said.get("fee", 0))


def _family(said: Read | None) -> Family | None:
    return None if said is None else Family(said.get("size", 5))


def _question(code: str, said: Read) -> Question:
    ru, en = names(said)
    return Question(
        code, said["kind"], ru, en, said.get("choices", ()), said.get("required", False), said.get("many", False)
    )
