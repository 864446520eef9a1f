"""What a made-up camera sees, and waiting for what a page comes to."""

import time
from pathlib import Path

import segno

WIDTH, HEIGHT, GREY, WHITE = 640, 480, b"\x80", 255


def film_of(code: str, place: Path) -> Path:
    """A film (y4m) of a QR code held still before the camera."""
    rows = [list(row) for row in segno.make(code, micro=False).matrix]
    size = HEIGHT * 3 // 4 // len(rows)
    picture = bytearray([WHITE]) * (WIDTH * HEIGHT)
    top, left = (HEIGHT - size * len(rows)) // 2, (WIDTH - size * len(rows)) // 2
    for row, cells in enumerate(rows):
        for column, is_dark in enumerate(cells):
            for line in range(size if is_dark else 0):
                begins = (top + row * size + line) * WIDTH + left + column * size
                picture[begins : begins + size] = bytes(size)
    frame = b"FRAME\n" + bytes(picture) + GREY * (WIDTH * HEIGHT // 2)
    place.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 5)
    return place


def until(page, expression: str, *, seconds: float = 30) -> None:
    """Wait until an expression holds on the page; asked from outside, as its content policy forbids it to evaluate."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never came: {expression}"
        page.wait_for_timeout(50)
