"""What must never be committed."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# The brackets keep this file from finding itself.
REGISTRIES = re.compile(r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(org|com)|yarn[p]kg\.|deb[.]debian\.")
MACHINE_PATHS = re.compile(r"(?<![\w.$}~-])/(?:home|root|Users|opt|work)/[\w.]")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}\b")
FORBIDDEN_FILES = {"uv.lock", "package-lock.json", "yarn.lock", "poetry.lock", "Pipfile.lock", ".env"}
SIZE_MAX = 1024 * 1024


def files() -> list[Path]:
    """Everything committed or about to be."""
    # The owner of a checkout in CI may be another user, which git distrusts unless told.
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def places_of(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in files():
        text = path.read_bytes().decode(errors="ignore")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE_PATHS, SECRETS], ids=["registry", "machine", "secret"])
def test_tree_holds_nothing_of_one_machine(pattern):
    assert places_of(pattern) == []


def test_tree_holds_no_forbidden_file():
    assert [path.name for path in files() if path.name in FORBIDDEN_FILES] == []


def test_tree_holds_no_large_file():
    assert [str(path.relative_to(ROOT)) for path in files() if path.stat().st_size > SIZE_MAX] == []


def test_pins_carry_hashes():
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        pins = re.findall(r"^[\w.\[\],-]+==.*?(?=^[\w]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
