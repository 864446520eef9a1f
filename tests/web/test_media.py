"""Pictures and films of a program, by ranges (T49)."""

import pytest
from django.test import Client

from tests.factories import make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def film(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    program = make_program()
    folder = tmp_path / str(program.id)
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"0123456789")
    (folder / "b.svg").write_bytes(b"<svg/>")
    return "/web/lavka/media/a.mp4"


def get(path, **headers):
    answer = Client().get(path, headers=headers)
    return (
        answer.status_code,
        b"".join(answer.streaming_content) if answer.streaming else answer.content,
        answer.headers,
    )


def test_whole_film_says_that_parts_can_be_had(film):
    status, body, headers = get(film, accept_encoding="gzip")

    assert (status, body, headers["Content-Length"]) == (200, b"0123456789", "10")
    assert (headers["Accept-Ranges"], headers["Content-Type"]) == ("bytes", "video/mp4")
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-9", 200, b"0123456789", None),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_part_of_a_film(film, asked, status, body, told):
    answer = get(film, range=asked)

    assert (answer[0], answer[1], answer[2].get("Content-Range")) == (status, body, told)


@pytest.mark.parametrize("name", ["b.svg", "c.mp4", "..%2Fa.mp4", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a.mp4%00.jpg"])
def test_nothing_else_is_handed_out(film, name):
    assert get(film.replace("a.mp4", name))[0] == 404


def test_film_of_another_program_is_not_there(film):
    make_program("other")

    assert get("/web/other/media/a.mp4")[0] == 404
