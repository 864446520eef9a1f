"""Commands of coupons and raffles, as an operator types them."""

import csv
import json
import zipfile

import pytest

from kopilka.cli.main import main
from tests.factories import make_member, make_program
from tests.services.test_coupons import RULES
from tests.services.test_raffles import RULES as RAFFLE_RULES
from tests.services.test_raffles import buy

pytestmark = pytest.mark.django_db(transaction=True)


def test_codes_are_issued_and_written_to_every_kind_of_file(tmp_path, capsys):
    make_program(rulebook=RULES)

    assert main(["coupons", "issue", "flyer", "--count", "3"]) == 0
    for name in ("a.csv", "a.zip", "a.html"):
        address = "https://shop.example/c/{word}"
        assert main(["coupons", "export", "flyer", str(tmp_path / name), "--address", address]) == 0

    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    words = [row["word"] for row in rows]
    assert [row["link"] for row in rows] == [f"https://shop.example/c/{word}" for word in words]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f"{word}.svg" for word in words)
        assert archive.read(f"{words[0]}.svg").startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    capsys.readouterr()
    assert main(["coupons", "show", words[0].lower()]) == 0
    assert "state: new" in capsys.readouterr().out


def test_pictures_can_be_png(tmp_path):
    make_program(rulebook=RULES)
    main(["coupons", "issue", "flyer", "--count", "1"])

    assert main(["coupons", "export", "flyer", str(tmp_path / "a.zip"), "--pictures", "png"]) == 0

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (name,) = archive.namelist()
        assert archive.read(name).startswith(b"\x89PNG")


def test_a_published_raffle_is_verified_without_the_books(tmp_path, capsys):
    program = make_program(rulebook=RAFFLE_RULES)
    buy(program, make_member(program), "1000", "1")
    assert main(["raffle", "announce", "march", "--currency", "ticket", "--prize", "Самокат"]) == 0
    assert main(["raffle", "close", "march"]) == 0
    capsys.readouterr()
    assert main(["raffle", "draw", "march"]) == 0
    record = capsys.readouterr().out
    place = tmp_path / "march.json"
    place.write_text(record, encoding="utf-8")

    assert main(["raffle", "verify", str(place)]) == 0
    place.write_text(json.dumps(json.loads(record) | {"secret": "00" * 32}), encoding="utf-8")
    capsys.readouterr()
    assert main(["raffle", "verify", str(place)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "secret_not_the_announced_one"
