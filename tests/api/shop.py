"""A shop behind the API's door: a program with keys, and a client that speaks to the door in its own event loop."""

import asyncio
import json
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import httpx
from django.apps import apps
from litestar import Litestar

from kopilka.api.door import Door
from kopilka.engine.actor import ADMIN, SHOP, SYSTEM_ACTOR, TILL, Capability
from kopilka.project.database_roles import as_owner, seeing_all
from kopilka.queries.programs import ProgramView
from kopilka.services.access import create_key
from tests.factories import make_member, make_program
from tests.tills import FREE_RULES

API = "/api/v1"


async def no_pages(scope, receive, send):
    raise AssertionError("the pages were asked")


_OVER: list[Litestar] = []
"""Of loops that are over: each is started again under another door, with another desk."""


class Loop:
    """A door running in an event loop of its own, spoken to from the test's thread."""

    def __init__(self, *, hot: bool = True) -> None:
        self.door = Door(no_pages, hot=hot, litestar=_OVER.pop() if _OVER else None)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True)

    async def _live(self) -> None:
        """Start and stop in one task, as a server would."""
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        transport = httpx.ASGITransport(app=self.door, raise_app_exceptions=False)
        async with (
            self.door.litestar.lifespan(),
            httpx.AsyncClient(transport=transport, base_url="http://shop") as client,
        ):
            self._client = client
            self._ready.set()
            await self._over.wait()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)
        assert not self._thread.is_alive()
        _OVER.append(self.door.litestar)

    def send(self, method: str, path: str, **parts) -> httpx.Response:
        return self._run(self._client.request(method, path, **parts))

    def send_all(self, requests: list[tuple[str, str, dict]]) -> list[httpx.Response]:
        """All at once, as so many tills would."""

        async def together():
            return await asyncio.gather(
                *(self._client.request(method, path, **parts) for method, path, parts in requests)
            )

        return self._run(together())

    @property
    def desk(self):
        return self.door.litestar.state.desk

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@dataclass
class Shop:
    """One program's view of the door: keys by the name of their bundle, paths below /api/v1, a new key per write."""

    loop: Loop
    program: ProgramView
    keys: dict[str, str]
    numbers: count = field(default_factory=lambda: count(1))

    def send(self, method: str, path: str, body=None, *, key: str = "admin", repeat: str | None = None, **headers):
        """`body` as bytes goes out as it is; `repeat` is the idempotency key (None: a fresh one)."""
        sent = {"authorization": f"Bearer {self.keys[key]}"}
        if method in {"POST", "PATCH"}:
            sent["idempotency-key"] = repeat or f"k-{next(self.numbers)}"
        if body is not None:
            sent["content-type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.loop.send(method, path if path.startswith("/") else f"{API}/{path}", content=content, headers=sent)

    def post(self, path: str, body=None, **parts):
        return self.send("POST", path, body, **parts)

    def get(self, path: str, **parts):
        return self.send("GET", path, **parts)

    def member(self, phone: str = "+79161234567", **facts) -> UUID:
        return make_member(self.program, phone, **facts)

    def bound_key(self, till: str) -> str:
        """The name of a new key that belongs to a till."""
        made = create_key(
            program_id=self.program.id, name=till, capabilities=TILL, till=till, by=SYSTEM_ACTOR, at=datetime.now(UTC)
        )
        self.keys[till] = made.plain
        return till

    def sell(self, number: str = "R-1", buyer: UUID | None = None, **facts) -> dict:
        """A purchase of bread for 100.00 that must go through."""
        answer = self.post("purchases", receipt(number, buyer, **facts))
        assert answer.status_code == 201, answer.text
        return answer.json()


def receipt(number: str | None = "R-1", buyer: UUID | None = None, **facts) -> dict:
    body = {"till": "t1", "lines": [{"sku": "BREAD", "price": 10000}]}
    if number is not None:
        body["external_id"] = number
    if buyer is not None:
        body["member"] = {"id": str(buyer)}
    return body | facts


SUMS = (
    ("wallet", "available + 3 * pending + 5 * held + 7 * debt"),
    ("lot", "remaining + 3 * expired"),
    ("member", "spent_minor + purchases"),
    ("purchase", "returned_minor"),
    ("ruleuse", "used"),
)


def table_counts() -> dict[str, int]:
    """Rows of every table of ours, and sums of what changes in place: what must stay when something is refused."""
    tables = [model._meta.db_table for model in apps.get_app_config("kopilka").get_models()]
    asked = [(table, f"SELECT count(*) FROM {table}") for table in tables]
    asked += [(f"sum of {name}", f"SELECT coalesce(sum({figure}), 0) FROM kopilka_{name}") for name, figure in SUMS]
    found = {}
    with (
        as_owner() as owner,
        seeing_all(owner) if owner.vendor == "postgresql" else nullcontext(),
        owner.cursor() as cursor,
    ):
        for name, query in asked:
            cursor.execute(query)
            found[name] = int(cursor.fetchone()[0])
    return found


def make_keys(program: ProgramView) -> dict[str, str]:
    bundles = {"till": TILL, "shop": SHOP, "admin": ADMIN, "reader": frozenset({Capability.READ})}
    at = datetime.now(UTC)
    return {
        name: create_key(program_id=program.id, name=name, capabilities=can, by=SYSTEM_ACTOR, at=at).plain
        for name, can in bundles.items()
    }


@contextmanager
def open_shop(*, hot: bool = True, rules: str = FREE_RULES, slug: str = "lavka"):
    program = make_program(slug, rulebook=rules)
    with Loop(hot=hot) as loop:
        yield Shop(loop, program, make_keys(program))
