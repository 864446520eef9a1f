"""The books read from end to end: sums made by the database, rows streamed, all in one snapshot.

Every function wants to be called inside `snapshot`; streams come in the order of their first column, so that two of
them can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from kopilka.data.models.events import Event
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import DaySeal, Draw, EntrySeal, LedgerEntry, Lot, Operation, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.programs import Program
from kopilka.data.models.publishing import ReversalItem
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.models.tiers import Opening

Row = tuple[Any, ...]

CHUNK = 5000


@contextmanager
def snapshot(program_id: UUID) -> Iterator[None]:
    """One consistent view of a program's rows; tills go on writing meanwhile, and nothing of theirs is seen."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT set_config('kopilka.program', %s, true)", [str(program_id)])
            yield
    else:
        # Django's own transaction would begin IMMEDIATE and stop every till for as long as this takes.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def sizes(program_id: UUID) -> dict[str, int]:
    """How many rows a check will go through."""
    counted = (LedgerEntry, Operation, Lot, Draw, Wallet, Purchase, Return, Hold, EntrySeal, Member)
    return {model.__name__: model.objects.of(program_id).count() for model in counted}


def unbalanced(program_id: UUID) -> Iterator[Row]:
    """(operation, currency, sum) where entries do not sum to zero."""
    sums = LedgerEntry.objects.of(program_id).values("operation_id", "currency").annotate(total=Sum("units"))
    return _stream(sums.exclude(total=0).order_by("operation_id").values_list("operation_id", "currency", "total"))


def entries_off_their_wallet(program_id: UUID) -> Iterator[Row]:
    """(entry, its currency, the wallet's) where they differ."""
    rows = LedgerEntry.objects.of(program_id).filter(wallet__isnull=False).exclude(currency=F("wallet__currency"))
    return _stream(rows.order_by("id").values_list("id", "currency", "wallet__currency"))


def accounts_off_their_side(program_id: UUID, of_wallet: list[str]) -> Iterator[Row]:
    """(entry, account) of a wallet's account without a wallet, or the other way round."""
    rows = LedgerEntry.objects.of(program_id)
    wrong = rows.filter(
        Q(wallet__isnull=True, account__in=of_wallet) | Q(wallet__isnull=False) & ~Q(account__in=of_wallet)
    )
    return _stream(wrong.order_by("id").values_list("id", "account"))


def purchase_sums(program_id: UUID) -> Iterator[Row]:
    """(purchase, currency, account, units) granted and paid with, over the operations that booked a purchase."""
    rows = LedgerEntry.objects.of(program_id).filter(
        operation__kind__in=["purchase", "confirm"], account__in=["expense", "liability"]
    )
    sums = rows.values("operation__subject_id", "currency", "account").annotate(total=Sum("units"))
    columns = ("operation__subject_id", "currency", "account", "total")
    return _stream(sums.order_by("operation__subject_id").values_list(*columns))


def keys_twice(program_id: UUID) -> Iterator[Row]:
    """(owner, key, how often) of idempotency keys that made more than one operation."""
    rows = Operation.objects.of(program_id).filter(key__isnull=False).values("key_owner", "key")
    return _stream(
        rows.annotate(n=Count("id")).filter(n__gt=1).order_by("key_owner", "key").values_list("key_owner", "key", "n")
    )


def keys_without_content(program_id: UUID) -> Iterator[Row]:
    """(operation,) with a key that no repetition could be compared with."""
    rows = Operation.objects.of(program_id).filter(key__isnull=False).filter(Q(fingerprint=None) | Q(key_owner=None))
    return _stream(rows.order_by("id").values_list("id"))


def operations_about_nothing(program_id: UUID) -> Iterator[Row]:
    """(operation, kind) that should name a purchase, return or hold and name none that exists."""
    about = {
        "purchase": Purchase,
        "confirm": Purchase,
        "cancel": Purchase,
        "return": Return,
        "hold": Hold,
        "release": Hold,
    }
    for kind, model in about.items():
        there = Exists(model.objects.of(program_id).filter(id=OuterRef("subject_id")))
        rows = Operation.objects.of(program_id).filter(kind=kind).exclude(there)
        yield from _stream(rows.order_by("id").values_list("id", "kind"))


def wallets(program_id: UUID) -> Iterator[Row]:
    """(wallet, member, currency, available, pending, held, debt)."""
    columns = ("id", "member_id", "currency", "available", "pending", "held", "debt")
    return _stream(Wallet.objects.of(program_id).order_by("id").values_list(*columns))


