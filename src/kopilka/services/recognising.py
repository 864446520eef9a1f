"""What has arrived in the till's one field: a person, a code, an article, an amount.

Things that are known exactly come first (a code that is somebody's, a card, a coupon, a barcode); what only looks like
something (a phone, an amount) comes after them. Letters are tried as typed and as the same keys would have written
them in the other language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.codes import hash_code
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.coupons import normal_word, words_of
from kopilka.engine.keyboard import spellings
from kopilka.engine.live_codes import looks_live
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.typed import minor_of, times_of
from kopilka.queries.articles import ArticleView, articles_by_barcodes
from kopilka.queries.coupons import code_by_word
from kopilka.queries.gifts import ClaimView, claim_for_till
from kopilka.queries.members import member_id_by, member_id_by_code
from kopilka.queries.open_receipts import How
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.queries.tails import SHOWN_MAX, MaskedMember, members_by_tail
from kopilka.services.live_codes import accept_live_code, member_by_live_code
from kopilka.services.member_pins import check_pin, has_pin
from kopilka.services.profiles import clean_identifier
from kopilka.services.rules_in_force import rulebook_now

LENGTH_MAX = 200
TAIL_DIGITS, CODE_DIGITS = 4, 6
AMOUNT_DIGITS = 7
"""A longer figure without a comma is no amount: it is a number of something."""

_HIDDEN = ("Cc", "Cf", "Zl", "Zp")
_PIN = re.compile(r"[0-9]{4,8}")


class Looking(StrEnum):
    """What the till waits for, which tells apart what is written alike: 4812 is a tail, an amount, a PIN."""

    MEMBER = "member"
    AMOUNT = "amount"
    PROOF = "proof"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class MemberFound:
    """`proof`: a one-time code by which he may spend (empty: he has shown nothing yet)."""

    member_id: UUID
    how: How
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """Members whose phone ends so. `too_many`: more than may be shown, and none is."""

    rows: tuple[MaskedMember, ...]
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class CouponFound:
    """`word` as it is entered on receipts, `coupon` its code in the rulebook."""

    word: str
    coupon: str


@dataclass(frozen=True, slots=True)
class GiftFound:
    claim: ClaimView


@dataclass(frozen=True, slots=True)
class ArticleFound:
    """`quantity` in thousandths."""

    article: ArticleView
    quantity: int


@dataclass(frozen=True, slots=True)
class AmountTyped:
    minor: int


@dataclass(frozen=True, slots=True)
class PhoneUnknown:
    """A good phone of nobody: in E.164, to be enrolled with."""

    phone: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """`text` as typed, cut to what may be shown."""

    text: str


Recognised = MemberFound | Several | CouponFound | GiftFound | ArticleFound | AmountTyped | PhoneUnknown | Nothing


@dataclass(frozen=True, slots=True)
class _Field:
    """One text under examination, and everything that decides about it."""

    program: ProgramView
    text: str
    by: Actor
    at: datetime
    looking: Looking
    member_id: UUID | None

    @property
    def is_digits(self) -> bool:
        return self.text.isascii() and self.text.isdigit()


def recognise(
    *,
    program: ProgramView,
    text: str,
    by: Actor,
    at: datetime,
    looking: Looking = Looking.MEMBER,
    member_id: UUID | None = None,
) -> Recognised:
    """What the text is, for the receipt of `member_id` where one is named.

    `code_wrong`, `too_many_tries` of a PIN; `member_blocked` of a rotating code.
    """
    by.must(Capability.READ)
    field = _Field(program, tidy(text), by, at, looking, member_id)
    if not field.text:
        return Nothing("")
    for kind in _KINDS[looking]:
        found = kind(field)
        if found is not None:
            return found
    return Nothing(field.text[:64])


def tidy(text: str) -> str:
    """As typed, without what a scanner or the clipboard adds and nobody sees."""
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFC", text[:LENGTH_MAX])
        if unicodedata.category(letter) not in _HIDDEN
    )
    return shown.strip()


def _live(field: _Field) -> Recognised | None:
    """A code another till has taken, or an old one, names nobody: else a photograph would earn and look at balances."""
    digits = field.text.replace(" ", "")
    if not looks_live(digits):
        return None
    if not field.by.may(Capability.SPEND):
        member_id = member_by_live_code(program_id=field.program.id, text=digits, at=field.at)
        return MemberFound(member_id, How.CARD)
    proof = accept_live_code(program_id=field.program.id, text=digits, by=field.by, at=field.at)
    return MemberFound(proof.member_id, How.LIVE, proof.code)


def _email(field: _Field) -> Recognised | None:
    return _by_identifier(field, "email", How.EMAIL) if "@" in field.text else None


def _card(field: _Field) -> Recognised | None:
    """Old plastic stays valid. Where four digits are also the end of phones, the cashier asks which."""
    found = _by_identifier(field, "card", How.CARD)
    if found is None or len(field.text) != TAIL_DIGITS or not field.is_digits or field.looking is not Looking.MEMBER:
        return found
    return found if not members_by_tail(field.program.id, field.text) else _tail(field, also=found)


def _tail(field: _Field, also: MemberFound | None = None) -> Recognised | None:
    if len(field.text) != TAIL_DIGITS or not field.is_digits:
        return None
    rows = members_by_tail(field.program.id, field.text)
    if also is not None and also.member_id not in {one.member_id for one in rows}:
        rows = [*rows, MaskedMember(also.member_id, "", f"№ {field.text}")]
    if not rows:
        return None
    return Several((), too_many=True) if len(rows) > SHOWN_MAX + (also is not None) else Several(tuple(rows))


def _code(field: _Field) -> Recognised | None:
    """Six digits somebody was sent; on a named member's receipt only his own."""
    if len(field.text) != CODE_DIGITS or not field.is_digits:
        return None
    try:
        found = member_id_by_code(field.program.id, hash_code(field.program.id, field.text), at=field.at)
    except Refusal:
        return None
    if field.member_id is not None and found != field.member_id and field.looking is not Looking.MEMBER:
        return None
    return MemberFound(found, How.CODE, field.text)


