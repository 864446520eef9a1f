"""`kopilka posts`, `kopilka chat` and `kopilka texts`, as an operator types them."""

import pytest
from PIL import Image

from kopilka.cli.main import main
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.posts import posts_for_office
from kopilka.services.chats import write_to_shop
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)


def test_news_are_added_listed_and_hidden(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    program = make_program()
    Image.new("RGB", (20, 10)).save(tmp_path / "bun.png")

    assert main(["posts", "add", "Булочки", "--text", "Свежие", "--media", f"{tmp_path}/bun.png=Булочка"]) == 0
    post_id = capsys.readouterr().out.strip()
    assert main(["posts", "hide", post_id]) == 0
    assert main(["posts", "list"]) == 0

    assert capsys.readouterr().out.splitlines()[-1].endswith("hidden Булочки (1 files)")
    assert posts_for_office(program.id).posts[0].media[0].alt == "Булочка"


def test_file_that_is_missing_or_no_picture_is_told(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_program()
    (tmp_path / "x.jpg").write_text("<svg/>")

    assert main(["posts", "add", "А", "--media", str(tmp_path / "none.jpg")]) == 1
    assert main(["posts", "add", "А", "--media", str(tmp_path / "x.jpg")]) == 1

    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("kopilka: there is no file")
    assert "not_a_picture" in second


def test_member_is_answered(capsys):
    program = make_program()
    member_id = make_member(program, name="Анна")
    write_to_shop(program_id=program.id, member_id=member_id, text="Есть хлеб?", by=SYSTEM_ACTOR, at=NOON)

    assert main(["chat", "list", "--waiting"]) == 0
    assert main(["chat", "reply", "8 916 123-45-67", "Есть", "--as", "Оля"]) == 0
    assert main(["chat", "list", "+79161234567"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{member_id} +79161234567 Анна: 1 messages, waiting 1 since 2026-03-02 09:00"
    assert [line.split(" ", 2)[2] for line in told[2:]] == ["member: Есть хлеб?", "Оля: Есть"]


def test_texts_are_shown_and_published(capsys, tmp_path):
    make_program()
    (tmp_path / "ru").write_text("Условия", encoding="utf-8")
    (tmp_path / "en").write_text("Terms", encoding="utf-8")

    assert main(["texts", "show", "ads", "--language", "en"]) == 0
    assert "“Лавка”" in capsys.readouterr().out
    assert main(["texts", "publish", "terms", "--ru", f"{tmp_path}/ru", "--en", f"{tmp_path}/en"]) == 0
    assert main(["texts", "list"]) == 0
    assert main(["texts", "show", "terms", "7"]) == 1

    told = capsys.readouterr().out.splitlines()
    assert (told[0], told[2:]) == ("version 1", ["privacy: of the package", "ads: of the package"])
    assert told[1].startswith("terms: version 1, since 20")


def test_member_takes_his_data_and_is_forgotten(capsys, tmp_path):
    program = make_program()
    member_id = make_member(program, name="Анна")

    assert main(["personal", "export", "+79161234567", "--to", str(tmp_path / "anna.json")]) == 0
    assert '"name": "Анна"' in (tmp_path / "anna.json").read_text(encoding="utf-8")
    assert main(["personal", "erase", "+79161234567"]) == 0
    assert main(["personal", "erase", "+79161234567", "--yes"]) == 0
    assert main(["personal", "erase", "+79161234567", "--yes"]) == 1

    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == (
        f"erased {member_id}: 1 identifiers, 1 profile; expired nothing, 0 gifts called off"
    )
    assert "[not_found(what='member')]" in told.err
