"""What runs when: one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from kopilka.services.automations.moments import plan_moments
from kopilka.services.coupon_batches import expire_codes
from kopilka.services.deeds import do_due_deeds
from kopilka.services.expiry import (
    delete_old_codes,
    delete_old_quotes,
    expire_idle_points,
    release_due_holds,
    settle_due_lots,
)
from kopilka.services.forgetting import forget_what_is_over
from kopilka.services.gift_times import expire_gifts, fill_all_cards
from kopilka.services.kiosk_visits import forget_left_visits
from kopilka.services.outbox import handle_events
from kopilka.services.reversals import continue_reversals
from kopilka.services.sealing import seal_entries
from kopilka.services.segments.watching import watch_segments
from kopilka.services.staff import judge_goals
from kopilka.services.tier_reviews import review_due_tiers
from kopilka.services.webhooks.delivering import deliver_calls

Progress = Callable[[int], None]

Figures = dict[str, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a task for one program. `since`: when an earlier run that finished had begun; None: look at all."""

    program_id: UUID
    at: datetime
    since: datetime | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Task:
    """`by_clock`: things end by it, so it waits while the clocks disagree. All may be repeated and killed."""

    name: str
    every: timedelta
    run: Callable[[Turn], Figures]
    by_clock: bool = True


def release_holds(turn: Turn) -> Figures:
    return {"holds_released": release_due_holds(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def settle_lots(turn: Turn) -> Figures:
    done = settle_due_lots(program_id=turn.program_id, at=turn.at, since=turn.since, progress=turn.progress)
    return {"points_activated": sum(done.activated.values()), "points_expired": sum(done.expired.values())}


def expire_idle(turn: Turn) -> Figures:
    return {"idle_members": expire_idle_points(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def hand_out_events(turn: Turn) -> Figures:
    return {"events_handled": handle_events(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def look_for_moments(turn: Turn) -> Figures:
    return {"moments_planned": plan_moments(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def do_deeds(turn: Turn) -> Figures:
    return {"deeds_done": do_due_deeds(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def judge_staff(turn: Turn) -> Figures:
    return {"goals_reached": judge_goals(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def review_tiers(turn: Turn) -> Figures:
    return {"tiers_changed": review_due_tiers(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def call_webhooks(turn: Turn) -> Figures:
    private = settings.KOPILKA_WEBHOOKS_PRIVATE
    done = deliver_calls(program_id=turn.program_id, at=turn.at, private=private, progress=turn.progress)
    return {"webhooks_called": done}


def go_on_reversing(turn: Turn) -> Figures:
    return {"members_reversed": continue_reversals(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def seal(turn: Turn) -> Figures:
    done = seal_entries(program_id=turn.program_id, at=turn.at, since=turn.since, progress=turn.progress)
    return {"entries_sealed": done.entries}


def forget_quotes(turn: Turn) -> Figures:
    return {"quotes_deleted": delete_old_quotes(program_id=turn.program_id, at=turn.at)}


def forget_codes(turn: Turn) -> Figures:
    return {"codes_deleted": delete_old_codes(program_id=turn.program_id, at=turn.at)}


def forget_visits(turn: Turn) -> Figures:
    return {"visits_deleted": forget_left_visits(program_id=turn.program_id, at=turn.at)}


def forget_the_past(turn: Turn) -> Figures:
    deleted = forget_what_is_over(program_id=turn.program_id, at=turn.at, progress=turn.progress)
    return {"passed_rows_deleted": deleted}


def look_at_segments(turn: Turn) -> Figures:
    done = watch_segments(program_id=turn.program_id, at=turn.at, progress=turn.progress)
    return {"segment_stays_ended": done.ended, "segment_moves": done.moved}


def end_gifts(turn: Turn) -> Figures:
    ended = expire_gifts(program_id=turn.program_id, at=turn.at, progress=turn.progress)
    return {"gifts_expired": ended}


def fill_cards(turn: Turn) -> Figures:
    return {"cards_filled": fill_all_cards(program_id=turn.program_id, at=turn.at, progress=turn.progress)}


def end_coupons(turn: Turn) -> Figures:
    return {"coupons_expired": expire_codes(program_id=turn.program_id, at=turn.at)}


TASKS = (
    Task("holds", timedelta(seconds=15), release_holds),
    Task("lots", timedelta(minutes=1), settle_lots),
    Task("idle", timedelta(hours=1), expire_idle),
    Task("events", timedelta(seconds=1), hand_out_events, by_clock=False),
    Task("segments", timedelta(seconds=5), look_at_segments),
    Task("moments", timedelta(seconds=30), look_for_moments),
    Task("deeds", timedelta(seconds=1), do_deeds),
    Task("reversals", timedelta(seconds=5), go_on_reversing),
    Task("gifts", timedelta(minutes=1), end_gifts),
    Task("cards", timedelta(minutes=5), fill_cards),
    Task("goals", timedelta(minutes=5), judge_staff),
    Task("tiers", timedelta(minutes=1), review_tiers),
    Task("webhooks", timedelta(seconds=1), call_webhooks, by_clock=False),
    Task("seals", timedelta(minutes=1), seal, by_clock=False),
    Task("quotes", timedelta(minutes=5), forget_quotes),
    Task("codes", timedelta(hours=1), forget_codes),
    Task("coupons", timedelta(minutes=10), end_coupons),
    Task("visits", timedelta(minutes=5), forget_visits),
    Task("passing", timedelta(hours=6), forget_the_past),
)

LOOK_AT_ALL = timedelta(days=1)
"""How often a task forgets what earlier runs have seen: imports write points whose life was over at once."""