def wallet_sums(program_id: UUID) -> Iterator[Row]:
    """(wallet, available, pending, held, debt) as their entries say."""
    rows = LedgerEntry.objects.of(program_id).filter(wallet__isnull=False).values("wallet_id")
    sums = rows.annotate(**{name: _sum("units", account=name) for name in ("available", "pending", "held", "debt")})
    return _stream(sums.order_by("wallet_id").values_list("wallet_id", "available", "pending", "held", "debt"))


def lot_sums_of_wallets(program_id: UUID) -> Iterator[Row]:
    """(wallet, available, pending) as their lots say."""
    rows = Lot.objects.of(program_id).values("wallet_id")
    sums = rows.annotate(on=_sum("remaining", active=True), off=_sum("remaining", active=False))
    return _stream(sums.order_by("wallet_id").values_list("wallet_id", "on", "off"))


def held_sums_of_wallets(program_id: UUID) -> Iterator[Row]:
    """(wallet, units) set aside by open holds."""
    rows = Hold.objects.of(program_id).filter(state="open").values("wallet_id").annotate(total=Sum("units"))
    return _stream(rows.order_by("wallet_id").values_list("wallet_id", "total"))


def lots(program_id: UUID) -> Iterator[Row]:
    """(lot, amount, remaining, expired)."""
    return _stream(Lot.objects.of(program_id).order_by("id").values_list("id", "amount", "remaining", "expired"))


def draw_sums(program_id: UUID) -> Iterator[Row]:
    """(lot, units drawn)."""
    rows = Draw.objects.of(program_id).values("lot_id").annotate(total=Sum("units"))
    return _stream(rows.order_by("lot_id").values_list("lot_id", "total"))


def draws_of_strangers(program_id: UUID) -> Iterator[Row]:
    """(draw, lot, operation) where another member's operation moved a lot; who was merged into its owner is none."""
    owner = F("lot__wallet__member_id")
    rows = Draw.objects.of(program_id).exclude(operation__member_id=owner)
    rows = rows.exclude(operation__member__merged_into_id=owner)
    return _stream(rows.order_by("id").values_list("id", "lot_id", "operation_id"))


def lots_of_returns(program_id: UUID) -> Iterator[Row]:
    """(lot, grace, kind of operation) of points given back to a lot not theirs, and of grace that no return gave."""
    rows = Lot.objects.of(program_id).filter(~Q(operation__kind="return"), grace=True)
    rows = rows | Lot.objects.of(program_id).filter(operation__kind="return", grace=False)
    return _stream(rows.order_by("id").values_list("id", "grace", "operation__kind"))


def holds(program_id: UUID) -> Iterator[Row]:
    """(hold, state, units, captured, closed_at, units drawn for it)."""
    drawn = Draw.objects.of(program_id).filter(
        operation_id=OuterRef("operation_id"), lot__wallet_id=OuterRef("wallet_id")
    )
    total = drawn.filter(units__gt=0).order_by().values("operation_id").annotate(total=Sum("units")).values("total")
    rows = Hold.objects.of(program_id).annotate(drawn=Coalesce(models.Subquery(total), 0))
    return _stream(rows.order_by("id").values_list("id", "state", "units", "captured", "closed_at", "drawn"))


def seals(program_id: UUID) -> Iterator[Row]:
    """(number, day, hash, entry, operation, wallet, account, currency, units, at) along the chain."""
    columns = ("operation_id", "wallet_id", "account", "currency", "units", "at")
    rows = EntrySeal.objects.of(program_id).order_by("number")
    return _stream(rows.values_list("number", "day", "chain_hash", "entry_id", *(f"entry__{name}" for name in columns)))


def day_seals(program_id: UUID) -> list[Row]:
    """(number, day, hash) of closed days."""
    return list(DaySeal.objects.of(program_id).order_by("number").values_list("number", "day", "chain_hash"))


def purchases(program_id: UUID) -> Iterator[Row]:
    """(purchase, state, net, paid, decision)."""
    rows = Purchase.objects.of(program_id).order_by("id")
    return _stream(rows.values_list("id", "state", "net_minor", "paid_minor", "decision"), chunk=500)


def returned_purchases(program_id: UUID) -> Iterator[Row]:
    """(purchase, paid, returned money, decision, what returns have undone) of purchases with returns."""
    rows = Purchase.objects.of(program_id).filter(Q(returned__isnull=False) | Q(returned_minor__gt=0)).order_by("id")
    return _stream(rows.values_list("id", "paid_minor", "returned_minor", "decision", "returned"), chunk=500)


