"""Goal 5 on SQLite: purchases over HTTP against a plain loop of one durable transaction each, on the same disk.

Runs in a process of its own, because a process speaks to one database.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.report import Figures, Report, Row

CLIENTS = 64


@contextmanager
def plain_loop(home: Path, rules: Path, members: int) -> Iterator[Callable[[float], Figures]]:
    """The other side in a process of its own: a seeded program under `home`, and a function that runs the loop."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment["KOPILKA_HOME"] = str(home)
    command = [sys.executable, "-m", __name__, "loop", str(rules), str(members)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    told, asked = process.stdout, process.stdin

    def run(seconds: float) -> Figures:
        asked.write(f"{seconds}\n")
        asked.flush()
        figures: Figures = json.loads(told.readline())
        return figures

    while told.readline().strip() != "ready":
        pass
    try:
        yield run
    finally:
        asked.close()
        process.wait(10)


def measure(report: Report, options: argparse.Namespace) -> None:
    home = Path(tempfile.mkdtemp(prefix="kopilka-bench-"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment["KOPILKA_HOME"] = str(home)
    command = [sys.executable, "-m", __name__, str(options.times), str(options.seconds), str(options.members)]
    try:
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for row in json.loads(done.stdout.splitlines()[-1]):
        report.add(Row(**row))


def _inside(times: int, seconds: float, members: int) -> None:
    import django

    django.setup()
    from dataclasses import asdict

    from django.db import connection

    from kopilka.cli.main import main as kopilka
    from tools.bench import server
    from tools.bench.loading import VALUE, Load, build, post
    from tools.bench.report import alternate, compare
    from tools.bench.requests import first_purchase, purchase_body
    from tools.bench.rules import document
    from tools.bench.seed import seed, values_file
    from tools.bench.sqlite_loop import PlainLoop

    kopilka(["migrate"])
    seeded = seed(members, document())
    path = Path(str(connection.settings_dict["NAME"]))
    request = post("/api/v1/purchases", purchase_body(VALUE), seeded.key, idempotent=True)
    load = Load(build(), values_file(members), request)
    with server.serve(1) as running:
        stored = first_purchase(running.port, seeded)
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other = path.with_name("plain.sqlite3")
        shutil.copy(path, other)
        plain = PlainLoop(str(other), seeded.program, members, stored.receipt, stored.decision)
        load.run(running.port, 8, 1)
        mine, theirs = alternate(lambda: load.run(running.port, CLIENTS, seconds), lambda: plain.run(seconds), times)
    row = compare(
        "5", "SQLite: purchases over HTTP / plain loop", "/s", ">=1.0",
        [f["per_second"] for f in mine], [f["per_second"] for f in theirs],
        {name: sorted(f[name] for f in mine)[len(mine) // 2] for name in ("p50_ms", "p95_ms", "p99_ms")},
    )  # fmt: skip
    print(json.dumps([asdict(row)]))


def _loop(rules: str, members: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from kopilka.cli.main import main as kopilka
    from tools.bench.seed import seed
    from tools.bench.sqlite_loop import PlainLoop

    kopilka(["migrate"])
    seeded = seed(members, Path(rules).read_text(encoding="utf-8"))
    path = Path(str(connection.settings_dict["NAME"]))
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other = path.with_name("plain.sqlite3")
    shutil.copy(path, other)
    connection.close()
    # As many bytes as our purchase keeps, though not the same ones.
    plain = PlainLoop(str(other), seeded.program, members, "r" * 535, "d" * 2_056)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(plain.run(float(line))), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "loop":
        _loop(sys.argv[2], int(sys.argv[3]))
        sys.exit()
    _inside(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
