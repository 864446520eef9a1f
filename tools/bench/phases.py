"""`python -m tools.pg python -m tools.bench.phases`: what a purchase costs by its phases, without a network.

Microseconds of CPU in one thread, so a busy machine alters them less than a rate; instructions are not altered at all:

    CALLGRIND=1 python -m tools.pg valgrind --tool=callgrind --instr-atstart=no python -m tools.bench.phases --rounds 5
    callgrind_annotate --inclusive=yes callgrind.out.*

Compiled functions stand there as CPyDef_<module>___<function>.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import secrets
import statistics
import subprocess
from time import thread_time_ns
from typing import Any

FIRST = 5
"""Rounds before the clock is looked at: everything is prepared and remembered by then."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # one thread on purpose: books and door take turns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--members", type=int, default=1_000)
    asyncio.run(_measure(parser.parse_args()))


async def _measure(options: argparse.Namespace) -> None:
    from kopilka.api import asgi  # sets Django up, and the collector as a server has it
    from kopilka.api.desk import Desk
    from kopilka.cli.main import main as kopilka
    from kopilka.compiled import form
    from tools.bench.rules import document
    from tools.bench.seed import seed

    assert asgi.application
    kopilka(["migrate"])
    seeded = seed(options.members, document())
    desk, spent, rounds = Desk(), dict[str, int](), list[float]()
    for number in range(FIRST + options.rounds):
        if number == FIRST:
            spent.clear()
            _callgrind("on")
        before = sum(spent.values())
        await _round(desk, seeded, options, spent)
        rounds.append((sum(spent.values()) - before) / options.batch / 1_000)
    _callgrind("off")
    _report(form().value, options, spent, rounds[FIRST:])


async def _round(desk: Any, seeded: Any, options: argparse.Namespace, spent: dict[str, int]) -> None:
    """A batch of purchases from its bytes to its answers, phase by phase."""
    from kopilka.api.calls import Headers, open_call, read_data, request_id_of
    from kopilka.api.hot import HotLane
    from kopilka.api.requests import purchase_request
    from kopilka.api.routers import HOT, purchases
    from kopilka.services.purchases import confirm_purchases

    found = HotLane(HOT).find("POST", "/api/v1/purchases")
    assert found is not None
    assert found.operation.decoder is not None
    sent = [_request(seeded, random.randint(1, options.members)) for _ in range(options.batch)]  # noqa: S311

    at = thread_time_ns()

    def lap(phase: str) -> None:
        nonlocal at
        now = thread_time_ns()
        spent[phase] = spent.get(phase, 0) + now - at
        at = now

    calls = []
    for scope, _ in sent:
        headers = Headers(scope["headers"])
        scope["state"] = {"request_id": request_id_of(headers), "headers": headers}
        calls.append(await open_call(desk, scope, found.operation.rule))  # type: ignore[arg-type]
    lap("open")
    bodies = [read_data(call, body, found.operation.decoder) for call, (_, body) in zip(calls, sent, strict=True)]
    lap("read")
    requests = [purchase_request(call, data) for call, data in zip(calls, bodies, strict=True)]
    lap("request")
    results = confirm_purchases(program_id=seeded.program, requests=requests)
    lap("commit")
    for call, result in zip(calls, results, strict=True):
        await purchases.purchase_answer(call, result)
    lap("answer")


def _request(seeded: Any, number: int) -> tuple[dict[str, Any], bytes]:
    from tools.bench.requests import purchase_body
    from tools.bench.seed import member_id

    body = {**purchase_body(str(member_id(number))), "external_id": secrets.token_hex(8)}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [
        (b"authorization", b"Bearer " + seeded.key.encode()), (b"content-type", b"application/json"),
        (b"accept-language", b"ru"), (b"content-length", b"%d" % len(content)),
        (b"idempotency-key", secrets.token_hex(8).encode()),
    ]  # fmt: skip
    path = {"type": "http", "method": "POST", "path": "/api/v1/purchases", "query_string": b""}
    return {**path, "headers": headers}, content


def _callgrind(switch: str) -> None:
    """Count from here, or no longer."""
    if os.environ.get("CALLGRIND"):
        subprocess.run(["callgrind_control", "-i", switch, str(os.getpid())], check=True, capture_output=True)


def _report(form: str, options: argparse.Namespace, spent: dict[str, int], rounds: list[float]) -> None:
    purchases = options.batch * options.rounds
    print(f"{form}; µs of CPU a purchase, batches of {options.batch}")
    for phase, nanoseconds in spent.items():
        print(f"{phase:10s} {nanoseconds / purchases / 1_000:8.1f}")
    print(f"{'all':10s} {sum(spent.values()) / purchases / 1_000:8.1f}")
    print(f"a round: {min(rounds):.1f} at the least, {statistics.median(rounds):.1f} in the middle")


if __name__ == "__main__":
    main()
