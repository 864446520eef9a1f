"""From the word that shares are due, or to be taken back, to one deed for each who gets them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.deeds import DeedKind, Planned, plan_deeds
from kopilka.bookkeeping.documents import decision_from_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.purchases import Purchase
from kopilka.engine.decision import SharePlan
from kopilka.engine.mechanics import To


def plan_shares(program_id: UUID, event: Happened) -> None:
    """One deed for each rule and member. A purchase is one cause for ever, each return another one."""
    assert event.subject_id is not None, "shares are always of a purchase"
    texts = Purchase.objects.of(program_id).filter(id=event.subject_id).values_list("decision", flat=True)
    decision = decision_from_text(texts.get())
    shares = decision.beyond.shares if decision.beyond else []
    accounts = accounts_of(program_id, shares)
    cause = event.subject_id if event.kind == EventKind.SHARES_DECIDED else event.id
    plan_deeds(
        program_id,
        [
            Planned(
                DeedKind.SHARE, plan.rule, str(cause), accounts[plan.to, plan.who], event.at,
                about=event.member_id, subject=event.subject_id, payload=json.dumps({"to": plan.to, "who": plan.who}),
            )
            for plan in sorted(shares, key=lambda plan: (plan.to, plan.who, plan.rule))
            if (plan.to, plan.who) in accounts
        ],
        at=event.at,
    )  # fmt: skip


def accounts_of(program_id: UUID, shares: Iterable[SharePlan]) -> dict[tuple[str, str], UUID]:
    """Whose wallets hold what each gets, by kind and code; whoever has no account is absent."""
    named = {(plan.to, plan.who) for plan in shares}
    found = {(to, who): UUID(who) for to, who in named if to == To.INVITER}
    others = [Q(kind=to, code=who) for to, who in named if to != To.INVITER]
    if others:
        any_of = others[0]
        for one in others[1:]:
            any_of |= one
        rows = Beneficiary.objects.of(program_id).filter(any_of)
        found |= {(kind, code): account for kind, code, account in rows.values_list("kind", "code", "account_id")}
    return found
