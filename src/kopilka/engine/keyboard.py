"""What was meant by letters typed, or scanned, while the keyboard stood on the other language."""

from __future__ import annotations

RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"

_TO_LATIN = str.maketrans(RUSSIAN, LATIN)
_TO_RUSSIAN = str.maketrans(LATIN, RUSSIAN)


def spellings(text: str) -> tuple[str, ...]:
    """The text as typed first, then as the same keys would have written it in the other language."""
    return tuple(dict.fromkeys((text, text.translate(_TO_LATIN), text.translate(_TO_RUSSIAN))))
