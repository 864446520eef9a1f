"""The compiled form takes the place of exactly the sources it was made from, and decides the same to the last byte."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kopilka.compiled import FOLDER, LIST, SOURCES, Form

built = pytest.mark.skipif(not (FOLDER / LIST).exists(), reason="nothing is compiled: make compiled")

SAY = "from kopilka.compiled import form; print(form().value)"


def said(code: str, sources: Path = SOURCES, python: Path | str = sys.executable, **environment: str) -> str:
    """What a fresh process prints."""
    clean = {name: value for name, value in os.environ.items() if name != "KOPILKA_COMPILED"}
    done = subprocess.run(
        [str(python), "-c", code],
        env={**clean, "PYTHONPATH": f"{sources}{os.pathsep}{SOURCES.parent}", **environment},
        cwd=sources.parent, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def copied(tmp_path):
    """The same sources in another place."""
    shutil.copytree(SOURCES / "kopilka", tmp_path / "src" / "kopilka", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "src"


@built
def test_sources_as_they_were_run_compiled(copied):
    assert said(SAY, copied) == Form.COMPILED.value


@built
@pytest.mark.parametrize("changed", ["engine/stacking.py", "engine/decision.py"])
def test_one_changed_source_and_everything_is_python(copied, changed):
    """The second is not compiled itself: the compiled ones believed it."""
    with (copied / "kopilka" / changed).open("a") as file:
        file.write("\n")

    assert said(SAY, copied) == Form.OLD.value


@built
def test_a_source_that_is_gone_is_a_change(copied):
    (copied / "kopilka/engine/stacking.py").unlink()

    assert said(SAY, copied) == Form.OLD.value


@pytest.mark.parametrize(
    ("kept", "form"),
    [
        (None, Form.NOT_BUILT),
        ("cut off {", Form.NOT_BUILT),
        (json.dumps({"python": sys.version, "sources": {}, "modules": {}}), Form.OLD),
        (json.dumps({"python": "another", "sources": {}, "modules": {}, "types": {}}), Form.OLD),
        (json.dumps({"python": sys.version, "sources": {}, "modules": {}, "types": {}}), Form.COMPILED),
    ],
    ids=["nothing", "cut off", "of an older kind", "of another Python", "whole"],
)
def test_what_lies_beside_the_packages_decides(tmp_path, kept, form):
    """In an environment of its own; no list that cannot be used keeps Kopilka from starting."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    if kept is not None:
        folder = next(tmp_path.glob("lib/python3*/site-packages")) / FOLDER.name
        folder.mkdir()
        (folder / LIST).write_text(kept)

    assert said(SAY, python=tmp_path / "bin" / "python") == form.value


def test_it_can_be_switched_off():
    assert said(SAY, KOPILKA_COMPILED="off") == Form.OFF.value


@built
def test_the_sources_were_compiled_last_after_they_were_changed_last():
    """In CI the second turn shall not silently run as Python."""
    if os.environ.get("KOPILKA_COMPILED") == "off":
        pytest.skip("only on PostgreSQL")

    assert said(SAY) == Form.COMPILED.value


DECIDED = """
import json
from kopilka.bookkeeping.documents import to_text
from kopilka.engine.quote import decide
from tools.bench_engine import make_receipt, make_rulebook, make_standing
from dataclasses import replace
receipt, texts = make_receipt(), []
for rules in (1, 10, 50, 120):
    book = make_rulebook(rules)
    for many in range(1, 6):
        sold = replace(receipt, lines=receipt.lines[:many])
        texts.append(to_text(decide(book, make_standing(), sold)))
print(json.dumps(texts))
"""


@built
def test_both_forms_decide_the_same_bytes():
    as_python, compiled = said(DECIDED, KOPILKA_COMPILED="off"), said(DECIDED)

    assert len(json.loads(as_python)) == 20
    assert compiled == as_python
