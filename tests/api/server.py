"""A real server process on a free port of the loopback, over the database of the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection

START_SECONDS = 120


def database_url() -> str:
    """The address of the database the tests run on, as the settings read it."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return f"postgres://{quote(place['USER'])}@/{place['NAME']}?host={quote(place['HOST'], safe='')}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Spoken to by httpx, or byte by byte where no client would send what is to be tried."""

    def __init__(self, process: subprocess.Popen, port: int, home: Path) -> None:
        self.process = process
        self.port = port
        self.home = home
        self.url = f"http://127.0.0.1:{port}"

    def raw(self, sent: bytes, *, half: bool = False, timeout: float = 10) -> bytes:
        """Everything the server answers to these bytes; `half` closes our side after sending."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as line:
            line.sendall(sent)
            if half:
                line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: _read(line), b""))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)


def _read(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except (TimeoutError, ConnectionResetError):
        return b""


@contextmanager
def running(port: int = 0, *, share: bool = False, **environment: str) -> Iterator[Server]:
    port = port or free_port()
    ours = {"DATABASE_URL": database_url(), "DATABASE_OWNER_URL": "", "SECRET_KEY": settings.SECRET_KEY}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "kopilka.api.server",
            "--port",
            str(port),
            *["--share"] * share,
        ],  # as `kopilka up` starts it
        env={**os.environ, **ours, **environment},
        stdout=subprocess.DEVNULL,
    )
    server = Server(process, port, Path(environment.get("KOPILKA_HOME", settings.KOPILKA_HOME)))
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"{server.url}/readyz", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert server.process.poll() is None, "the server ended by itself"
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.1)