def _pin(field: _Field) -> Recognised | None:
    """His PIN; six digits that are no PIN of his go on as a code, so that the kernel counts the lost try."""
    if field.member_id is None or not _PIN.fullmatch(field.text):
        return None
    if has_pin(program_id=field.program.id, member_id=field.member_id):
        proof = check_pin(
            program_id=field.program.id, member_id=field.member_id, pin=field.text, by=field.by, at=field.at
        )
        return MemberFound(field.member_id, How.PIN, proof.code)
    if len(field.text) == CODE_DIGITS:
        return MemberFound(field.member_id, How.CODE, field.text)
    return None


def _phone(field: _Field) -> Recognised | None:
    try:
        phone = clean_identifier(field.program, "phone", field.text)
    except Refusal:
        return None
    return _by_identifier(field, "phone", How.PHONE) or PhoneUnknown(phone)


def _coupon(field: _Field) -> Recognised | None:
    try:
        words = words_of(rulebook_now(field.program.id))
    except Refusal:
        words = {}
    for spelt in spellings(field.text):
        word = normal_word(spelt)
        if word in words:
            return CouponFound(word, words[word].code)
        try:
            issued = code_by_word(field.program.id, word, at=field.at)
        except Refusal:
            continue
        return CouponFound(issued.word, issued.coupon)
    return None


def _gift(field: _Field) -> Recognised | None:
    for spelt in spellings(field.text):
        try:
            return GiftFound(claim_for_till(field.program.id, spelt))
        except Refusal:
            continue
    return None


def _article(field: _Field) -> Recognised | None:
    quantity, rest = times_of(field.text)
    tried = [
        (many, spelt)
        for many, text in ((1000, field.text), (quantity, rest))
        for one in spellings(text)
        for spelt in (one, one.upper())
    ]
    found = articles_by_barcodes(field.program.id, [spelt for _, spelt in tried])
    return next((ArticleFound(found[spelt], many) for many, spelt in tried if spelt in found), None)


def _amount(field: _Field) -> Recognised | None:
    """Digits alone are one where an amount is waited for; with a comma they are one anywhere."""
    bare = re.sub(r"[ \u00a0\u202f\u2009]", "", field.text)
    if bare.isascii() and bare.isdigit() and (field.looking is not Looking.AMOUNT or len(bare) > AMOUNT_DIGITS):
        return None
    minor = minor_of(field.text, CURRENCY_DIGITS[field.program.currency])
    return None if minor is None else AmountTyped(minor)


def _by_identifier(field: _Field, kind: str, how: How) -> MemberFound | None:
    for spelt in spellings(field.text):
        try:
            known = clean_identifier(field.program, kind, spelt)
            return MemberFound(member_id_by(field.program.id, kind, known), how)
        except Refusal as refusal:
            if refusal.code not in {Code.NOT_FOUND, Code.INVALID, Code.PHONE_INVALID}:
                raise
    return None


def _thing(field: _Field) -> Recognised | None:
    """A card, a coupon, a gift or an article: looked for in one reading."""
    with reading(field.program.id):
        return _card(field) or _coupon(field) or _gift(field) or _article(field)


_KINDS: dict[Looking, tuple[Callable[[_Field], Recognised | None], ...]] = {
    Looking.MEMBER: (_live, _email, _amount, _thing, _tail, _code, _phone),
    Looking.AMOUNT: (_live, _email, _code, _amount, _thing, _phone),
    Looking.PROOF: (_live, _email, _amount, _code, _pin, _thing, _phone),
    Looking.CODE: (_coupon, _gift),
}
