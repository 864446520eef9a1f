"""A return takes back what automations had given in proportion to the goods, exactly, in any number of parts."""

from __future__ import annotations

from kopilka.bookkeeping.deeds import DeedKind, DeedState, Doing
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.lots import lots_made_by, read_lots
from kopilka.data.models.deeds import Deed
from kopilka.services.automations.bounds import give_back_budget
from kopilka.services.automations.causes import Sale, sale_of
from kopilka.services.automations.granting import is_by_line, settle
from kopilka.services.automations.plans import Plan, rules_in_force

GIVING = (DeedKind.AUTOMATION, DeedKind.PASS_ON)


def take_back(doing: Doing) -> None:
    """Bring what the rule gave the member for the purchase to where it should stand now."""
    deed = doing.deed
    sale = sale_of(doing.program_id, deed.subject)
    taken: dict[str, int] = {}
    rows = Deed.objects.of(doing.program_id).filter(
        subject=deed.subject, rule=deed.rule, member_id=deed.member_id, kind__in=GIVING, state=DeedState.DONE
    )
    for row in rows.order_by("id"):
        for currency, units in (_settle(doing, row, sale) if sale else {}).items():
            taken[currency] = taken.get(currency, 0) + units
    deed.currency = next(iter(sorted(taken)), "")
    deed.units = -taken.get(deed.currency, 0)
    if not taken:
        deed.state = DeedState.NOTHING


def _settle(doing: Doing, row: Deed, sale: Sale) -> dict[str, int]:
    plan = from_text(row.payload, Plan)
    rules = rules_in_force(doing.program_id, plan.version)
    if rules is None or not is_by_line(plan.owed) or (plan.returned and plan.returned.lines == sale.back):
        return {}
    standing = doing.known.standing
    own = [
        lot
        for currency in sorted({one.currency for one in plan.owed})
        for lot in lots_made_by(doing.program_id, standing, currency, row.operation_id)
    ]
    read_lots(doing.program_id, standing, plan.returned.taken if plan.returned else ())
    taken = settle(doing, rules[1], plan, sale, own)
    Deed.objects.of(doing.program_id).filter(id=row.id).update(payload=to_text(plan))
    automation = rules[1].mechanics.automations[row.rule]
    give_back_budget(
        doing.program_id, rules[1], automation, taken, (row.done_at or doing.at).astimezone(rules[1].zone).date()
    )
    return taken
