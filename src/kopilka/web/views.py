"""Pages that belong to no door: a program's colours, and what is shown when something went wrong."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kopilka.web.colours import theme_css
from kopilka.web.requests import PageRequest, pages_of

YEAR = 365 * 24 * 3600


@require_GET
@cache_control(public=True, max_age=YEAR, immutable=True)
def theme(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The program's own colour, readable on both themes; the address changes with the setting."""
    return HttpResponse(theme_css(pages_of(request).accent), content_type="text/css; charset=utf-8")


def csrf_failure(request: PageRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - told to developers only
    """A form sent from a page that is too old, or from elsewhere."""
    return render(request, "web/stale.html", status=403)


def page_not_found(request: PageRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "web/not_found.html", status=404)


def server_error(request: PageRequest) -> HttpResponse:
    """Without the program, whose look would have to be asked for where something is broken already."""
    vars(request).pop("program", None)
    return render(request, "web/error.html", status=500)
