"""The hot lane: the same handlers as Litestar's, called without anything in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler
from litestar.types import HTTPScope, Receive

from kopilka.api.answers import Answer
from kopilka.api.calls import Call, drop_body, open_call, open_known, read_body, read_data
from kopilka.api.desk import Desk
from kopilka.api.operations import Operation, operation_of

PREFIX = "/api/v1"


class Found(NamedTuple):
    """A handler's function with the parameters that stood in the path."""

    operation: Operation
    function: Callable[..., Any]
    path: dict[str, str]


class HotLane:
    """Finds handlers by exact path, or by /collection/{id}/act."""

    def __init__(self, handlers: list[HTTPRouteHandler]) -> None:
        self._exact: dict[tuple[str, str], Found] = {}
        self._acts: dict[tuple[str, str, str], tuple[Found, str]] = {}
        for handler in handlers:
            method = next(iter(handler.http_methods))
            found = Found(operation_of(handler), handler.fn, {})
            for path in handler.paths:
                if "{" not in path:
                    self._exact[method, PREFIX + path] = found
                else:
                    _, collection, parameter, act = path.split("/")
                    name = parameter.strip("{}").partition(":")[0]
                    self._acts[method, collection, act] = (found, name)

    def find(self, method: str, path: str) -> Found | None:
        found = self._exact.get((method, path))
        if found is not None:
            return found
        parts = path.split("/")
        if len(parts) != 6 or parts[1] != "api" or parts[2] != "v1":  # noqa: PLR2004 - "", api, v1, name, id, act
            return None
        act = self._acts.get((method, parts[3], parts[5]))
        if act is None or not parts[4]:
            return None
        return Found(act[0].operation, act[0].function, {act[1]: parts[4]})


async def serve_whole(desk: Desk, found: Found, scope: HTTPScope, body: bytes) -> Answer[Any]:
    """Open and act on a request whose body is here. Whatever is refused is raised, as in a Litestar handler."""
    rule = found.operation.rule
    call = open_known(desk, scope, rule) or await open_call(desk, scope, rule)
    scope["state"]["call"] = call
    return await _act(found, call, body)


async def serve(desk: Desk, found: Found, scope: HTTPScope, receive: Receive) -> Answer[Any]:
    """Open, read, act; refusals are raised likewise."""
    call = await open_call(desk, scope, found.operation.rule)
    scope["state"]["call"] = call
    if found.operation.decoder is None:
        await drop_body(scope["state"]["headers"], receive)
        return await _act(found, call, b"")
    return await _act(found, call, await read_body(receive))


def _act(found: Found, call: Call, body: bytes) -> Awaitable[Answer[Any]]:
    """The handler's coroutine; an operation that wants no body is not told of one."""
    answer: Awaitable[Answer[Any]]
    if found.operation.decoder is None:
        answer = found.function(call=call, **found.path)
    else:
        answer = found.function(call=call, data=read_data(call, body, found.operation.decoder), **found.path)
    return answer
