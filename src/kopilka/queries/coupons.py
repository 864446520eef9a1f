"""Coupon codes as the office and the till see them: state, whose, when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.coupons import CouponBatch, CouponCode
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.coupons import normal_word
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class CodeView:
    """`state`: new, bound, reserved, used, withdrawn, expired. `batch_id` None: it was handed to one member."""

    id: UUID
    coupon: str
    word: str
    state: str
    member_id: UUID | None
    batch_id: UUID | None
    purchase_id: UUID | None
    issued_at: datetime
    bound_at: datetime | None
    valid_until: datetime | None
    changed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class BatchView:
    id: UUID
    coupon: str
    wanted: int
    made: int
    note: str
    created_at: datetime
    withdrawn_at: datetime | None
    reason: str


def code_by_word(program_id: UUID, word: str, *, at: datetime) -> CodeView:
    """`not_found` for a word that nobody has issued."""
    with reading(program_id):
        row = _BY_WORD.first(program_id=program_id, word=normal_word(word))
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="coupon")
    return _view(row, at)


def codes_for_office(
    program_id: UUID,
    *,
    at: datetime,
    coupon: str = "",
    state: str = "",
    member_id: UUID | None = None,
    batch_id: UUID | None = None,
    after: str = "",
    limit: int = 50,
) -> list[CodeView]:
    """A page in the order of the words, from the one behind `after`."""
    given: dict[str, Any] = {"coupon": coupon, "state": state, "member_id": member_id, "batch_id": batch_id}
    rows = CouponCode.objects.of(program_id).filter(
        word__gt=after, **{name: value for name, value in given.items() if value}
    )
    with reading(program_id):
        return [_view(row, at) for row in rows.order_by("word").values_list(*_CODE)[:limit]]


def codes_of_member(program_id: UUID, member_id: UUID, *, at: datetime, limit: int = 50) -> list[CodeView]:
    """Codes that are bound to a member, by their words."""
    with reading(program_id):
        return [_view(row, at) for row in _BOUND.all(program_id=program_id, member_id=member_id)[:limit]]


def every_code(
    program_id: UUID, *, at: datetime, coupon: str, batch_id: UUID | None = None, state: str = ""
) -> Iterator[CodeView]:
    """All codes of a coupon, or of one batch, page by page."""
    after = ""
    while page := codes_for_office(
        program_id, at=at, coupon=coupon, batch_id=batch_id, state=state, after=after, limit=ROWS_AT_ONCE
    ):
        yield from page
        after = page[-1].word


def batches_of_coupon(program_id: UUID, coupon: str = "") -> list[BatchView]:
    """The eldest first; of all coupons when none is named."""
    rows = CouponBatch.objects.of(program_id).filter(**({"coupon": coupon} if coupon else {})).order_by("id")
    with reading(program_id):
        return [BatchView(*row) for row in rows.values_list(*_BATCH)]


_CODE = (
    "id", "coupon", "word", "state", "member_id", "batch_id", "purchase_id", "issued_at", "bound_at", "valid_until",
    "changed_at", "reason",
)  # fmt: skip
_BATCH = ("id", "coupon", "wanted", "made", "note", "created_at", "withdrawn_at", "reason")

_BY_WORD = Prepared(lambda: CouponCode.objects.of(Hole("program_id")).filter(word=Hole("word")).values_list(*_CODE)[:1])
_BOUND = Prepared(
    lambda: (
        CouponCode.objects.of(Hole("program_id"))
        .filter(member_id=Hole("member_id"), state="bound")
        .order_by("word")
        .values_list(*_CODE)[:ROWS_AT_ONCE]
    )
)


def _view(row: tuple[Any, ...], at: datetime) -> CodeView:
    """A bound code whose time is over counts as expired, whether or not the worker has passed by."""
    view = CodeView(*row)
    if view.state != "bound" or view.valid_until is None or view.valid_until > at:
        return view
    return CodeView(*(*row[:3], "expired", *row[4:]))
