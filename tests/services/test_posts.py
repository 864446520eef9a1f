"""News with photos and films."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.posts import posts_for_card, posts_for_office
from kopilka.services.posts import NewMedia, add_post, hide_post
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def photo(tmp_path):
    path = tmp_path / "../evil name<img>.jpg"
    Image.new("RGB", (200, 100), "green").save(path)
    return path


def add(program, title="Новая выпечка", text="Приходите", **said):
    return add_post(program_id=program.id, title=title, text=text, by=SYSTEM_ACTOR, at=NOON, **said)


def test_news_are_shown_the_newest_first_page_by_page():
    program = make_program()
    made = [add(program, str(number), published_at=NOON + timedelta(minutes=number)) for number in range(5)]
    hide_post(program_id=program.id, post_id=made[3], by=SYSTEM_ACTOR, at=NOON)
    now = NOON + timedelta(minutes=3)

    first = posts_for_card(program.id, at=now, limit=2)
    second = posts_for_card(program.id, at=now, after=first.after, limit=2)

    assert [one.title for one in first.posts] == ["2", "1"]
    assert [one.title for one in second.posts] == ["0"]
    assert (first.after, second.after) == (made[1], None)
    assert [one.title for one in posts_for_office(program.id).posts] == ["4", "3", "2", "1", "0"]


def test_photo_and_film_are_kept_under_names_of_ours_s0_14(tmp_path, media):
    program = make_program()
    film = tmp_path / "film.mov"
    film.write_bytes(b"\0\0\0\x18ftypqt  " + b"\0" * 50)

    add(program, media=[NewMedia(photo(tmp_path), "Булочки"), NewMedia(film)])

    (post,) = posts_for_card(program.id, at=NOON).posts
    assert [(one.kind, one.alt, one.width, one.height) for one in post.media] == [
        ("photo", "Булочки", 200, 100), ("video", "", 0, 0),
    ]  # fmt: skip
    kept = sorted(path.relative_to(media).parts for path in media.rglob("*") if path.is_file())
    assert kept == sorted((str(program.id), one.file) for one in post.media)


def test_refused_post_leaves_no_files(tmp_path, media):
    program = make_program()
    bad = Path(tmp_path / "bad.jpg")
    bad.write_bytes(b"<svg/>")

    with pytest.raises(Refusal) as refused:
        add(program, media=[NewMedia(photo(tmp_path)), NewMedia(bad)])

    assert refused.value.params == {"field": "file", "reason": "not_a_picture"}
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert posts_for_office(program.id).posts == ()


@pytest.mark.parametrize(("title", "code"), [("", Code.MISSING), (" ", Code.MISSING), ("а" * 201, Code.INVALID)])
def test_news_need_a_title(title, code):
    with pytest.raises(Refusal) as refused:
        add(make_program(), title)

    assert (refused.value.code, refused.value.params["field"]) == (code, "title")


def test_post_of_another_program_is_not_hidden():
    program, other = make_program(), make_program("other")
    made = add(program)

    with pytest.raises(Refusal) as refused:
        hide_post(program_id=other.id, post_id=made, by=SYSTEM_ACTOR, at=NOON)

    assert refused.value.params == {"what": "post"}
    assert posts_for_card(other.id, at=NOON).posts == ()
