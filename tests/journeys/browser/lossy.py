"""A network between browser and server that loses what it is told to: a small proxy on this machine."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread

CHUNK = 65_536


class LossyNetwork:
    """`swallow`: the answer to the first request that begins so is lost, after the server has done it, and the network
    with it. `gone`: nothing passes. `restore()` mends it."""

    def __init__(self, server: str) -> None:
        host, _colon, port = server.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.swallow, self.gone = b"", False
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.swallow, self.gone = b"", True
        with self._lock:
            lines, self._open = self._open, set()
        for line in lines:
            _hang_up(line)

    def restore(self) -> None:
        self.gone = False

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                if self.gone:
                    browser.close()
                    continue
                server = socket.create_connection(self._server)
                with self._lock:
                    self._open |= {browser, server}
                doomed: list[bool] = []
                Thread(target=self._ask, args=(browser, server, doomed), daemon=True).start()
                Thread(target=self._answer, args=(server, browser, doomed), daemon=True).start()

    def _ask(self, browser: socket.socket, server: socket.socket, doomed: list[bool]) -> None:
        with suppress(OSError):
            while sent := browser.recv(CHUNK):
                if self.swallow and sent.startswith(self.swallow):
                    doomed.append(True)
                server.sendall(sent)
        _hang_up(server)

    def _answer(self, server: socket.socket, browser: socket.socket, doomed: list[bool]) -> None:
        with suppress(OSError):
            while answer := server.recv(CHUNK):
                if doomed:
                    self.cut()
                    return
                browser.sendall(answer)
        _hang_up(browser)


def _hang_up(line: socket.socket) -> None:
    """Closing alone is not noticed on the other side while a thread still listens."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
