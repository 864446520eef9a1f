"""API keys: made and shown once, recognised by their hash, taken away."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.access import ApiKey
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView, program_view

LAST_USE_STEP = timedelta(minutes=1)
KEY_LENGTH_MAX = 100
PREFIX_BYTES = 5
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """`plain` is the key itself: this is the only time it is known."""

    id: UUID
    plain: str
    prefix: str


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whoever sent a valid key: as whom he acts, and in which program."""

    key_id: UUID
    program: ProgramView
    actor: Actor


@transaction.atomic(durable=True)
def create_key(
    *,
    program_id: UUID,
    name: str,
    capabilities: frozenset[Capability],
    till: str = "",
    branch: str = "",
    by: Actor,
    at: datetime,
) -> NewKey:
    """A key `kp_<prefix>_<secret>`; only its SHA-256 is stored. `till` is the source of receipts sent with it."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    prefix = secrets.token_hex(PREFIX_BYTES)
    plain = f"kp_{prefix}_{secrets.token_hex(SECRET_BYTES)}"
    key = ApiKey.objects.create(
        program_id=program_id,
        name=clean_text(name, field="name", length_max=200) or prefix,
        prefix=prefix,
        key_hash=hash_key(plain),
        capabilities=" ".join(sorted(capabilities)),
        till=clean_text(till, field="till", length_max=64),
        branch=clean_text(branch, field="branch", length_max=64),
        created_at=at,
    )
    after = {"name": key.name, "prefix": prefix, "capabilities": key.capabilities, "till": key.till}
    record_audit(program_id, "key_created", key.id, by=by, at=at, after=after)
    return NewKey(key.id, plain, prefix)


@transaction.atomic(durable=True)
def revoke_key(*, program_id: UUID, key: str, by: Actor, at: datetime) -> UUID:
    """Take away the key with this id or prefix; from now on it opens nothing. Doing it again changes nothing."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    named = {"id": key} if _is_id(key) else {"prefix": key}
    found = ApiKey.objects.select_for_update().filter(program_id=program_id, **named).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="api_key")
    if found.revoked_at is None:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        record_audit(program_id, "key_revoked", found.id, by=by, at=at, after={"prefix": found.prefix})
    return found.id


def find_key(plain: str, *, at: datetime) -> KeyHolder | None:
    """Who holds this key, or None for an unknown or revoked one. Notes its use, at most once a minute."""
    if len(plain) > KEY_LENGTH_MAX or not plain.isascii():
        return None
    key = ApiKey.objects.select_related("program").filter(key_hash=hash_key(plain), revoked_at=None).first()
    if key is None:
        return None
    if key.last_used_at is None or at - key.last_used_at >= LAST_USE_STEP:
        ApiKey.objects.filter(id=key.id).update(last_used_at=at)
    capabilities = frozenset(Capability(word) for word in key.capabilities.split())
    actor = Actor(ActorKind.KEY, key.id, key.name, capabilities, till=key.till, branch=key.branch)
    return KeyHolder(key.id, program_view(key.program), actor)


def hash_key(plain: str) -> bytes:
    """A plain SHA-256 suffices: the secret has 256 random bits, there is nothing to guess."""
    return hashlib.sha256(plain.encode()).digest()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
