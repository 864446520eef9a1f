"""Pricing receipts without touching anything: one look at the members, no lock; a kept quote is one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from kopilka.bookkeeping.coupon_guard import asker_of
from kopilka.bookkeeping.documents import to_bytes
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.loading import Refs, balances_of, fill_standings, read_members
from kopilka.bookkeeping.purchasing.books import Books, add_ref, has_due_gifts, members_by_code, read_counters
from kopilka.bookkeeping.purchasing.requests import QuoteRequest, QuoteResult
from kopilka.bookkeeping.rulebooks import load_rulebook_in_force
from kopilka.data.ids import new_id
from kopilka.data.models.purchases import Quote
from kopilka.engine.actor import Capability
from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode
from kopilka.engine.refusal import Code, Refusal

_DOCUMENTS = ("receipt", "decision")
_QUOTES = Rows(Quote, "id", "member_id", "at", "expires_at", "version", *_DOCUMENTS, documents=_DOCUMENTS)

QuoteRow = tuple[object, ...]


def quote_all(program_id: UUID, requests: Sequence[QuoteRequest]) -> list[QuoteResult | Refusal]:
    """Price these receipts of one program; a refusal concerns its request only.

    Nothing is locked: on PostgreSQL the look and the rows of kept quotes are one short transaction; on SQLite only
    keeping takes the write lock.
    """
    if not requests:
        return []
    kept: list[QuoteRow] = []
    answers: list[QuoteResult | Refusal] = []
    with store.together():
        try:
            books = _read(program_id, requests)
        except Refusal as refusal:
            return [refusal] * len(requests)
        for number, request in enumerate(requests):
            try:
                answers.append(_quote(books, request, books.who.get(number), kept))
            except Refusal as refusal:
                answers.append(refusal)
        if books.has_belongings:
            books.belongings.note()
        _keep(program_id, kept)
    return answers


def _read(program_id: UUID, requests: Sequence[QuoteRequest]) -> Books:
    entered = store.enter(program_id)
    by_code = members_by_code(program_id, [one.member for one in requests if one.member])
    refs = Refs()
    for number, one in enumerate(requests):
        if one.member is not None:
            add_ref(refs, number, one.member, by_code)
    who, known = read_members(program_id, refs, lock=False) if refs.numbers else ({}, {})
    version, switches = entered.fetchall()[0][:2]
    if not version:
        raise Refusal(Code.RULEBOOK_MISSING)
    books = Books(
        program_id, version, load_rulebook_in_force(program_id, version, switches), who, known, switches=switches
    )  # fmt: skip
    due = has_due_gifts(books.rulebook)
    spenders = {
        who[n] for n, one in enumerate(requests) if n in who and (due or one.receipt.spend.mode is not SpendMode.NONE)
    }
    fill_standings(program_id, known, spenders=list(spenders), want=books.wanted_facts())
    buyers = [(books.in_force(one.receipt.branch)[1], who.get(n), one.receipt) for n, one in enumerate(requests)]
    books.counters = read_counters(program_id, buyers, create=False)
    books.read_belongings(buyers, lock=False)
    return books


def _quote(books: Books, request: QuoteRequest, member_id: UUID | None, kept: list[QuoteRow]) -> QuoteResult:
    request.by.must(Capability.EARN)
    known = books.known[member_id] if member_id is not None else None
    if known is not None:
        known.must_be_active()
    elif request.member is not None:
        raise Refusal(Code.NOT_FOUND, what="member")
    version, rulebook = books.in_force(request.receipt.branch)
    asker = asker_of(request.by, request.at) if books.has_belongings else None  # only they have words to guess
    standing = books.standing_for(known, rulebook, request.receipt, asker)
    decision = decide(rulebook, standing, request.receipt, version=version)
    balances = balances_of(standing)
    if not request.keep:
        return QuoteResult(None, None, decision, member_id, balances)
    quote_id = new_id()
    expires_at = request.at + timedelta(minutes=rulebook.quote_life_minutes)
    kept.append(
        (
            quote_id, member_id, request.at, expires_at, version,
            to_bytes(request.receipt), to_bytes(decision),
        )
    )  # fmt: skip
    return QuoteResult(quote_id, expires_at, decision, member_id, balances)


def _keep(program_id: UUID, kept: list[QuoteRow]) -> None:
    if connection.vendor == "postgresql":
        store.insert(_QUOTES, program_id, kept)
    elif kept:
        with transaction.atomic():
            store.insert(_QUOTES, program_id, kept)
