"""A short secret that must be read again soon, hidden from whoever reads the table.

Hidden with a pad made of the installation's key and a nonce of its own, so a copy of the database alone shows nothing.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import starmap
from operator import xor

from django.conf import settings

NONCE_BYTES = 16
LENGTH_MAX = 64
"""Bytes of a secret: as long as the pad."""


def hide(text: str) -> str:
    """Letters and digits only `show` can read; nothing stays nothing. At most LENGTH_MAX bytes."""
    plain = text.encode()
    assert len(plain) <= LENGTH_MAX, "longer than the pad"
    nonce = secrets.token_bytes(NONCE_BYTES)
    return urlsafe_b64encode(nonce + _padded(plain, nonce)).decode() if plain else ""


def show(hidden: str) -> str:
    """What was hidden."""
    if not hidden:
        return ""
    kept = urlsafe_b64decode(hidden)
    return _padded(kept[NONCE_BYTES:], kept[:NONCE_BYTES]).decode()


def _padded(text: bytes, nonce: bytes) -> bytes:
    pad = hmac.digest(settings.SECRET_KEY.encode(), b"kept secret" + nonce, "sha512")
    return bytes(starmap(xor, zip(text, pad, strict=False)))
