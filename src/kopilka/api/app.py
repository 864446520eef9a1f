"""The Litestar application: every operation of /api/v1, opened and refused in our own way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from litestar import Litestar, Request, Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from kopilka.api.answers import Answer
from kopilka.api.calls import Call, drop_body, language_asked, open_call, read_body, read_data
from kopilka.api.desk import Desk
from kopilka.api.documents import router as documents_router
from kopilka.api.errors import answer_to
from kopilka.api.hot import PREFIX
from kopilka.api.operations import operation_of
from kopilka.api.reader import check_json
from kopilka.api.routers import ROUTES
from kopilka.wording.languages import Language


class StrictRequest(Request[Any, Any, Any]):
    """Reads its body as the hot lane does, straight into the handler's type."""

    async def body(self) -> bytes:
        state = self.scope["state"]
        if "body" not in state:
            state["body"] = await read_body(self.receive)
            if not state["body"]:
                check_json(b"")  # Litestar would pass on an empty body as a missing argument
        body: bytes = state["body"]
        return body

    async def json(self) -> Any:
        decoder = operation_of(self.route_handler).decoder  # type: ignore[arg-type]
        if decoder is None:
            return None
        return read_data(self.scope["state"]["call"], await self.body(), decoder)


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of every operation: opens the call before anything of the body is read; a body nobody wants is dropped."""
    declared = handler.opt.get("operation")
    if declared is not None:
        desk: Desk = connection.app.state.desk
        connection.scope["state"]["call"] = await open_call(desk, connection.scope, declared.rule)  # type: ignore[arg-type]
        if declared.decoder is None:
            await drop_body(connection.scope["state"]["headers"], connection.receive)


def provide_call(request: Request[Any, Any, Any]) -> Call:
    call: Call = request.scope["state"]["call"]
    return call


def refuse_in_litestar(request: Request[Any, Any, Any], error: Exception) -> Answer[object]:
    return refusal_answer(request.scope, error)


def refusal_answer(scope: Any, error: Exception) -> Answer[object]:
    """In the caller's language: what he asked for, else his program's, else the site's."""
    call: Call | None = scope["state"].get("call")
    language: Language = (
        call.language if call is not None else language_asked(scope["state"]["headers"], settings.LANGUAGE_CODE)
    )
    words = call.vocabulary if call is not None else None
    return answer_to(error, language, scope["state"]["request_id"], words)


def create_app() -> Litestar:
    """Its desk is made when a loop starts, so it may be started again in another loop."""

    @asynccontextmanager
    async def at_work(app: Litestar) -> AsyncIterator[None]:
        app.state.desk = Desk()
        app.state.desk.start()
        try:
            yield
        finally:
            await app.state.desk.stop()

    return Litestar(
        [Router(PREFIX, route_handlers=[*ROUTES], guards=[admit]), documents_router],
        dependencies={"call": Provide(provide_call, sync_to_thread=False)},
        exception_handlers={Exception: refuse_in_litestar},
        request_class=StrictRequest,
        lifespan=[at_work],
        openapi_config=None,
        logging_config=None,
    )
