"""One connection of a real server, several requests: what a client sends and nobody asked for is read all the same."""

import socket
import time
from uuid import uuid4

import pytest

UNASKED = {
    "confirm, hot": f"POST /api/v1/purchases/{uuid4()}/confirm",
    "wallets, hot": f"GET /api/v1/members/{uuid4()}/wallets",
    "cancel": f"POST /api/v1/purchases/{uuid4()}/cancel",
    "release": f"POST /api/v1/holds/{uuid4()}/release",
    "read": f"GET /api/v1/purchases/{uuid4()}",
}
BODIES = {"an object": b"{}", "no JSON": b"\xffx", "some pages": b" " * 200_000}


def head(asked: str, key: str, length: int) -> bytes:
    lines = (asked + " HTTP/1.1", "host: x", f"authorization: Bearer {key}", "idempotency-key: one")
    return "\r\n".join((*lines, f"content-length: {length}", "", "")).encode()


def answer(line: socket.socket) -> tuple[int, bytes]:
    """Status and body of the next answer on the line; 0 when it was closed."""
    reader = line.makefile("rb")
    status = reader.readline().split()
    length = 0
    while (header := reader.readline().strip().lower()) != b"":
        if header.startswith(b"content-length:"):
            length = int(header.partition(b":")[2])
    return int(status[1]) if status else 0, reader.read(length)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("asked", UNASKED.values(), ids=UNASKED.keys())
def test_unasked_body_leaves_the_connection_to_the_next_request(server, key, asked, body):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head(asked, key, len(body)))
        time.sleep(0.02)  # the body comes in a segment of its own
        line.sendall(body)
        first, _ = answer(line)
        line.sendall(head("GET /api/v1/program", key, 0))
        second, _ = answer(line)

    assert first == 404
    assert second == 200


@pytest.mark.parametrize("asked", UNASKED.values(), ids=UNASKED.keys())
def test_unasked_body_has_the_limit_of_every_body(server, key, asked):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head(asked, key, 2_000_000))
        status, told = answer(line)

    assert status == 413
    assert b'"body_too_large"' in told


def test_unasked_chunks_have_the_limit_too(server, key):
    chunked = head(UNASKED["confirm, hot"], key, 0).replace(b"content-length: 0", b"transfer-encoding: chunked")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(chunked + (b"186a0\r\n" + b" " * 100_000 + b"\r\n") * 12 + b"0\r\n\r\n")
        status, _ = answer(line)

    assert status == 413
