"""One connection of the server: uvicorn's own, but for requests of the hot lane that come whole.

A till's request fits into one or two segments, so nearly always all of it is there at once. Then it goes straight to
the door and its answer leaves as one piece, without ASGI's messages in between. Whatever is out of the ordinary (a body
still on its way, several requests at once, HTTP/1.0, an upgrade, another path) takes uvicorn's way through ASGI.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from litestar.types import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kopilka.api.faults import Fault, Problem
from kopilka.api.reader import HEAD_BYTES_MAX

if TYPE_CHECKING:
    from kopilka.api.door import Door
    from kopilka.api.hot import Found

HEADERS_MAX = 100

HEAD_SECONDS_MAX = 30.0
"""For a head to come, from its first byte, or from the opening of the connection."""

_CLOSE = (b"connection", b"close")


class Line(HttpToolsProtocol):
    """What uvicorn is given as `http`; its application must be a `Door`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._door = cast("Door", self.app)
        self._found: Found | None = None  # of the request that is coming, where it may go straight to the door
        self._body = b""
        self._head_comes = False
        self._piece = 0
        self._pieces = 0  # bytes of earlier pieces of the head that comes
        self._refusal = Problem(Fault.HTTP_INVALID)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEAD_SECONDS_MAX, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_patience()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._piece = len(data)
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as wish:
            self._go_on_without_upgrade(data[wish.args[0] :])
        except HttpParserError:
            self.send_400_response("")
        if self._found is not None:
            self._go_through_asgi()  # the rest of its body is still to come
        if self._head_comes:
            self._wait_for_the_head()

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._head_comes = True

    def on_headers_complete(self) -> None:
        if self._piece + self._pieces > HEAD_BYTES_MAX or len(self.headers) > HEADERS_MAX:
            self._must_be_short()
        self._head_comes = False
        self._pieces = 0
        if self._patience is not None:
            self._end_patience()
        if not self.parser.should_upgrade():
            self._found = self._straight()
            if self._found is None:
                self._open_scope()

    def on_body(self, body: bytes) -> None:
        if self._found is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        found = self._found
        if found is None:
            if not self.parser.should_upgrade():
                super().on_message_complete()
            return
        cycle = _Straight(keep_alive=self.parser.should_keep_alive())
        self.cycle = cast("Any", cycle)  # it has what uvicorn asks a cycle for
        task = self.loop.create_task(self._answer(cycle, found, self._scope(), self._body))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        self._found = None
        self._body = b""

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP, or too much of it, is told as every other fault is."""
        del msg
        if not self.transport.is_closing():
            answer, request_id = self._door.refuse(self._refusal)
            self.transport.write(answer.whole(request_id, (*self.server_state.default_headers, _CLOSE)))
            self.transport.close()
        self._found = None
        self._head_comes = False

    def _straight(self) -> Found | None:
        """What the hot lane has for this request, if nothing about it is out of the ordinary."""
        parser = self.parser
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        if self.expect_100_continue or parser.get_http_version() != "1.1":
            return None
        return self._door.lane.find(parser.get_method().decode("latin-1"), self.url.decode("latin-1"))

    def _scope(self) -> HTTPScope:
        """As much of it as the hot lane reads. A path of the lane has neither a query nor an escaped sign."""
        scope = {
            "type": "http",
            "method": self.parser.get_method().decode("latin-1"),
            "path": self.url.decode("latin-1"),
            "query_string": b"",
            "headers": self.headers,
        }
        return cast("HTTPScope", scope)

    async def _answer(self, cycle: _Straight, found: Found, scope: HTTPScope, body: bytes) -> None:
        answer, request_id = await self._door.answer_whole(found, scope, body)
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        cycle.response_complete = True
        if self.transport.is_closing():
            return
        extra = self.server_state.default_headers
        self.transport.write(answer.whole(request_id, extra if cycle.keep_alive else (*extra, _CLOSE)))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _open_scope(self) -> None:
        """What uvicorn does when a head begins and when it is complete."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        super().on_headers_complete()

    def _go_through_asgi(self) -> None:
        body, self._found, self._body = self._body, None, b""
        self._open_scope()
        if body:
            super().on_body(body)

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """The same request without its wish for another protocol: Java's client asks for HTTP/2 with its first one.

        The parser takes what follows such a head for that other protocol, also a body of HTTP/1.1.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("")
            return
        kept = [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.data_received(b"\r\n".join([b"%s %s HTTP/1.1" % (method, self.url), *kept, b"", rest]))

    def _wait_for_the_head(self) -> None:
        """A piece has ended before the head did."""
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS_MAX, self.transport.close)
            return  # the beginning of this piece may have been another request
        self._pieces += self._piece
        if self._pieces > HEAD_BYTES_MAX:
            self._refusal = Problem(Fault.HEAD_TOO_LARGE, maximum=HEAD_BYTES_MAX)
            self.send_400_response("")

    def _must_be_short(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_BYTES_MAX or len(self.headers) > HEADERS_MAX:
            self._refusal = Problem(Fault.HEAD_TOO_LARGE, maximum=HEAD_BYTES_MAX)
            raise ValueError("the head is too large")  # ends the parsing, and with it the connection

    def _end_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class _Straight:
    """A request that went straight to the door, as uvicorn keeps account of it."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.message_event = _NOBODY


class _Nobody:
    """Waits for nothing."""

    def set(self) -> None: ...


_NOBODY = _Nobody()
