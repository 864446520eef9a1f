"""`kopilka program` and `kopilka apikey`, as an operator types them."""

import pytest

from kopilka.cli.main import main
from kopilka.services.access import find_key
from tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def test_program_is_created_published_and_compared(capsys, tmp_path):
    assert main(["program", "create", "lavka", "--rulebook", "cashback", "--currency", "EUR"]) == 0
    assert main(["program", "publish", "points-per-unit", "--note", "проще"]) == 0
    capsys.readouterr()

    assert main(["program", "list"]) == 0
    assert main(["program", "show", "1"]) == 0
    shown = capsys.readouterr().out
    assert main(["program", "diff", "1", "2"]) == 0
    changed = capsys.readouterr().out
    assert main(["program", "versions"]) == 0
    versions = capsys.readouterr().out.splitlines()

    assert shown.splitlines()[0] == "lavka  lavka  EUR  version 2"
    assert "money: EUR" in shown.splitlines()
    assert '"path": "promotions.' in changed
    assert [line[:3] for line in versions] == ["* 2", "  1"]


def test_program_templates_are_listed_and_printed(capsys):
    assert main(["program", "templates"]) == 0
    listed = capsys.readouterr().out
    assert main(["program", "templates", "cashback-2dp"]) == 0
    printed = capsys.readouterr().out

    names = [line.split()[0] for line in listed.splitlines()]
    assert names == [
        "aquarium", "cashback", "cashback-2dp", "closed-club", "coalition", "designer-agents", "development-centre",
        "discount", "discount-ladder", "gift-shop", "hybrid", "perfumery", "points-per-unit", "referral", "stamps",
        "tiers",
    ]  # fmt: skip
    assert "rulebook: 1" in printed.splitlines()


def test_program_publish_shows_each_problem_on_its_line(capsys, tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("rulebook: 1\nprogram: x\nmoney: RUB\ntimezone: Europe/Moscow\npoints: {a: {worht: 1}}\n")
    main(["program", "create", "lavka"])

    code = main(["program", "publish", str(file)])

    told = capsys.readouterr().err.splitlines()
    assert (code, told[0]) == (1, "kopilka: the rulebook cannot be used")
    assert told[1].startswith("  line 5, points.a.worht: ")


@pytest.mark.parametrize("arguments", [["publish", "nowhere.yaml"], ["show"], ["list", "--program", "x"]])
def test_program_mistakes_end_with_an_error(arguments):
    try:
        code = main(["program", *arguments])
    except SystemExit as ended:
        code = ended.code

    assert code in {1, 2}


def test_apikey_is_created_listed_and_revoked(capsys):
    main(["program", "create", "lavka"])
    capsys.readouterr()

    assert main(["apikey", "create", "--program", "lavka", "--bundle", "shop", "--till", "k1"]) == 0
    plain = capsys.readouterr().out.strip()
    holder = find_key(plain, at=NOON)
    assert main(["apikey", "revoke", plain.split("_")[1]]) == 0
    assert main(["apikey", "list"]) == 0

    assert (holder.actor.till, "issue_codes" in holder.actor.capabilities) == ("k1", True)
    assert find_key(plain, at=NOON) is None
    listed = capsys.readouterr().out.splitlines()[-1]
    assert plain.split("_")[2] not in listed
    assert "till=k1" in listed.split("  ")


def test_apikey_of_unknown_rights_is_refused(capsys):
    main(["program", "create", "lavka"])

    assert main(["apikey", "create", "--scopes", "read,fly"]) == 1
    assert "scopes" in capsys.readouterr().err
