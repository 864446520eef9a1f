"""Starting the servers that are measured, and reading what they cost: CPU time and memory from /proc."""

# ruff: noqa: E501 - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    processes: list[subprocess.Popen[bytes]]

    def cpu_seconds(self) -> float:
        """User and system time of the whole process tree so far."""
        return sum(cpu_seconds(pid) for process in self.processes for pid in tree(process.pid))

    def worker_megabytes(self) -> float:
        """Resident memory of the largest worker."""
        return max(int(_stat(pid)[21]) * PAGE / 1e6 for process in self.processes for pid in tree(process.pid))


@contextmanager
def serve(workers: int, *, orm: bool = False, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """So many processes of ours on a free loopback port, or with `orm` the comparator of goal 4 under granian."""
    port = free_port()
    ours = [sys.executable, "-m", "kopilka.api.server", "--port", str(port), *(["--share"] if workers > 1 else [])]
    commands = [_orm_command(port, workers)] if orm else [ours] * workers
    processes = [
        subprocess.Popen(command, env={**os.environ, **(environment or {})}, start_new_session=True)
        for command in commands
    ]
    try:
        _wait(port, "/healthz" if not orm else "/")
        while not orm and _listening(port) < workers:
            time.sleep(0.1)
        yield Server(port, processes)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(8)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _orm_command(port: int, workers: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--workers-kill-timeout", "3", "--no-ws", "--log-level", "warning",
        "--blocking-threads", "8", "tools.bench.orm_app:application",
    ]  # fmt: skip


def _listening(port: int) -> int:
    """How many processes listen there already; each has a socket of its own."""
    local = f"0100007F:{port:04X}"
    sockets = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
    return sum(fields[1] == local and fields[3] == "0A" for fields in sockets)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """`pid` and all its descendants."""
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):  # it may end while we look
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) / TICK
    return 0.0


def backends_cpu_seconds(postmaster: int) -> float:
    """CPU time of one PostgreSQL: the postmaster, its live children, and those that have ended already."""
    fields = _stat(postmaster)
    ended = (int(fields[13]) + int(fields[14])) / TICK
    return ended + sum(cpu_seconds(pid) for pid in tree(postmaster))


def postmaster_of(database_url: str) -> int:
    """The process that all backends of this database are children of."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row
        return int(_stat(row[0])[1])


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _wait(port: int, path: str) -> None:
    for _ in range(150):
        with suppress(OSError):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1)
            except urllib.error.HTTPError:
                return
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
