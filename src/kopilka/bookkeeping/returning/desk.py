"""One batch of returns being served: each decided in memory after the other, all written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Sold as Bought
from kopilka.bookkeeping.belongings.certificates import must_be_unspent
from kopilka.bookkeeping.belongings.kinds import Belongings, belongings_of, hears_every_return
from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.idempotency import find_answered, same_content
from kopilka.bookkeeping.loading import balances_of, load_standings
from kopilka.bookkeeping.returning.counts import look_soon, review_tier, undo_counts
from kopilka.bookkeeping.returning.records import (
    ReturnRow,
    booked_numbers,
    existing_members,
    find_return,
    lock_anonymous,
    owners_of,
    write_returns,
)
from kopilka.bookkeeping.returning.requests import (
    Article,
    ReturnDocument,
    ReturnRequest,
    ReturnResult,
    UnmatchedLine,
)
from kopilka.bookkeeping.returning.shelf import KnownPurchase, Shelf
from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.bookkeeping.tier_rows import TierChanged, write_tier_changes
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import Capability
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.money import part_of
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import ReturnDecision, Sold, returnable
from kopilka.engine.returns import decide_return
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import ANONYMOUS, Standing
from kopilka.engine.tiering.ready import ready_of

Wanted = dict[UUID, dict[int, int]]
"""Thousandths to bring back by line number, by purchase; the purchases in the order in which they are settled."""


@dataclass(slots=True)
class Desk:
    """Serves returns of members who are locked, inside a transaction that entered the program."""

    program_id: UUID
    shelf: Shelf
    standings: dict[UUID, Standing]
    zone: tzinfo
    booked: set[tuple[str, str]] = field(default_factory=set)
    acts: list[Written] = field(default_factory=list)
    rows: list[ReturnRow] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    fresh: dict[tuple[object, object], tuple[ReturnRequest, ReturnResult]] = field(default_factory=dict)
    beyond: dict[str, Belongings] = field(default_factory=dict)
    rulebook: Rulebook | None = None
    tier_changes: list[TierChanged] = field(default_factory=list)

    def serve(self, asked: ReturnRequest, *, dry_run: bool) -> ReturnResult | Refusal:
        try:
            asked.by.must(Capability.RETURN)
            return (None if dry_run else self._booked_before(asked)) or self._book(asked, dry_run=dry_run)
        except Refusal as refusal:
            return refusal

    def write(self) -> None:
        write_acts(self.program_id, self.acts)
        touched = {row.member_id for row in self.rows}
        write_returns(
            self.program_id, self.rows, self.shelf,
            [standing for key, standing in sorted(self.standings.items()) if key in touched],
        )  # fmt: skip
        if self.tier_changes:
            write_tier_changes(self.program_id, self.tier_changes)
        if self.rulebook is not None and ready_of(self.rulebook).is_timed:
            look_soon(self.program_id, [(one.member_id, one.at) for one in self.rows if one.member_id])
        happened = [event for one in self.beyond.values() for event in one.write()]
        record_all(self.program_id, [*self.events, *happened])

    def _book(self, asked: ReturnRequest, *, dry_run: bool) -> ReturnResult:
        member_id, wanted, unmatched = self._wanted(asked)
        standing = self.standings[member_id] if member_id else ANONYMOUS
        return_id = new_id()
        act = Act(standing, asked.at, new_id)
        decisions = []
        for purchase_id, lines in wanted.items():
            sold = self.shelf.known[purchase_id].sold
            must_be_unspent(self.program_id, purchase_id, sold.decision, lines, lock=not dry_run)
        for purchase_id, lines in wanted.items():
            sold = self.shelf.known[purchase_id].sold
            others = self.shelf.others(standing, sold) if member_id else {}
            decided = decide_return(sold, lines, act, zone=self.zone, others=others)
            self._undo_beyond(purchase_id, sold, decided, act)
            self.shelf.change(purchase_id, decided.returned, decided.refund_minor)
            for again in decided.resettled:
                self.shelf.change(again.purchase, again.returned)
            decisions.append(decided)
            if member_id:
                undo_counts(self.shelf, standing, self.shelf.known[purchase_id], decided)
        refund = sum(one.refund_minor for one in decisions)
        if member_id and not dry_run:
            self._review_tier(return_id, asked, standing, decisions)
        refund += sum(line.amount_minor for line in unmatched)
        result = ReturnResult(
            None if dry_run else return_id, asked.purchase_id, member_id, asked.source,
            asked.external_id or str(return_id), asked.at, asked.recorded_at or asked.at, refund, decisions, unmatched,
            balances_of(standing), asked.language, asked.status, replayed=False,
        )  # fmt: skip
        if not dry_run:
            self._take_down(return_id, asked, result, act)
        return result

    def _review_tier(
        self, return_id: UUID, asked: ReturnRequest, standing: Standing, decisions: list[ReturnDecision]
    ) -> None:
        """By today's rules, where those of the purchase say that a return may take the tier back."""
        if self.rulebook is None:
            return
        change = review_tier(
            self.shelf, self.rulebook, standing, [(self.shelf.known[one.purchase], one) for one in decisions],
            pending=self.tier_changes, return_id=return_id, at=asked.at, recorded_at=asked.recorded_at or asked.at,
        )  # fmt: skip
        if change is not None:
            self.tier_changes.append(change)
            self.events.append(change.happened())

    def _undo_beyond(self, purchase_id: UUID, sold: Sold, decided: ReturnDecision, act: Act) -> None:
        """What the purchase moved beside points goes back by policy; in a rehearsal there is nothing of it."""
        if self.rulebook is None:
            return
        rulebook = load_rulebook_version(self.program_id, sold.decision.version)
        moved = sold.decision.beyond is not None or sold.decision.coupons
        if not moved and not hears_every_return(rulebook):
            return
        if rulebook.fingerprint not in self.beyond:
            self.beyond[rulebook.fingerprint] = belongings_of(self.program_id, [rulebook])
        self.beyond[rulebook.fingerprint].undo(
            Bought(
                purchase_id, sold.decision.member, rulebook, sold.decision, act.at, act,
                before=sold.returned, returned=decided.returned,
            )
        )  # fmt: skip

    def _take_down(self, return_id: UUID, asked: ReturnRequest, result: ReturnResult, act: Act) -> None:
        operation = Written(
            Kind.RETURN, result.member_id, return_id, result.at, result.recorded_at, asked.by,
            act if result.member_id else None, reason=asked.reason, request=asked.request,
            request_id=asked.request_id, language=asked.language, status=asked.status, id=return_id,
        )  # fmt: skip
        row = ReturnRow(
            return_id, result.member_id, result.purchase_id, result.source, result.external_id,
            asked.fingerprint(), result.at, result.recorded_at, result.refund_minor,
            ReturnDocument(result.decisions, result.unmatched, result.balances),
        )  # fmt: skip
        self.acts.append(operation)
        self.rows.append(row)
        self.events.append(Happened(EventKind.PURCHASE_RETURNED, result.member_id, return_id, result.recorded_at))
        if asked.request.key is not None:
            self.fresh[asked.request.owner, asked.request.key] = (asked, result)
        self.fresh[result.source, result.external_id] = (asked, result)

    def _wanted(self, asked: ReturnRequest) -> tuple[UUID | None, Wanted, list[UnmatchedLine]]:
        if asked.purchase_id is not None:
            found = self._purchase(asked.purchase_id)
            left = returnable(found.sold.decision, found.sold.returned)
            return found.member_id, {found.id: left if asked.lines is None else dict(asked.lines)}, []
        if asked.member_id is not None and asked.member_id not in self.standings:
            raise Refusal(Code.NOT_FOUND, what="member")
        wanted: Wanted = {}
        unmatched = [rest for article in asked.articles if (rest := self._match(asked, article, wanted))]
        return asked.member_id, wanted, unmatched

    def _match(self, asked: ReturnRequest, article: Article, wanted: Wanted) -> UnmatchedLine | None:
        """Find where the article was bought, the latest purchase first; what is left was bought nowhere we know."""
        rest = article.quantity
        bought = self.shelf.of_article(asked.member_id, article.sku, asked.at) if asked.member_id else ()
        for purchase in bought:
            taken = wanted.get(purchase.id, {})
            left = returnable(purchase.sold.decision, purchase.sold.returned)
            for line in purchase.sold.decision.lines:
                part = min(rest, left.get(line.number, 0) - taken.get(line.number, 0))
                if line.sku == article.sku and part > 0:
                    wanted.setdefault(purchase.id, taken)
                    taken[line.number] = taken.get(line.number, 0) + part
                    rest -= part
            if not rest:
                return None
        amount = article.amount_minor - part_of(article.amount_minor, article.quantity - rest, article.quantity)
        return UnmatchedLine(article.sku, rest, amount, article.name)

    def _purchase(self, purchase_id: UUID) -> KnownPurchase:
        found = self.shelf.purchase(purchase_id)
        if found is None:
            raise Refusal(Code.NOT_FOUND, what="purchase")
        if found.state == "open":
            raise Refusal(Code.PURCHASE_OPEN)
        if found.state == "cancelled":
            raise Refusal(Code.PURCHASE_CANCELLED)
        return found

    def _booked_before(self, asked: ReturnRequest) -> ReturnResult | None:
        """The same request answered again; a return's number stands for one return for ever, whatever the key."""
        if (asked.request.owner, asked.request.key) in self.fresh:
            earlier, result = self.fresh[asked.request.owner, asked.request.key]
            same_content(earlier.request.fingerprint, asked.request)
            return replace(result, replayed=True)
        if (asked.source, asked.external_id) in self.fresh:
            earlier, result = self.fresh[asked.source, asked.external_id]
            return _same(earlier.fingerprint(), result, asked)
        answered = find_answered(self.program_id, asked.request)
        if answered is not None:
            found = find_return(self.program_id, id=answered.operation_id)
            if found is None:
                raise Refusal(Code.KEY_REUSED, key=asked.request.key)
            return found[1]
        if (asked.source, asked.external_id) not in self.booked:
            return None
        found = find_return(self.program_id, source=asked.source, external_id=asked.external_id)
        return _same(*found, asked) if found else None


