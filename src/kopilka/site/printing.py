"""Posters and price tags as PDF. The letters are those of DejaVu, which know Russian."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos

import kopilka
from kopilka.web.colours import letters_on
from kopilka.wording.card_icon import icon_png
from kopilka.wording.qr import qr_png

SIZES = {"a4": (210.0, 297.0), "a5": (148.0, 210.0), "tent": (210.0, 297.0)}
"""Millimetres of a sheet; a tent card is folded across the middle, each half read from its own side."""

FONT, REGULAR, BOLD = "dejavu", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
FOLDERS = (
    Path(kopilka.__file__).resolve().parents[2] / "node_modules" / "dejavu-fonts-ttf" / "ttf",
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/TTF"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/Library/Fonts"),
)
KEPT = 32
"""So many PDFs are kept, as drawing one takes a good part of a second."""

PIG_PIXELS = 512
LOGO_WIDE = 3.2
"""A logo is at most so many times as wide as high."""

COLUMNS, ROWS = 3, 7
TAG_WIDTH, TAG_HEIGHT = 62.0, 38.0
MARGIN, GAP = 9.0, 2.0
NAME_SIZE, NAME_SIZE_SMALL = 4.2, 3.3
YELLOW, PLAIN = (255, 220, 40), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster; `told` are the first of the rules, `address` is what the QR code opens.

    `logo` are the bytes of the program's own picture; without one our pig is drawn in its colour.
    """

    program: str
    title: str
    words: str
    told: tuple[str, ...]
    call: str
    address: str
    colour: str
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Tag:
    """A price tag; `before` is the price that a yellow one strikes out, `note` what stands below."""

    name: str
    sku: str
    price: str
    before: str = ""
    note: str = ""
    is_yellow: bool = False


def has_font() -> bool:
    return _font_folder() is not None


@lru_cache(maxsize=KEPT)
def pdf_of_poster(poster: Poster, size: str) -> bytes:
    """A sheet of this size; the caller has made sure of the font."""
    width, height = SIZES[size]
    pdf = _sheet(width, height)
    pdf.set_title(f"{poster.program}: {poster.title}")
    pdf.add_page()
    if size == "tent":
        half = height / 2
        _draw_poster(pdf, poster, 0, half, width, half)
        with pdf.rotation(180, width / 2, half / 2):
            _draw_poster(pdf, poster, 0, 0, width, half)
        pdf.set_draw_color(150)
        pdf.set_dash_pattern(dash=2, gap=2)
        pdf.line(0, half, width, half)
    else:
        _draw_poster(pdf, poster, 0, 0, width, height)
    return bytes(pdf.output())


@lru_cache(maxsize=KEPT)
def pdf_of_tags(tags: tuple[Tag, ...]) -> bytes:
    """A4, three tags beside each other."""
    pdf = _sheet(*SIZES["a4"])
    for place, tag in enumerate(tags):
        if place % (COLUMNS * ROWS) == 0:
            pdf.add_page()
        row, column = divmod(place % (COLUMNS * ROWS), COLUMNS)
        _draw_tag(pdf, tag, MARGIN + column * (TAG_WIDTH + GAP), MARGIN + row * (TAG_HEIGHT + GAP))
    if not tags:
        pdf.add_page()
    return bytes(pdf.output())


def _sheet(width: float, height: float) -> FPDF:
    folder = _font_folder()
    if folder is None:
        raise FileNotFoundError(REGULAR)
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.add_font(FONT, "", folder / REGULAR)
    pdf.add_font(FONT, "B", folder / BOLD)
    return pdf


def _draw_poster(pdf: FPDF, poster: Poster, left: float, top: float, width: float, height: float) -> None:
    """A band in the program's colour, the QR code in the middle, the rules below. Lengths in parts of the width."""
    is_low = height < width
    unit = min(width, height * (1.0 if is_low else 0.7)) / 100
    band = height * (0.3 if is_low else 0.27)
    _draw_band(pdf, poster, left, top, width, band)
    side = height * (0.46 if is_low else 0.39)
    code = qr_png(poster.address)
    pdf.image(BytesIO(code), left + (width - side) / 2, top + band + height * 0.02, side, side)
    pdf.set_text_color(22, 24, 29)
    below = top + band + side + height * 0.03
    _line(pdf, poster.call, left, below, width, 4.6 * unit, bold=True)
    below += 8 * unit
    end = top + height - 8.5 * unit
    for sentence in () if is_low else poster.told:
        below = _paragraph(pdf, sentence, left + width * 0.05, below, width * 0.9, 3.2 * unit, end)
    pdf.set_text_color(90, 95, 105)
    _line(pdf, poster.address, left, top + height - 7 * unit, width, 2.8 * unit, bold=False)


