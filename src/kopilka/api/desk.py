"""What the door works with in one process: the keys it knows, its threads, the requests under way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import connection

from kopilka.api.auth import Keys
from kopilka.api.committer import Committer
from kopilka.api.waiting import Once
from kopilka.api.workers import Readers
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.services.purchases import PurchaseRequest, PurchaseResult, confirm_purchases
from kopilka.services.quotes import QuoteRequest, QuoteResult, quote_purchases

RULEBOOKS_MAX = 256

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Made and started inside the event loop it serves."""

    def __init__(self) -> None:
        self.readers = Readers()
        self.keys = Keys(self.readers)
        self.committer = Committer("committer")
        self.quoter = Committer("quoter")
        self._one_writer = connection.vendor == "sqlite"
        self._under_way: set[tuple[int, str]] = set()
        self._rulebooks: dict[tuple[UUID, int], Rulebook] = {}

    def start(self) -> None:
        self.committer.start()
        self.quoter.start()

    async def stop(self) -> None:
        """Answer what is waiting, then close every connection."""
        await self.committer.stop()
        await self.quoter.stop()
        self.readers.close()

    async def read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.readers.run(work, *args, **kwargs)

    async def write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """SQLite has one writer: there the committer's thread does every write, instead of waiting for a lock."""
        if self._one_writer:
            done: T = await self.committer.do(lambda: work(*args, **kwargs))
            return done
        return await self.readers.run(work, *args, **kwargs)

    def confirm(self, program_id: UUID, request: PurchaseRequest) -> Awaitable[PurchaseResult]:
        return self.committer.ask(confirm_purchases, program_id, request)

    def quote(self, program_id: UUID, request: QuoteRequest) -> Awaitable[QuoteResult]:
        """Apart from purchases, so that neither waits for the other; a row on SQLite is the one writer's work."""
        lane = self.committer if request.keep and self._one_writer else self.quoter
        return lane.ask(quote_purchases, program_id, request)

    async def rulebook(self, program_id: UUID, version: int) -> Rulebook:
        """A version's values, for the words of an answer; the database is asked once for each."""
        known = self.known_rulebook(program_id, version)
        if known is None:
            known = await self.read(_load_version, program_id, version)
            if len(self._rulebooks) >= RULEBOOKS_MAX:
                self._rulebooks.clear()
            self._rulebooks[program_id, version] = known
        return known

    def known_rulebook(self, program_id: UUID, version: int) -> Rulebook | None:
        """The same where it was asked for before."""
        return self._rulebooks.get((program_id, version))

    async def rulebook_of(self, program: ProgramView) -> Rulebook | None:
        """The version that was current when the program was looked up; None before its rules are published."""
        number = program.rulebook_number
        return await self.rulebook(program.id, number) if number else None

    async def decimals_of(self, program: ProgramView) -> dict[str, int]:
        """Decimals of its points currencies."""
        rulebook = await self.rulebook_of(program)
        return {code: currency.decimals for code, currency in rulebook.points.items()} if rulebook else {}

    def once(self, owner: UUID, key: str | None) -> AbstractContextManager[None]:
        """Inside, the same key is refused with `idempotency_in_flight`.

        Another process would find the key when this one has committed, because both lock the same member.
        """
        return nullcontext() if key is None else Once(self._under_way, owner, key)


def _load_version(program_id: UUID, version: int) -> Rulebook:
    with reading(program_id):
        return load_rulebook_version(program_id, version)
