"""What a cashier is shown of somebody's phone and name: enough to ask "is it you?", too little to take home."""

from __future__ import annotations

DOT = "•"
SHOWN = 4
"""So many last digits of a phone are shown."""
COUNTRY_SHOWN = 2
"""So many first characters: the plus sign and the beginning of the country's code."""
SHORT = 9
"""Of a number with fewer digits only the last two are shown."""


def masked_phone(phone: str) -> str:
    """ "+7 ••• ••• 45-67" of +79161234567; empty stays empty."""
    digits = [letter for letter in phone if letter.isdigit()]
    if not digits:
        return ""
    if len(digits) < SHORT:
        return f"{DOT * (len(digits) - 2)} {''.join(digits[-2:])}"
    tail = "".join(digits[-SHOWN:])
    return f"{phone[:COUNTRY_SHOWN]} {DOT * 3} {DOT * 3} {tail[:2]}-{tail[2:]}"


def masked_name(name: str) -> str:
    """ "Анна Ё." of Анна Ёлкина: what he is called by, and the first letters of the rest."""
    first, *others = name.split()[:3] or [""]
    return " ".join([first, *(f"{one[0]}." for one in others)])


def masked_card(card: str) -> str:
    """The last four of a card's number, of short ones the last two."""
    shown = SHOWN if len(card) > 2 * SHOWN else 2
    return f"{DOT * 4} {card[-shown:]}" if card else ""
