"""Mistakes put into a copy of the sources, one at a time: tests that do not notice them prove nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MACHINE = "tests/journeys/test_books_machine.py"
RACES = "tests/journeys/test_races.py"
STEPS = 4_000
SECONDS_MAX = 600


@dataclass(frozen=True, slots=True)
class Mistake:
    """`before` becomes `after` in the one file of this name that has it; `test` has to notice."""

    name: str
    file: str
    before: str
    after: str
    test: str = MACHINE


MISTAKES = (
    Mistake("no lock on the member", "locking.py", "_off_for_tests = False\n\n\ndef",
            "_off_for_tests = True\n\n\ndef", RACES),
    Mistake("a lot lives through the moment of its end", "expiry.py",
            "lot.expires_at <= act.at", "lot.expires_at < act.at"),
    Mistake("lots are drawn in the order of their ids", "ledger.py",
            "return (lot.expires_at is None, lot.expires_at or False, lot.starts_at, lot.id)",
            "return (False, False, lot.id, lot.id)"),
    Mistake("a key is good for anything", "idempotency.py",
            "if known is None or bytes(known) != request.fingerprint:", "if known is None:"),
    Mistake("a receipt's number is good for anything", "replaying.py",
            "return given == known.fingerprint and", "return bool(given) and"),
    Mistake("points come back as a new lot", "ledger.py",
            "if lot.expires_at is None or lot.expires_at > self.at:\n            self._post(Account.LIABILITY",
            "if False:\n            self._post(Account.LIABILITY"),
    Mistake("the kept fraction is lost", "ledger.py",
            "wallet.carry_num, wallet.carry_den = num, den", "wallet.carry_num, wallet.carry_den = 0, 1"),
    Mistake("rows of another program are read", "sqlite.py",
            "{step.alias}.program_id = :program", ":program = :program"),
    Mistake("a released hold does not expire what has ended", "ledger.py",
            "if lot.expires_at is not None and lot.expires_at <= self.at:\n                self.expire(lot)",
            "if False:\n                self.expire(lot)"),
    Mistake("a debt is not repaid by what comes in", "ledger.py",
            "repaid = min(wallet.debt, units)", "repaid = 0"),
    Mistake("a cancelled purchase keeps its coupon", "opened.py",
            "Counter(counter_id, used - 1)", "Counter(counter_id, used)"),
    Mistake("a coupon works once too often", "coupons.py",
            "state.used >= coupon.uses", "state.used > coupon.uses"),
    Mistake("an open purchase can be confirmed twice", "opened.py",
            "if opened.state is PurchaseState.CONFIRMED:\n        return _repeated(opened, ending)\n    if",
            "if"),
    Mistake("a return takes from others before its own", "settling.py",
            "lot.purchase_id == self.sold.id), key=", "lot.purchase_id != self.sold.id), key="),
    Mistake("spent points come back first drawn first", "settling.py",
            "for draw in reversed(draws):", "for draw in draws:"),
    Mistake("each return rounds for itself", "returned.py",
            "return part_of(line.paid, *_part(line, lines))",
            "return -(-line.paid * _part(line, lines)[0] // line.quantity)"),
    Mistake("an expired lot expires again", "ledger.py",
            "        lot.remaining = 0\n        lot.expired += units", "        lot.expired += units"),
    Mistake("the second purchase of a batch does not see the first", "books.py",
            "standing = self.known[member_id].standing if member_id",
            "standing = deepcopy(self.known[member_id].standing) if member_id"),
)  # fmt: skip


def run_planted(only: str | None) -> int:
    """Prints a table in Markdown; 1 when a mistake was not noticed."""
    missed = 0
    print("| Mistake | Where | Noticed by | Seconds |\n|---|---|---|---|", flush=True)
    for mistake in MISTAKES:
        if only in {None, mistake.name}:
            began = time.monotonic()
            noticed = _is_noticed(mistake)
            missed += not noticed
            by = Path(mistake.test).stem if noticed else "**nobody**"
            print(f"| {mistake.name} | `{mistake.file}` | {by} | {time.monotonic() - began:.0f} |", flush=True)
    return 1 if missed else 0


def _is_noticed(mistake: Mistake) -> bool:
    with tempfile.TemporaryDirectory(prefix="kopilka-planted-") as folder:
        copy = Path(folder)
        for name in ("src", "tests", "tools"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        _plant(mistake, copy / "src")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", mistake.test],
            cwd=copy,
            env={
                **os.environ,
                "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}",
                "TRUST_STEPS": str(STEPS),
                "TRUST_HURRIED": "1",
            },
            capture_output=True, timeout=SECONDS_MAX, check=False,
        )  # fmt: skip
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{mistake.name}: {done.stdout.decode()[-2000:]}")
    return done.returncode == 1


def _plant(mistake: Mistake, sources: Path) -> None:
    found = [path for path in sources.rglob(mistake.file) if mistake.before in path.read_text()]
    if len(found) != 1:
        raise LookupError(f"{mistake.name}: {len(found)} files named {mistake.file} read so")
    head = "from __future__ import annotations\n"
    text = found[0].read_text().replace(mistake.before, mistake.after)
    found[0].write_text(text.replace(head, f"{head}\nfrom copy import deepcopy\n", 1))
