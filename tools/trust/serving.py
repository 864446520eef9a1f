"""A real server that can be killed: `kopilka up` in a process group of its own, with its worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 30.0
GONE_SECONDS = 5.0


@dataclass(slots=True)
class Server:
    """`environment` names the database; every start is the same command, as after a power cut."""

    environment: dict[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    ready_seconds: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Returns when /healthz answers."""
        self.port = self.port or free_port()
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kopilka.cli.main", "up", "--no-demo"],
                env={**self.environment, "PORT": str(self.port)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        self.ready_seconds.append(time.monotonic() - began)

    def kill(self) -> None:
        """SIGKILL to the whole group that `start` made, and to nothing else; returns when nobody is left of it."""
        if self.process is None:
            return
        group = self.process.pid
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(group, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + GONE_SECONDS
        while group_lives(group) and time.monotonic() < deadline:
            time.sleep(0.005)
        self.process = None

    def stop(self) -> None:
        """As Ctrl+C does; killed where that does not help."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def group_lives(group: int) -> bool:
    """Zombies that nobody has waited for do not count: they hold neither port nor database."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                return True
    return False