def _same(fingerprint: bytes, result: ReturnResult, asked: ReturnRequest) -> ReturnResult:
    if fingerprint != asked.fingerprint():
        raise Refusal(Code.RECEIPT_EXISTS, return_id=str(result.return_id))
    return replace(result, replayed=True)


def open_desk(program_id: UUID, requests: Sequence[ReturnRequest], *, lock: bool) -> Desk:
    """Find whose purchases these are, then lock: first the members, then the purchases of nobody."""
    owners = owners_of(program_id, [one.purchase_id for one in requests if one.purchase_id])
    named = existing_members(program_id, [one.member_id for one in requests if one.member_id])
    members = {owner for owner in owners.values() if owner} | named
    standings = _standings(program_id, members, [one.at for one in requests], lock=lock)
    if lock:
        lock_anonymous(program_id, [key for key, owner in owners.items() if owner is None])
    shelf = Shelf(program_id)
    if len(requests) > 1:
        shelf.fetch(_articles_by_member(requests))
        shelf.fetch_lots(standings)
    numbers = [(one.source, one.external_id) for one in requests if one.external_id]
    rulebook = load_rulebook(program_id)[1]
    return Desk(
        program_id, shelf, standings, rulebook.zone, booked_numbers(program_id, numbers), rulebook=rulebook
    )  # fmt: skip


def _articles_by_member(requests: Sequence[ReturnRequest]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for one in requests:
        if one.member_id is not None and one.purchase_id is None:
            found.setdefault(one.member_id, set()).update(article.sku for article in one.articles)
    return found


def _standings(program_id: UUID, members: set[UUID], times: Sequence[datetime], *, lock: bool) -> dict[UUID, Standing]:
    return load_standings(program_id, members, at=max(times), lots=True, lock=lock) if members else {}
