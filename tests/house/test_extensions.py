"""An installed package adds facts, a kind of promotion and an action; a bad one stops the start (S2.12)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KOPILKA = Path(sys.executable).parent / "kopilka"

PACKAGE = '''
from dataclasses import dataclass

from kopilka.engine.document.kinds import MONEY, CodeOf, whole
from kopilka.engine.document.shapes import Field, Record
from kopilka.engine.extending import Extension, NewAction, NewFact, NewPromotion
from kopilka.engine.facts import Kind as FactKind, Scope
from kopilka.engine.promotions.kind import Kind, Step


@dataclass(frozen=True, slots=True)
class RoundDown:
    """Every line costs a whole multiple of `step` minor units."""

    step: int


def make(discount, _digits):
    def offer(sale, lines):
        return {i: off for i in lines if 0 < (off := sale.nets[i] % discount.step) <= sale.nets[i] - sale.floors[i]}

    return Kind(Step.LINES, offer, by_line=True)


@dataclass(frozen=True, slots=True)
class Donation:
    """Whole points of a currency given away for every event."""

    currency: str
    points: int


DONATION = Record(
    "acme_donate",
    "Points of the member given away.",
    {"points": Field(whole(1, 1000), "How many.", required=True),
     "in": Field(CodeOf("points"), "Which points.", required=True)},
)


def donate(doing, donation):
    doing.act.spend(donation.currency, donation.points * doing.rulebook.points[donation.currency].scale)


EXTENSION = Extension(
    "acme",
    facts=(
        NewFact(
            "kinds", FactKind.COUNT, Scope.RECEIPT, "How many different articles.",
            lambda sale: len({sale.lines[i].sku for i in sale.live}), "разных товаров", "different articles",
        ),
        NewFact(
            "organic", FactKind.FLAG, Scope.LINE, "The article is organic.",
            lambda line: line.sku.startswith("BIO-"), "органический", "organic",
        ),
    ),
    promotions=(NewPromotion("round_down", "Rounds each line down to a multiple.", MONEY, RoundDown, RoundDown, make),),
    actions=(
        NewAction(
            "donate", "Gives points away.", DONATION, lambda said: Donation(said["in"], said["points"]), donate,
            "пожертвование", "a donation",
        ),
    ),
)
'''

CASES = """
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
promotions:
  variety: {when: {acme.kinds: {at_least: 2}}, discount: {percent: 10}}
  tidy: {lines: {acme.organic: true}, discount: {acme.round_down: "10.00"}}
tests:
  one article:
    receipt: {at: "2026-03-02 12:00", lines: [[BIO-MILK, "87.50"]]}
    expect: {pay: "80.00"}
  two articles:
    receipt: {at: "2026-03-02 12:00", lines: [[BREAD, "50.00"], [MILK, "50.00"]]}
    expect: {pay: "90.00"}
"""

DONATING = """
import os
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
django.setup()
from tests.house.donating import main

main()
"""


@pytest.fixture
def run(tmp_path):
    """Run `kopilka cases`, or another module, where a package `acme_kopilka` of this text is installed."""

    def act(package=PACKAGE, name="EXTENSION", command=("-m", "kopilka.cli.main", "cases")):
        site = tmp_path / "site"
        told = site / "acme_kopilka-1.0.dist-info"
        told.mkdir(parents=True)
        (site / "acme_kopilka.py").write_text(package, encoding="utf-8")
        (told / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-kopilka\nVersion: 1.0\n")
        (told / "entry_points.txt").write_text(f"[kopilka.extensions]\nacme = acme_kopilka:{name}\n")
        cases = tmp_path / "cases.yaml"
        cases.write_text(CASES, encoding="utf-8")
        inherited = os.environ.get("PYTHONPATH")
        path = os.pathsep.join([str(site), *([inherited] if inherited else [])])
        environment = {**os.environ, "PYTHONPATH": path, "KOPILKA_HOME": str(tmp_path / "home")}
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            environment.pop(key, None)
        return subprocess.run(
            [sys.executable, *command, str(cases)],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return act


def test_package_adds_facts_and_a_kind_of_promotion_s2_12(run):
    done = run()

    assert done.stdout.splitlines()[-1] == "1 rulebooks, 2 tests: all as expected", done.stderr
    assert done.returncode == 0


def test_without_the_package_its_words_are_unknown(tmp_path):
    cases = tmp_path / "cases.yaml"
    cases.write_text(CASES, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "kopilka.cli.main", "cases", str(cases)],
        env={**os.environ, "KOPILKA_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "“acme.kinds” is added by the extension “acme”, which is not installed here." in done.stdout + done.stderr


def test_action_of_a_package_is_done_in_its_deed_and_explained_s2_12(run):
    done = run(command=("-c", DONATING))

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    short = "acme.donate: insufficient_points(currency='bonus', available=20, wanted=30)"
    assert told["deeds"] == [["welcome", "done", ""], ["shelter", "done", ""], ["shelter", "refused", short]]
    assert told["points"] == 20
    assert told["ru"] == [
        "Списано по правилу «Корм приюту»: 30\u00a0бонусов.",
        "За что: событие «feeding», 02.03.2026\u00a012:00.",
        "Сделано: пожертвование.",
    ]
    assert told["en"] == [
        "Taken by the rule “Корм приюту”: 30\u00a0Бонусы.",
        "For: an event “feeding”, 2\u00a0Mar\u00a02026\u00a012:00.",
        "Done: a donation.",
    ]
    assert told["books"] is True
    assert told["schema"] == "Points of the member given away."
    assert told["problems"] == [
        ["automations.shelter.acme.donate", "missing_key"],
        ["automations.shelter.acme.donate.in", "unknown_code"],
        ["automations.shelter.acme.donat", "unknown_key"],
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("FactKind.COUNT", "FactKind.SET"), "no facts of the kind set"),
        (("Scope.RECEIPT", "Scope.MEMBER"), "no facts of the scope member"),
        (('"acme",', '"Acme Ltd",'), "is no name"),
        (('"organic", FactKind', '"kinds", FactKind'), "stands twice"),
        (('"donate", "Gives', '"kinds", "Gives'), "stands twice"),
        (("EXTENSION = Extension(", "EXTENSION = dict(namespace="), "names no Extension"),
    ],
)
def test_extension_that_cannot_be_stops_the_start(run, change, told):
    done = run(PACKAGE.replace(*change))

    assert done.returncode != 0
    assert told in done.stderr
    assert "mend or uninstall the package" in done.stderr
