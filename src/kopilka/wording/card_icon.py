"""The picture a phone shows for an installed card: the program's logo, or the piggy bank in its colour."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

SIZES = (180, 192, 512)
GRID = 24
FINENESS = 4
"""Drawn so many times larger and made smaller, which smooths the edges."""
OPAQUE = 255
INSET_WHOLE, INSET_MASKABLE = 0.12, 0.24
"""What stays free at each edge; phones cut a maskable picture to a circle."""


@lru_cache(maxsize=128)
def icon_png(ground: str, ink: str, size: int, *, is_maskable: bool = False) -> bytes:
    """A square PNG of `size` pixels: the piggy bank in `ink` on `ground`, both #rrggbb."""
    large = size * FINENESS
    picture = Image.new("RGB", (large, large), ground)
    inset = INSET_MASKABLE if is_maskable else INSET_WHOLE
    _draw_pig(ImageDraw.Draw(picture), large, inset, ink, ground)
    kept = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


@lru_cache(maxsize=32)
def logo_png(logo: bytes, size: int, *, is_maskable: bool = False) -> bytes:
    """The program's own picture in a square of `size` pixels, on its own ground; a see-through one on white."""
    with Image.open(BytesIO(logo)) as opened:
        drawn = opened.convert("RGBA")
    corner = drawn.getpixel((0, 0))
    is_opaque = isinstance(corner, tuple) and corner[3] == OPAQUE
    ground = corner[:3] if isinstance(corner, tuple) and is_opaque else (OPAQUE, OPAQUE, OPAQUE)
    inset = INSET_MASKABLE if is_maskable else 0 if is_opaque else INSET_WHOLE
    room = round(size * (1 - 2 * inset))
    drawn = ImageOps.contain(drawn, (room, room), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (size, size), ground)
    picture.paste(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2), drawn)
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _draw_pig(pen: ImageDraw.ImageDraw, large: int, inset: float, ink: str, ground: str) -> None:
    """The drawing `pig` of the pages as one filled shape, with a slot and an eye in the colour of the ground."""
    unit = large * (1 - 2 * inset) / GRID
    edge = large * inset

    def at(*places: float) -> list[float]:
        return [edge + place * unit for place in places]

    pen.ellipse(at(2.5, 6, 19.5, 19), fill=ink)
    pen.polygon(at(13, 7.5, 18, 3.5, 18.4, 9.5), fill=ink)
    pen.rounded_rectangle(at(17, 10.5, 22, 15.5), radius=unit, fill=ink)
    pen.rounded_rectangle(at(5.6, 15, 9, 21.5), radius=unit * 0.6, fill=ink)
    pen.rounded_rectangle(at(13, 15, 16.4, 21.5), radius=unit * 0.6, fill=ink)
    pen.arc(at(-0.4, 8.6, 4.2, 13.2), 60, 300, fill=ink, width=round(unit))
    pen.rounded_rectangle(at(8, 8.2, 13, 9.4), radius=unit * 0.6, fill=ground)
    pen.ellipse(at(15.6, 10.6, 17, 12), fill=ground)
