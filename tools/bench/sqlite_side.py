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
from pathlib import Path

from tools.bench.report import Report, Row

CLIENTS = 64


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


if __name__ == "__main__":
    _inside(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
