"""Taking back what one rule gave, exactly and once: of purchases, of shares, of deeds; and undoing that."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind, DeedState
from kopilka.bookkeeping.documents import decision_from_text, from_text, receipt_from_text, to_text
from kopilka.bookkeeping.loading import load_standing, lot_of
from kopilka.bookkeeping.owed import Plan, given_of, is_by_line, settle_owed
from kopilka.bookkeeping.returning.shelf import Shelf
from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.bookkeeping.sharing.posting import as_sold, settle_share
from kopilka.data.models.deeds import Deed
from kopilka.data.models.ledger import Lot as LotRow
from kopilka.data.models.publishing import ReversalItem
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import ShareState
from kopilka.engine.automations import Owed
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act, draw_order
from kopilka.engine.returned import LotMove, PointsBack, Resettled, Returned, Reversed, Sold
from kopilka.engine.returns import decide_reversal
from kopilka.engine.reversing import Given, granted_by, total_of
from kopilka.engine.rulebook import Returns, TakeBack
from kopilka.engine.standing import Lot, Standing

_LOT = ("id", "amount", "remaining", "starts_at", "expires_at", "active", "expired", "purchase_id", "grace")


GIVING = (DeedKind.AUTOMATION, DeedKind.PASS_ON)
"""An automation gives its member points, and others theirs by deeds of their own."""


class Section(StrEnum):
    """Where the rule stands, and so what it had given on: purchases, sales of others, events."""

    PROMOTIONS = "promotions"
    SHARES = "shares"
    AUTOMATIONS = "automations"


KINDS = {Section.PROMOTIONS: "purchase", Section.SHARES: "share", Section.AUTOMATIONS: "deed"}
"""What the items of a reversal are called."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something on which the rule had given points, with the member who got them."""

    member_id: UUID
    subject_id: UUID


@dataclass(slots=True)
class Undone:
    """What was decided about one target. `settled` of a purchase; `moves` and `fixed` of a deed's points that are not
    of a purchase's lines, as `points` has them among all."""

    given: dict[str, int]
    points: list[PointsBack]
    settled: list[Resettled] = field(default_factory=list)
    moves: list[LotMove] = field(default_factory=list)
    fixed: list[PointsBack] = field(default_factory=list)


def targets_of(program_id: UUID, section: Section, code: str, *, since: datetime, until: datetime) -> Iterable[Target]:
    """Everything on which the rule may have given points in [since, until), by member."""
    rows: Iterable[tuple[UUID, UUID]]
    match section:
        case Section.PROMOTIONS:
            rows = _sold_with(program_id, code, since, until)
        case Section.SHARES:
            states = ShareState.objects.of(program_id).filter(rule=code, at__gte=since, at__lt=until, units__gt=0)
            rows = states.order_by("member_id", "at", "id").values_list("member_id", "id")
        case _:
            deeds = Deed.objects.of(program_id).filter(rule=code, kind__in=GIVING, state=DeedState.DONE)
            deeds = deeds.filter(done_at__gte=since, done_at__lt=until, operation_id__isnull=False)
            rows = deeds.order_by("member_id", "done_at", "id").values_list("member_id", "id")
    return [Target(member_id, subject_id) for member_id, subject_id in rows]


def _sold_with(program_id: UUID, code: str, since: datetime, until: datetime) -> list[tuple[UUID, UUID]]:
    """Members and purchases whose decision names the code, decided by rules that have such a promotion.

    The text holds the code as a JSON string: a cheap sieve before any decision is decoded. It may name a share.
    """
    rows = Purchase.objects.of(program_id).filter(at__gte=since, at__lt=until, state="confirmed", member__isnull=False)
    rows = rows.filter(decision__contains=to_text(code)).order_by("member_id", "at", "id")
    found = list(rows.values_list("member_id", "id", "version"))
    with_it = {
        version
        for version in {version for _, _, version in found}
        if any(one.code == code for one in load_rulebook_version(program_id, version).promotions)
    }
    return [(member_id, purchase_id) for member_id, purchase_id, version in found if version in with_it]


