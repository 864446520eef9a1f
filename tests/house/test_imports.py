"""Rooms only look inward, and every room that exists is watched."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import DOORS, ROOT, rooms

# Contract → the field that lists rooms, and the rooms it must list as soon as they exist.
WATCHED = {
    "pure-engine": ("source_modules", {"engine"}),
    "services-know-no-door": ("source_modules", {"services", "bookkeeping", "queries", "wording"}),
    "one-hand-on-the-ledger": ("allowed_importers", {"bookkeeping", "queries"}),
    "doors-touch-no-tables": ("source_modules", DOORS),
}


@pytest.fixture(scope="module")
def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def test_contracts_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_a_floor(contracts):
    layers = contracts["importlinter:contract:house"]["layers"]
    placed = {name.strip(" ()") for line in layers.split("\n") for name in line.split("|")}

    assert rooms() - placed == set()


@pytest.mark.parametrize("contract", sorted(WATCHED))
def test_every_existing_room_is_in_its_contracts(contracts, contract):
    field, expected = WATCHED[contract]
    listed = set(contracts[f"importlinter:contract:{contract}"][field].split())

    missing = {f"kopilka.{room}" for room in expected & rooms()} - listed
    assert missing == set(), f"add to {field} of {contract} in .importlinter"


def test_engine_loads_without_django():
    script = "import sys, kopilka.engine.quote; sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)

    assert done.returncode == 0
