"""Sales without a network: the page that notes them, where they arrive, the worker that keeps the page."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from typing import Annotated

import msgspec
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from msgspec import Meta

import kopilka
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.queries.queued_sales import count_waiting
from kopilka.services.queued_sales import SentSale, queue_key, take_sales
from kopilka.till.access import TillRequest, at_till_quietly, on_device
from kopilka.web.requests import pages_of

BODY_MAX = 256 * 1024
BAD_REQUEST, TOO_LARGE = 400, 413
KEPT_FILES = (
    "web/tokens.css", "web/page.css", "web/parts.css", "web/pig.svg", "web/page.js", "web/clock.js",
    "django_htmx/htmx-2.min.js", "till/till.css", "till/line.css", "till/offline.css", "till/queue.js",
    "till/sent.js", "till/offline.js", "till/scanner.js",
)  # fmt: skip
"""Files without which the page cannot be shown offline."""


class _Sent(msgspec.Struct, forbid_unknown_fields=True):
    """`signature` in base64."""

    document: Annotated[str, Meta(max_length=2_000)]
    signature: Annotated[str, Meta(max_length=64)]


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    sales: Annotated[list[_Sent], Meta(max_length=50)]


_read = msgspec.json.Decoder(_Batch).decode


@require_http_methods(["GET", "POST"])
@on_device
def queue(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Asked, it says that there is a network; what is sent is answered one by one. Nobody need be signed in any more:
    the signatures say whose sales they are."""
    if request.method == "GET":
        return _told(request)
    if len(request.body) > BODY_MAX:
        return JsonResponse({"error": "too_large"}, status=TOO_LARGE)
    try:
        sent = [SentSale(one.document, b64decode(one.signature, validate=True)) for one in _read(request.body).sales]
    except (msgspec.DecodeError, BadBase64, ValueError):
        return JsonResponse({"error": "unreadable"}, status=BAD_REQUEST)
    taken = take_sales(
        program=request.program, device=request.device, sent=sent, language=request.language.value, at=request.at
    )
    return _told(request, states=[one.state for one in taken])


@require_GET
@at_till_quietly
def key(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """What this browser signs with while this person works here."""
    staff = request.staff
    made = queue_key(program_id=request.program.id, session_id=staff.session_id)
    return JsonResponse(
        {
            "session": str(staff.session_id),
            "name": staff.name,
            "training": staff.training,
            "key": b64encode(made).decode(),
        }
    )


@require_GET
@on_device
def offline(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """The page itself knows nobody: it is kept by the browser and shown whoever works there."""
    return render(request, "till/offline.html", {"digits": CURRENCY_DIGITS[request.program.currency]})


@require_GET
@on_device
def worker(request: TillRequest, slug: str) -> HttpResponse:
    """The script that shows the page when there is no network. Its text changes with any file it keeps."""
    files = [static(name) for name in KEPT_FILES]
    files.append(f"{reverse('theme', args=[slug])}?v={pages_of(request).accent[1:]}")
    kept = {
        "version": hashlib.sha256("\n".join((kopilka.__version__, request.language, *files)).encode()).hexdigest()[:16],
        "scope": reverse("till-sale", args=[slug]),
        "page": reverse("till-offline", args=[slug]),
        "files": files,
    }
    told = {"kept": json.dumps(kept)}
    answer = render(request, "till/sw.js", told, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _told(request: TillRequest, **more: object) -> JsonResponse:
    return JsonResponse({"token": get_token(request), "waiting": count_waiting(request.program.id), **more})