def _draw_band(pdf: FPDF, poster: Poster, left: float, top: float, width: float, height: float) -> None:
    """Logo, name, title and slogan under each other; sizes are parts of the band's height."""
    ink = letters_on(poster.colour)
    pdf.set_fill_color(*_rgb(poster.colour))
    pdf.rect(left, top, width, height, style="F")
    pdf.set_text_color(*_rgb(ink))
    logo = BytesIO(poster.logo or icon_png(poster.colour, ink, PIG_PIXELS))
    side = height * 0.3
    pdf.image(
        logo, left + (width - side * LOGO_WIDE) / 2, top + height * 0.07, side * LOGO_WIDE, side, keep_aspect_ratio=True
    )
    _line(pdf, poster.program, left, top + height * 0.39, width, height * 0.085, bold=False)
    _line(pdf, poster.title, left, top + height * 0.52, width, height * 0.16, bold=True)
    _line(pdf, poster.words, left, top + height * 0.8, width, height * 0.08, bold=False)


def _draw_tag(pdf: FPDF, tag: Tag, left: float, top: float) -> None:
    pdf.set_fill_color(*(YELLOW if tag.is_yellow else PLAIN))
    pdf.set_draw_color(120)
    pdf.rect(left, top, TAG_WIDTH, TAG_HEIGHT, style="DF")
    pdf.set_text_color(22, 24, 29)
    _name(pdf, tag.name, left, top + 2.5)
    _line(pdf, tag.price, left, top + 12, TAG_WIDTH, 9.5, bold=True)
    if tag.before:
        pdf.set_font(FONT, "", _points(3.8))
        width = pdf.get_string_width(tag.before)
        _line(pdf, tag.before, left, top + 24, TAG_WIDTH, 3.8, bold=False)
        pdf.set_draw_color(22, 24, 29)
        pdf.line(left + (TAG_WIDTH - width) / 2, top + 26.4, left + (TAG_WIDTH + width) / 2, top + 26.4)
    _line(pdf, tag.note, left, top + 30, TAG_WIDTH, 2.9, bold=False)
    pdf.set_text_color(120, 120, 120)
    _line(pdf, tag.sku, left, top + TAG_HEIGHT - 4.2, TAG_WIDTH, 2.2, bold=False)


def _line(pdf: FPDF, text: str, left: float, top: float, width: float, size: float, *, bold: bool) -> None:
    """One line in the middle, as large as `size` millimetres or as the width allows."""
    if not text:
        return
    pdf.set_font(FONT, "B" if bold else "", _points(size))
    room = width * 0.92
    needed = pdf.get_string_width(text)
    if needed > room:
        pdf.set_font_size(pdf.font_size_pt * room / needed)
    pdf.set_xy(left, top)
    pdf.cell(width, size * 1.3, text, align="C")


def _name(pdf: FPDF, text: str, left: float, top: float) -> None:
    """Of an article: on one line, or smaller on two."""
    pdf.set_font(FONT, "B", _points(NAME_SIZE))
    if pdf.get_string_width(text) <= TAG_WIDTH * 0.92:
        _line(pdf, text, left, top + 0.5, TAG_WIDTH, NAME_SIZE, bold=True)
        return
    pdf.set_font_size(_points(NAME_SIZE_SMALL))
    lines = _lines(pdf, text, TAG_WIDTH * 0.92)
    for place, line in enumerate((lines[0], " ".join(lines[1:]))):
        _line(pdf, line, left, top + place * NAME_SIZE_SMALL * 1.3, TAG_WIDTH, NAME_SIZE_SMALL, bold=True)


def _paragraph(pdf: FPDF, text: str, left: float, top: float, width: float, size: float, end: float) -> float:
    """Where the next one begins; nothing is written past `end`."""
    pdf.set_font(FONT, "", _points(size))
    pdf.set_xy(left, top)
    if top + len(_lines(pdf, text, width)) * size * 1.4 > end:
        return end
    pdf.multi_cell(width, size * 1.4, text, align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
    return float(pdf.get_y()) + size * 0.35


def _lines(pdf: FPDF, text: str, width: float) -> list[str]:
    """How a text would be broken in the font that is set."""
    return cast("list[str]", pdf.multi_cell(width, 1, text, dry_run=True, output="LINES"))


def _points(millimetres: float) -> float:
    return millimetres * 72 / 25.4


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _font_folder() -> Path | None:
    return next((one for one in FOLDERS if (one / REGULAR).is_file() and (one / BOLD).is_file()), None)
