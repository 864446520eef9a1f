"""The hot lane: the same handlers as Litestar's, called without anything in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler
from litestar.types import HTTPScope, Receive

from kopilka.api.answers import Answer
from kopilka.api.calls import drop_body, open_call, read_body, read_data
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


async def serve(desk: Desk, found: Found, scope: HTTPScope, receive: Receive) -> Answer[Any]:
    """Open, read, act. Whatever is refused is raised, as in a Litestar handler."""
    call = await open_call(desk, scope, found.operation.rule)
    scope["state"]["call"] = call
    answer: Answer[Any]
    if found.operation.decoder is None:
        await drop_body(scope["state"]["headers"], receive)
        answer = await found.function(call=call, **found.path)
    else:
        data = read_data(call, await read_body(receive), found.operation.decoder)
        answer = await found.function(call=call, data=data, **found.path)
    return answer
