"""An address as a QR code: a picture people can print."""

from __future__ import annotations

import re
from base64 import b64decode
from urllib.parse import unquote

import segno

SCALE = 8
"""Pixels, or units of the drawing, for one module of the code."""

_SIZE = re.compile(r"width='(\d+)' height='(\d+)'")


def qr_svg(address: str) -> str:
    """A whole SVG document, which can be shown at any size."""
    drawn = unquote(_drawn(address).svg_data_uri(scale=SCALE).partition(",")[2])
    return _SIZE.sub(r"\g<0> viewBox='0 0 \1 \2'", drawn, count=1)


def qr_png(address: str) -> bytes:
    return b64decode(_drawn(address).png_data_uri(scale=SCALE).partition(",")[2])


def _drawn(address: str) -> segno.QRCode:
    """Medium correction: a crumpled or stained paper still reads."""
    return segno.make_qr(address, error="m")
