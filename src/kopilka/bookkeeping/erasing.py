"""Forgetting a person: his rows go, the books keep their sums; of his contacts only keyed hashes stay behind.

The hashes tell that somebody with this phone was here before, so that what is given once is not given again.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.models.automations import ProfileAnswer
from kopilka.data.models.card import (
    CardLink,
    ChatMessage,
    DemoMessage,
    ErasedContact,
    MemberPin,
    MemberSession,
)
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.doors import OpenReceipt, QueuedSale
from kopilka.data.models.ledger import Operation
from kopilka.data.models.members import Identifier, Member, MemberCode, Profile
from kopilka.data.models.purchases import Purchase, Quote
from kopilka.engine.ledger import Kind

CONTACTS = ("phone", "email")
"""Kinds of identifiers by which somebody is known again after he was erased."""

ROWS_AT_ONCE = 500
_MAIL_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
_TOLD_OF_PEOPLE = (Kind.ENROL, Kind.CHANGE, Kind.NOTE)
_HIS_ROWS: Final[Sequence[tuple[str, Any]]] = (
    ("answers", ProfileAnswer), ("codes", MemberCode), ("sessions", MemberSession),
    ("links", CardLink), ("pins", MemberPin), ("messages", ChatMessage), ("quotes", Quote), ("profile", Profile),
)  # fmt: skip


def hash_contact(program_id: UUID, kind: str, value: str) -> bytes:
    """HMAC-SHA256 of a contact within its program, however it is spelt, under the installation's secret key."""
    said = _plain_mail(value) if kind == "email" else value
    return hmac.digest(
        settings.SECRET_KEY.encode(), b"contact" + program_id.bytes + f"{kind}:{said}".encode(), "sha256"
    )


def note_returned(program_id: UUID, members: Mapping[UUID, Mapping[str, str]]) -> None:
    """Of these new members (by what each is known), remember who had been here before and was erased."""
    rows = ErasedContact.objects.of(program_id)
    if not rows.exists():
        return
    by_hash = {
        hash_contact(program_id, kind, value): member_id
        for member_id, known_by in members.items()
        for kind, value in known_by.items()
        if kind in CONTACTS and value
    }
    hashes = list(by_hash)
    for start in range(0, len(hashes), ROWS_AT_ONCE):
        for found in rows.filter(contact_hash__in=hashes[start : start + ROWS_AT_ONCE]):
            rows.filter(id=found.id).update(returned_id=by_hash[bytes(found.contact_hash)])


def has_returned(program_id: UUID, member_id: UUID | None) -> bool:
    """Was he erased before and enrolled again? Then he has had what new members get."""
    return member_id is not None and ErasedContact.objects.of(program_id).filter(returned_id=member_id).exists()


def records_of(program_id: UUID, member_id: UUID) -> list[UUID]:
    """The member, and every record that was merged into his."""
    found, new = [member_id], [member_id]
    while new:
        merged = Member.objects.of(program_id).filter(merged_into__in=new).values_list("id", flat=True)
        new = [one for one in merged if one not in found]
        found += new
    return found


def kept_answers(program_id: UUID, members: Sequence[UUID], since: datetime | None = None) -> list[UUID]:
    """Operations that still hold what a request about these members was answered: personal data.

    Looks through all operations, as they are in no order by member; `since` only through those made about then or
    later.
    """
    rows = Operation.objects.of(program_id).filter(kind__in=_TOLD_OF_PEOPLE, answer__isnull=False)
    if since is not None:
        rows = rows.filter(id__gte=UUID(int=max(0, int(since.timestamp() * 1000) - HOUR_MS) << 80))
    return list(rows.filter(Q(member_id__in=members) | Q(subject_id__in=members)).values_list("id", flat=True))


HOUR_MS = 3_600_000
"""Ids begin with the millisecond they were made in; a transaction that was open meanwhile is not an hour old."""


def forget(program_id: UUID, members: Sequence[UUID], operations: Sequence[UUID], *, at: datetime) -> dict[str, int]:
    """Delete what is known of a person (with the records merged into his), inside the transaction that locked him.

    How many rows of each kind went. His entries, purchases, lots and consents stay, under an id that names nobody.
    """
    mine = Identifier.objects.of(program_id).filter(Q(member_id__in=members, owner=None) | Q(owner_id__in=members))
    contacts = list(mine.values_list("kind", "value"))
    _bury(program_id, contacts, at)
    cleared = {"identifiers": len(contacts)}
    DemoMessage.objects.of(program_id).filter(to__in=[value for _, value in contacts]).delete()
    mine.delete()
    for name, model in _HIS_ROWS:
        rows = model.objects.of(program_id).filter(member_id__in=members)
        cleared[name] = rows.count()
        rows.delete()
    cleared["answers_kept"] = _forget_answers(program_id, operations)
    _forget_at_counters(program_id, members, at)
    return {name: count for name, count in cleared.items() if count}


def _bury(program_id: UUID, contacts: Iterable[tuple[str, str]], at: datetime) -> None:
    rows = [
        ErasedContact(id=new_id(), program_id=program_id, contact_hash=hash_contact(program_id, kind, value), at=at)
        for kind, value in contacts
        if kind in CONTACTS
    ]
    ErasedContact.objects.bulk_create(rows, ignore_conflicts=True)


def _forget_answers(program_id: UUID, operations: Sequence[UUID]) -> int:
    rows = Operation.objects.of(program_id)
    for start in range(0, len(operations), ROWS_AT_ONCE):
        rows.filter(id__in=operations[start : start + ROWS_AT_ONCE]).update(answer=None)
    return len(operations)


def _forget_at_counters(program_id: UUID, members: Sequence[UUID], at: datetime) -> None:
    """What tills and shops had noted with his name or phone in it."""
    OpenReceipt.objects.of(program_id).filter(member_id__in=members).update(member_id=None)
    bought = Purchase.objects.of(program_id).filter(member_id__in=members).values("id")
    QueuedSale.objects.of(program_id).filter(purchase_id__in=bought).update(document="")
    asked = GoodsRequest.objects.of(program_id).filter(member_id__in=members)
    asked.filter(state__in=("open", "arrived")).update(state="withdrawn", closed_at=at)
    asked.exclude(note="").update(note="")
    Beneficiary.objects.of(program_id).filter(person_id__in=members).update(person_id=None)


def _plain_mail(address: str) -> str:
    """One mailbox, one spelling: what follows a plus, and dots where the provider does not see them, are left out."""
    local, _, domain = address.partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in _MAIL_WITHOUT_DOTS else local}@{domain}"
