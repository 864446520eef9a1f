"""All that a batch must know before the engine decides: read under the members' locks, in one trip to the database.

A second one is made where its rules or wishes ask for more than members, wallets and what was booked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Buyer
from kopilka.bookkeeping.belongings.kinds import Belongings, belongings_of
from kopilka.bookkeeping.codes import OneTimeCode, hash_code
from kopilka.bookkeeping.coupon_guard import Asker
from kopilka.bookkeeping.documents import receipt_from_text
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.kernel.query import Found
from kopilka.bookkeeping.loading import (
    Known,
    Refs,
    ask_members,
    fill_standings,
    lot_of,
    members_found,
    wanted_facts,
)
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.purchasing.outcome import Counter, HeldPoints
from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, RefKind
from kopilka.bookkeeping.rulebooks import load_rulebook_in_force, load_rulebook_version, load_switches
from kopilka.data.ids import id_of, new_id
from kopilka.data.models.members import MemberCode
from kopilka.engine.coupons import normal_word
from kopilka.engine.receipt import Receipt, SpendMode
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Coupon, Rulebook
from kopilka.engine.standing import CouponState, Lot, Standing
from kopilka.engine.switches import version_for

COUPON = "coupon"

CounterKey = tuple[str, UUID | None]
"""A coupon's code, and the member whose uses are counted (None: everybody's)."""


@dataclass(slots=True)
class StoredQuote:
    """An offer that was kept, with what was decided then as it is stored."""

    id: UUID
    member_id: UUID | None
    expires_at: datetime
    version: int
    receipt: Receipt
    decision: str


@dataclass(slots=True)
class KnownReceipt:
    """A receipt's number that is in the books, or was booked before in this batch."""

    fingerprint: bytes
    purchase_id: UUID
    member_id: UUID | None
    at: datetime


@dataclass(slots=True)
class KnownKey:
    """A key that was used, and what for."""

    fingerprint: bytes
    kind: str
    subject_id: UUID | None


@dataclass(slots=True)
class Books:
    """What was read. `who` maps a request's place in the batch to its member; `drawn` a hold to its lots.

    `rulebook` is `version` as the program's `switches` (0: nothing was ever switched) stand.
    """

    program_id: UUID
    version: int
    rulebook: Rulebook
    who: dict[int, UUID] = field(default_factory=dict)
    known: dict[UUID, Known] = field(default_factory=dict)
    quotes: dict[UUID, StoredQuote] = field(default_factory=dict)
    holds: dict[UUID, HeldPoints] = field(default_factory=dict)
    drawn: dict[UUID, list[tuple[Lot, int]]] = field(default_factory=dict)
    codes: dict[UUID, list[OneTimeCode]] = field(default_factory=dict)
    keys: dict[tuple[UUID | None, str | None], KnownKey] = field(default_factory=dict)
    receipts: dict[tuple[str, str], KnownReceipt] = field(default_factory=dict)
    counters: dict[CounterKey, Counter] = field(default_factory=dict)
    switches: int = 0
    belongings: Belongings = field(default_factory=Belongings)
    has_belongings: bool = False

    def rulebook_of(self, request: PurchaseRequest) -> tuple[int, Rulebook]:
        """The rules a request is played by: those of its quote, or today's."""
        quote = self.quotes.get(request.quote_id) if request.quote_id else None
        if self.switches:
            receipt = receipt_of(request, self.quotes)
            return self.in_force(receipt.branch if receipt else "", quote.version if quote else None)
        if quote is None or quote.version == self.version:
            return self.version, self.rulebook
        return quote.version, load_rulebook_version(self.program_id, quote.version)

    def in_force(self, branch: str, quoted: int | None = None) -> tuple[int, Rulebook]:
        """The rules of a branch, or of an earlier quote, as the program's switches stand."""
        if not self.switches:
            return self.version, self.rulebook
        version = quoted or version_for(branch, self.version, load_switches(self.program_id, self.switches))
        return version, load_rulebook_in_force(self.program_id, version, self.switches)

    def wanted_facts(self) -> frozenset[str]:
        """What the rules ask beside a member's own row, those of a branch that is ahead too."""
        wanted = wanted_facts(self.rulebook)
        rollout = load_switches(self.program_id, self.switches).rollout if self.switches else None
        if rollout is not None:
            wanted |= wanted_facts(load_rulebook_version(self.program_id, rollout.version))
        return wanted

    def standing_for(
        self, known: Known | None, rulebook: Rulebook, receipt: Receipt, asker: Asker | None = None
    ) -> Standing:
        """The buyer as he stands now, with the uses of the coupons he names; somebody unknown has a bare standing."""
        standing = known.standing if known is not None else Standing(None)
        member_id = standing.member_id
        for coupon in limited_coupons(rulebook, receipt):
            total, own = self.counters.get((coupon.code, None)), self.counters.get((coupon.code, member_id))
            standing.coupons[coupon.code] = CouponState(total.used if total else 0, own.used if own else 0)
        if self.has_belongings:
            self.belongings.lay(Buyer(member_id, rulebook, receipt, standing, receipt.at, asker))
        return standing

    def read_belongings(self, buyers: Iterable[tuple[Rulebook, UUID | None, Receipt]], *, lock: bool) -> None:
        """What the buyers have beside points, where their rules have use for any of it."""
        buyers = list(buyers)
        self.belongings = belongings_of(self.program_id, (rulebook for rulebook, _, _ in buyers))
        self.has_belongings = bool(self.belongings)
        if self.has_belongings:
            found = [
                Buyer(who, rulebook, receipt, self.known[who].standing if who else Standing(None), receipt.at)
                for rulebook, who, receipt in buyers
            ]
            self.belongings.read(found, lock=lock)


