"""Goals on PostgreSQL: purchases and quotes over HTTP against pgbench, costs and memory; an ORM view for comparison."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from tools.bench import pgbench, server
from tools.bench.loading import VALUE, Load, build, post
from tools.bench.report import Figures, Report, alternate, compare, middle
from tools.bench.requests import first_purchase, purchase_body, quote_body
from tools.bench.seed import Seeded, seed, values_file

CLIENTS_ONE, CLIENTS_TWO, CLIENTS_QUOTE = 64, 128, 32


@dataclass(slots=True)
class Bench:
    seeded: Seeded
    other: pgbench.Pgbench
    options: argparse.Namespace
    load: dict[str, Load]


def measure(report: Report, options: argparse.Namespace) -> None:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("PostgreSQL is left out: run by `make bench` or `python -m tools.pg --durable python -m tools.bench`")
        return
    bench = prepare(options)
    with server.serve(1) as one:
        _warm(bench, one.port)
        _one_process(report, bench, one)
        _quotes(report, bench, one)
    with server.serve(2) as two:
        _warm(bench, two.port)
        _two_processes(report, bench, two)
        _orm(report, bench, two)


def prepare(options: argparse.Namespace) -> Bench:
    """A seeded program, the loads for it, and pgbench writing the rows that our first purchase wrote; made once."""
    if _prepared:
        return _prepared[0]
    import django

    django.setup()
    from kopilka.cli.main import main as kopilka
    from tools.bench.rules import document

    kopilka(["migrate"])
    seeded = seed(options.members, document())
    binary, values = build(), values_file(options.members)
    load = {
        "purchase": Load(binary, values, post("/api/v1/purchases", purchase_body(VALUE), seeded.key, idempotent=True)),
        "keep": Load(
            binary, values, post("/api/v1/quotes", quote_body(VALUE, keep=True), seeded.key, idempotent=False)
        ),
        "look": Load(
            binary, values, post("/api/v1/quotes", quote_body(VALUE, keep=False), seeded.key, idempotent=False)
        ),
    }
    with server.serve(1) as running:
        stored = first_purchase(running.port, seeded)
    pgbench.prepare(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    other = pgbench.Pgbench(
        pgbench.binary(),
        os.environ["DATABASE_URL"],
        seeded.program,
        options.members,
        stored.receipt,
        stored.decision,
        b"f" * 32,
    )
    _prepared.append(Bench(seeded, other, options, load))
    return _prepared[0]


_prepared: list[Bench] = []


def _warm(bench: Bench, port: int) -> None:
    for load in bench.load.values():
        load.run(port, 8, 1)


def _one_process(report: Report, bench: Bench, one: server.Server) -> None:
    costs: list[tuple[float, float]] = []
    postmaster = server.postmaster_of(os.environ["DATABASE_URL"])

    def ours() -> Figures:
        app, base = one.cpu_seconds(), server.backends_cpu_seconds(postmaster)
        figures = bench.load["purchase"].run(one.port, CLIENTS_ONE, bench.options.seconds)
        costs.append(
            (
                (one.cpu_seconds() - app) / figures["requests"],
                (server.backends_cpu_seconds(postmaster) - base) / figures["requests"],
            )
        )
        return figures

    mine, multi = alternate(ours, lambda: bench.other.run("multi", bench.options.seconds), bench.options.times)
    report.add(_rate("1", "purchases over HTTP, 1 process / pgbench multi", ">=1.3", mine, multi))
    late, mean = [f["p99_ms"] for f in mine], [f["mean_ms"] for f in multi]
    report.add(compare("9", "p99 of a purchase / mean latency of pgbench multi", "ms", "<=5", late, mean))
    app_us, base_us = [a * 1e6 for a, _ in costs], [b * 1e6 for _, b in costs]
    report.add(compare("10", "CPU of the application / of PostgreSQL, a purchase", "µs", "<=1", app_us, base_us))
    mine, one_trip = alternate(ours, lambda: bench.other.run("one", bench.options.seconds), bench.options.times)
    report.add(_rate("3a", "purchases over HTTP, 1 process / pgbench one round trip", ">=0.8", mine, one_trip))
    report.add(compare("11", "memory of a worker, MB / 1", "MB", "<=150", [one.worker_megabytes()], [1.0]))


def _quotes(report: Report, bench: Bench, one: server.Server) -> None:
    for kind, what in (("look", "quotes that are not kept"), ("keep", "kept quotes")):
        mine, multi = alternate(
            lambda kind=kind: bench.load[kind].run(one.port, CLIENTS_QUOTE, bench.options.seconds),  # type: ignore[misc]
            lambda: bench.other.run("multi", bench.options.seconds),
            bench.options.times,
        )
        report.add(_rate("8" + kind[0], f"{what}, 1 process / pgbench multi", ">=1.5", mine, multi))


def _two_processes(report: Report, bench: Bench, two: server.Server) -> None:
    def ours() -> Figures:
        return bench.load["purchase"].run(two.port, CLIENTS_TWO, bench.options.seconds)

    mine, multi = alternate(ours, lambda: bench.other.run("multi", bench.options.seconds), bench.options.times)
    report.add(_rate("2", "purchases over HTTP, 2 processes / pgbench multi", ">=1.8", mine, multi))
    mine, one_trip = alternate(ours, lambda: bench.other.run("one", bench.options.seconds), bench.options.times)
    report.add(_rate("3b", "purchases over HTTP, 2 processes / pgbench one round trip", ">=1.1", mine, one_trip))


def _orm(report: Report, bench: Bench, two: server.Server) -> None:
    environment = {"BENCH_PROGRAM": str(bench.seeded.program), "BENCH_DECISION": bench.other.decision}
    with server.serve(2, orm=True, environment=environment) as orm:
        bench.load["purchase"].run(orm.port, 16, 1)
        mine, theirs = alternate(
            lambda: bench.load["purchase"].run(two.port, CLIENTS_TWO, bench.options.seconds),
            lambda: bench.load["purchase"].run(orm.port, 32, bench.options.seconds),
            bench.options.times,
        )
    report.add(_rate("4", "purchases over HTTP / the same commit by ORM and page framework", ">=10", mine, theirs))


def _rate(goal: str, what: str, wanted: str, mine: list[Figures], theirs: list[Figures]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    more = {name: middle(mine, name) for name in ("p50_ms", "p95_ms", "p99_ms") if name in mine[0]}
    return compare(goal, what, "/s", wanted, [f["per_second"] for f in mine], [f["per_second"] for f in theirs], more)
