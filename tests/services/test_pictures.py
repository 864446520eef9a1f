"""Pictures from outside are drawn anew; what is none is refused (B69, B70, T49)."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from kopilka.data.ids import new_id
from kopilka.engine.refusal import Refusal
from kopilka.services.pictures import draw_anew, keep_film, keep_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind="JPEG", size=(400, 300), mode="RGB", **options):
    made = BytesIO()
    Image.new(mode, size, "red").save(made, kind, **options)
    return made.getvalue()


def huge_png(side=50_000):
    """A few hundred bytes that say they are a picture of 2,500 megapixels."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_where_it_was_taken_is_forgotten_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"

    drawn = draw_anew(picture(exif=exif.tobytes(), comment=b"secret"))

    again = Image.open(BytesIO(drawn.data))
    assert (again.format, again.size, (drawn.width, drawn.height)) == ("JPEG", (300, 400), (300, 400))
    assert dict(again.getexif()) == {}
    assert b"Anna" not in drawn.data
    assert b"secret" not in drawn.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_of_picture_is_drawn(kind):
    drawn = draw_anew(picture(kind))

    assert (drawn.suffix, drawn.width, drawn.height) == (".jpg", 400, 300)


def test_see_through_picture_stays_so_and_a_large_one_shrinks():
    drawn = draw_anew(picture("PNG", (4000, 2000), "RGBA"))

    assert (drawn.suffix, drawn.width, drawn.height) == (".png", 1600, 800)


def test_second_file_behind_the_picture_is_gone():
    drawn = draw_anew(picture("GIF") + b"/*<script>alert(1)</script>*/")

    assert b"script" not in drawn.data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (SVG, "not_a_picture"),
        (b"<html>", "not_a_picture"),
        (b"GIF89a/*", "not_a_picture"),
        (picture()[:500], "not_a_picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "not_a_picture"),
        (picture("BMP"), "not_a_picture"),
        (huge_png(), "picture_too_large"),
    ],
)
def test_what_is_no_picture_is_refused(data, reason):
    with pytest.raises(Refusal) as refused:
        draw_anew(data)

    assert refused.value.params == {"field": "file", "reason": reason}


def test_file_gets_a_name_of_ours_in_the_folder_of_its_program(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    program = new_id()

    name = keep_picture(program, draw_anew(picture()))

    assert [one.relative_to(tmp_path) for one in tmp_path.rglob("*.jpg")] == [Path(str(program)) / name]
    assert len(name) == 36


def test_film_is_told_by_its_beginning(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    good, bad = tmp_path / "a.mp4", tmp_path / "b.mp4"
    good.write_bytes(b"\0\0\0\x18ftypisom" + b"\0" * 100)
    bad.write_bytes(b"<html><script>alert(1)</script>")

    assert keep_film(new_id(), good).endswith(".mp4")
    with pytest.raises(Refusal) as refused:
        keep_film(new_id(), bad)
    assert refused.value.params == {"field": "file", "reason": "not_a_film"}
