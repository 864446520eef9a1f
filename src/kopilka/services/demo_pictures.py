"""Pictures of the demo, drawn with a few shapes: nothing is fetched, nothing needs a licence."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

COFFEE, CREAM, LEAF, SKY, PINK = "#8a4b2a", "#fff4e0", "#d9822b", "#f6e3c5", "#f2a7b5"
WIDE = (1200, 800)
SQUARE = (512, 512)


def logo() -> bytes:
    """A cup with steam on the house's brown, as PNG."""
    picture = Image.new("RGB", SQUARE, COFFEE)
    draw = ImageDraw.Draw(picture)
    _cup(draw, 116, 210, 240, CREAM, COFFEE)
    for left in (176, 232, 288):
        draw.arc((left - 22, 96, left + 22, 150), 90, 270, fill=CREAM, width=12)
        draw.arc((left - 22, 140, left + 22, 194), 270, 90, fill=CREAM, width=12)
    return _png(picture)


def picture_of(name: str) -> bytes:
    """The picture of a post: autumn or mug."""
    return {"autumn": _autumn, "mug": _mug}[name]()


def _autumn() -> bytes:
    picture = Image.new("RGB", WIDE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 620, 1200, 800), fill="#b9743f")
    for place, (left, top) in enumerate(((110, 120), (930, 90), (1010, 330), (70, 420), (860, 560), (270, 250))):
        _leaf(draw, left, top, 90 + 12 * place, (LEAF, "#c8512c", "#e3ad3d")[place % 3])
    _cup(draw, 420, 330, 330, "#ffffff", SKY)
    draw.ellipse((440, 318, 730, 378), fill=COFFEE)
    return _png(picture)


def _mug() -> bytes:
    picture = Image.new("RGB", WIDE, "#dfe9e2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1200, 800), fill="#9cb8a5")
    draw.ellipse((700, 330, 900, 560), outline="#ffffff", width=44)
    draw.rounded_rectangle((380, 220, 790, 680), 46, fill="#ffffff")
    _pig(draw, 585, 460)
    return _png(picture)


def _cup(draw: ImageDraw.ImageDraw, left: int, top: int, size: int, colour: str, behind: str) -> None:
    draw.ellipse((left + size - 40, top + 30, left + size + 90, top + 160), fill=colour)
    draw.ellipse((left + size - 10, top + 62, left + size + 56, top + 128), fill=behind)
    draw.rounded_rectangle((left, top, left + size, top + int(size * 0.8)), size // 4, fill=colour)
    draw.rectangle((left, top, left + size, top + size // 3), fill=colour)
    draw.rounded_rectangle(
        (left - 40, top + int(size * 0.86), left + size + 40, top + int(size * 0.94)), 12, fill=colour
    )


def _leaf(draw: ImageDraw.ImageDraw, left: int, top: int, size: int, colour: str) -> None:
    half = size // 2
    draw.polygon(
        [(left, top + half), (left + half, top), (left + size, top + half), (left + half, top + size)], fill=colour
    )
    draw.ellipse((left + size // 6, top + size // 6, left + size - size // 6, top + size - size // 6), fill=colour)
    draw.line((left + half, top + size // 6, left + half, top + size + 24), fill="#7a3d18", width=5)


def _pig(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    for side in (-1, 1):
        draw.rectangle((x + 62 * side - 20, y + 60, x + 62 * side + 20, y + 124), fill=PINK)
        draw.polygon([(x + 40 * side, y - 84), (x + 96 * side, y - 118), (x + 92 * side, y - 50)], fill="#e58a9b")
        draw.ellipse((x + 44 * side - 10, y - 40, x + 44 * side + 10, y - 20), fill="#3b2530")
    draw.ellipse((x - 130, y - 100, x + 130, y + 100), fill=PINK)
    draw.ellipse((x - 46, y - 22, x + 46, y + 44), fill="#e58a9b")
    for side in (-1, 1):
        draw.ellipse((x + 18 * side - 9, y, x + 18 * side + 9, y + 22), fill="#3b2530")
        draw.ellipse((x + 52 * side - 9, y - 52, x + 52 * side + 9, y - 34), fill="#3b2530")
    draw.rectangle((x - 34, y - 98, x + 34, y - 88), fill="#3b2530")


def _png(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()
