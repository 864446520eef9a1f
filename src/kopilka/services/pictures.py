"""Pictures and films from outside, made harmless: drawn anew, small enough, without what the camera wrote into them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from kopilka.engine.refusal import Code, Refusal

BYTES_MAX = 20_000_000
FILM_BYTES_MAX = 200_000_000
PIXELS_MAX = 50_000_000
SIDE_MAX = 1600
"""Larger pictures are made smaller: a phone shows no more."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
CHUNK = 1 << 20
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"qt  ")
_WEBM = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it will be stored: its bytes, what its name ends with, its size in pixels."""

    data: bytes
    suffix: str
    width: int
    height: int


def draw_anew(data: bytes, *, side_max: int = SIDE_MAX) -> Drawn:
    """The same picture, and nothing else that was in the file: no place where it was taken, no script, no second file.

    JPEG, PNG, WebP and GIF (its first frame) are taken, at most PIXELS_MAX pixels; `invalid` (file) for anything else.
    """
    if not data:
        raise Refusal(Code.INVALID, field="file", reason="empty")
    if len(data) > BYTES_MAX:
        raise Refusal(Code.INVALID, field="file", reason="file_too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count the pixels ourselves
            with Image.open(BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise Refusal(Code.INVALID, field="file", reason="picture_too_large")
                picture.draft("RGB", (side_max * 2, side_max * 2))
                return _drawn(ImageOps.exif_transpose(picture), side_max)
    except Image.DecompressionBombError:
        raise Refusal(Code.INVALID, field="file", reason="picture_too_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Refusal(Code.INVALID, field="file", reason="not_a_picture") from None


def keep_picture(program_id: UUID, drawn: Drawn, *, stem: str = "") -> str:
    """Write it into the program's folder under a name of ours; the name. `stem`: where the rules name the picture."""
    name = f"{stem or uuid4().hex}{drawn.suffix}"
    _folder(program_id).joinpath(name).write_bytes(drawn.data)
    return name


def keep_film(program_id: UUID, source: Path) -> str:
    """Copy a film (MP4 or WebM, at most FILM_BYTES_MAX) into the program's folder; the name. `invalid` (file)."""
    with source.open("rb") as file:
        suffix = _film_suffix(file.read(12))
        if source.stat().st_size > FILM_BYTES_MAX:
            raise Refusal(Code.INVALID, field="file", reason="file_too_large")
        file.seek(0)
        name = f"{uuid4().hex}{suffix}"
        with _folder(program_id).joinpath(name).open("wb") as copy:
            while chunk := file.read(CHUNK):
                copy.write(chunk)
    return name


def read_file(program_id: UUID, name: str) -> bytes:
    """What was kept under this name; nothing where the file is gone."""
    place = _folder(program_id).joinpath(name)
    return place.read_bytes() if name and place.is_file() else b""


def drop_file(program_id: UUID, name: str) -> None:
    """What was kept for a row that was not written after all."""
    _folder(program_id).joinpath(name).unlink(missing_ok=True)


def _drawn(picture: Image.Image, side_max: int) -> Drawn:
    is_see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    clean = picture.convert("RGBA" if is_see_through else "RGB")
    clean.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    clean.info = {}
    made = BytesIO()
    if is_see_through:
        clean.save(made, "PNG", optimize=True)
    else:
        clean.save(made, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Drawn(made.getvalue(), ".png" if is_see_through else ".jpg", clean.width, clean.height)


def _film_suffix(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return ".mp4"
    if head.startswith(_WEBM):
        return ".webm"
    raise Refusal(Code.INVALID, field="file", reason="not_a_film")


def _folder(program_id: UUID) -> Path:
    folder = Path(settings.MEDIA_ROOT) / str(program_id)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
