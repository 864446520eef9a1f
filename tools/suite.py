"""`python -m tools.suite [PYTEST ARGUMENTS]`: all tests on SQLite, then what can differ on PostgreSQL.

On SQLite all modules are read as Python, on PostgreSQL they are compiled where `make compiled` has been called.
Ends with pytest's closing line for each database, a line about what was run once, and one about what was skipped and
how to get it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tools.pg import postgresql

_CLOSING = re.compile(r"\b(passed|failed|errors?|skipped|no tests ran)\b.* in [\d.]+s")


def main(arguments: list[str]) -> int:
    ordinary = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
    runs = [_run("SQLite", {**ordinary, "EXPECT_DB": "sqlite", "KOPILKA_COMPILED": "off"}, arguments)]
    with postgresql() as server:
        there = {**ordinary, **server.environment(), "EXPECT_DB": "postgresql", "KOPILKA_TESTS": "that differ"}
        runs.append(_run("PostgreSQL", there, arguments))
    for name, _, closing, _ in runs:
        print(f"\n{name}\n{closing}")
    print("Deselected on PostgreSQL: what meets neither a database nor the compiled form (tests/choosing.py).")
    print(_about_skipped(sum((skipped for *_, skipped in runs), Counter[str]())))
    return max(code for _, code, *_ in runs)


def _run(name: str, environment: dict[str, str], arguments: list[str]) -> tuple[str, int, str, Counter[str]]:
    """The database's name, pytest's exit code, its closing line, and how often each reason skipped a test."""
    print(f"\n--- {name} ---", flush=True)
    closing = "pytest said nothing"
    with tempfile.TemporaryDirectory() as folder:
        skipped = Path(folder) / "skipped.json"
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "--dist", "worksteal", *arguments],
            env={**environment, "KOPILKA_SKIPPED": str(skipped)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None, "PIPE was asked for"
        for line in process.stdout:
            print(line, end="", flush=True)
            if _CLOSING.search(line):
                closing = line.strip()
        code = process.wait()
        reasons = Counter(json.loads(skipped.read_text())) if skipped.exists() else Counter[str]()
    return name, code, closing, reasons


def _about_skipped(reasons: Counter[str]) -> str:
    """A reason reads "what: how to get it". What one database skips ran on the other, so it is not counted."""
    missed = {reason: count for reason, count in reasons.items() if not reason.startswith("only on ")}
    if not missed:
        return "Skipped: nothing."
    parts = [f"{count} × {reason}" for reason, count in sorted(missed.items())]
    return f"Skipped, both databases together: {'; '.join(parts)}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
