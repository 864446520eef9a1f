"""A program's own colour, made readable: WCAG contrast against the surfaces of both themes."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

CONTRAST_MIN = 4.5
LIGHT_SURFACES, DARK_SURFACES = ("#ffffff", "#f4f4f7", "#eceef2"), ("#17191f", "#0e0f13", "#22252d")
"""Surface, ground and sunken of tokens.css."""
TINT_LIGHT_PERCENT, TINT_DARK_PERCENT = 10, 22
"""In the dark a breath of a colour is not seen."""
STEPS = 40

_HEX = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """#rrggbb in small letters."""
    return bool(_HEX.fullmatch(text))


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, surface: str) -> str:
    """The nearest shade of the same colour that can be read on the surface."""
    red, green, blue = _parts(colour)
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    target = 0.0 if _luminance(surface) > 0.5 else 1.0  # noqa: PLR2004 - dark letters on light surfaces
    for step in range(STEPS + 1):
        tried = lightness + (target - lightness) * step / STEPS
        shade = _hex(*hls_to_rgb(hue, tried, saturation))
        if contrast(shade, surface) >= CONTRAST_MIN:
            return shade
    return "#000000" if target == 0.0 else "#ffffff"


def letters_on(colour: str) -> str:
    """White or black letters, whichever reads better: one of them always does."""
    return max(("#ffffff", "#000000"), key=lambda letters: contrast(letters, colour))


def tint(colour: str, surface: str) -> str:
    """The surface with a breath of the colour."""
    percent = TINT_LIGHT_PERCENT if _luminance(surface) > 0.5 else TINT_DARK_PERCENT  # noqa: PLR2004 - a light surface
    mixed = [
        (percent * part + (100 - percent) * under) / 100
        for part, under in zip(_parts(colour), _parts(surface), strict=True)
    ]
    return _hex(*mixed)


def theme_css(accent: str) -> str:
    """The custom properties of a program's colour; empty keeps the house's own."""
    if not is_colour(accent):
        return ":root{}\n"
    light, dark = _accent(accent, LIGHT_SURFACES), _accent(accent, DARK_SURFACES)
    return (
        f":root{{{light}--brand:{accent};--on-brand:{letters_on(accent)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _accent(colour: str, surfaces: tuple[str, ...]) -> str:
    """The colour as letters that can be read on all surfaces and on its own tint, and what is written on it."""
    ground = tint(colour, surfaces[0])
    shade = colour
    for surface in (*surfaces, ground):
        shade = readable(shade, surface)
    return f"--accent:{shade};--on-accent:{letters_on(shade)};--accent-ground:{ground};"


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]  # noqa: PLR2004 - sRGB
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
