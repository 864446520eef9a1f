"""How a browser at the counter is remembered: by a token in a cookie of its own door and program."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kopilka.queries.devices import KIOSK, TILL
from kopilka.services.devices import Enrolled

YEAR = 365 * 24 * 3600
COOKIES = {TILL: "kopilka_till", KIOSK: "kopilka_kiosk"}
DOORS = {TILL: "till-start", KIOSK: "kiosk-start"}
STAFF_COOKIE = "kopilka_staff"


def device_token(request: HttpRequest, kind: str) -> str:
    """What the browser says it is; empty when it says nothing."""
    return request.COOKIES.get(COOKIES[kind], "")


def remember_device(response: HttpResponse, slug: str, enrolled: Enrolled) -> None:
    kind = enrolled.device.kind
    keep(response, COOKIES[kind], enrolled.token, path=door_path(kind, slug), max_age=YEAR)


def keep(response: HttpResponse, name: str, value: str, *, path: str, max_age: int | None = None) -> None:
    """A cookie no script reads; `max_age` in seconds, None: until the browser is closed."""
    response.set_cookie(
        name, value, max_age=max_age, path=path, httponly=True, samesite="Lax",
        secure=settings.PUBLIC_URL.startswith("https://"),
    )  # fmt: skip


def door_path(kind: str, slug: str) -> str:
    """/till/<slug>/ or /kiosk/<slug>/."""
    return f"{reverse(DOORS[kind])}{slug}/"
