"""The guard rails of `kopilka program`, as an operator types them."""

import json

import pytest

from kopilka.cli.main import main
from kopilka.queries.programs import list_versions, program_by_slug

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
spending: {bonus: {}}
promotions:
  friday: {when: {weekday: fri}, discount: {percent: 15}}
  cashback: {earn: {percent: 5}}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def lavka(file):
    assert main(["program", "create", "lavka", "--rulebook", str(file)]) == 0
    return program_by_slug("lavka")


def test_lint_of_clean_rules_finds_nothing(capsys, file):
    assert main(["program", "lint", str(file), "--strict"]) == 0
    assert capsys.readouterr().out == "nothing found\n"


def test_lint_ends_with_the_gravest_it_found(file):
    def code(changed, *more):
        file.write_text(RULES + changed, encoding="utf-8")
        return main(["program", "lint", str(file), *more])

    assert code("  odd: {lines: {category: tea}, discount: {percent: 7}}\n") == 0
    assert code("  locked: {locked: yes, discount: {percent: 5}}\n") == 0
    assert code("  locked: {locked: yes, discount: {percent: 5}}\n", "--strict") == 1
    assert code("  never: {branches: a, when: {branch: b}, discount: {percent: 5}}\n") == 2
    assert code("  broken: {discount: {percent: -5}}\n") == 2


def test_lint_tells_place_sentence_and_receipt_in_russian(capsys, file):
    file.write_text(RULES + "  all: {discount: {percent: 90}}\n", encoding="utf-8")

    main(["program", "lint", str(file), "--language", "ru"])

    told = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    assert told[0] == (
        "внимание: line 11, promotions.all: Скидки складываются: all, friday вместе обещают 105 %. Из 1000 покупатель"
        " платит 85."
    )
    assert told[1].strip() == "2026-03-06 12:00" or told[1].strip().endswith("12:00")
    assert told[2].strip() == "ARTICLE 1 × 1 000,00 = 1 000,00 − all 900,00 − friday 15,00 = 85,00"


def test_lint_writes_json_for_machines(capsys, file, tmp_path):
    sample = tmp_path / "articles.yaml"
    sample.write_text("- {sku: SHOE, price: '1000', cost: '900'}\n", encoding="utf-8")

    code = main(["program", "lint", str(file), "--json", "--sample", str(sample)])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [(one["code"], one["path"], one["params"]["pays"]) for one in told["findings"]] == [
        ("sold_below_cost", "promotions.friday", "850")
    ]


def test_switch_draft_rollout_and_rollback_are_typed(capsys, lavka, file):
    assert main(["program", "switch", "friday", "off", "--reason", "ошибка", "--by", "Анна"]) == 0
    assert main(["program", "switches"]) == 0
    assert main(["program", "switch", "friday", "on", "--reason", "исправили"]) == 0
    file.write_text(RULES.replace("percent: 15", "percent: 20"), encoding="utf-8")
    assert main(["program", "approval", "on"]) == 0
    assert main(["program", "publish", str(file)]) == 1
    assert main(["program", "draft", "--by", "Анна", "save", "весна", str(file)]) == 0
    capsys.readouterr()
    assert main(["program", "draft", "diff", "весна", "--language", "ru"]) == 0
    words = capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["program", "draft", "--by", "Анна", "approve", "весна"]) == 1
    assert main(["program", "draft", "--by", "Борис", "approve", "весна"]) == 0
    assert main(["program", "draft", "--by", "Анна", "publish", "весна"]) == 0
    assert main(["program", "approval", "off"]) == 0
    assert main(["program", "rollout", "start", str(file), "--branch", "center"]) == 0
    assert main(["program", "rollout", "widen", "--branch", "north"]) == 0
    assert main(["program", "rollout", "withdraw", "--reason", "рано"]) == 0
    assert main(["program", "rollback", "1", "--reason", "было лучше"]) == 0

    assert words == "Скидка акции friday: 20 % вместо 15 %.\n"
    assert [(one.number, one.is_current) for one in list_versions(lavka.id)] == [
        (4, True), (3, False), (2, False), (1, False)
    ]  # fmt: skip


def test_diff_speaks_in_words(capsys, lavka, file):
    file.write_text(RULES.replace("percent: 15", "percent: 20"), encoding="utf-8")
    main(["program", "publish", str(file)])
    capsys.readouterr()

    assert main(["program", "diff", "1", "2", "--words", "en"]) == 0
    assert capsys.readouterr().out == "The discount of promotion friday: 20% instead of 15%.\n"


def test_reversing_nothing_is_refused_and_dry_run_writes_nothing(capsys, lavka):
    capsys.readouterr()

    assert main(["program", "reverse-rule", "cashback", "--from", "2026-01-01", "--until", "2026-02-01"]) == 1
    assert main(["program", "reverse-rule", "promotions.cashback", "--from", "2026-01-01", "--until", "2026-02-01",
                 "--dry-run"]) == 0  # fmt: skip
    assert main(["program", "reverse-rule", "--undo", "nothing"]) == 1
    assert capsys.readouterr().out.splitlines() == ["preview  promotions.cashback", "members 0, items 0"]
