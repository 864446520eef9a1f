"""The chain that shows any change of the books: each entry's link holds the hash of all entries before it.

link(n) = SHA-256(link(n - 1) + canonical bytes of entry n); link(0) is 32 zero bytes. docs/algorithms/books.md says
how to recompute it with a few lines of any language.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

START = bytes(32)


def canonical_bytes(
    entry_id: UUID,
    operation_id: UUID,
    wallet_id: UUID | None,
    account: str,
    currency: str,
    units: int,
    at: datetime,
) -> bytes:
    """An entry as the chain sees it: its columns as text, one per line, times in UTC to the microsecond."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (str(entry_id), str(operation_id), str(wallet_id or "-"), account, currency, str(units), moment)
    return "\n".join(fields).encode()


def link(before: bytes, canonical: bytes) -> bytes:
    return sha256(before + canonical).digest()
