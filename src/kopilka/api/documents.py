"""The OpenAPI document and its pages, served without any outside asset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.params import FromPath, QueryParameter

import kopilka
from kopilka.api.answers import JSON, Answer, Header, encode
from kopilka.api.calls import language_asked
from kopilka.api.docs_page import errors_page, operations_page
from kopilka.api.faults import Fault, Problem
from kopilka.api.openapi import document
from kopilka.wording.languages import Language, language_of

OWN = Path(__file__).resolve().parent / "static"
SWAGGER = Path(kopilka.__file__).resolve().parents[2] / "node_modules" / "swagger-ui-dist"
"""Fetched by `make setup` where Node is installed; a packaged installation has only the plain page."""

ASSETS: dict[str, tuple[Path, bytes]] = {
    "docs.css": (OWN, b"text/css; charset=utf-8"),
    "start.js": (OWN, b"text/javascript; charset=utf-8"),
    "swagger-ui.css": (SWAGGER, b"text/css; charset=utf-8"),
    "swagger-ui-bundle.js": (SWAGGER, b"text/javascript; charset=utf-8"),
}
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    b" connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI writes style attributes; scripts come from this site alone."""

PAGE: tuple[Header, ...] = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"accept-language"),
)
INTERACTIVE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kopilka API</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,"><link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"></head><body>'
    '<p class="swagger-ui wrapper"><a href="/api/docs/plain">Русский · plain</a></p><div id="page"></div>'
    '<script src="/api/docs/assets/swagger-ui-bundle.js"></script>'
    '<script src="/api/docs/assets/start.js"></script></body></html>'
)

Wish = Annotated[str | None, QueryParameter(name="language")]


@get("/v1/openapi.json")
async def get_document() -> Answer[Any]:
    return Answer(200, encode(document()), (JSON, (b"access-control-allow-origin", b"*")))


@get("/docs")
async def get_docs(request: Request[Any, Any, Any], wish: Wish = None) -> Answer[str]:
    """The interactive page where it can be served, else the plain one."""
    if has_interactive():
        return _page(INTERACTIVE)
    return _page(operations_page(_language(request, wish), interactive=False))


@get("/docs/plain")
async def get_plain(request: Request[Any, Any, Any], wish: Wish = None) -> Answer[str]:
    return _page(operations_page(_language(request, wish), interactive=has_interactive()))


@get("/docs/errors")
async def get_errors(request: Request[Any, Any, Any], wish: Wish = None) -> Answer[str]:
    return _page(errors_page(_language(request, wish)))


@get("/docs/assets/{name:str}")
async def get_asset(name: FromPath[str]) -> Answer[bytes]:
    folder, media_type = ASSETS.get(name, (None, b""))
    if folder is None or not (folder / name).is_file():
        raise Problem(Fault.PATH_UNKNOWN)
    return Answer(
        200, (folder / name).read_bytes(), ((b"content-type", media_type), (b"cache-control", b"max-age=3600"))
    )


def has_interactive() -> bool:
    return (SWAGGER / "swagger-ui-bundle.js").is_file()


def _language(request: Request[Any, Any, Any], wish: str | None) -> Language:
    asked = language_asked(request.scope["state"]["headers"], "ru")
    return language_of(wish or "", asked)


def _page(html: str) -> Answer[str]:
    return Answer(200, html.encode(), PAGE)


router = Router("/api", route_handlers=[get_document, get_docs, get_plain, get_errors, get_asset])