class Reverser:
    """Takes one rule back from one member, inside a transaction that entered the program.

    The member is locked first. Its standing is changed in memory from target to target; `acts` are to be written.
    """

    def __init__(self, program_id: UUID, section: Section, code: str, member_id: UUID, *, at: datetime) -> None:
        self.program_id = program_id
        self.section = section
        self.code = code
        self.at = at
        self.standing: Standing = load_standing(program_id, member_id, at=at, lots=True)
        self.shelf = Shelf(program_id)
        rulebook = load_rulebook(program_id)[1]
        self.zone: tzinfo = rulebook.zone
        self.policy: Returns = rulebook.returns

    def reverse(self, subject_id: UUID, act: Act) -> Undone | None:
        """Take the rule back on one target; None where it had given nothing, or was taken back before."""
        match self.section:
            case Section.PROMOTIONS:
                return self._purchase(subject_id, act)
            case Section.SHARES:
                return self._share(subject_id, act)
        return self._deed(subject_id, act)

    def restore(self, subject_id: UUID, document: Undone, act: Act) -> Undone:
        """Give back what a reversal of this target had taken."""
        match self.section:
            case Section.PROMOTIONS:
                return self._settle_purchase(subject_id, act, None, document.given)
            case Section.SHARES:
                return self._settle_share(self._state(subject_id), act, {}, document.given)
        return self._restore_deed(subject_id, document, act)

    def changed(self) -> list[tuple[UUID, str]]:
        """Purchases with what has been undone of them, as texts."""
        return [(one.id, to_text(one.sold.returned)) for one in self.shelf.changed()]

    def _purchase(self, purchase_id: UUID, act: Act) -> Undone | None:
        known = self.shelf.purchase(purchase_id)
        if known is None or self.code in known.sold.returned.reversed:
            return None
        row = Purchase.objects.of(self.program_id).filter(id=purchase_id).values_list("receipt", "version").get()
        rulebook = load_rulebook_version(self.program_id, row[1])
        given = granted_by(self.code, known.sold.decision, receipt_from_text(row[0]), rulebook)
        if not given:
            return None
        return self._settle_purchase(purchase_id, act, given, total_of(given, known.sold.decision))

    def _settle_purchase(self, purchase_id: UUID, act: Act, given: Given | None, total: dict[str, int]) -> Undone:
        known = self.shelf.purchase(purchase_id)
        assert known is not None
        sold = known.sold
        others = self.shelf.others(self.standing, sold)
        after: Reversed = {rule: lines for rule, lines in sold.returned.reversed.items() if rule != self.code}
        if given is not None:
            after[self.code] = given
        settled = decide_reversal(sold, after, act, zone=self.zone, others=others)
        for one in settled:
            self.shelf.change(one.purchase, one.returned)
        return Undone(total, settled[0].points, settled)

    def _state(self, state_id: UUID) -> ShareState:
        state: ShareState = ShareState.objects.of(self.program_id).get(id=state_id)
        return state

    def _share(self, state_id: UUID, act: Act) -> Undone | None:
        state = self._state(state_id)
        if from_text(state.returned, Returned).reversed:
            return None
        decision = self._share_decision(state)
        given: Given = {line.number: dict(line.earned) for line in decision.lines if line.earned}
        return self._settle_share(state, act, {self.code: given}, {state.currency: state.units})

    def _settle_share(self, state: ShareState, act: Act, after: Reversed, total: dict[str, int]) -> Undone:
        before = from_text(state.returned, Returned)
        sold = Sold(state.id, self._share_decision(state), before, self.policy)
        back = settle_share(self.program_id, act, self.zone, state, sold, before.lines, after)
        ShareState.objects.of(self.program_id).filter(id=state.id).update(returned=state.returned)
        return Undone(total, [back])

    def _share_decision(self, state: ShareState) -> Decision:
        text = Purchase.objects.of(self.program_id).filter(id=state.purchase_id).values_list("decision", flat=True)
        decision = decision_from_text(text.get())
        plans = [
            plan
            for plan in (decision.beyond.shares if decision.beyond else ())
            if plan.rule == state.rule
            and plan.currency == state.currency
            and plan.to == state.to
            and plan.level == state.level
        ]
        return as_sold(decision, plans)

    def _deed(self, deed_id: UUID, act: Act) -> Undone | None:
        items = ReversalItem.objects.of(self.program_id).filter(kind="deed", subject_id=deed_id)
        if items.filter(undo_operation_id__isnull=True).exists():
            return None
        row = Deed.objects.of(self.program_id).get(id=deed_id)
        plan = from_text(row.payload, Plan)
        lots = self._lots_of(row.operation_id)
        if not lots:
            return None
        fixed = [lot for lot, owed in _with_owed(lots, plan) if not is_by_line([owed])]
        undone = Undone({}, [])
        for lot in lots:
            undone.given[lot.currency] = undone.given.get(lot.currency, 0) + lot.amount
        for currency in sorted({lot.currency for lot in fixed}):
            own = [lot for lot in fixed if lot.currency == currency]
            undone.fixed.append(self._take(currency, own, act, undone.moves))
        by_line = self._settle_lines(row, plan, act, {self.code: given_of(plan)})
        undone.points = _added(undone.fixed, by_line)
        return undone

    def _settle_lines(self, row: Deed, plan: Plan, act: Act, after: Reversed) -> list[PointsBack]:
        """The part that goes back with goods is settled as their returns settle it, and so told to returns to come."""
        if not is_by_line(plan.owed):
            return []
        purchase = Purchase.objects.of(self.program_id).get(id=row.subject)
        lines = from_text(purchase.returned, Returned).lines if purchase.returned else {}
        own = [lot for lot, owed in _with_owed(self._lots_of(row.operation_id), plan) if is_by_line([owed])]
        self._lots(plan.returned.taken if plan.returned else ())
        sold = (row.id, decision_from_text(purchase.decision), self.policy)
        settling = settle_owed(self.program_id, act, self.zone, plan, sold, lines, own, after)
        Deed.objects.of(self.program_id).filter(id=row.id).update(payload=to_text(plan))
        return list(settling.back.values())

    def _take(self, currency: str, own: list[Lot], act: Act, moves: list[LotMove]) -> PointsBack:
        """From the very lots, then from the member's others; what is not there is owed or forgotten, as for returns."""
        back = PointsBack(currency, earned=sum(lot.amount for lot in own))
        over = [lot for lot in own if lot.is_over(self.at)]
        back.expired = sum(lot.expired + lot.remaining for lot in over)
        rest = back.earned - back.expired
        others = [lot for lot in self.standing.lots.get(currency, ()) if lot not in own and lot.usable(self.at)]
        for lot in [*own, *sorted(others, key=draw_order)]:
            part = 0 if lot.is_over(self.at) else min(rest, lot.remaining)
            if part:
                act.take_back(lot, part)
                moves.append(LotMove(lot.id, currency, part))
                back.taken += part
                rest -= part
        if self.policy.take_back is TakeBack.CLAMP:
            back.forgotten = rest
        else:
            act.owe(currency, rest)
            back.owed = rest
        return back

    def _restore_deed(self, deed_id: UUID, document: Undone, act: Act) -> Undone:
        """What was taken from a lot goes back there; a debt is forgiven, or given anew where it was repaid."""
        lots = {lot.id: lot for lot in self._lots(move.lot for move in document.moves)}
        told = Undone(document.given, [])
        for before in document.fixed:
            back = PointsBack(before.currency, -before.earned, -before.taken, -before.expired, -before.owed)
            back.forgotten = -before.forgotten
            standing = min(before.owed, act.wallet(before.currency).debt)
            act.owe(before.currency, -standing)
            if before.owed > standing:
                act.grant(before.currency, before.owed - standing, starts_at=self.at, expires_at=None)
            told.fixed.append(back)
        for move in document.moves:
            lot = lots[move.lot]
            act.restore(lot, move.units)
            if lot.is_over(self.at):
                act.expire(lot)
            told.moves.append(LotMove(move.lot, move.currency, -move.units))
        row = Deed.objects.of(self.program_id).get(id=deed_id)
        told.points = _added(told.fixed, self._settle_lines(row, from_text(row.payload, Plan), act, {}))
        return told

    def _lots_of(self, operation_id: UUID | None) -> list[Lot]:
        rows = LotRow.objects.of(self.program_id).filter(operation_id=operation_id)
        return self._lots(rows.values_list("id", flat=True))

    def _lots(self, ids: Iterable[UUID]) -> list[Lot]:
        """Lots of this member as the values his standing holds; those that were not read are read now."""
        wanted = set(ids)
        known = {lot.id: lot for lots in self.standing.lots.values() for lot in lots}
        wallets = {wallet.id: code for code, wallet in self.standing.wallets.items()}
        rows = LotRow.objects.of(self.program_id).filter(id__in=wanted - known.keys(), wallet_id__in=list(wallets))
        for wallet_id, *columns in rows.values_list("wallet_id", *_LOT):
            lot = lot_of(wallets[wallet_id], columns)
            self.standing.lots.setdefault(lot.currency, []).append(lot)
            known[lot.id] = lot
        return [known[lot_id] for lot_id in sorted(wanted & known.keys())]