def returns(program_id: UUID) -> Iterator[Row]:
    """(return, refund, document)."""
    return _stream(
        Return.objects.of(program_id).order_by("id").values_list("id", "refund_minor", "document"), chunk=500
    )


def reversals(program_id: UUID) -> Iterator[str]:
    """What every reversed purchase decided, and what undoing that decided, as texts."""
    rows = ReversalItem.objects.of(program_id).filter(kind="purchase").order_by("id")
    for document, undone in _stream(rows.values_list("document", "undo_document"), chunk=500):
        yield document
        if undone:
            yield undone


def numbers_twice(program_id: UUID) -> Iterator[Row]:
    """(purchase or return, source, number, how often)."""
    for what, model in (("purchase", Purchase), ("return", Return)):
        rows = model.objects.of(program_id).values("source", "external_id").annotate(n=Count("id")).filter(n__gt=1)
        for source, number, n in _stream(
            rows.order_by("source", "external_id").values_list("source", "external_id", "n")
        ):
            yield what, source, number, n


def facts_without_operation(program_id: UUID) -> Iterator[Row]:
    """(purchase or return, id, what is missing) where the operation or the event of a fact is not there."""
    kinds = {
        "purchase": (Purchase, ["purchase_confirmed", "purchase_opened"]),
        "return": (Return, ["purchase_returned"]),
    }
    for what, (model, events) in kinds.items():
        rows = model.objects.of(program_id).order_by("id")
        operation = Exists(Operation.objects.of(program_id).filter(id=OuterRef("id"), kind=what))
        for (key,) in _stream(rows.exclude(operation).values_list("id")):
            yield what, key, "operation"
        told = Event.objects.of(program_id).filter(kind__in=events).values_list("subject_id", flat=True)
        known = set(told.iterator(chunk_size=CHUNK))
        for (key,) in _stream(rows.values_list("id")):
            if key not in known:
                yield what, key, "event"


def members(program_id: UUID) -> Iterator[Row]:
    """(member, purchases, spent) without what he brought along from elsewhere."""
    opening = Opening.objects.of(program_id).filter(member_id=OuterRef("id"))
    here = {
        "bought": F("purchases") - Coalesce(Subquery(opening.values("purchases")), 0),
        "paid": F("spent_minor") - Coalesce(Subquery(opening.values("spent_minor")), 0),
    }
    rows = Member.objects.of(program_id).annotate(**here).order_by("id")
    return _stream(rows.values_list("id", "bought", "paid"))


def purchase_sums_of_members(program_id: UUID) -> Iterator[Row]:
    """(member, purchases, spent) as their purchases say."""
    rows = Purchase.objects.of(program_id).filter(state="confirmed", member__isnull=False).values("member_id")
    number = Count("id", filter=Q(is_back=False))
    sums = rows.annotate(n=number, spent=Sum(F("paid_minor") - F("returned_minor")))
    return _stream(sums.order_by("member_id").values_list("member_id", "n", "spent"))


def references() -> list[tuple[Any, Any]]:
    """(table, reference) of every reference from a program's row to another one."""
    return [
        (model, field)
        for model in _tables()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in _tables()
    ]


def strays(program_id: UUID, model: Any, field: Any) -> Iterator[Row]:
    """(row, what it refers to) where the other end is missing or of another program."""
    there = Exists(field.related_model.objects.of(program_id).filter(pk=OuterRef(field.attname)))
    rows = model.objects.of(program_id).filter(**{f"{field.name}__isnull": False}).exclude(there)
    return _stream(rows.order_by("pk").values_list("pk", field.attname))


def unknown_programs() -> Iterator[Row]:
    """(table, program) of rows that belong to no program. On PostgreSQL only whoever may see all rows finds any."""
    known = set(Program.objects.values_list("id", flat=True))
    for model in _tables():
        for found in model.objects.across_programs().order_by().values_list("program_id", flat=True).distinct():
            if found not in known:
                yield model._meta.db_table, found


def _tables() -> list[Any]:
    """Tables whose rows belong to programs (keys stand apart: they are looked up before the program is known)."""
    tables: list[Any] = list(apps.get_app_config("kopilka").get_models())
    return [model for model in tables if hasattr(model.objects, "of")]


def _sum(column: str, **which: Any) -> Coalesce:
    return Coalesce(Sum(column, filter=Q(**which)), 0)


def _stream(rows: QuerySet[Any, Any], chunk: int = CHUNK) -> Iterator[Row]:
    return iter(rows.iterator(chunk_size=chunk))
