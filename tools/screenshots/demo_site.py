"""A demo in a temporary home, served as `kopilka up` serves it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

START_SECONDS = 180


@contextmanager
def demo_site(*, keep_database: bool = False) -> Iterator[str]:
    """Its address. Django of this process looks at the same data; nothing of it may be imported before."""
    with tempfile.TemporaryDirectory(prefix="kopilka-") as home:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        os.environ.update(KOPILKA_HOME=home, PORT=str(port), DJANGO_SETTINGS_MODULE="kopilka.project.settings")
        os.environ.update(DJANGO_ALLOW_ASYNC_UNSAFE="1", PUBLIC_URL="", TRUSTED_PROXIES="127.0.0.1")
        if not keep_database:
            os.environ.update(DATABASE_URL="", DATABASE_OWNER_URL="")
        command = [sys.executable, "-m", "kopilka.cli.main", "up", "--no-worker"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(server, address)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            if server.poll() is not None:
                break
        time.sleep(0.2)
    raise SystemExit("the demo did not start: try `kopilka up` by hand")
