"""Around every page: the moment, the program of the address, the language, and the walls a browser keeps for us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from kopilka.engine.refusal import Refusal
from kopilka.queries.programs import program_by_slug
from kopilka.web.problems import refused_page
from kopilka.web.requests import PageRequest
from kopilka.wording.languages import language_of

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class PageMiddleware:
    """An address with a `slug` names its program: an unknown one is a page that is not there."""

    def __init__(self, get_response: Callable[[PageRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        request.at = timezone.now()
        request.language = language_of((get_language() or "")[:2])
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: PageRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        if "slug" in kwargs:
            try:
                request.program = program_by_slug(kwargs["slug"])
            except Refusal:
                raise Http404 from None

    def process_exception(self, request: PageRequest, error: Exception) -> HttpResponse | None:
        """A refusal no page has taken care of is still told in words."""
        return refused_page(request, error) if isinstance(error, Refusal) else None


def program_of(request: object) -> Any:
    """The program of the address, or None where it names none."""
    return getattr(cast("Any", request), "program", None)
