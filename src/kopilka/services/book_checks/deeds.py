"""What others got is what was decided and is not returned (I23); a deed that says points has its operation (I24)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.sharing.posting import as_sold
from kopilka.engine.returned import Returned, earned_by
from kopilka.queries import deeds
from kopilka.services.book_checks.finding import Finding, finding


def shares_are_what_was_decided(program_id: UUID) -> Iterator[Finding]:
    """Returns are compared once nothing of the purchase waits to be posted."""
    for share, rule, to, level, currency, units, taken, lots, waits, text, undone in deeds.shares_of_purchases(
        program_id
    ):
        if text is None:
            yield finding("share_of_nothing", share=share)
            continue
        decision = decision_from_text(text)
        plans = [
            plan
            for plan in (decision.beyond.shares if decision.beyond else ())
            if (plan.rule, plan.to, plan.level, plan.currency) == (rule, to, level, currency)
        ]
        decided = sum(plan.units for plan in plans)
        if units != decided:
            yield finding("share_not_as_decided", share=share, given=units, decided=decided)
            continue
        made = deeds.amounts_of_lots(program_id, json.loads(lots))
        if made != units:
            yield finding("share_not_its_lots", share=share, given=units, lots=made)
        lines = from_text(undone, Returned).lines if undone else {}
        back = earned_by(as_sold(decision, plans), lines, currency)
        if not waits and taken != back:
            yield finding("share_not_its_returns", share=share, taken=taken, returned=back)
    for deed, purchase, rule in deeds.shares_not_posted(program_id):
        yield finding("share_not_posted", deed=deed, purchase=purchase, rule=rule)


def deeds_did_what_they_say(program_id: UUID) -> Iterator[Finding]:
    for deed, rule, units, operation in deeds.deeds_without_operation(program_id):
        yield finding("deed_without_operation", deed=deed, rule=rule, units=units, operation=operation)
    for deed, rule, state in deeds.deeds_not_done(program_id):
        yield finding("deed_not_done", deed=deed, rule=rule, state=state)
