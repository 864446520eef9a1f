"""Employees, agents and partners as the office sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.deeds import Beneficiary
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class BeneficiaryView:
    """Somebody who gets shares: `account_id` is the member whose wallets hold them, `person_id` himself as a buyer."""

    id: UUID
    kind: str
    code: str
    name: str
    branch: str
    active: bool
    account_id: UUID
    person_id: UUID | None
    created_at: datetime


def beneficiary_view(program_id: UUID, kind: str, code: str) -> BeneficiaryView:
    """`not_found` (employee, agent, partner)."""
    with reading(program_id):
        row = Beneficiary.objects.of(program_id).filter(kind=kind, code=code).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what=kind)
    return view_of(row)


def list_beneficiaries(
    program_id: UUID, *, kind: str = "", after: str = "", limit: int = 50
) -> tuple[tuple[BeneficiaryView, ...], str | None]:
    """A page in the order of kind and code; the place after which the next one begins, None when there is none."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        rows = Beneficiary.objects.of(program_id).order_by("kind", "code")
        if kind:
            rows = rows.filter(kind=kind)
        if after:
            last_kind, _, last_code = after.partition("/")
            rows = rows.filter(kind__gt=last_kind) | rows.filter(kind=last_kind, code__gt=last_code)
        found = [view_of(row) for row in rows[: limit + 1]]
    page = tuple(found[:limit])
    return page, f"{page[-1].kind}/{page[-1].code}" if len(found) > limit else None


def view_of(row: Any) -> BeneficiaryView:
    return BeneficiaryView(
        row.id, row.kind, row.code, row.name, row.branch, row.active, row.account_id, row.person_id, row.created_at
    )
