"""A connection of the real server: what goes straight to the door, what goes through ASGI, and what is no request."""

import asyncio
import json
import socket
import time
from contextlib import contextmanager, suppress

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from kopilka.api.line import HEAD_SECONDS_MAX, Line
from tests.api.server import running
from tests.api.shop import receipt
from tests.api.test_patience import run as run_without_waiting

QUOTES, PURCHASES = "POST /api/v1/quotes", "POST /api/v1/purchases"


def request(asked, key, number="R-1", *, version="1.1", extra=(), keep=False):
    """One request as bytes; quotes are not kept, so that the same one is answered with the same bytes."""
    facts = receipt(number)
    if asked == QUOTES:
        facts = {**{name: value for name, value in facts.items() if name != "external_id"}, "keep": keep}
    body = json.dumps(facts).encode()
    lines = [f"{asked} HTTP/{version}", "host: x", f"authorization: Bearer {key}", "content-type: application/json"]
    lines += ["x-request-id: till-1", f"content-length: {len(body)}", *extra]
    if asked == PURCHASES:
        lines.append(f"idempotency-key: {number}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def line_to(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line, line.makefile("rb") as reader:
        yield line, reader


def answer(reader):
    """Status, headers and body of the next answer; None when the server has closed the line."""
    first = reader.readline()
    if not first:
        return None
    headers = {}
    while (header := reader.readline().strip()) != b"":
        name, _, value = header.partition(b": ")
        headers[name.decode()] = value.decode()
    return int(first.split()[1]), headers, reader.read(int(headers.get("content-length", 0)))


def without_clock(told):
    status, headers, body = told
    document = {name: value for name, value in json.loads(body).items() if name != "occurred_at"}
    return status, {name: value for name, value in headers.items() if name not in {"date", "content-length"}}, document


def test_request_in_pieces_is_answered_as_a_whole_one(server, key):
    sent = request(QUOTES, key)
    with line_to(server) as (line, reader):
        line.sendall(sent)
        whole = answer(reader)
        for piece in (sent[:30], sent[30:200], sent[200:-40], sent[-40:]):
            line.sendall(piece)
            time.sleep(0.02)
        in_pieces = answer(reader)

    assert whole[0] == 200
    assert whole[1]["x-request-id"] == "till-1"
    assert whole[1]["cache-control"] == "no-store"
    assert "date" in whole[1]
    assert without_clock(in_pieces) == without_clock(whole)


def test_refusals_are_the_same_in_pieces(server, key):
    sent = request(QUOTES, key).replace(b'"price"', b'"prise"')
    with line_to(server) as (line, reader):
        line.sendall(sent)
        whole = answer(reader)
        line.sendall(sent[:-40])
        time.sleep(0.02)
        line.sendall(sent[-40:])
        in_pieces = answer(reader)

    assert whole[0] == 422
    assert without_clock(in_pieces) == without_clock(whole)


def test_several_requests_at_once_are_answered_in_their_order(server, key):
    program = f"GET /api/v1/program HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\r\n".encode()
    with line_to(server) as (line, reader):
        line.sendall(request(PURCHASES, key, "R-1") + request(QUOTES, key) + program + request(PURCHASES, key, "R-2"))
        told = [answer(reader) for _ in range(4)]

    assert [status for status, _, _ in told] == [201, 200, 200, 201]
    assert json.loads(told[0][2])["external_id"] == "R-1"
    assert "slug" in json.loads(told[2][2])
    assert json.loads(told[3][2])["external_id"] == "R-2"


@pytest.mark.parametrize(("version", "extra"), [("1.1", ["connection: close"]), ("1.0", [])])
def test_line_is_closed_when_the_client_wants_no_more(server, key, version, extra):
    with line_to(server) as (line, reader):
        line.sendall(request(PURCHASES, key, version=version, extra=extra))
        status, headers, _ = answer(reader)

        assert (status, headers["connection"]) == (201, "close")
        assert answer(reader) is None


def test_client_that_leaves_has_bought_all_the_same(server, key):
    with line_to(server) as (line, _):
        line.sendall(request(PURCHASES, key))
    time.sleep(0.2)
    with line_to(server) as (line, reader):
        line.sendall(request(PURCHASES, key))
        status, headers, _ = answer(reader)

    assert (status, headers.get("idempotent-replayed")) == (201, "true")


def test_wish_for_another_protocol_is_not_heard(server, key):
    with line_to(server) as (line, reader):
        for protocol, at in (("h2c", QUOTES), ("websocket", PURCHASES)):
            line.sendall(request(at, key, extra=["connection: upgrade, http2-settings", f"Upgrade: {protocol}"]))

            assert answer(reader)[0] in {200, 201}
        line.sendall(b"CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n")
        assert answer(reader)[0] == 400


def test_body_in_chunks_goes_straight_too(server, key):
    head, _, body = request(QUOTES, key).partition(b"\r\n\r\n")
    chunked = head.replace(b"content-length: %d" % len(body), b"transfer-encoding: chunked")
    with line_to(server) as (line, reader):
        line.sendall(chunked + b"\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

        assert answer(reader)[0] == 200


TOO_LONG = {
    "a header": ["x-a: " + "a" * 66_000],
    "many short ones": [f"x-{number}: 1" for number in range(101)],
    "a header larger than what is read at once": ["x-a: " + "a" * 400_000],
}


@pytest.mark.parametrize("extra", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_head_that_is_too_long_is_refused(server, key, extra):
    with line_to(server) as (line, reader):
        line.sendall(request(QUOTES, key, extra=extra))
        status, headers, body = answer(reader)

        assert (status, headers["connection"]) == (431, "close")
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["code"] == "head_too_large"
        assert json.loads(body)["maximum"] == 65_536


def test_head_that_never_ends_is_refused(server):
    with line_to(server) as (line, reader):
        line.sendall(b"GET /api/v1/program HTTP/1.1\r\n")
        with suppress(BrokenPipeError, ConnectionResetError):
            for number in range(20):
                line.sendall(b"x-%d: %s\r\n" % (number, b"a" * 5_000))
                time.sleep(0.01)

        assert answer(reader)[0] == 431


def test_head_just_short_enough_is_read(server, key):
    with line_to(server) as (line, reader):
        line.sendall(request(QUOTES, key, extra=["x-a: " + "a" * 64_000]))

        assert answer(reader)[0] == 200


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00", b"HELLO\r\n\r\n", b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n"]
)
def test_what_is_no_request_is_told_so(server, sent):
    with line_to(server) as (line, reader):
        line.sendall(sent)
        status, headers, body = answer(reader)

        assert (status, json.loads(body)["code"]) == (400, "http_invalid")
        assert headers["x-request-id"] == json.loads(body)["request_id"]
        assert answer(reader) is None


@pytest.mark.usefixtures("no_loop_of_the_browser")
def test_head_that_does_not_come_is_not_waited_for():
    async def both():
        loop, ends = asyncio.get_running_loop(), [socket.socketpair() for _ in range(2)]
        config = Config(nobody, interface="asgi3", ws="none", log_config=None)
        for ours, _ in ends:
            await loop.connect_accepted_socket(lambda: Line(config, ServerState(), {}), ours)
        ends[1][1].sendall(b"GET /api/v1/program HTTP/1.1\r\nhost:")
        await asyncio.sleep(HEAD_SECONDS_MAX - 1)
        before = [still_open(theirs) for _, theirs in ends]
        await asyncio.sleep(2)
        after = [still_open(theirs) for _, theirs in ends]
        for _, theirs in ends:
            theirs.close()
        return before, after

    def still_open(theirs):
        theirs.setblocking(False)
        try:
            return theirs.recv(1) != b""
        except BlockingIOError:
            return True

    assert run_without_waiting(both()) == ([True, True], [False, False])


def test_two_processes_share_a_port(transactional_db):
    with running(share=True) as first:
        with running(first.port, share=True):
            both = {told_by(first) for _ in range(40)}
        alone = {told_by(first) for _ in range(10)}

    assert both == alone == {200}


async def nobody(scope, receive, send):
    raise AssertionError("no request came")


def told_by(server):
    with line_to(server) as (line, reader):
        line.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        return answer(reader)[0]


def test_broken_chunk_after_a_good_head_books_nothing(server, key):
    head, _, body = request(PURCHASES, key).partition(b"\r\n\r\n")
    chunked = head.replace(b"content-length: %d" % len(body), b"transfer-encoding: chunked")
    with line_to(server) as (line, reader):
        line.sendall(chunked + b"\r\n\r\n" + b"zz\r\n" + body)

        assert answer(reader)[0] == 400
    with line_to(server) as (line, reader):
        line.sendall(request(PURCHASES, key))

        assert "idempotent-replayed" not in answer(reader)[1]
