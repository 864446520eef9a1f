"""Pages that belong to no door: a program's colours, its pictures, and what is shown when something went wrong."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kopilka.web.colours import theme_css
from kopilka.web.requests import PageRequest, pages_of

YEAR = 365 * 24 * 3600
KINDS = {
    ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".mp4": "video/mp4", ".webm": "video/webm",
}  # fmt: skip


@require_GET
@cache_control(public=True, max_age=YEAR, immutable=True)
def theme(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The program's own colour, readable on both themes; the address changes with the setting."""
    return HttpResponse(theme_css(pages_of(request).accent), content_type="text/css; charset=utf-8")


@require_GET
@cache_control(public=True, max_age=YEAR, immutable=True)
def media(request: PageRequest, slug: str, name: str) -> FileResponse:  # noqa: ARG001 - same
    """A picture or a video of the program. Names are made by us, so the path holds nothing to climb by."""
    kind = KINDS.get(Path(name).suffix)
    place = Path(settings.MEDIA_ROOT) / str(request.program.id) / name
    if kind is None or Path(name).name != name or not place.is_file():
        raise Http404
    return FileResponse(place.open("rb"), content_type=kind)


def csrf_failure(request: PageRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - told to developers only
    """A form sent from a page that is too old, or from elsewhere."""
    return render(request, "web/stale.html", status=403)


def page_not_found(request: PageRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "web/not_found.html", status=404)


def server_error(request: PageRequest) -> HttpResponse:
    """Without the program, whose look would have to be asked for where something is broken already."""
    vars(request).pop("program", None)
    return render(request, "web/error.html", status=500)
