"""From the word that shares are due, or to be taken back, to one deed for each who gets them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.deeds import DeedKind, Planned, plan_deeds
from kopilka.bookkeeping.documents import decision_from_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.purchases import Purchase
from kopilka.engine.decision import SharePlan
from kopilka.engine.mechanics import To


def plan_shares(program_id: UUID, events: Sequence[Happened]) -> None:
    """One deed for each rule and member. A purchase is one cause for ever, each return another one."""
    shares = _shares_of(program_id, {event.subject_id for event in events if event.subject_id})
    accounts = accounts_of(program_id, (plan for some in shares.values() for plan in some))
    plan_deeds(program_id, [one for event in events for one in _planned(event, shares, accounts)])


def _shares_of(program_id: UUID, purchases: set[UUID]) -> dict[UUID, list[SharePlan]]:
    rows = Purchase.objects.of(program_id).filter(id__in=purchases).values_list("id", "decision")
    decisions = {key: decision_from_text(text) for key, text in rows}
    return {key: one.beyond.shares if one.beyond else [] for key, one in decisions.items()}


def _planned(
    event: Happened, shares: dict[UUID, list[SharePlan]], accounts: dict[tuple[str, str], UUID]
) -> list[Planned]:
    assert event.subject_id is not None, "shares are always of a purchase"
    cause = event.subject_id if event.kind == EventKind.SHARES_DECIDED else event.id
    return [
        Planned(
            DeedKind.SHARE, plan.rule, str(cause), accounts[plan.to, plan.who], event.at,
            about=event.member_id, subject=event.subject_id, payload=json.dumps({"to": plan.to, "who": plan.who}),
        )
        for plan in sorted(shares[event.subject_id], key=lambda plan: (plan.to, plan.who, plan.rule))
        if (plan.to, plan.who) in accounts
    ]  # fmt: skip


def accounts_of(program_id: UUID, shares: Iterable[SharePlan]) -> dict[tuple[str, str], UUID]:
    """Whose wallets hold what each gets, by kind and code; whoever has no account is absent."""
    named = {(plan.to, plan.who) for plan in shares}
    found = {(to, who): UUID(who) for to, who in named if to == To.INVITER}
    codes: dict[str, set[str]] = {}
    for to, who in named:
        if to != To.INVITER:
            codes.setdefault(to, set()).add(who)
    if codes:
        any_of = Q()
        for to, some in codes.items():
            any_of |= Q(kind=to, code__in=some)
        rows = Beneficiary.objects.of(program_id).filter(any_of)
        found |= {(kind, code): account for kind, code, account in rows.values_list("kind", "code", "account_id")}
    return found
