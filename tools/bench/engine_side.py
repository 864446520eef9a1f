"""Goal 6: the engine on 50 promotions and 5 lines with its whole explanation, against django-oscar on 3 offers."""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path

from tools.bench.report import Figures, Report, alternate, compare

ROUNDS = 2_000


def measure(report: Report, options: argparse.Namespace) -> None:
    from kopilka.engine.quote import decide
    from tools.bench_engine import bare_loop, make_receipt, make_rulebook, make_standing

    rulebook, receipt, standing = make_rulebook(50), make_receipt(), make_standing()
    decide(rulebook, standing, receipt)

    def engine() -> Figures:
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            decide(rulebook, standing, receipt)
        return {"us": (time.perf_counter() - begun) / ROUNDS * 1e6}

    def loop() -> Figures:
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            bare_loop(receipt)
        return {"us": (time.perf_counter() - begun) / ROUNDS * 1e6}

    mine, bare = alternate(engine, loop, options.times)
    report.add(
        compare(
            "-",
            "engine / bare loop over the same lines",
            "µs",
            "<=1000",
            [f["us"] for f in mine],
            [f["us"] for f in bare],
        )
    )
    if not options.oscar:
        print("django-oscar is left out: BENCH_OSCAR_PYTHON names no Python that has it")
        return
    script = Path(__file__).with_name("peer_oscar.py")

    def oscar() -> Figures:
        said = subprocess.run([options.oscar, str(script), "20"], capture_output=True, text=True, check=True)
        return {"us": json.loads(said.stdout)["microseconds"]}

    theirs, mine = alternate(oscar, engine, options.times)
    report.add(
        compare(
            "6",
            "django-oscar, 3 offers / engine, 50 promotions",
            "µs",
            ">=500",
            [f["us"] for f in theirs],
            [f["us"] for f in mine],
        )
    )