def read_books(program_id: UUID, requests: Sequence[PurchaseRequest]) -> Books:
    """Lock the batch's members and read everything its requests need; `rulebook_missing`.

    What was answered before is asked by statements of their own after the lock: only then does their snapshot hold
    what another process has just committed for the same member.
    """
    with store.together():
        entered = store.enter(program_id)
        quotes = read_quotes(program_id, {one.quote_id for one in requests if one.quote_id})
        hold_ids = list({one.hold_id for one in requests if one.hold_id})
        refs = _refs(program_id, requests, quotes, _owners_of_holds(program_id, hold_ids))
        members = ask_members(program_id, refs, lock=True)
        before = _ask_before(program_id, requests, hold_ids)
        who, known = members_found(members)
        version, switches = entered.fetchall()[0][:2]
        if not version:
            raise Refusal(Code.RULEBOOK_MISSING)
        rulebook = load_rulebook_in_force(program_id, version, switches)
        books = Books(program_id, version, rulebook, who, known, quotes, switches=switches)
        _read_before(books, before)
        _read_the_rest(books, requests)
    return books


def read_quotes(program_id: UUID, ids: Iterable[UUID]) -> dict[UUID, StoredQuote]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = store.ask(queries.QUOTES, program_id, wanted).fetchall()
    return {
        quote_id: StoredQuote(quote_id, member_id, expires_at, version, receipt_from_text(receipt), decision)
        for quote_id, member_id, expires_at, version, receipt, decision in rows
    }


def read_counters(
    program_id: UUID, buyers: Iterable[tuple[Rulebook, UUID | None, Receipt]], *, create: bool
) -> dict[CounterKey, Counter]:
    """Counters of the limited coupons these receipts name; locked in key order and made when missing, or just read."""
    keys = sorted(
        {key for buyer in buyers for key in _counter_keys(*buyer)},
        key=lambda key: (key[0], key[1] is not None, key[1] or program_id),
    )
    if not keys:
        return {}
    kinds, codes, members = [COUPON] * len(keys), [code for code, _ in keys], [member for _, member in keys]
    if create:
        store.insert_missing_counters(program_id, [(new_id(), COUPON, code, member) for code, member in keys])
    rows = store.ask(queries.COUNTERS, program_id, kinds, codes, members, lock=create and locks_are_on()).fetchall()
    return {(code, member_id): Counter(counter_id, used) for counter_id, _, code, member_id, used in rows}


