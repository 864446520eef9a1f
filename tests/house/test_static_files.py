"""Scripts and styles: gathered once, compressed, kept by browsers for ever; there also when nothing was gathered."""

import gzip
import re

import pytest
from django.templatetags.static import static
from django.test import Client

from kopilka.project.static_files import gather_files

FOR_EVER = "max-age=315360000, public, immutable"


@pytest.fixture
def place(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return settings.STATIC_ROOT


def test_gathered_file_is_compressed_and_kept_for_ever(place):
    gather_files()

    address = static("web/tokens.css")
    answer = Client().get(address, headers={"accept-encoding": "gzip"})
    sent = b"".join(answer.streaming_content)

    assert re.fullmatch(r"/static/web/tokens\.[0-9a-f]{12}\.css", address)
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"--touch: 3rem" in gzip.decompress(sent)


def test_files_are_gathered_once(place):
    assert gather_files() is True
    assert gather_files() is False


def test_changed_file_is_gathered_again(place):
    gather_files()
    (place / "gathered.txt").write_text("of another version")

    assert gather_files() is True


def test_file_is_served_where_nothing_was_gathered(place):
    address = static("web/tokens.css")
    answer = Client().get(address)

    assert address == "/static/web/tokens.css"
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "max-age=60, public"
    assert b"--touch: 3rem" in b"".join(answer.streaming_content)
