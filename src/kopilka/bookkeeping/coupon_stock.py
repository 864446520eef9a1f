"""Codes of coupons: made in numbers that nobody guesses, found and locked in the order of their words, handed over."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.coupons import CouponBatch, CouponCode
from kopilka.data.models.rulebooks import RuleUse
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.coupons import DIGITS, LETTERS, Refused, normal_word, rare_codes
from kopilka.engine.mechanics_things import Series
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Coupon, Rulebook

SERIES = "series"
TRIES = 8


@dataclass(slots=True)
class IssuedCode:
    """A code as it stands in its row; what a batch changes is kept here until it is written."""

    id: UUID
    coupon: str
    word: str
    state: str
    member_id: UUID | None
    bound_at: datetime | None
    valid_until: datetime | None
    purchase_id: UUID | None
    changed_at: datetime
    reason: str

    def why_not(self, member_id: UUID | None, at: datetime) -> str:
        """Why this buyer cannot use it now; empty: he can."""
        match self.state:
            case "reserved" | "used" | "withdrawn" | "expired":
                return Refused(self.state).value
            case "bound" if member_id is None:
                return Refused.MEMBERS_ONLY.value
            case "bound" if self.member_id != member_id:
                return Refused.OF_ANOTHER.value
        return Refused.EXPIRED.value if self.valid_until is not None and self.valid_until <= at else ""

    def take(self, purchase_id: UUID, member_id: UUID | None, at: datetime, *, final: bool) -> None:
        self.state = "used" if final else "reserved"
        self.purchase_id, self.changed_at = purchase_id, at
        self.member_id = self.member_id or member_id

    def give_back(self, at: datetime) -> None:
        """It is good again for whom it was good before."""
        self.purchase_id, self.changed_at = None, at
        self.state = "bound" if self.bound_at else "new"
        self.member_id = self.member_id if self.bound_at else None


_COLUMNS = (
    "id", "coupon", "word", "state", "member_id", "bound_at", "valid_until", "purchase_id", "changed_at", "reason",
)  # fmt: skip
_NEW = Rows(
    CouponCode, "id", "coupon", "word", "batch_id", "member_id", "state", "issued_at", "bound_at", "valid_until",
    "purchase_id", "changed_at", "reason",
)  # fmt: skip
_CHANGES = Rows(
    CouponCode, "id", "state", "member_id", "bound_at", "valid_until", "purchase_id", "changed_at", "reason"
)


def find_codes(
    program_id: UUID,
    *,
    words: Iterable[str] = (),
    members: Iterable[UUID] = (),
    ids: Iterable[UUID] = (),
    lock: bool = False,
) -> list[IssuedCode]:
    """Codes by word, by id, and those bound to these members; locked in the order of their words."""
    named, known, bound = set(words), set(ids), set(members)
    locking = lock and locks_are_on()
    if not named and not known:
        question = _BOUND_LOCKED if locking else _BOUND
        return [IssuedCode(*row) for row in question.all(program_id=program_id, members=bound)]
    asked = Q(word__in=named) | Q(id__in=known)
    if bound:
        asked |= Q(member_id__in=bound, state="bound")
    rows = CouponCode.objects.of(program_id).filter(asked).order_by("word")
    if locking:
        rows = rows.select_for_update()
    return [IssuedCode(*row) for row in rows.values_list(*_COLUMNS)]


def _bound() -> Any:
    rows = CouponCode.objects.of(Hole("program_id")).filter(member_id__in=Each("members"), state="bound")
    return rows.order_by("word").values_list(*_COLUMNS)


_BOUND = Prepared(_bound)
_BOUND_LOCKED = Prepared(lambda: _bound().select_for_update())


def write_codes(program_id: UUID, codes: Iterable[IssuedCode]) -> None:
    with store.together():
        store.update(
            _CHANGES,
            program_id,
            [
                (
                    one.id, one.state, one.member_id, one.bound_at, one.valid_until, one.purchase_id, one.changed_at,
                    one.reason,
                )
                for one in codes
            ],
        )  # fmt: skip


def must_be_rare(series: Series) -> None:
    """`out_of_range` (count) when a series has so many codes that one of a million guesses would hit."""
    most = rare_codes(series.length, letters=series.letters)
    if most is not None and series.count > most:
        raise Refusal(Code.OUT_OF_RANGE, field="count", minimum=1, maximum=most)


def new_words(series: Series, count: int) -> list[str]:
    """Words nobody can foretell, all different; one of them may stand in the books already."""
    alphabet = LETTERS if series.letters else DIGITS
    prefix = normal_word(series.prefix)
    found: dict[str, None] = {}
    while len(found) < count:
        if series.letters:
            drawn = secrets.token_bytes(series.length)
            found[prefix + "".join([alphabet[byte & 31] for byte in drawn])] = None
        else:
            found[f"{prefix}{secrets.randbelow(10**series.length):0{series.length}}"] = None
    return list(found)


def lock_issue(program_id: UUID, coupon: str) -> RuleUse:
    """The one row that tells how many codes of a coupon were issued in all; locked, so that no two issue at once."""
    with store.together():
        store.insert_missing_counters(program_id, [(new_id(), SERIES, coupon, None)])
    rows = RuleUse.objects.of(program_id).filter(kind=SERIES, code=coupon, member=None)
    if locks_are_on():
        rows = rows.select_for_update()
    found: RuleUse = rows.get()
    return found


def insert_codes(
    program_id: UUID,
    coupon: str,
    words: Sequence[str],
    *,
    at: datetime,
    batch: CouponBatch | None = None,
    member_id: UUID | None = None,
    valid_until: datetime | None = None,
) -> int:
    """Insert them by one statement; how many: a word that stands there already is left out.

    Two series that draw one word at the same moment break a unique constraint: the transaction is to be tried again.
    """
    taken = set(CouponCode.objects.of(program_id).filter(word__in=list(words)).values_list("word", flat=True))
    state, bound_at = ("bound", at) if member_id else ("new", None)
    batch_id = batch.id if batch else None
    rows = [
        (new_id(), coupon, word, batch_id, member_id, state, at, bound_at, valid_until, None, at, "")
        for word in words
        if word not in taken
    ]
    with store.together():
        store.insert(_NEW, program_id, rows)
    return len(rows)


def hand_over(
    program_id: UUID, rulebook: Rulebook, coupon: Coupon, member_id: UUID, *, at: datetime, life: Life | None = None
) -> IssuedCode:
    """Make a code of a series for this member (locked) and bind it to him; `coupon_unusable` when all are given.

    Codes that were issued for print are never handed over: they may lie on somebody's table.
    """
    if coupon.series is None:
        raise Refusal(Code.COUPON_UNUSABLE, coupon=coupon.code)
    must_be_rare(coupon.series)
    issued = lock_issue(program_id, coupon.code)
    if issued.used >= coupon.series.count:
        raise Refusal(Code.COUPON_UNUSABLE, coupon=coupon.code)
    until = end_of_life(rulebook, coupon, at, life)
    for _ in range(TRIES):
        (word,) = new_words(coupon.series, 1)
        if insert_codes(program_id, coupon.code, [word], at=at, member_id=member_id, valid_until=until):
            RuleUse.objects.of(program_id).filter(id=issued.id).update(used=issued.used + 1)
            return find_codes(program_id, words=[word])[0]
    raise Refusal(Code.BUSY)


def end_of_life(rulebook: Rulebook, coupon: Coupon, at: datetime, life: Life | None = None) -> datetime | None:
    """Until when a code bound now is good: its own life, or that of its series; None: as long as the coupon runs."""
    chosen = life if life is not None else coupon.series.life if coupon.series else Life()
    return None if chosen.is_empty else chosen.after(at, rulebook.zone)


def bound_event(code: IssuedCode, member_id: UUID, at: datetime) -> Happened:
    """That a code became a member's, with what a message to him needs."""
    until = code.valid_until.isoformat() if code.valid_until else ""
    told = {"coupon": code.coupon, "word": code.word, "until": until}
    return Happened(
        EventKind.COUPON_BOUND, member_id, code.id, at, json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    )
