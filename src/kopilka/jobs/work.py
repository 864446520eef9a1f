"""The loop of `kopilka work`: for every program what the schedule says is due. Nothing is lost when it is killed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from kopilka.engine.refusal import Refusal
from kopilka.jobs.schedule import LOOK_AT_ALL, TASKS, Figures, Task, Turn
from kopilka.queries.programs import list_programs
from kopilka.services.expiry import ClockInDoubt

REST_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked the worker to stop; everything before is committed."""


@dataclass(slots=True)
class Worker:
    """`clock` tells the time, `trust` raises ClockInDoubt when it should not be believed, `stop` ends the work."""

    clock: Callable[[], datetime]
    trust: Callable[[datetime], None]
    stop: threading.Event = field(default_factory=threading.Event)
    figures: Figures = field(default_factory=dict)
    _ran: dict[tuple[UUID, str], datetime] = field(default_factory=dict)
    _saw_all: dict[tuple[UUID, str], datetime] = field(default_factory=dict)

    def run_for_ever(self) -> None:
        """Until `stop`. A database that is away for a while is waited for."""
        while not self.stop.is_set():
            try:
                self.run_once()
            except Stopped:
                return
            except ClockInDoubt as doubt:
                _log.error("Nothing that ends by the clock was done: %s", doubt)
            except (DatabaseError, InterfaceError):
                _log.exception("The database could not be reached")
                connection.close()
            self.stop.wait(REST_SECONDS)

    def run_once(self) -> Figures:
        """Everything that is due now, for every program; raises ClockInDoubt after what does not need a clock."""
        at = self.clock()
        doubt = self._doubt(at)
        for program in list_programs():
            for task in TASKS:
                if (doubt is None or not task.by_clock) and self._is_due(task, program.id, at):
                    self._run(task, program.id, at)
        if doubt is not None:
            raise doubt
        return self.figures

    def _run(self, task: Task, program_id: UUID, at: datetime) -> None:
        key = (program_id, task.name)
        saw_all = self._saw_all.get(key)
        since = self._ran.get(key) if saw_all is not None and at - saw_all < LOOK_AT_ALL else None
        try:
            done = task.run(Turn(program_id, at, since, self._between_batches))
        except Refusal:
            _log.exception("The task %s of program %s was refused", task.name, program_id)
            done = {}
        else:
            self._saw_all[key] = at if since is None else self._saw_all[key]
        self._ran[key] = at
        for name, count in done.items():
            self.figures[name] = self.figures.get(name, 0) + count

    def _is_due(self, task: Task, program_id: UUID, at: datetime) -> bool:
        before = self._ran.get((program_id, task.name))
        return before is None or at - before >= task.every or at < before

    def _doubt(self, at: datetime) -> ClockInDoubt | None:
        try:
            self.trust(at)
        except ClockInDoubt as doubt:
            return doubt
        return None

    def _between_batches(self, _count: int) -> None:
        if self.stop.is_set():
            raise Stopped
