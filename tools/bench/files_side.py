"""Goals 14 and 15: history simulated and imported, receipts a second, against one purchase a transaction."""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.bench.report import Figures, Report, alternate, compare
from tools.bench.rules import document, lines

RECEIPTS, MEMBERS = 20_000, 2_000
COLUMNS = ("receipt", "at", "member", "sku", "name", "category", "brand", "quantity", "price")
MAPPING = ",".join(f"{name}={name}" for name in COLUMNS)
MILLION = 1_000_000


def write_history(path: Path, receipts: int, members: int, *, seed: int) -> None:
    """A CSV of receipts of five lines, in order of time."""
    chance = random.Random(seed)  # noqa: S311 - chance is no secret
    moment = datetime(2025, 1, 1, 6, tzinfo=UTC)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(receipts):
            moment += timedelta(seconds=chance.randint(1, 60))
            member = chance.randint(1, members)
            for line in lines():
                price = int(str(line["price"]))
                out.writerow(
                    [
                        f"{seed}-{number}", f"{moment:%Y-%m-%d %H:%M:%S}", member, line["sku"], line["name"],
                        line["category"], line["brand"], chance.randint(1, 3), f"{price // 100}.{price % 100:02}",
                    ]
                )  # fmt: skip


def measure(report: Report, options: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="kopilka-bench-"))
    try:
        rules = folder / "rules.yaml"
        rules.write_text(document(), encoding="utf-8")
        _simulate(report, options, folder, rules)
        if os.environ.get("DATABASE_URL", "").startswith("postgres"):
            _import(report, options, folder)
        _import_on_sqlite(report, options, folder, rules)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kopilka(*words: str, environment: dict[str, str] | None = None) -> Figures:
    """Run the command and read the figures it ends with."""
    command = [str(Path(sys.executable).with_name("kopilka")), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})}
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-1000:])
    figures: Figures = json.loads(done.stdout[done.stdout.index("{") :])
    return figures


def _simulate(report: Report, options: argparse.Namespace, folder: Path, rules: Path) -> None:
    history = folder / "history.csv"
    write_history(history, 5 * RECEIPTS, MEMBERS, seed=0)
    seconds = [
        float(kopilka("simulate", str(history), "--rulebook", str(rules), "--map", MAPPING, "--json")["seconds"])
        * MILLION / (5 * RECEIPTS)
        for _ in range(min(3, options.times))
    ]  # fmt: skip
    report.add(compare("14", "what-if of a million receipts / 60 s", "s", "<=1", seconds, [60.0] * len(seconds)))


def _import(report: Report, options: argparse.Namespace, folder: Path) -> None:
    """Into the program of the PostgreSQL side, each time another file."""
    from tools.bench.postgres_side import prepare

    bench = prepare(options)
    turn = iter(range(1, 1_000))

    def ours() -> Figures:
        number = next(turn)
        history = folder / f"import-{number}.csv"
        write_history(history, RECEIPTS, MEMBERS, seed=number)
        return kopilka("import", "receipts", str(history), "--program", "bench", "--map", MAPPING, "--json")

    mine, theirs = alternate(ours, lambda: bench.other.run("one", options.seconds), options.times)
    report.add(
        compare(
            "15a", "receipts imported, PostgreSQL / pgbench one round trip", "/s", ">=1.2",
            [f["receipts_per_second"] for f in mine], [f["per_second"] for f in theirs],
        )
    )  # fmt: skip


def _import_on_sqlite(report: Report, options: argparse.Namespace, folder: Path, rules: Path) -> None:
    from tools.bench import sqlite_side

    home = folder / "home"
    environment = {name: "" for name in os.environ if name.startswith("DATABASE_")} | {"KOPILKA_HOME": str(home)}
    turn = iter(range(1_001, 2_000))
    with sqlite_side.plain_loop(home, rules, MEMBERS) as plain:

        def ours() -> Figures:
            number = next(turn)
            history = folder / f"import-{number}.csv"
            write_history(history, RECEIPTS // 2, MEMBERS, seed=number)
            words = ("import", "receipts", str(history), "--program", "bench", "--map", MAPPING, "--json")
            return kopilka(*words, environment=environment)

        mine, theirs = alternate(ours, lambda: plain(options.seconds), options.times)
    report.add(
        compare(
            "15b", "receipts imported, SQLite / plain loop", "/s", ">=1.3",
            [f["receipts_per_second"] for f in mine], [f["per_second"] for f in theirs],
        )
    )  # fmt: skip
