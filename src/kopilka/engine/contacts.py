"""Names, card numbers, e-mail addresses: written one way, so that one person is one member.

Texts are compared in NFC; what cannot be seen (controls, bidirectional marks, zero widths, tags) is refused and never
silently removed, because it would reach logs, messages and receipts. Phones need tables of numbering plans and live in
`services/phones.py`.
"""

from __future__ import annotations

import re
import unicodedata

from kopilka.engine.refusal import Code, Refusal

NAME_GRAPHEMES_MAX = 100
NAME_LENGTH_MAX = 200
CARD_LENGTH_MAX = 64
EMAIL_LENGTH_MAX = 254
EXTERNAL_LENGTH_MAX = 100
MARKS_MAX = 6
"""Combining marks on one letter: living scripts need three or four, "zalgo" heaps hundreds."""

_JOINERS = frozenset("\u200c\u200d")
_EMOJI_SKINS = range(0x1F3FB, 0x1F400)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_PART_OF_GRAPHEME = frozenset({"Mn", "Me", "Mc"})
_SPACES = re.compile(r" {2,}")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CARD = re.compile(r"[0-9A-Z]+")
_CARD_FILLING = re.compile(r"[ \-\u2010-\u2015\u2212.]+")
_MAIL_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_MAIL_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAIL_LOCAL_MAX = 64


def clean_text(text: str, *, field: str, length_max: int) -> str:
    """The text in NFC without spaces at its ends; empty is allowed.

    Refused with `invalid` (field, reason): `too_long` (code points), `hidden_character`, `too_many_marks`.
    """
    if text.isascii() and text.isprintable():
        shown = text.strip(" ")
    else:
        shown = unicodedata.normalize("NFC", _plain_spaces(text)).strip(" ")
        _must_be_visible(shown, field)
    if len(shown) > length_max:
        raise Refusal(Code.INVALID, field=field, reason="too_long")
    return shown


def clean_lines(text: str, *, field: str, length_max: int) -> str:
    """A text of several lines, each as `clean_text` has it; at most one empty line between two that say something."""
    if len(text) > 2 * length_max:
        raise Refusal(Code.INVALID, field=field, reason="too_long")
    lines = [clean_text(line, field=field, length_max=length_max) for line in text.replace("\t", " ").splitlines()]
    shown = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    if len(shown) > length_max:
        raise Refusal(Code.INVALID, field=field, reason="too_long")
    return shown


def clean_name(text: str, *, field: str = "name") -> str:
    """A person's name: at least one visible character, at most `NAME_GRAPHEMES_MAX` as a reader counts them."""
    name = _SPACES.sub(" ", clean_text(text, field=field, length_max=NAME_LENGTH_MAX))
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in name):
        raise Refusal(Code.INVALID, field=field, reason="empty")
    if graphemes(name) > NAME_GRAPHEMES_MAX:
        raise Refusal(Code.INVALID, field=field, reason="too_long")
    return name


def fold_name(name: str) -> str:
    """The name as search compares it: without case, ё as е."""
    return name.casefold().replace("ё", "е")[:NAME_LENGTH_MAX]


def graphemes(text: str) -> int:
    """Characters as a reader counts them: marks, joined pictures and skin tones belong to the one before."""
    count = 0
    joined = False
    for letter in text:
        follows = unicodedata.category(letter) in _PART_OF_GRAPHEME or ord(letter) in _EMOJI_SKINS
        count += not (follows or joined or letter in _JOINERS)
        joined = letter == "\u200d"
    return count


def clean_card(text: str, *, field: str = "card") -> str:
    """A card number: ASCII letters and digits, capital; spaces, dots and dashes between them do not count."""
    card = _CARD_FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _CARD.fullmatch(card) or len(card) > CARD_LENGTH_MAX:
        raise Refusal(Code.INVALID, field=field, reason="not_a_card_number")
    return card


def clean_email(text: str, *, field: str = "email") -> str:
    """An address in lower case with its domain in ASCII form; quoted local parts are not taken."""
    local, at, domain = text.strip(" ").rpartition("@")
    local, domain = local.lower(), _ascii_domain(domain)
    labels = domain.split(".")
    good = (
        at
        and len(local) <= _MAIL_LOCAL_MAX
        and _MAIL_LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_MAIL_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and len(local) + 1 + len(domain) <= EMAIL_LENGTH_MAX
    )
    if not good:
        raise Refusal(Code.INVALID, field=field, reason="not_an_email")
    return f"{local}@{domain}"


def clean_external(text: str, *, field: str = "external_id") -> str:
    """A member's id in another system: any visible text, compared letter by letter."""
    value = clean_text(text, field=field, length_max=EXTERNAL_LENGTH_MAX)
    if not value:
        raise Refusal(Code.INVALID, field=field, reason="empty")
    return value


def _plain_spaces(text: str) -> str:
    """No-break, thin and ideographic spaces become ordinary ones."""
    return "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text)


def _must_be_visible(text: str, field: str) -> None:
    marks = 0
    for place, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in _HIDDEN and not (letter in _JOINERS and _joins(text, place)):
            raise Refusal(Code.INVALID, field=field, reason="hidden_character")
        marks = marks + 1 if category in _MARKS else 0
        if marks > MARKS_MAX:
            raise Refusal(Code.INVALID, field=field, reason="too_many_marks")


def _joins(text: str, place: int) -> bool:
    """Persian and Indian words, and joined pictures, need a joiner between two visible characters."""
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return all(near and near not in _JOINERS and unicodedata.category(near)[0] in "LMS" for near in around)


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
