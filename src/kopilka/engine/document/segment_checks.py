"""How segments fit together: no circles of conditions, and nobody is put into one that has a condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from kopilka.engine.conditions import Condition
from kopilka.engine.document.kinds import Place
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.segments import live_order

Records = Mapping[str, Mapping[str, object]]


def check_segments(segments: Records, automations: Records, links: Records, place: Place) -> None:
    live = {code: cast("Condition", said["when"]) for code, said in segments.items() if said.get("when") is not None}
    _, circle = live_order(live)
    for code in circle:
        spot = place.into("segments").into(code).into("when")
        spot.wrong(ProblemCode.SEGMENT_CIRCLE, segments=circle)
    for code in live:
        if "life" in segments[code]:
            place.into("segments").into(code).into("life").wrong(ProblemCode.LIFE_OF_LIVE, segment=code)
    for code, rule in automations.items():
        for key in ("put_into", "take_out_of"):
            named = cast("tuple[str, ...]", rule.get(key) or ())
            for index, segment in enumerate(named):
                spot = place.into("automations").into(code).into(key)
                _must_have_no_condition(segment, live, spot.item(index) if len(named) > 1 else spot)
    for code, link in links.items():
        _must_have_no_condition(link.get("segment"), live, place.into("links").into(code).into("segment"))


def _must_have_no_condition(segment: object, live: Mapping[str, Condition], place: Place) -> None:
    if segment in live:
        place.wrong(ProblemCode.NOT_PUT_INTO, segment=segment)
