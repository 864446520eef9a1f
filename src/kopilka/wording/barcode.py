"""A number as a linear barcode (Code 128), which every scanner reads, also those that know no QR codes."""

from __future__ import annotations

_FIGURES = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
"""Bars and gaps of each symbol in modules, from the standard (ISO/IEC 15417)."""
_WIDTHS = _FIGURES.split()

START_B, START_C, STOP, CHECK = 104, 105, 106, 103
FIRST = 32
"""Set B begins with the space of ASCII."""
QUIET, HEIGHT = 10, 40
"""Modules left free at each end, and the height of the bars."""


def symbols(text: str) -> list[int]:
    """Start, text, check sum, stop. An even number of digits is written in pairs. Only printable ASCII."""
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    if text.isdigit() and len(text) % 2 == 0:
        told = [START_C, *(int(text[place : place + 2]) for place in range(0, len(text), 2))]
    else:
        told = [START_B, *(ord(letter) - FIRST for letter in text)]
    check = (told[0] + sum(place * value for place, value in enumerate(told))) % CHECK
    return [*told, check, STOP]


def barcode_svg(text: str) -> str:
    """A drawing without a size of its own, black on white; empty for what cannot be written so."""
    try:
        widths = "".join(_WIDTHS[symbol] for symbol in symbols(text))
    except ValueError:
        return ""
    bars, at = [], QUIET
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            bars.append(f"M{at} 0h{width}v{HEIGHT}h-{width}z")
        at += width
    box = f"0 0 {at + QUIET} {HEIGHT}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{at + QUIET}v{HEIGHT}H0z"/><path fill="#000" d="{"".join(bars)}"/></svg>'
    )
