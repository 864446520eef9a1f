"""`python -m tools.trust`: the long forms of what the test suite tries shortly.

kill --times 50        a server under load, killed so often, on both databases
machine --steps 20000  random shops beside the model, on both databases
planted                mistakes put into a copy of the sources: do the tests notice?
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from random import SystemRandom

from tools.pg import postgresql
from tools.trust.killing import plain_environment, run_kills
from tools.trust.planted import run_planted

DATABASES = ("sqlite", "postgresql")
MACHINE = "tests/journeys/test_books_machine.py::test_books_agree_with_a_model_whatever_happens"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.trust", description="Prove the books.")
    acts = parser.add_subparsers(dest="act", required=True)
    kill = acts.add_parser("kill", help="kill a server under load")
    kill.add_argument("--times", type=int, default=50)
    kill.add_argument("--seed", type=int, default=None)
    machine = acts.add_parser("machine", help="random shops beside a model")
    machine.add_argument("--steps", type=int, default=20_000)
    for one in (kill, machine):
        one.add_argument("--database", choices=DATABASES, help="one of them only")
    planted = acts.add_parser("planted", help="mistakes put into a copy of the sources")
    planted.add_argument("--only", help="the name of one mistake")
    args = parser.parse_args()
    if args.act == "planted":
        return run_planted(args.only)
    chosen = [args.database] if args.database else DATABASES
    run = _kill if args.act == "kill" else _machine
    return max(run(args, database) for database in chosen)


def _kill(args: argparse.Namespace, database: str) -> int:
    seed = SystemRandom().randrange(10**6) if args.seed is None else args.seed
    with environment_of(database) as environment:
        report = run_kills(args.times, environment=environment, database=database, seed=seed)
    print(json.dumps(asdict(report), ensure_ascii=False, indent=2), flush=True)
    return 1 if report.wrong else 0


def _machine(args: argparse.Namespace, database: str) -> int:
    with environment_of(database) as environment, tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        told = {"TRUST_STEPS": str(args.steps), "TRUST_FIGURES": str(figures), "EXPECT_DB": database}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", MACHINE], env={**environment, **told}, check=False
        )
        if figures.exists():
            print(json.dumps({"database": database, **json.loads(figures.read_text())}, indent=2), flush=True)
    return done.returncode


@contextmanager
def environment_of(database: str) -> Iterator[dict[str, str]]:
    """Ours, naming a database of its own; PostgreSQL waits for the disk, as it does in production."""
    if database == "sqlite":
        yield plain_environment()
    else:
        with postgresql(durable=True) as server:
            yield {**plain_environment(), **server.environment()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    sys.exit(main())
