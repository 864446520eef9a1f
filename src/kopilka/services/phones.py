"""A phone number as people write it, turned into the one form it is stored in (E.164)."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from kopilka.engine.refusal import Code, Refusal

WRITTEN_LENGTH_MAX = 40

_WRITTEN = re.compile(r"\+?[0-9 ()./-]+")
_DASHES = frozenset("\u2212\u30fc")
_PERSONAL = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    }
)


def normalise_phone(text: str, country: str) -> str:
    """The number in E.164, as `+79161234567`; `phone_invalid` when it is none.

    `country` (ISO 3166, two letters) is the program's: it says how a number without + is read, so that in Russia
    `8 (916) 123-45-67`, `+7 916…`, `7916…` and `916…` are one number. Numbers of other countries need their +.
    Digits of every script count as digits (`９１６`, `٩١٦`); marks that a copied number brings along are dropped.
    Letters, extensions and addresses (`tel:`) are refused, as are numbers outside any country (+800, +882) and
    those that belong to nobody's pocket or home (premium, toll-free).
    """
    written = _as_typed(text)
    if not _WRITTEN.fullmatch(written):
        raise Refusal(Code.PHONE_INVALID)
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as error:
        raise Refusal(Code.PHONE_INVALID) from error
    if not _is_personal(number):
        raise Refusal(Code.PHONE_INVALID)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_typed(text: str) -> str:
    """ASCII digits, spaces and hyphens for what looks so; letters stay and are refused afterwards."""
    if len(text) > WRITTEN_LENGTH_MAX:
        return ""
    return "".join(_plain(letter) for letter in text).strip(" ")


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.decimal(letter, -1)
    if digit >= 0:
        return str(digit)
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or letter in _DASHES:
        return "-"
    return "+" if letter == "＋" else letter


def _is_personal(number: phonenumbers.PhoneNumber) -> bool:
    return (
        phonenumbers.is_valid_number(number)
        and phonenumbers.region_code_for_number(number) not in {None, "001"}
        and phonenumbers.number_type(number) in _PERSONAL
    )