def limited_coupons(rulebook: Rulebook, receipt: Receipt) -> list[Coupon]:
    """Coupons the receipt names whose uses are bounded, and therefore counted."""
    if not receipt.codes:
        return []
    words = _words_of(rulebook)
    named = [words.get(normal_word(typed)) for typed in receipt.codes]
    return [coupon for coupon in named if coupon and (coupon.uses or coupon.uses_each)]


def read_hold_lots(
    program_id: UUID, known: dict[UUID, Known], holds: Iterable[HeldPoints]
) -> dict[UUID, list[tuple[Lot, int]]]:
    """The lots each hold was drawn from, as the very values their members' standings hold."""
    holds = list(holds)
    drawn: dict[UUID, list[tuple[Lot, int]]] = {hold.id: [] for hold in holds}
    if not holds:
        return drawn
    operations = list({one.operation_id for one in holds})
    rows = store.ask(queries.DRAWN_LOTS, program_id, operations).fetchall()
    for hold in holds:
        standing = known[hold.member_id].standing
        currency = next(code for code, wallet in standing.wallets.items() if wallet.id == hold.wallet_id)
        for operation_id, units, of_currency, *columns in rows:
            if operation_id == hold.operation_id and of_currency == currency:
                drawn[hold.id].append((_same_lot(standing, currency, columns), units))
    return drawn


def _same_lot(standing: Standing, currency: str, columns: Sequence[Any]) -> Lot:
    lots = standing.lots.setdefault(currency, [])
    found = next((lot for lot in lots if lot.id == columns[0]), None)
    if found is None:
        found = lot_of(currency, columns)
        lots.append(found)
    return found


@dataclass(slots=True)
class _Before:
    """What was booked before, on its way; None where no request of the batch asks for it."""

    keys: Found | None
    receipts: Found
    holds: Found | None


def _ask_before(program_id: UUID, requests: Sequence[PurchaseRequest], hold_ids: list[UUID]) -> _Before:
    """To be called when the members' locks are asked for, so that it is found out under them."""
    keyed = [one.request for one in requests if one.request.key is not None]
    keys = [one.owner for one in keyed], [one.key for one in keyed]
    receipts = [one.source for one in requests], [one.external_id for one in requests]
    return _Before(
        store.ask(queries.KEYS, program_id, *keys) if keyed else None,
        store.ask(queries.RECEIPTS, program_id, *receipts),
        store.ask(queries.HOLDS, program_id, hold_ids) if hold_ids else None,
    )


def _read_before(books: Books, before: _Before) -> None:
    for owner, key, fingerprint, kind, subject_id in before.keys.fetchall() if before.keys else ():
        books.keys[owner, key] = KnownKey(bytes(fingerprint or b""), kind, subject_id)
    for source, external_id, fingerprint, purchase_id, member_id, at in before.receipts.fetchall():
        books.receipts[source, external_id] = KnownReceipt(bytes(fingerprint), purchase_id, member_id, at)
    for row in before.holds.fetchall() if before.holds else ():
        if row[1] in books.known:
            books.holds[row[0]] = HeldPoints(*row)


def _read_the_rest(books: Books, requests: Sequence[PurchaseRequest]) -> None:
    program_id = books.program_id
    proven = {books.who[n] for n, one in enumerate(requests) if _has_code(one) and n in books.who}
    codes = store.ask(queries.CODES, program_id, list(proven)) if proven else None
    buyers = [
        (books.rulebook_of(one)[1], books.who.get(n), receipt)
        for n, one in enumerate(requests)
        if (receipt := receipt_of(one, books.quotes)) is not None
    ]
    due = has_due_gifts(books.rulebook)
    spenders = {
        books.who[n]
        for n, one in enumerate(requests)
        if n in books.who and (one.hold_id or due or _wishes(receipt_of(one, books.quotes)))
    }
    fill_standings(program_id, books.known, spenders=list(spenders), want=books.wanted_facts())
    books.counters = read_counters(program_id, buyers, create=True)
    books.read_belongings(buyers, lock=True)
    for code_id, member_id, code_hash, *rest in codes.fetchall() if codes else ():
        books.codes.setdefault(member_id, []).append(OneTimeCode(code_id, member_id, bytes(code_hash), *rest))
    books.drawn = read_hold_lots(program_id, books.known, books.holds.values())


