"""`python -m kopilka.api.server --port 8000`: one process of the web server, API and pages on one port.

uvicorn keeps the connections, the clock and the signals. Several processes share a port with `--share`.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys

from uvicorn import Config, Server

HOST = "127.0.0.1"

IDLE_SECONDS = 75
"""A connection on which nothing is asked for so long is closed."""

STOP_SECONDS = 5
"""What is under way when a stop is asked for gets this long."""

CONFIG = Config(
    "kopilka.api.asgi:application",
    http="kopilka.api.line:Line",
    ws="none",
    lifespan="on",
    interface="asgi3",
    log_level="error",
    access_log=False,
    proxy_headers=False,
    server_header=False,
    timeout_keep_alive=IDLE_SECONDS,
    timeout_graceful_shutdown=STOP_SECONDS,
)
"""The application is loaded when the server runs."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--share", action="store_true", help="other processes listen on this port too")
    asked = parser.parse_args(arguments)
    # Before the application is loaded, which takes a second: a stop is never lost. uvicorn raises it again at its end.
    for asked_to_stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked_to_stop, lambda *_: sys.exit(0))
    listening = _listen(asked.host, asked.port, share=asked.share)
    Server(CONFIG).run([listening])
    return 0


def _listen(host: str, port: int, *, share: bool) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if share:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    return listening


if __name__ == "__main__":
    sys.exit(main())
