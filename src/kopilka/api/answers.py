"""An answer: status, body, headers. The hot lane sends it as it is, Litestar passes it on unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec
from litestar import Response
from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send

T = TypeVar("T")

Header = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
PROBLEM: Header = (b"content-type", b"application/problem+json")
REPLAYED: Header = (b"idempotent-replayed", b"true")

NO_STORE: tuple[Header, ...] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
PLAIN: tuple[tuple[Header, ...], ...] = ((JSON,), (JSON, REPLAYED))

encode = msgspec.json.Encoder(uuid_format="canonical").encode


class Answer(Response[T], Generic[T]):
    """A finished answer of bytes. `T` is the type of the body, for the document only."""

    def __init__(self, status: int, body: bytes, headers: Sequence[Header] = (JSON,)) -> None:
        # Deliberately without Response.__init__: nothing of what it prepares is used.
        self.status_code: int = status
        self.body = body
        self.head = headers

    def to_asgi_response(self, *_args: Any, **_kwargs: Any) -> Answer[T]:  # type: ignore[override]
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send(self._start([*self.head, (b"content-length", b"%d" % len(self.body))]))
        await send({"type": "http.response.body", "body": self.body, "more_body": False})

    def whole(self, request_id: str, extra: Iterable[Header]) -> bytes:
        """Head and body as they travel, with what every answer of ours carries and `extra` of the server."""
        lines = _lines(extra)
        beginning = _beginning(self.status_code, tuple(self.head))
        told = (beginning, len(self.body), request_id.encode(), lines, self.body)
        return b"%scontent-length: %d\r\nx-request-id: %s\r\n%s\r\n%s" % told

    def start(self, request_id: str) -> HTTPResponseStartEvent:
        """The same for ASGI: what begins the answer; its body follows."""
        length, asked = (b"content-length", b"%d" % len(self.body)), (b"x-request-id", request_id.encode())
        return self._start([*self.head, length, asked, *_unnamed(self.head)])

    def _start(self, headers: list[Header]) -> HTTPResponseStartEvent:
        return {"type": "http.response.start", "status": self.status_code, "headers": headers}


def _unnamed(head: Sequence[Header]) -> list[Header]:
    """That nobody may keep the answer, where it does not say so differently itself."""
    named = {name for name, _ in head}
    return [tag for tag in NO_STORE if tag[0] not in named]


@lru_cache(maxsize=64)
def _beginning(status: int, head: tuple[Header, ...]) -> bytes:
    """What is the same for nearly all answers."""
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + _lines((*head, *_unnamed(head)))


def _lines(headers: Iterable[Header]) -> bytes:
    return b"".join([b"%s: %s\r\n" % header for header in headers])


def answer_with(value: T, *, status: int = 200, replayed: bool = False) -> Answer[T]:
    """A value as JSON."""
    return answer_of(encode(value), status=status, replayed=replayed)


def answer_of(body: bytes, *, status: int = 200, replayed: bool = False) -> Answer[Any]:
    """JSON that is written already."""
    return Answer(status, body, PLAIN[replayed])
