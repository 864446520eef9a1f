"""What stands at the counter: devices, who may work at them, the receipt a till is at, sales that waited for a network.

Tokens and PINs are stored as hashes only. All texts of codes are those of the receipts: `branch`, `till`, `staff`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class PageSettings(ProgramModel):
    """How the pages of a program look and behave; without a row the defaults below hold.

    `accent` a colour as #rrggbb (empty: the house's own), `logo` a picture's name in the media folder. The `slogan`,
    `about`, `address` and `hours` are the program's own words. `undo_minutes`: so long a cashier may undo a sale;
    `idle_minutes`: so long a cashier stays signed in without touching the till. Sales a till made without a network are
    booked by themselves up to `offline_sales` of them and points worth `offline_worth` (minor units) a day. At one
    kiosk `kiosk_guests` people an hour get their cards.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    accent = models.CharField(max_length=7, default="")
    logo = models.CharField(max_length=100, default="")
    slogan_ru = models.CharField(max_length=200, default="")
    slogan_en = models.CharField(max_length=200, default="")
    about_ru = models.TextField(default="")
    about_en = models.TextField(default="")
    phone = models.CharField(max_length=40, default="")
    address = models.CharField(max_length=300, default="")
    hours = models.CharField(max_length=200, default="")
    undo_minutes = models.IntegerField(default=15)
    idle_minutes = models.IntegerField(default=30)
    offline_sales = models.IntegerField(default=500)
    offline_worth = models.BigIntegerField(default=1_000_000)
    kiosk_guests = models.IntegerField(default=40)
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program"], name="page_settings_once")]

    def __str__(self) -> str:
        return f"pages of {self.program_id}"


class Device(ProgramModel):
    """A browser at the counter that a manager has let in. `kind`: till or kiosk.

    `till` is the code receipts carry and the source of their numbers, `receipts` how many it has begun (a browser that
    takes another's place goes on from there); one till is one browser at a time. A kiosk stands
    `beside` a till. Whoever holds the token (its SHA-256 is here) is the device, until `revoked_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    branch = models.CharField(max_length=64, default="")
    till = models.CharField(max_length=64, default="")
    beside = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+", null=True)
    token_hash = models.BinaryField(max_length=32)
    receipts = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "token_hash"], name="device_token_once"),
            models.UniqueConstraint(
                fields=["program", "till"], name="device_till_once", condition=Q(kind="till", revoked_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["program", "created_at"], name="device_by_age")]

    def __str__(self) -> str:
        return self.name


class DeviceCode(ProgramModel):
    """A manager's one-time code that lets one browser in as a till or a kiosk; kept as a keyed hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    branch = models.CharField(max_length=64, default="")
    till = models.CharField(max_length=64, default="")
    beside = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+", null=True)
    code_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+", null=True)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "code_hash"], name="device_code_by_hash", condition=Q(used_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class StaffAccess(ProgramModel):
    """That an employee may work at the tills: his PIN (argon2) and his `role`: cashier or manager.

    `wrong_tries` since the last right one, `locks` how often it was locked in a row (each time longer).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employee = models.ForeignKey("kopilka.Beneficiary", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, default="cashier")
    pin_hash = models.CharField(max_length=200, default="")
    wrong_tries = models.IntegerField(default=0)
    locks = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "employee"], name="staff_access_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.role}"


class StaffSession(ProgramModel):
    """An employee at a device, from his PIN until he leaves, is idle for long or the device is revoked.

    In `training` nothing is booked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+")
    employee = models.ForeignKey("kopilka.Beneficiary", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, default="cashier")
    token_hash = models.BinaryField(max_length=32)
    training = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "token_hash"], name="staff_session_token_once")]
        indexes = [models.Index(fields=["program", "device", "started_at"], name="staff_session_by_device")]

    def __str__(self) -> str:
        return f"{self.employee_id} at {self.device_id}"


class OpenReceipt(ProgramModel):
    """The receipt a till is at, from its first key to its confirmation: what a reload or a kiosk beside finds.

    At most one is open per device. `number` becomes the receipt's external id. `document` is what was typed so far
    (`services/open_receipts.py`), as a text (JSON). `state`: open, done, dropped.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+")
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, default="open")
    number = models.CharField(max_length=100)
    document = models.TextField(default="")
    training = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    purchase_id = models.UUIDField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "device"], name="open_receipt_once", condition=Q(state="open")),
        ]
        indexes = [models.Index(fields=["program", "device", "started_at"], name="open_receipt_by_device")]

    def __str__(self) -> str:
        return self.number


class LookUpHour(ProgramModel):
    """How often an employee looked for members within one hour by the clock, and how many sales came of it.

    Who looks much more often than he sells is reading the customers' balances. `employee` is the id of whoever acts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employee = models.UUIDField()
    hour = models.DateTimeField()
    looked = models.IntegerField(default=0)
    sold = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "employee", "hour"], name="look_up_hour_once")]

    def __str__(self) -> str:
        return f"{self.employee} {self.hour:%d.%m %H}"


class QueuedSale(ProgramModel):
    """A sale made without a network, as it arrived: booked, or `waiting` for a person because it could not be.

    `key` was drawn by the browser and is unique, so a sale arrives once. `document` is what was signed, a text (JSON);
    `refused` the code of the refusal, `told` its parameters, a text (JSON). `state`: arrived (being booked), booked,
    waiting, dropped for a `reason`. `worth` of its points in minor units counts against the limit of the day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey("kopilka.Device", models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    staff = models.CharField(max_length=64, default="")
    document = models.TextField()
    occurred_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    refused = models.CharField(max_length=64, default="")
    told = models.TextField(default="")
    reason = models.CharField(max_length=500, default="")
    worth = models.BigIntegerField(default=0)
    purchase_id = models.UUIDField(null=True)
    settled_by = models.CharField(max_length=200, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "device", "key"], name="queued_sale_once")]
        indexes = [
            models.Index(
                fields=["program", "arrived_at"], name="queued_sale_open", condition=Q(state__in=("arrived", "waiting"))
            ),
            models.Index(fields=["program", "device", "occurred_at"], name="queued_sale_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Article(ProgramModel):
    """An article of the small catalogue a till without integration sells from.

    `kind`: goods or service; `price` in 1/10,000 of the currency unit, `vat` in hundredths of a percent. `barcode` as
    scanned. `place` orders the buttons; what is not `active` is not shown.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=400)
    kind = models.CharField(max_length=10, default="goods")
    category = models.CharField(max_length=100, default="")
    brand = models.CharField(max_length=100, default="")
    price = models.BigIntegerField()
    vat = models.IntegerField(null=True)
    barcode = models.CharField(max_length=64, default="")
    search = models.CharField(max_length=400, default="")
    place = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "sku"], name="article_once"),
            models.UniqueConstraint(
                fields=["program", "barcode"], name="article_barcode_once", condition=~Q(barcode="")
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="article_price"),
        ]
        indexes = [models.Index(fields=["program", "place", "sku"], name="article_in_order")]

    def __str__(self) -> str:
        return self.sku
