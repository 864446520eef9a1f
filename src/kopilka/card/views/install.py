"""What makes the card an application of its own on a phone: manifest, pictures, the worker that keeps it offline."""

from __future__ import annotations

import hashlib
import json

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import kopilka
from kopilka.queries.page_settings import PageSettingsView
from kopilka.services.pictures import read_file
from kopilka.web.colours import is_colour, letters_on
from kopilka.web.requests import PageRequest, pages_of
from kopilka.wording.card_icon import SIZES, icon_png, logo_png
from kopilka.wording.languages import Language

SHORT_NAME_MAX = 12
NAME_SHOWN = 8
"""So many letters of a picture's name tell one from another."""
HOUSE_COLOUR = "#c2185b"
DAY, YEAR = 24 * 3600, 365 * 24 * 3600
KEPT_FILES = (
    "web/tokens.css", "web/page.css", "web/parts.css", "web/page.js", "web/pig.svg", "web/clock.js",
    "web/live_code.js", "web/live_qr.js", "django_htmx/htmx-2.min.js", "card/card.css", "card/app.js", "card/live.js",
)  # fmt: skip
"""Files without which the card cannot be shown offline."""


@require_safe
def manifest(request: PageRequest, slug: str) -> HttpResponse:
    """Name, colours and pictures of the program's card, as a phone installs it."""
    pages = pages_of(request)
    home = reverse("card-home", args=[slug])
    name = request.program.name
    told = {
        "id": home,
        "name": name,
        "short_name": name if len(name) <= SHORT_NAME_MAX else name.split(maxsplit=1)[0][:SHORT_NAME_MAX],
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "orientation": "portrait",
        "lang": request.program.language,
        "background_color": "#ffffff",
        "theme_color": pages.accent or HOUSE_COLOUR,
        "icons": [_picture(slug, pages, size, purpose) for size in (192, 512) for purpose in ("any", "maskable")],
    }
    answer = JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def icon(request: PageRequest, slug: str, size: int) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The program's logo, or our pig in its colour; `?cut=1` with room to be cut to a circle."""
    if size not in SIZES:
        raise Http404
    pages, is_cut = pages_of(request), request.GET.get("cut") == "1"
    if logo := read_file(request.program.id, pages.logo):
        return HttpResponse(logo_png(logo, size, is_maskable=is_cut), content_type="image/png")
    ground = pages.accent if is_colour(pages.accent) else HOUSE_COLOUR
    return HttpResponse(icon_png(ground, letters_on(ground), size, is_maskable=is_cut), content_type="image/png")


@require_safe
def worker(request: PageRequest, slug: str) -> HttpResponse:
    """The script that keeps the card. Its text changes with any file it keeps, which is how browsers notice."""
    files = [static(name) for name in KEPT_FILES]
    files.append(f"{reverse('theme', args=[slug])}?v={pages_of(request).accent[1:]}")
    kept = {
        "version": version_of(request),
        "scope": reverse("card-home", args=[slug]),
        "login": reverse("card-login", args=[slug]),
        "logout": reverse("card-logout", args=[slug]),
        "spare": reverse("card-offline", args=[slug]),
        "rules": reverse("card-rules", args=[slug]),
        "files": files,
    }
    answer = render(request, "card/sw.js", {"kept": json.dumps(kept)}, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def alive(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """What the card asks to learn whether it is online; `at` in milliseconds sets the clock of the rotating codes."""
    return JsonResponse({"at": int(request.at.timestamp() * 1000)})


@require_safe
def offline(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """What the worker shows in place of a page it has not kept."""
    return render(request, "card/offline.html")


@require_safe
def install(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """How to put the card on the first screen of a phone, with pictures."""
    return render(request, "card/install.html", {"is_russian": request.language is Language.RU})


def version_of(request: PageRequest) -> str:
    """Changes with the installed version, any file of the card and the program's colour."""
    told = [kopilka.__version__, pages_of(request).accent, *(static(name) for name in KEPT_FILES)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _picture(slug: str, pages: PageSettingsView, size: int, purpose: str) -> dict[str, str]:
    place = reverse("card-icon", args=[slug, size])
    cut = "&cut=1" if purpose == "maskable" else ""
    return {
        "src": f"{place}?v={pages.accent[1:]}{pages.logo[:NAME_SHOWN]}{cut}",
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
