"""The commit kernel alone: purchases a second by size of batch, no HTTP. `python -m tools.bench.kernel`.

On PostgreSQL: `python -m tools.pg --durable python -m tools.bench.kernel`. With --profile: where the time goes.
"""

# ruff: noqa: E501, S311 - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

BATCHES = (1, 10, 50, 200)
SECONDS = 3.0
MEMBERS = 10_000


def prepare() -> tuple[UUID, Callable[[int], None]]:
    """A seeded program, and a function that confirms one batch of the given size."""
    from kopilka.bookkeeping.idempotency import Request
    from kopilka.engine.actor import ADMIN, Actor, ActorKind
    from kopilka.engine.receipt import Line, Receipt
    from kopilka.engine.refusal import Refusal
    from kopilka.services.purchases import MemberRef, PurchaseRequest, RefKind, confirm_purchases
    from tools.bench.rules import document, lines
    from tools.bench.seed import member_id, seed

    seeded = seed(MEMBERS, document())
    actor = Actor(ActorKind.KEY, seeded.program, "bench", ADMIN, till="1")
    sold = tuple(
        Line(
            number, str(line["sku"]), int(str(line["quantity"])) * 1000, int(str(line["price"])) * 100,
            int(str(line["price"])) * int(str(line["quantity"])), name=str(line["name"]),
            category=str(line["category"]), brand=str(line["brand"]), vat=2000,
        )
        for number, line in enumerate(lines(), 1)
    )  # fmt: skip
    numbers, chance = count(1), random.Random(5)

    def confirm(size: int) -> None:
        at = datetime.now(UTC)
        requests = []
        for _ in range(size):
            number = next(numbers)
            requests.append(
                PurchaseRequest(
                    source="till:1", external_id=f"r{number}", by=actor, at=at, receipt=Receipt(sold, at, branch="main", till="1"),
                    member=MemberRef(RefKind.ID, str(member_id(chance.randint(1, MEMBERS)))),
                    request=Request(seeded.program, f"k{number}", b"f" * 32),
                )
            )  # fmt: skip
        for answer in confirm_purchases(program_id=seeded.program, requests=requests):
            if isinstance(answer, Refusal):
                raise answer

    return seeded.program, confirm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", type=int, default=0, metavar="BATCH")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    os.environ.setdefault("KOPILKA_HOME", tempfile.mkdtemp(prefix="kopilka-bench-"))
    import django

    django.setup()
    from kopilka.cli.main import main as kopilka

    kopilka(["migrate"])
    _, confirm = prepare()
    for size in BATCHES:
        confirm(size)
    if options.profile:
        profiler = cProfile.Profile()
        profiler.enable()
        for _ in range(2_000 // options.profile):
            confirm(options.profile)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
        return
    for size in BATCHES:
        begun, spent, done = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - begun < SECONDS:
            confirm(size)
            done += size
        took, cpu = time.perf_counter() - begun, time.process_time() - spent
        print(
            f"batch {size:>3}: {done / took:>7.0f}/s, {cpu / done * 1e6:>5.0f} µs of CPU here, of {took / done * 1e6:>5.0f} µs"
        )


if __name__ == "__main__":
    main()
