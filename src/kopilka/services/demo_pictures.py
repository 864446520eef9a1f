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
    """The picture of a post (autumn, mug) or a gift (cup, croissant, mug, beans)."""
    return {"autumn": _autumn, "mug": _mug, "cup": _coffee, "croissant": _croissant, "beans": _beans}[name]()


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


def _coffee() -> bytes:
    picture = Image.new("RGB", WIDE, "#f3dcc6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1200, 800), fill="#d9b08c")
    draw.ellipse((300, 560, 860, 690), fill="#ffffff")
    draw.ellipse((690, 360, 860, 530), outline="#ffffff", width=40)
    draw.rounded_rectangle((400, 316, 760, 630), 110, fill="#f7f2ec")
    draw.rectangle((400, 316, 760, 430), fill="#f7f2ec")
    draw.ellipse((400, 276, 760, 356), fill="#ffffff")
    draw.ellipse((418, 286, 742, 346), fill=COFFEE)
    for left in (480, 570, 660):
        draw.arc((left - 26, 110, left + 26, 180), 90, 270, fill="#ffffff", width=14)
        draw.arc((left - 26, 166, left + 26, 236), 270, 90, fill="#ffffff", width=14)
    return _png(picture)


def _croissant() -> bytes:
    """A crescent of baked rolls, the largest in the middle, laid over each other from the tips inwards."""
    picture = Image.new("RGB", WIDE, "#fbe7c6")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((180, 560, 1020, 740), fill="#ffffff")
    for step in (4, 3, 2, 1, 0):
        for side in (-1, 1):
            x, y, half = 600 + side * step * 88, 460 + step * step * 9, 158 - step * 23
            draw.ellipse((x - half * 0.72, y - half, x + half * 0.72, y + half), fill="#a9611f")
            draw.ellipse((x - half * 0.66, y - half * 0.94, x + half * 0.66, y + half * 0.9), fill="#de9a45")
            draw.arc(
                (x - half * 0.4, y - half * 0.75, x + half * 0.4, y + half * 0.6), 180, 270, fill="#f2c27d", width=14
            )
    return _png(picture)


def _beans() -> bytes:
    picture = Image.new("RGB", WIDE, "#e9e2d6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 660, 1200, 800), fill="#cbbda6")
    draw.rounded_rectangle((420, 150, 780, 710), 30, fill="#4f3222")
    draw.polygon([(420, 230), (780, 230), (760, 120), (440, 120)], fill="#3b2418")
    draw.rectangle((440, 96, 760, 132), fill="#6b4630")
    draw.rounded_rectangle((470, 330, 730, 590), 24, fill=CREAM)
    _bean(draw, 600, 460, 84)
    for x, y, half in ((300, 690, 44), (230, 720, 38), (870, 700, 46), (950, 726, 36), (840, 738, 34), (350, 734, 34)):
        _bean(draw, x, y, half)
    return _png(picture)


def _bean(draw: ImageDraw.ImageDraw, x: int, y: int, half: int) -> None:
    draw.ellipse((x - half, y - half * 0.72, x + half, y + half * 0.72), fill=COFFEE)
    draw.line(
        [(x - half * 0.7, y + half * 0.14), (x - half * 0.2, y - half * 0.08), (x + half * 0.2, y + half * 0.1),
         (x + half * 0.7, y - half * 0.12)], fill="#4f2a16", width=max(4, half // 8), joint="curve",
    )  # fmt: skip


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
