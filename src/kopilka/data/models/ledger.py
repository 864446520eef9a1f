"""The books: operations, wallets, entries, lots, draws, seals. Only bookkeeping writes here; queries read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from kopilka.data.ids import new_id
from kopilka.data.scope import AppendOnly, HotProgramModel, ProgramModel


class Operation(HotProgramModel):
    """One act of the books with its cause and actor; its entries sum to zero in each points currency.

    It is also the record of the request: (program, key_owner, key) happens once; `fingerprint` tells a repetition
    from a reuse of the key; `answer` is the stored reply (null: it is formed from the purchase's stored decision).
    `kind`: purchase, return, hold, confirm, cancel, release, adjust, activate, expire, enrol, change, publish, move,
    grant (by an automation), share (of a sale), extend (the life of
    lots), note (something written down that moved no points; `reason` says what).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    member = models.ForeignKey(
        "kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=500, default="")
    request_id = models.CharField(max_length=64, default="")
    key_owner = models.UUIDField(null=True)
    key = models.CharField(max_length=255, null=True)
    fingerprint = models.BinaryField(max_length=32, null=True)
    language = models.CharField(max_length=2, default="ru")
    status = models.IntegerField(default=0)
    answer = models.TextField(null=True)

    class Meta(HotProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "key_owner", "key"],
                name="operation_key_once",
                condition=Q(key__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Wallet(HotProgramModel):
    """One member's balance in one points currency, smallest units; derived from entries and rebuildable.

    `carry_num/carry_den` is the fraction of a unit kept for the next purchase.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=64)
    available = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    debt = models.BigIntegerField(default=0)
    carry_num = models.BigIntegerField(default=0)
    carry_den = models.BigIntegerField(default=1)

    class Meta(HotProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "member", "currency"], name="wallet_once"),
            models.CheckConstraint(condition=Q(available__gte=0), name="wallet_available_not_negative"),
            models.CheckConstraint(condition=Q(pending__gte=0), name="wallet_pending_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="wallet_held_not_negative"),
            models.CheckConstraint(condition=Q(debt__gte=0), name="wallet_debt_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.available}"


class LedgerEntry(HotProgramModel):
    """One immutable signed movement of `units` on a ledger account.

    Accounts of a wallet: pending, available, held, debt; of the program (`wallet` null): expense (granted), liability
    (paid with), expired, adjusted, moved (between members, so its sum is zero). `debt` entries are negative when a debt
    grows: a wallet's balance as the member's claim is pending + available + held + debt, and debt stands there below
    zero.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation = models.ForeignKey("kopilka.Operation", models.PROTECT, related_name="+")
    wallet = models.ForeignKey("kopilka.Wallet", models.PROTECT, related_name="+", null=True, db_index=False)
    account = models.CharField(max_length=10)
    currency = models.CharField(max_length=64)
    units = models.BigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(HotProgramModel.Meta):
        indexes = [models.Index(fields=["wallet", "id"], name="entry_by_wallet")]
        constraints = [models.CheckConstraint(condition=~Q(units=0), name="entry_moves_something")]

    def __str__(self) -> str:
        return f"{self.account} {self.units:+}"


class Lot(HotProgramModel):
    """A batch of points with its own life; `remaining` + drawn + `expired` = `amount`.

    Not `active` while its points stand in `pending`. `grace` lots hold points given back after their life had ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wallet = models.ForeignKey("kopilka.Wallet", models.PROTECT, related_name="+", db_index=False)
    operation = models.ForeignKey("kopilka.Operation", models.PROTECT, related_name="+", db_index=False)
    purchase = models.ForeignKey("kopilka.Purchase", models.PROTECT, related_name="+", null=True, db_constraint=False)
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    expired = models.BigIntegerField(default=0)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    grace = models.BooleanField(default=False)

    class Meta(HotProgramModel.Meta):
        indexes = [
            models.Index(fields=["wallet", "expires_at"], name="lot_by_wallet"),
            models.Index(fields=["program", "expires_at"], name="lot_by_expiry", condition=Q(expires_at__isnull=False)),
            models.Index(fields=["program", "starts_at"], name="lot_by_start", condition=Q(active=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(remaining__gte=0) & Q(remaining__lte=F("amount")), name="lot_remaining_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(expired__gte=0) & Q(expired__lte=F("amount")), name="lot_expired_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.amount}"


class Draw(HotProgramModel):
    """How many `units` of a lot an operation took (positive) or gave back (negative): the allocation map."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation = models.ForeignKey("kopilka.Operation", models.PROTECT, related_name="+")
    lot = models.ForeignKey("kopilka.Lot", models.PROTECT, related_name="+")
    units = models.BigIntegerField()

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(HotProgramModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(units=0), name="draw_moves_something")]

    def __str__(self) -> str:
        return f"{self.units:+}"


class EntrySeal(ProgramModel):
    """An entry's place in its program's chain: hash = SHA-256(previous hash + the entry's canonical bytes)."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()
    entry = models.ForeignKey("kopilka.LedgerEntry", models.PROTECT, related_name="+")
    day = models.DateField()
    chain_hash = models.BinaryField(max_length=32)

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="seal_number_once"),
            models.UniqueConstraint(fields=["program", "entry"], name="seal_entry_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class DaySeal(ProgramModel):
    """The last link of a program's chain on a day on which entries were sealed: what an owner keeps elsewhere."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    number = models.BigIntegerField()
    chain_hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "day"], name="day_seal_by_day")]

    def __str__(self) -> str:
        return f"{self.day} #{self.number}"
