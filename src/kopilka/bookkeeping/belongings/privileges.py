"""The buyer's privileges: laid before the engine, used one purchase at a time, taken and given back by returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.privileges import Privilege, PrivilegeUse
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.decision import Decision
from kopilka.engine.returned import is_back
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Unlocked

_PRIVILEGES = Rows(Privilege, "id", "used", "state")
_USES = Rows(PrivilegeUse, "id", "privilege_id", "purchase_id", "at", "state")
_ENDS = Rows(PrivilegeUse, "id", "state")

_OPEN = Prepared(lambda: Privilege.objects.of(Hole("program_id")).filter(member_id__in=Each("members"), state="open"))


class PrivilegesOfBuyer(Belonging):
    """Rows change under their member's lock, so they need none of their own."""

    hears_every_return = True

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._known: dict[UUID, Privilege] = {}
        self._uses: dict[UUID, list[PrivilegeUse]] = {}
        self._opened: dict[UUID, list[Privilege]] = {}
        self._changed: dict[UUID, Privilege] = {}
        self._made: list[PrivilegeUse] = []
        self._ended: dict[UUID, PrivilegeUse] = {}

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return any(promotion.locked for promotion in rulebook.promotions)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        del lock  # their member's is enough
        members = {buyer.member_id for buyer in buyers if buyer.member_id is not None}
        if members:
            self._keep(_OPEN.all(program_id=self.program_id, members=members))

    def lay(self, buyer: Buyer) -> None:
        found: dict[str, list[Unlocked]] = {}
        buyer.standing.unlocked = found
        for row in self._known.values():
            if row.member_id == buyer.member_id and row.opened_at <= buyer.at and row.state == "open":
                left = row.times - row.used if row.times else None
                found.setdefault(row.promotion, []).append(Unlocked(row.id, row.promotion, row.until, left))

    def use(self, sold: Sold) -> None:
        for key in sold.decision.beyond.privileges if sold.decision.beyond else ():
            row = self._known[key]
            row.used += 1
            self._changed[key] = row
            self._made.append(
                PrivilegeUse(
                    id=new_id(), privilege_id=key, purchase_id=sold.purchase_id, at=sold.at,
                    state="used" if sold.final else "set_aside",
                )
            )  # fmt: skip

    def finish(self, sold: Sold) -> None:
        for use in self._uses_of(sold.purchase_id):
            self._end(use, "used")

    def give_back(self, sold: Sold) -> None:
        for use in self._uses_of(sold.purchase_id):
            self._end(use, "cancelled")
            self._uncount(use.privilege_id)

    def undo(self, sold: Sold) -> None:
        """Goods that opened a privilege are back: its rest is over. Goods it was used on are: the use is free again."""
        returned = sold.returned.lines if sold.returned else {}
        quantities = {line.number: line.quantity for line in sold.decision.lines}
        for row in self._opened_by(sold.purchase_id):
            numbers = [int(number) for number in row.lines.split()] or list(quantities)
            if row.state == "open" and is_back(numbers, quantities, returned):
                row.state = "withdrawn"
                self._changed[row.id] = row
        for use in self._uses_of(sold.purchase_id):
            numbers = _lines_used(sold.decision, self._known[use.privilege_id].promotion)
            if use.state == "used" and is_back(numbers, quantities, returned):
                self._end(use, "returned")
                self._uncount(use.privilege_id)

    def write(self) -> None:
        program = self.program_id
        store.update(_PRIVILEGES, program, [(one.id, one.used, one.state) for one in self._changed.values()])
        store.insert(
            _USES, program, [(one.id, one.privilege_id, one.purchase_id, one.at, one.state) for one in self._made]
        )
        store.update(_ENDS, program, [(one.id, one.state) for one in self._ended.values()])

    def _keep(self, rows: Iterable[Privilege]) -> list[Privilege]:
        return [self._known.setdefault(row.id, row) for row in rows]

    def _uses_of(self, purchase_id: UUID) -> list[PrivilegeUse]:
        """Read once for a purchase, however many of its returns are in the batch."""
        if purchase_id not in self._uses:
            uses = list(PrivilegeUse.objects.of(self.program_id).filter(purchase_id=purchase_id).order_by("id"))
            missing = {use.privilege_id for use in uses} - set(self._known)
            if missing:
                self._keep(Privilege.objects.of(self.program_id).filter(id__in=missing))
            self._uses[purchase_id] = uses
        return self._uses[purchase_id]

    def _opened_by(self, purchase_id: UUID) -> list[Privilege]:
        if purchase_id not in self._opened:
            rows = Privilege.objects.of(self.program_id).filter(purchase_id=purchase_id, state="open").order_by("id")
            self._opened[purchase_id] = self._keep(rows)
        return self._opened[purchase_id]

    def _end(self, use: PrivilegeUse, state: str) -> None:
        use.state = state
        self._ended[use.id] = use

    def _uncount(self, key: UUID) -> None:
        row = self._known[key]
        row.used -= 1
        self._changed[key] = row


def _lines_used(decision: Decision, promotion: str) -> list[int]:
    """The lines a promotion has made cheaper; all, where it gave points only."""
    cheaper = [line.number for line in decision.lines if any(code == promotion for code, _ in line.discounts)]
    return cheaper or [line.number for line in decision.lines if line.quantity > 0]
