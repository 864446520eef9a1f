"""The root of the site: the hot lane by method and path, then Litestar for /api/, then the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import Any, cast

from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from kopilka.api.answers import NO_STORE, Answer
from kopilka.api.app import create_app, refusal_answer
from kopilka.api.calls import Headers, request_id_of
from kopilka.api.desk import Desk
from kopilka.api.faults import Problem
from kopilka.api.health import answer_alive, answer_ready
from kopilka.api.hot import Found, HotLane, serve, serve_whole
from kopilka.api.routers import HOT

HEALTH = {"/healthz": answer_alive, "/readyz": answer_ready}


class Door:
    """An ASGI application. `pages` answers what is neither API nor health; `hot` False leaves all to Litestar.

    `litestar` is one made before, whose loop is over: making it takes a third of a second.
    """

    def __init__(self, pages: ASGIApp, *, hot: bool = True, litestar: Litestar | None = None) -> None:
        self.litestar: Litestar = litestar or create_app()
        self._pages = pages
        self.lane = HotLane(HOT if hot else [])
        self._desk: Desk | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """What the server awaits: of the request itself, without a layer between."""
        if scope["type"] == "http":
            return self._answer(cast("HTTPScope", scope), receive, send)
        return self._of_litestar(scope, receive, send)

    async def _of_litestar(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.litestar(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        found = self.lane.find(scope["method"], path)
        if found is None and not path.startswith("/api/") and path not in HEALTH:
            await self._pages(scope, receive, send)
            return
        headers = Headers(scope["headers"])
        request_id = request_id_of(headers)
        scope["state"] = {"request_id": request_id, "headers": headers}
        if found is not None:
            try:
                answer = await serve(self._desk or self._find_desk(), found, scope, receive)
            except Exception as error:  # noqa: BLE001 - the last place where an answer can be given
                answer = refusal_answer(scope, error)
            await send(answer.start(request_id))
            await send({"type": "http.response.body", "body": answer.body, "more_body": False})
        elif path in HEALTH:
            await self._answer_health(scope, receive, _tagging(send, request_id))
        else:
            await self.litestar(scope, receive, _tagging(send, request_id))

    async def answer_whole(self, found: Found, scope: HTTPScope, body: bytes) -> tuple[Answer[Any], str]:
        """A request of the hot lane that came whole, past ASGI; the answer and the id it must carry."""
        headers = Headers(scope["headers"])
        request_id = request_id_of(headers)
        scope["state"] = {"request_id": request_id, "headers": headers}
        try:
            return await serve_whole(self._desk or self._find_desk(), found, scope, body), request_id
        except Exception as error:  # noqa: BLE001 - the last place where an answer can be given
            return refusal_answer(scope, error), request_id

    def refuse(self, problem: Problem) -> tuple[Answer[object], str]:
        """What is told of bytes that were no request, and the id of that answer."""
        headers = Headers(())
        request_id = request_id_of(headers)
        scope = {"state": {"request_id": request_id, "headers": headers}}
        return refusal_answer(scope, problem), request_id

    def _find_desk(self) -> Desk:
        """Made when the loop starts; asked of Litestar once, because that costs a microsecond each time."""
        desk: Desk = self.litestar.state.desk
        self._desk = desk
        return desk

    async def _answer_health(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        try:
            answer = await HEALTH[scope["path"]](self.litestar.state.desk, scope)
        except Exception as error:  # noqa: BLE001 - same reason
            answer = refusal_answer(scope, error)
        await answer(scope, receive, send)


def _tagging(send: Send, request_id: str) -> Send:
    """Every answer carries the id of its request, and no answer of the API is kept by anybody on the way."""

    def tagged(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers: list[Any] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            named = {name for name, _ in headers}
            message["headers"] = headers + [tag for tag in NO_STORE if tag[0] not in named]
        return send(message)

    return tagged
