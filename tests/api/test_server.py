"""The door behind a real server and real HTTP: what no client library would send, load, and stopping under it."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from kopilka.api.calls import BODY_SECONDS_MAX
from kopilka.data.models.purchases import Purchase
from tests.api.server import running
from tests.api.shop import make_keys, receipt, table_counts
from tests.factories import make_member, make_program
from tests.tills import FREE_RULES, rows


class Site:
    """A running server with one program in it."""

    def __init__(self, server) -> None:
        self.server = server
        self.program = make_program("lavka", rulebook=FREE_RULES)
        self.keys = make_keys(self.program)
        self.client = httpx.Client(
            base_url=server.url, headers={"authorization": f"Bearer {self.keys['admin']}"}, timeout=60
        )

    def buy(self, number: str, key: str | None = None, **facts) -> httpx.Response:
        return self.client.post(
            "/api/v1/purchases", json=receipt(number, **facts), headers={"idempotency-key": key or number}
        )

    def request(self, body: bytes, *, method: bytes = b"POST", length: int | None = None, extra: bytes = b"") -> bytes:
        """One request, byte by byte."""
        head = b"%s /api/v1/purchases HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\nidempotency-key: raw\r\n" % (
            method,
            self.keys["admin"].encode(),
        )
        size = b"" if length is None else b"content-length: %d\r\n" % length
        return head + b"content-type: application/json\r\nconnection: close\r\n" + size + extra + b"\r\n" + body


@pytest.fixture
def site(transactional_db, server):
    opened = Site(server)
    yield opened
    opened.client.close()


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


BODY = json.dumps(receipt("R-1")).encode()


def test_walk_over_real_http(site):
    anna = make_member(site.program)

    bought = site.buy("R-1", member={"id": str(anna)})
    again = site.buy("R-1", member={"id": str(anna)})
    wallets = site.client.get(f"/api/v1/members/{anna}/wallets").json()

    assert (bought.status_code, again.content) == (201, bought.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert wallets["wallets"][0]["available"] == 10
    assert "x-request-id" in site.client.get("/healthz").headers


def test_pages_are_still_there(site):
    assert site.client.get("/").headers["location"] == "/p/lavka/"
    assert site.client.get("/api/docs").status_code == 200
    assert site.client.get("/static/nothing.css").status_code == 404


def get(address: bytes) -> bytes:
    return b"GET /api/v1/members%s HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" % address


def with_header(header: bytes):
    return lambda site: site.request(BODY, length=len(BODY), extra=header)


CHUNKS = b"186a0\r\n%s\r\n" % (b"x" * 100_000)

RAW = {
    "B25 length says less": lambda site: site.request(BODY, length=len(BODY) - 5),
    "B25 negative length": lambda site: site.request(BODY, extra=b"content-length: -1\r\n"),
    "B25 a gigabyte announced": lambda site: site.request(b"{", length=10**9),
    "B25 chunks": lambda site: site.request(CHUNKS * 12 + b"0\r\n\r\n", extra=b"transfer-encoding: chunked\r\n"),
    "B32 both lengths": with_header(b"transfer-encoding: chunked\r\n"),
    "B26 a header of 200 kB": with_header(b"x-a: " + b"x" * 200_000 + b"\r\n"),
    "B26 a thousand headers": with_header(b"".join(b"x-%d: 1\r\n" % number for number in range(1_000))),
    "B22 NUL in a header": with_header(b"x-a: a\x00b\r\n"),
    "B28 unknown method": lambda site: site.request(BODY, method=b"BREW", length=len(BODY)),
    "no HTTP at all": lambda _: b"\x16\x03\x01\x02\x00\x01\x00" + b"\x00" * 50,
    "B26 a long address": lambda _: get(b"?card=" + b"x" * 100_000),
    "B26 ten thousand parameters": lambda _: get(b"?" + b"&".join(b"a%d=1" % number for number in range(10_000))),
    "B22 NUL in the address": lambda _: get(b"/%00"),
}


@pytest.mark.parametrize("make", RAW.values(), ids=RAW.keys())
def test_bytes_no_client_would_send_change_nothing(site, make):
    before = table_counts()

    answer = site.server.raw(make(site))

    assert answer == b"" or 400 <= status_of(answer) < 500, answer[:300]
    assert table_counts() == before
    assert site.client.get("/healthz").status_code == 200


def test_b25_body_shorter_than_announced_is_no_purchase(site):
    before = table_counts()

    answer = site.server.raw(site.request(BODY, length=len(BODY) + 10), half=True)

    assert answer == b"" or status_of(answer) in {400, 408}, answer[:300]
    assert table_counts() == before


def test_b25_large_body_is_refused_before_it_is_read(site):
    started = time.monotonic()

    answer = site.server.raw(site.request(b"{", length=2_000_000))

    assert status_of(answer) == 413
    assert b'"body_too_large"' in answer
    assert time.monotonic() - started < BODY_SECONDS_MAX / 2


def test_b25_expect_100_continue_is_answered(site):
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=30) as line:
        line.sendall(site.request(b"", length=len(BODY), extra=b"expect: 100-continue\r\n"))
        first = line.recv(65_536)
        if first.startswith(b"HTTP/1.1 100"):
            line.sendall(BODY)
            first = line.recv(65_536)

    assert status_of(first) in {201, 417}


def test_b29_key_that_is_not_ascii_is_refused(site):
    sent = site.request(BODY, length=len(BODY)).replace(b"idempotency-key: raw", "idempotency-key: ключ".encode())

    assert status_of(site.server.raw(sent)) == 400


def test_fifty_threads_with_one_new_key_make_one_purchase(site):
    anna = make_member(site.program)

    with ThreadPoolExecutor(50) as tills:
        answers = list(tills.map(lambda _: site.buy("R-1", "one", member={"id": str(anna)}), range(50)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert table_counts()["kopilka_purchase"] == 1


@pytest.mark.slow
def test_stop_under_load_loses_no_answered_purchase(transactional_db):
    with running() as server:
        _stop_under_load(Site(server))


def _stop_under_load(site):
    answered: list[str] = []
    over = threading.Event()

    def till(name: int) -> None:
        with httpx.Client(base_url=site.server.url, headers=site.client.headers, timeout=60) as client:
            for number in range(10_000):
                if over.is_set():
                    return
                receipt_number = f"R-{name}-{number}"
                headers = {"idempotency-key": receipt_number}
                try:
                    answer = client.post("/api/v1/purchases", json=receipt(receipt_number), headers=headers)
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    answered.append(receipt_number)

    tills = [threading.Thread(target=till, args=(name,)) for name in range(8)]
    for one in tills:
        one.start()
    time.sleep(1.5)
    site.client.close()
    site.server.stop()
    over.set()
    for one in tills:
        one.join(20)

    stored = {number for (number,) in rows(site.program.id, Purchase, "external_id")}
    assert len(answered) > 20
    assert set(answered) - stored == set()
