"""How far an import has come, kept in the program's books: a killed one goes on, a finished one is not repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.imports import ImportRun


class RunState(StrEnum):
    """RUNNING: rows are being booked. CLOSING: all are; points whose life is over expire. FINISHED: nothing is left."""

    RUNNING = "running"
    CLOSING = "closing"
    FINISHED = "finished"


F = TypeVar("F")


@dataclass(slots=True)
class Progress(Generic[F]):
    """`position` counts receipts (in their order) that are safely booked or reported; `last` is the latest moment."""

    figures: F
    position: int = 0
    report_length: int = 0
    last: datetime | None = None


@dataclass(slots=True)
class Run(Generic[F]):
    id: UUID
    state: RunState
    progress: Progress[F]
    is_new: bool


def identify(file_hash: str, *parts: object) -> str:
    """SHA-256 of a file's content together with how it is read: another map is another import."""
    return sha256("\n".join([file_hash, *(repr(part) for part in parts)]).encode()).hexdigest()


@transaction.atomic(durable=True)
def begin(program_id: UUID, kind: str, identity: str, file_name: str, figures: F, *, at: datetime) -> Run[F]:
    """The run of this file: the one that was begun before, or a new one that starts with these figures."""
    enter_program(program_id)
    runs = ImportRun.objects.of(program_id)
    row, is_new = runs.get_or_create(
        program_id=program_id,
        kind=kind,
        file_hash=identity,
        defaults={
            "id": new_id(),
            "file_name": file_name[-255:],
            "started_at": at,
            "changed_at": at,
            "figures": msgspec.json.encode(Progress(figures)).decode(),
        },
    )
    kept = msgspec.json.decode(row.figures, type=Progress[type(figures)])  # type: ignore[misc]
    return Run(row.id, RunState(row.state), kept, is_new)


@transaction.atomic(durable=True)
def save(program_id: UUID, run: Run[F], *, at: datetime) -> None:
    enter_program(program_id)
    keep(program_id, run, at=at)


def keep(program_id: UUID, run: Run[F], *, at: datetime) -> None:
    """The same inside the transaction that books the rows: then nothing of them can be booked twice."""
    ImportRun.objects.of(program_id).filter(id=run.id).update(
        state=run.state,
        position=run.progress.position,
        figures=msgspec.json.encode(run.progress).decode(),
        changed_at=at,
    )
