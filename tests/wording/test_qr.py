"""QR codes as pictures people print."""

from kopilka.wording.qr import qr_png, qr_svg


def test_a_drawing_is_shown_at_any_size():
    """Without a viewBox a page that gives it another size shows only its corner."""
    drawn = qr_svg("https://shop.example/")

    assert drawn.startswith("<svg xmlns='http://www.w3.org/2000/svg' width='264' height='264' viewBox='0 0 264 264'")


def test_a_picture_is_a_png():
    assert qr_png("https://shop.example/").startswith(b"\x89PNG")
