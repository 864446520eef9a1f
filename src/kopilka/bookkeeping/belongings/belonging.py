"""What a member has beside points, and what the purchase kernel does with it.

A belonging is read with the batch, laid before the engine in the member's Standing, used up by what was decided, and
written with the batch. Only rulebooks that have use for it pay for it: `is_wanted` is asked once per version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.coupon_guard import Asker
from kopilka.bookkeeping.events import Happened
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act
from kopilka.engine.receipt import Receipt
from kopilka.engine.returned import Returned
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys what in a batch: `standing` is bare for an anonymous buyer (`member_id` None).

    `asker`: who names his words; None where they are only read or come from the system.
    """

    member_id: UUID | None
    rulebook: Rulebook
    receipt: Receipt
    standing: Standing
    at: datetime
    asker: Asker | None = None


@dataclass(frozen=True, slots=True)
class Sold:
    """A purchase that is being booked, ended or returned. `act` moves the buyer's points in the same operation.

    `final` False: it is only opened, and what it uses is set aside. `returned` is what all its returns have undone,
    `before` what they had undone before this one.
    """

    purchase_id: UUID
    member_id: UUID | None
    rulebook: Rulebook
    decision: Decision
    at: datetime
    act: Act | None = None
    final: bool = True
    before: Returned | None = None
    returned: Returned | None = None


class Belonging:
    """One kind of belonging in one batch of one program; keeps in memory what `write` will write.

    All methods do nothing here: a kind says what it needs. They are called in this order: `read` once, then for every
    request `lay` and, when it is booked, one of `use`, `finish`, `give_back`, `undo`; `write` once at the end.
    """

    hears_every_return = False
    """Must `undo` be called also for purchases whose decision moves nothing beyond?"""

    def __init__(self, program_id: UUID) -> None:
        self.program_id = program_id
        self.events: list[Happened] = []

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        """Does this rulebook have use for it? A kind that does not say is read for every one."""
        del rulebook
        return True

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        """Read for the whole batch; the members are locked already when `lock`. Further rows in the order of keys."""

    def lay(self, buyer: Buyer) -> None:
        """Put what is known now into the buyer's standing; earlier requests of the batch may have used some of it."""

    def use(self, sold: Sold) -> None:
        """A purchase is booked: use up, or with `final` False set aside, what its decision says."""

    def finish(self, sold: Sold) -> None:
        """An open purchase becomes final: what was set aside is used up."""

    def give_back(self, sold: Sold) -> None:
        """An open purchase is called off: what was set aside is free again."""

    def undo(self, sold: Sold) -> None:
        """A return was decided: undo what belongs to the goods brought back, by policy."""

    def note(self) -> None:
        """Nothing is booked, receipts were only priced: write what the looking itself leaves behind."""

    def write(self) -> None:
        """Write what changed, inside the transaction that read."""