def has_due_gifts(rulebook: Rulebook) -> bool:
    """Are there points that stand for gifts? Then every purchase may close some, from lots that must be known."""
    return any(currency.gift_sku for currency in rulebook.points.values())


def receipt_of(request: PurchaseRequest, quotes: dict[UUID, StoredQuote]) -> Receipt | None:
    """The receipt a request is about: the quoted one, or its own."""
    if request.quote_id is None:
        return request.receipt
    quote = quotes.get(request.quote_id)
    return quote.receipt if quote else None


def _wishes(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.spend.mode is not SpendMode.NONE


def _has_code(request: PurchaseRequest) -> bool:
    return request.proof.code is not None or (request.member is not None and request.member.kind is RefKind.CODE)


def _refs(
    program_id: UUID,
    requests: Sequence[PurchaseRequest],
    quotes: dict[UUID, StoredQuote],
    owners: dict[UUID, UUID],
) -> Refs:
    by_code = _members_by_code(program_id, requests)
    refs = Refs()
    for number, one in enumerate(requests):
        quote = quotes.get(one.quote_id) if one.quote_id else None
        named = one.member_named()
        if named is not None:
            refs.add(number, "", "", named)
        elif one.member is not None:
            add_ref(refs, number, one.member, by_code)
        elif quote is not None and quote.member_id is not None:
            refs.add(number, "", "", quote.member_id)
        elif one.hold_id in owners:
            refs.add(number, "", "", owners[one.hold_id])
    return refs


def add_ref(refs: Refs, number: int, ref: MemberRef, by_code: dict[str, UUID]) -> None:
    if ref.kind is RefKind.ID:
        try:
            refs.add(number, "", "", id_of(ref.value))
        except ValueError:
            return
    elif ref.kind is RefKind.CODE:
        if ref.value in by_code:
            refs.add(number, "", "", by_code[ref.value])
    else:
        refs.add(number, ref.kind, ref.value, None)


def _members_by_code(program_id: UUID, requests: Sequence[PurchaseRequest]) -> dict[str, UUID]:
    return members_by_code(program_id, [one.member for one in requests if one.member is not None])


def members_by_code(program_id: UUID, refs: Iterable[MemberRef]) -> dict[str, UUID]:
    """Members by the one-time codes that name them; a code two unused rows share names nobody."""
    hashes = {hash_code(program_id, ref.value): ref.value for ref in refs if ref.kind is RefKind.CODE}
    if not hashes:
        return {}
    rows = list(
        MemberCode.objects.of(program_id)
        .filter(code_hash__in=list(hashes), used_at=None)
        .order_by("created_at")
        .values_list("code_hash", "member_id", "expires_at")
    )
    newest = {hashes[bytes(code_hash)]: (expires_at, member_id) for code_hash, member_id, expires_at in rows}
    return {code: member_id for code, (_, member_id) in newest.items()}


def _owners_of_holds(program_id: UUID, hold_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    if not hold_ids:
        return {}
    return {row[0]: row[1] for row in store.ask(queries.HOLDS, program_id, list(hold_ids)).fetchall()}


def _counter_keys(rulebook: Rulebook, member_id: UUID | None, receipt: Receipt) -> Iterable[CounterKey]:
    for coupon in limited_coupons(rulebook, receipt):
        if coupon.uses:
            yield (coupon.code, None)
        if coupon.uses_each and member_id is not None:
            yield (coupon.code, member_id)


def _words_of(rulebook: Rulebook) -> dict[str, Coupon]:
    found = _words.get(rulebook.fingerprint)
    if found is None:
        found = {normal_word(word): coupon for coupon in rulebook.coupons.values() for word in coupon.words}
        _words[rulebook.fingerprint] = found
    return found


_words: dict[str, dict[str, Coupon]] = {}
