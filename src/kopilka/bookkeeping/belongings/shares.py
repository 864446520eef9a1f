"""Who may share in a sale, read with the batch; and the word that shares of a sale are due, or to be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.members import Member
from kopilka.engine.mechanics import To
from kopilka.engine.rulebook import Rulebook


class SharesOfSale(Belonging):
    """Nothing is locked: what others get is posted later, each in a transaction of its own."""

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._known: frozenset[tuple[str, str]] = frozenset()
        self._roles: dict[UUID, set[tuple[str, str]]] = {}
        self._above: dict[UUID, UUID | None] = {}

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.mechanics.shares)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:  # noqa: ARG002 - others lock
        members = {one.member_id for one in buyers if one.member_id}
        agents = {code for one in buyers for code in (one.receipt.agent, one.standing.agent) if code}
        staff = {one.receipt.staff for one in buyers if one.receipt.staff}
        named = Q(kind="agent", code__in=agents) | Q(kind="employee", code__in=staff)
        if any(one.rulebook.mechanics.partners for one in buyers):
            named |= Q(kind="partner")
        rows = Beneficiary.objects.of(self.program_id).filter(named | Q(person_id__in=members))
        found = list(rows.values_list("kind", "code", "active", "person_id", "account_id"))
        self._known = frozenset((kind, code) for kind, code, active, _, _ in found if active)
        for kind, code, _, person, account in found:
            for who in (person, account):
                self._roles.setdefault(who, set()).add((kind, code))
        levels = max((levels_asked(one.rulebook) for one in buyers), default=0)
        self._climb({one.standing.inviter for one in buyers if one.standing.inviter}, levels)

    def lay(self, buyer: Buyer) -> None:
        standing = buyer.standing
        standing.beneficiaries = self._known
        if buyer.member_id is not None:
            standing.roles = frozenset(self._roles.get(buyer.member_id, ()))
        if standing.inviter is not None:
            standing.inviters = tuple(self._line_up(standing.inviter, levels_asked(buyer.rulebook)))

    def use(self, sold: Sold) -> None:
        if sold.final:
            self._tell(EventKind.SHARES_DECIDED, sold)

    def finish(self, sold: Sold) -> None:
        self._tell(EventKind.SHARES_DECIDED, sold)

    def undo(self, sold: Sold) -> None:
        self._tell(EventKind.SHARES_RETURNED, sold)

    def _tell(self, kind: EventKind, sold: Sold) -> None:
        if sold.decision.beyond is not None and sold.decision.beyond.shares:
            self.events.append(Happened(kind, sold.member_id, sold.purchase_id, sold.at))

    def _climb(self, members: set[UUID], levels: int) -> None:
        """Read the inviters of these, of those, and so on: one query for each level beyond the first."""
        for _ in range(levels - 1):
            unknown = [one for one in members if one not in self._above]
            if not unknown:
                return
            self._above |= dict(
                Member.objects.of(self.program_id).filter(id__in=unknown).values_list("id", "inviter_id")
            )
            members = {above for one in unknown if (above := self._above.get(one)) is not None}

    def _line_up(self, inviter: UUID, levels: int) -> Iterable[UUID]:
        above: UUID | None = inviter
        for _ in range(max(1, levels)):
            if above is None:
                return
            yield above
            above = self._above.get(above)


def levels_asked(rulebook: Rulebook) -> int:
    """How many levels of inviters get something of a sale."""
    shares = rulebook.mechanics.shares.values()
    return max((share.level for share in shares if share.to is To.INVITER), default=0)
