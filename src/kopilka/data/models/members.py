"""Members, what recognises them, and their personal data, which stands apart from the books."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Member(ProgramModel):
    """A person enrolled in the program: the row every act on the member locks first. No personal data here.

    `tags` are space-separated codes. `segments` are those he was put into, as `engine/segments.py` writes them, derived
    from his stays; those he belongs to by their condition are not kept here. Counters are derived from purchases and
    can be rebuilt. `tier_until`: set by hand until then (year 9999: for ever), `tier_lowered_at`: when he last fell,
    `tier_review_at`: when the worker looks at his tier (null: never by time alone). `inviter` is the member who brought
    him, `agent` the code of the agent he came with. `role`: empty for a buyer; employee, agent or partner for an
    account that only holds what these get. A duplicate was `merged_into` the member who now has what was his.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    status = models.CharField(max_length=10, default="active")
    enrolled_at = models.DateTimeField()
    tier = models.CharField(max_length=64, default="")
    tier_since = models.DateTimeField(null=True)
    tags = models.TextField(default="")
    segments = models.TextField(default="")
    purchases = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)
    last_purchase_minor = models.BigIntegerField(null=True)
    last_purchase_at = models.DateTimeField(null=True)
    referrals = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, default="")
    inviter = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False)
    agent = models.CharField(max_length=64, default="", db_default="")
    role = models.CharField(max_length=10, default="", db_default="")
    tier_until = models.DateTimeField(null=True)
    tier_lowered_at = models.DateTimeField(null=True)
    tier_review_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "id"], name="member_in_order"),
            models.Index(fields=["program", "enrolled_at"], name="member_by_enrolled"),
            models.Index(fields=["program", "link", "enrolled_at"], name="member_by_link", condition=~Q(link="")),
            models.Index(
                fields=["program", "tier_review_at"],
                name="member_by_tier_review",
                condition=Q(tier_review_at__isnull=False),
            ),
            models.Index(fields=["program", "inviter"], name="member_by_inviter", condition=Q(inviter__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Profile(ProgramModel):
    """Personal data of a member; erasing this row and the identifiers leaves the books whole.

    `search` holds the folded name (casefold, ё as е) for case-insensitive search in Russian on every database.
    `birth_told_at`: when the birth date was told or changed last.
    """

    member = models.OneToOneField("kopilka.Member", models.CASCADE, primary_key=True, related_name="profile")
    name = models.CharField(max_length=200, default="")
    search = models.CharField(max_length=200, default="")
    birth_date = models.DateField(null=True)
    birth_told_at = models.DateTimeField(null=True)
    gender = models.CharField(max_length=1, default="")
    language = models.CharField(max_length=2, default="")
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "search"], name="profile_by_search")]

    def __str__(self) -> str:
        return self.name


class Identifier(ProgramModel):
    """What a member is recognised by: phone (E.164), card, email, external (the id in another system), referral.

    `owner`: whose it was before he joined the family of `member`, to whom it goes back when he leaves. `tail`: the last
    four characters, by which a till may look for a phone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    owner = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False)
    tail = models.GeneratedField(
        expression=Right("value", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    created_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "kind", "value"], name="identifier_once")]
        indexes = [
            models.Index(fields=["program", "owner"], name="identifier_by_owner", condition=Q(owner__isnull=False)),
            models.Index(fields=["program", "tail"], name="phone_by_tail", condition=Q(kind="phone")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class MemberCode(ProgramModel):
    """A one-time code with which a member proves himself: hashed, single use, few tries, short life.

    `way` he came by it: sent (to him, counted by limits), live (for a rotating code he has shown), pin (for his PIN).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="codes")
    way = models.CharField(max_length=10, default="sent", db_default="sent")
    code_hash = models.BinaryField(max_length=32)
    tries_left = models.IntegerField(default=5)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "member", "created_at"], name="code_by_member"),
            models.Index(fields=["program", "code_hash"], name="code_by_hash", condition=Q(used_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="code_tries_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.id)
