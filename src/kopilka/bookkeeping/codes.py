"""One-time codes of members: what is stored of them, and how one proves that the member himself is there.

Stored is a keyed hash (six digits alone could be tried out at leisure by whoever reads the table). A code works once,
within its life, and stands a few wrong tries.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from kopilka.data.ids import new_id
from kopilka.data.models.members import MemberCode
from kopilka.engine.refusal import Code, Refusal

SENT, LIVE, PIN = "sent", "live", "pin"
"""How a member came by a code: told to him, for a rotating code he has shown, for his PIN."""
PROOF_LIFE = timedelta(minutes=10)
"""So long what a member has shown at a till proves him there: until the receipt is rung up."""
PROOF_DIGITS = 24


def hash_code(program_id: UUID, code: str) -> bytes:
    """HMAC-SHA256 of a code within its program, under the installation's secret key."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"member code" + program_id.bytes + code.encode(), "sha256")


@dataclass(slots=True)
class OneTimeCode:
    """An unused code of a member as stored; `tries_left` and `used_at` change here first and are written later."""

    id: UUID
    member_id: UUID
    code_hash: bytes
    tries_left: int
    expires_at: datetime
    used_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        return self.used_at is None and self.tries_left > 0 and at < self.expires_at


def check_code(codes: Sequence[OneTimeCode], given: bytes, *, at: datetime) -> OneTimeCode:
    """The live code with this hash among one member's codes.

    Raises `code_expired` for a code that was right, else `code_wrong` (tries_left): then the live ones have one try
    less, which the caller must store although it refuses.
    """
    live = [code for code in codes if code.is_live(at)]
    for code in codes:
        if hmac.compare_digest(code.code_hash, given) and code.used_at is None:
            if code in live:
                return code
            if code.tries_left > 0:
                raise Refusal(Code.CODE_EXPIRED)
    for code in live:
        code.tries_left -= 1
    raise Refusal(Code.CODE_WRONG, tries_left=max((code.tries_left for code in live), default=0))


def proof_text(secret: bytes, about: str) -> str:
    """The code that stands for what a member has shown: the same for the same thing shown, guessed by nobody."""
    number = int.from_bytes(hmac.digest(secret, b"proof" + about.encode(), "sha256"))
    return f"{number % 10**PROOF_DIGITS:0{PROOF_DIGITS}}"


def keep_proof(program_id: UUID, member_id: UUID, text: str, *, way: str, at: datetime) -> MemberCode:
    """Store a code no person types, inside a transaction that has locked the member."""
    made = MemberCode(
        id=new_id(), program_id=program_id, member_id=member_id, way=way, code_hash=hash_code(program_id, text),
        created_at=at, expires_at=at + PROOF_LIFE,
    )  # fmt: skip
    made.save(force_insert=True)
    return made
