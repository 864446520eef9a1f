"""`make bench`: every goal as a ratio, both sides alternating in one run. `python -m tools.bench --help` for parts.

Starts its own PostgreSQL with stock durable settings (Makefile: tools.pg --durable), serves our API on loopback, loads
it by a C program of ours, and stops by itself. Text on the screen, JSON into var/bench.json.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=["engine", "postgres", "sqlite", "files"])
    parser.add_argument("--times", type=int, default=5, help="alternations of each pair (the median counts)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one side of one alternation")
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument(
        "--oscar", default=os.environ.get("BENCH_OSCAR_PYTHON", ""), help="a Python that has django-oscar"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json")
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    from tools.bench import engine_side, files_side, postgres_side, sqlite_side
    from tools.bench.report import Report

    report = Report()
    sides = {
        "engine": engine_side.measure, "postgres": postgres_side.measure,
        "sqlite": sqlite_side.measure, "files": files_side.measure,
    }  # fmt: skip
    for name in options.only:
        sides[name](report, options)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, median of {options.times}")
    print(report.text())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(report.json() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
