"""What belongs to a member's own card: how he gets in, what proves him at a till, what he agreed to.

Secrets are stored as hashes only; who asked from where is kept as a keyed hash, for limits.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class LoginCode(ProgramModel):
    """A one-time code sent to a contact; whether anybody is known by it is asked only when the code was right.

    `contact_hash` and `place_hash` are keyed hashes of the canonical contact and of the network asked from, which
    limits count by. A code that was replaced by another has ended (`expires_at`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    contact_hash = models.BinaryField(max_length=32)
    place_hash = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=32)
    tries_left = models.IntegerField(default=5)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(tries_left__gte=0), name="login_tries_not_negative")]
        indexes = [
            models.Index(fields=["program", "contact_hash", "created_at"], name="login_code_by_contact"),
            models.Index(fields=["program", "place_hash", "created_at"], name="login_code_by_place"),
            models.Index(fields=["program", "created_at"], name="login_code_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class LoginFailure(ProgramModel):
    """A wrong code was typed: counted by contact, by place and for the whole program, whatever code it was for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact_hash = models.BinaryField(max_length=32)
    place_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "contact_hash", "at"], name="login_failure_by_contact"),
            models.Index(fields=["program", "at"], name="login_failure_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MemberSession(ProgramModel):
    """A browser in which a member has opened his card. `live_number` (64 bits) names it in its rotating codes.

    The secret of the rotating codes is derived from the installation's key and this id; it is stored nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32)
    live_number = models.BigIntegerField()
    label = models.CharField(max_length=200, default="")
    came_by = models.CharField(max_length=10, default="code")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "token_hash"], name="member_session_token_once"),
            models.UniqueConstraint(fields=["program", "live_number"], name="member_session_live_once"),
        ]
        indexes = [models.Index(fields=["program", "member", "created_at"], name="member_session_by_member")]

    def __str__(self) -> str:
        return str(self.id)


class LiveCodeUse(ProgramModel):
    """A rotating code was shown as proof: the `taker`'s alone (a key, or a cashier's till), to spend with once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey("kopilka.MemberSession", models.CASCADE, related_name="+")
    slot = models.BigIntegerField()
    taker = models.CharField(max_length=100, default="")
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "at"], name="live_code_use_by_time")]
        constraints = [models.UniqueConstraint(fields=["program", "session", "slot"], name="live_code_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.slot}"


class CardLink(ProgramModel):
    """A one-time address that opens a card just enrolled on the member's own phone; kept as a SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "token_hash"], name="card_link_once")]

    def __str__(self) -> str:
        return str(self.id)


class MemberPin(ProgramModel):
    """A PIN a member has chosen to prove himself at a till without his phone (argon2).

    `wrong_tries` since the last right one, `locks` how often it was locked in a row (each time longer).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    pin_hash = models.CharField(max_length=200)
    wrong_tries = models.IntegerField(default=0)
    locks = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "member"], name="member_pin_once")]

    def __str__(self) -> str:
        return str(self.member_id)


class ConsentText(ProgramModel):
    """What members are asked to agree to, by version; never changed. `kind`: terms, privacy, ads."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    version = models.IntegerField()
    text_ru = models.TextField()
    text_en = models.TextField()
    published_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "kind", "version"], name="consent_text_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Consent(ProgramModel):
    """A member gave or withdrew a consent: written once, so what held at any moment can be shown.

    `kind`: terms, privacy, ads. `channel` (for ads): sms, email, messenger, push. `version` of the text (0: the
    program has published none, and the one in the package was shown). `door`: where; `evidence`: how, for a person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20, default="")
    version = models.IntegerField()
    given = models.BooleanField()
    at = models.DateTimeField()
    door = models.CharField(max_length=10)
    evidence = models.CharField(max_length=300, default="")

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "member", "kind", "channel", "at"], name="consent_by_member")]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.given}"


class ErasedContact(ProgramModel):
    """Somebody known by this contact was erased: a keyed hash, kept so that welcome gifts are given once.

    `returned_id`: the member who enrolled with it afterwards.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    returned_id = models.UUIDField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "contact_hash"], name="erased_contact_once")]
        indexes = [
            models.Index(
                fields=["program", "returned_id"], name="erased_who_returned", condition=Q(returned_id__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DemoMessage(ProgramModel):
    """What would have been sent, in a demo program only, shown on a page of the demo instead."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "at"], name="demo_message_by_time")]

    def __str__(self) -> str:
        return self.to


class Post(ProgramModel):
    """News of the business, shown on members' cards from `published_at` on. Texts are plain, lines kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    published_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "published_at"], name="post_by_time")]

    def __str__(self) -> str:
        return self.title


class PostMedia(ProgramModel):
    """A photo or a video of a post: `file` is its name in the media folder, made by us; sizes in pixels."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey("kopilka.Post", models.CASCADE, related_name="media")
    kind = models.CharField(max_length=10)
    file = models.CharField(max_length=100)
    alt = models.CharField(max_length=200, default="")
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    place = models.IntegerField(default=0)

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "post", "place"], name="post_media_in_order")]

    def __str__(self) -> str:
        return self.file


class ChatMessage(ProgramModel):
    """One message between a member and the shop. `author`: member or shop; `staff` who wrote for the shop."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    author = models.CharField(max_length=10)
    staff = models.CharField(max_length=64, default="")
    text = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "member", "at"], name="chat_by_member"),
            models.Index(fields=["program", "at"], name="chat_unread", condition=Q(author="member", read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.at}"
