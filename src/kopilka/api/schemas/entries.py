"""The books as a member's statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.api.schemas.fields import Out


class EntryOut(Out):
    """One movement of a wallet: `points` with their sign on the `account` pending, available, held or debt.

    `kind` is the act, `subject_id` what it was about (a purchase, a return, a hold).
    """

    id: UUID
    operation_id: UUID
    kind: str
    account: str
    currency: str
    decimals: int
    points: int
    at: datetime
    recorded_at: datetime
    subject_id: UUID | None
    reason: str
    by: str


class EntriesOut(Out):
    """The newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[EntryOut]
    next: str | None


class ExplanationOut(Out):
    """Why the entry moved so many points, sentence by sentence."""

    entry: EntryOut
    text: list[str]