def _with_owed(lots: list[Lot], plan: Plan) -> list[tuple[Lot, Owed]]:
    """The lots of a deed, in the order of their ids, were made for what it owed, in its order."""
    return list(zip(lots, (one for one in plan.owed if one.units), strict=True))


def _added(*parts: Iterable[PointsBack]) -> list[PointsBack]:
    """One for each currency."""
    sums: dict[str, PointsBack] = {}
    for back in (one for part in parts for one in part):
        total = sums.setdefault(back.currency, PointsBack(back.currency))
        for name in ("earned", "taken", "expired", "owed", "forgotten"):
            setattr(total, name, getattr(total, name) + getattr(back, name))
    return [sums[currency] for currency in sorted(sums)]


def write_changed(program_id: UUID, changed: Iterable[tuple[UUID, str]]) -> None:
    """What has been undone of these purchases."""
    for purchase_id, text in changed:
        Purchase.objects.of(program_id).filter(id=purchase_id).update(returned=text)


def document_of(section: Section, undone: Undone) -> str:
    """The text of an item: of a purchase what the books check by, of others all of it."""
    return to_text(undone.settled) if section is Section.PROMOTIONS else to_text(undone)


def undone_of(section: Section, given: str, document: str) -> Undone:
    """An item's text as it was decided."""
    if section is not Section.PROMOTIONS:
        return from_text(document, Undone)
    settled = from_text(document, list[Resettled])
    return Undone(json.loads(given), settled[0].points, settled)
