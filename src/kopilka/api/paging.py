"""Cursors of lists: opaque texts that only fit the list and the program they were made for."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from msgspec import Meta

from kopilka.api.faults import Fault, Problem
from kopilka.engine.refusal import Code, Refusal

T = TypeVar("T")

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
MAC_BYTES = 8
CURSOR_LENGTH_MAX = 300
YEARS = (1900, 2200)

Limit = Annotated[int, Meta(ge=1, description=f"How many at most; more than {LIMIT_MAX} count as {LIMIT_MAX}.")]
Cursor = Annotated[str, Meta(max_length=CURSOR_LENGTH_MAX, description="`next` of the page before.")]


def capped(limit: int) -> int:
    return min(limit, LIMIT_MAX)


def bounded(moment: datetime | None, field: str) -> datetime | None:
    """A moment that every database can compare with, in UTC."""
    if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
        raise Refusal(Code.OUT_OF_RANGE, field=field, minimum=YEARS[0], maximum=YEARS[1])
    return moment


def make_cursor(program_id: UUID, listed: str, place: object) -> str:
    """`place`: where the next page of the list `listed` begins."""
    text = msgspec.json.encode(place)
    return urlsafe_b64encode(_mac(program_id, listed, text) + text).decode().rstrip("=")


def read_cursor(program_id: UUID, listed: str, cursor: str, kind: type[T]) -> T:
    """Problem `cursor_invalid` for anything that `make_cursor` did not make for this list of this program."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise Problem(Fault.CURSOR_INVALID) from None
    mac, text = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(program_id, listed, text)):
        raise Problem(Fault.CURSOR_INVALID)
    return msgspec.json.decode(text, type=kind)


def _mac(program_id: UUID, listed: str, text: bytes) -> bytes:
    key = sha256(b"cursor" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, program_id.bytes + listed.encode() + b"\0" + text, "sha256")[:MAC_BYTES]
