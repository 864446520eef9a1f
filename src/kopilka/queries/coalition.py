"""A coalition in figures: what partners' points paid at each other's branches, acts, and points that are still out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from kopilka.data.models.ledger import Lot
from kopilka.data.models.shares import Acceptance, ClearingAct, LotIssuer
from kopilka.engine.clearing import ClearingLine
from kopilka.engine.coalition import partner_at
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class ActView:
    """A clearing act as stored; `document` is its text (JSON)."""

    id: UUID
    number: int
    since: datetime | None
    until: datetime
    made_at: datetime
    made_by: str
    document: str


@dataclass(frozen=True, slots=True)
class Liability:
    """Points of one issuer (empty: the owner of the program) that members hold; `minor`: what they can pay."""

    issuer: str
    currency: str
    units: int
    minor: int


def clearing_lines(
    program_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    act_id: UUID | None = None,
    open_only: bool = False,
) -> list[ClearingLine]:
    """Sums over [since, until) by issuer, acceptor and kind of points; of one act, or only what no act has settled."""
    rows = Acceptance.objects.of(program_id)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if act_id is not None:
        rows = rows.filter(act_id=act_id)
    if open_only:
        rows = rows.filter(act__isnull=True)
    sums = rows.values("issuer", "acceptor", "currency").annotate(
        points=Sum("units"), money=Sum("minor"), fees=Sum("fee_minor"), count=Count("id")
    )
    return [
        ClearingLine(
            row["issuer"], row["acceptor"], row["currency"], row["points"], row["money"], row["fees"], row["count"]
        )
        for row in sums
    ]


def clearing_act(program_id: UUID, number: int) -> ActView:
    """`not_found` (clearing_act)."""
    with reading(program_id):
        row = ClearingAct.objects.of(program_id).filter(number=number).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="clearing_act")
    return act_view(row)


def clearing_acts(program_id: UUID, *, before: int | None = None, limit: int = 50) -> list[ActView]:
    """The newest first."""
    with reading(program_id):
        rows = ClearingAct.objects.of(program_id).order_by("-number")
        if before is not None:
            rows = rows.filter(number__lt=before)
        return [act_view(row) for row in rows[:limit]]


def act_view(row: ClearingAct) -> ActView:
    return ActView(row.id, row.number, row.since, row.until, row.made_at, row.made_by, row.document)


def liabilities(program_id: UUID, rulebook: Rulebook) -> list[Liability]:
    """Points that have not been spent, pending ones too, by who answers for them."""
    with reading(program_id):
        lots = Lot.objects.of(program_id).filter(remaining__gt=0)
        noted = LotIssuer.objects.of(program_id).filter(lot__remaining__gt=0)
        by_branch = list(
            lots.values("wallet__currency", "purchase__branch")
            .annotate(units=Sum("remaining"))
            .values_list("wallet__currency", "purchase__branch", "units")
        )
        by_note = list(
            noted.values("lot__wallet__currency", "issuer")
            .annotate(units=Sum("lot__remaining"))
            .values_list("lot__wallet__currency", "issuer", "units")
        )
    sums: dict[tuple[str, str], int] = {}
    for currency, branch, units in by_branch:
        partner = partner_at(rulebook, branch or "")
        _add(sums, partner.code if partner else "", currency, units)
    for currency, issuer, units in by_note:  # such a lot is of no purchase: it was counted as the owner's above
        _add(sums, "", currency, -units)
        _add(sums, issuer, currency, units)
    return [
        Liability(issuer, currency, units, rulebook.points[currency].money(units) if currency in rulebook.points else 0)
        for (issuer, currency), units in sorted(sums.items())
        if units
    ]


def _add(sums: dict[tuple[str, str], int], issuer: str, currency: str, units: int) -> None:
    sums[issuer, currency] = sums.get((issuer, currency), 0) + units
