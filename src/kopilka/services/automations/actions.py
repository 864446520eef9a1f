"""What an automation does for the member of its event beside giving points, each by the room that owns it.

An action that cannot be done (a gift out of stock) refuses before it has changed anything; the others are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kopilka.bookkeeping.coupon_codes import issue_coupon
from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.gifts import give_gift
from kopilka.bookkeeping.privileges import unlock
from kopilka.bookkeeping.segment_actions import put_member_into, take_member_out_of
from kopilka.bookkeeping.tier_changes import move_to_tier
from kopilka.engine.extending import ACTS
from kopilka.engine.mechanics import Automation
from kopilka.engine.refusal import Refusal

Action = Callable[[Doing, Any], None]


def mark(doing: Doing, tags: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Put tags on the member and take others off."""
    on, off = tags
    standing = doing.known.standing
    marked = (standing.tags | frozenset(on)) - frozenset(off)
    if marked != standing.tags:
        standing.tags = marked
        doing.outcome.marks[doing.deed.member_id] = doing.known


def lift(doing: Doing, tier: str) -> None:
    """Move the member to a tier, up or down."""
    move_to_tier(doing, tier, why=doing.deed.rule)


ACTIONS: Mapping[str, Action] = {
    "mark": mark,
    "put_into": put_member_into,
    "take_out_of": take_member_out_of,
    "coupon": issue_coupon,
    "gift": give_gift,
    "unlock": unlock,
    "tier": lift,
}
"""By what stands in the document; beside them the ACTS of extensions."""


def act(doing: Doing, automation: Automation) -> tuple[int, list[str]]:
    """Do all of it; how many were done, and of each other one why not."""
    done, refused = 0, []
    for name, what in _asked(automation):
        try:
            (ACTIONS.get(name) or ACTS[name])(doing, what)
        except Refusal as refusal:
            refused.append(f"{name}: {refusal}")
        else:
            done += 1
    return done, refused


def _asked(automation: Automation) -> Iterator[tuple[str, Any]]:
    if automation.tags_on or automation.tags_off:
        yield "mark", (automation.tags_on, automation.tags_off)
    for segment in automation.put_into:
        yield "put_into", segment
    for segment in automation.take_out_of:
        yield "take_out_of", segment
    for give in automation.gives:
        yield ("gift" if give.gift else "coupon"), give
    for opened in automation.unlocks:
        yield "unlock", opened
    if automation.tier:
        yield "tier", automation.tier
    for added in automation.added:
        yield added.action, added.value
