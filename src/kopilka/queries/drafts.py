"""Drafts of rules, switches and rollouts as doors see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.programs import Program
from kopilka.data.models.publishing import RulebookDraft, Switchboard
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

CLOSED = ("published", "dropped")
DRAFTS_MAX = 200
SWITCHES_MAX = 200


@dataclass(frozen=True, slots=True)
class DraftView:
    """`state`: open, approved, published or dropped. `approved_by` is empty until a second person said yes."""

    id: UUID
    name: str
    fingerprint: str
    note: str
    state: str
    number: int
    saved_at: datetime
    saved_by: str
    approved_at: datetime | None
    approved_by: str


@dataclass(frozen=True, slots=True)
class SwitchesView:
    """How the switches stand. `rollout_number` 0: no branch is ahead."""

    number: int
    earning: bool
    spending: bool
    rules_off: tuple[str, ...]
    rollout_number: int
    rollout_branches: tuple[str, ...]
    at: datetime | None
    by: str
    reason: str


ALL_ON = SwitchesView(0, earning=True, spending=True, rules_off=(), rollout_number=0, rollout_branches=(), at=None,
                      by="", reason="")  # fmt: skip


def list_drafts(program_id: UUID) -> list[DraftView]:
    """The newest first, at most DRAFTS_MAX."""
    with reading(program_id):
        rows = RulebookDraft.objects.of(program_id).order_by("-saved_at", "-id").defer("source")[:DRAFTS_MAX]
        return [draft_view(row) for row in rows]


def draft_of(program_id: UUID, draft_id: UUID) -> tuple[DraftView, str]:
    """A draft with its text; `not_found`."""
    return _found(program_id, id=draft_id)


def draft_named(program_id: UUID, name: str) -> tuple[DraftView, str]:
    """The newest draft of that name with its text; `not_found`."""
    return _found(program_id, name=name)


def _found(program_id: UUID, **which: object) -> tuple[DraftView, str]:
    with reading(program_id):
        row = RulebookDraft.objects.of(program_id).filter(**which).order_by("-saved_at", "-id").first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="draft")
    return draft_view(row), row.source


def draft_view(row: RulebookDraft) -> DraftView:
    return DraftView(
        row.id, row.name, row.fingerprint, row.note, row.state, row.number, row.saved_at, row.author_name,
        row.approved_at, row.approver_name,
    )  # fmt: skip


def needs_approval(program_id: UUID) -> bool:
    return bool(Program.objects.filter(id=program_id).values_list("needs_approval", flat=True).first())


def switches_now(program_id: UUID) -> SwitchesView:
    return next(iter(list_switches(program_id)), ALL_ON)


def list_switches(program_id: UUID) -> list[SwitchesView]:
    """Every change of the switches, the newest first, at most SWITCHES_MAX."""
    with reading(program_id):
        rows = Switchboard.objects.of(program_id).order_by("-number")[:SWITCHES_MAX]
        return [_switches(row) for row in rows]


def _switches(row: Switchboard) -> SwitchesView:
    return SwitchesView(
        row.number, row.earning, row.spending, tuple(row.rules_off.splitlines()), row.rollout_version,
        tuple(row.rollout_branches.splitlines()), row.at, row.by, row.reason,
    )  # fmt: skip
