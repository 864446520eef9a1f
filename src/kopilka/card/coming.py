"""What a browser keeps between the steps of the login, signed so that nobody else can have written it.

The contact stands neither in an address nor in our tables; the cookies live for minutes and go with the login.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from kopilka.services.logins import Asked
from kopilka.web.requests import PageRequest

ASKED_COOKIE, PROVEN_COOKIE, DEVICE_COOKIE = "kopilka_login", "kopilka_proven", "kopilka_device"
ASKED_SECONDS, PROVEN_SECONDS, DEVICE_SECONDS = 15 * 60, 30 * 60, 2 * 365 * 24 * 3600
DEVICE_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Coming:
    """A code was asked for; `resend_at`: when it makes sense to ask for another."""

    login_id: UUID
    kind: str
    contact: str
    resend_at: datetime


@dataclass(frozen=True, slots=True)
class Proven:
    """A contact that is this browser's, and nobody's yet."""

    kind: str
    contact: str


def keep_coming(request: PageRequest, answer: HttpResponse, kind: str, contact: str, asked: Asked) -> HttpResponse:
    told = [str(asked.login_id), kind, contact, int(asked.resend_at.timestamp())]
    return _keep(request, answer, ASKED_COOKIE, told, ASKED_SECONDS)


def coming_of(request: PageRequest) -> Coming | None:
    found = _kept(request, ASKED_COOKIE, ASKED_SECONDS)
    return Coming(UUID(found[0]), found[1], found[2], datetime.fromtimestamp(int(found[3]), UTC)) if found else None


def keep_proven(request: PageRequest, answer: HttpResponse, kind: str, contact: str) -> HttpResponse:
    return _keep(request, answer, PROVEN_COOKIE, [kind, contact], PROVEN_SECONDS)


def proven_of(request: PageRequest) -> Proven | None:
    found = _kept(request, PROVEN_COOKIE, PROVEN_SECONDS)
    return Proven(*found) if found else None


def forget_steps(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    for name in (ASKED_COOKIE, PROVEN_COOKIE):
        answer.delete_cookie(name, path=_path(request), samesite="Lax")
    return answer


def device_of(request: PageRequest) -> str:
    """The random id of this browser, or a new one, which `keep_device` hands out."""
    return request.COOKIES.get(DEVICE_COOKIE, "")[:DEVICE_LENGTH_MAX] or secrets.token_urlsafe(16)


def keep_device(answer: HttpResponse, device: str) -> HttpResponse:
    answer.set_cookie(
        DEVICE_COOKIE, device, max_age=DEVICE_SECONDS, httponly=True, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE
    )
    return answer


def _keep(request: PageRequest, answer: HttpResponse, name: str, told: list[object], seconds: int) -> HttpResponse:
    answer.set_signed_cookie(
        name, json.dumps(told), salt=_salt(request, name), max_age=seconds, path=_path(request), httponly=True,
        samesite="Lax", secure=settings.CSRF_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _kept(request: PageRequest, name: str, seconds: int) -> list[str] | None:
    try:
        told = request.get_signed_cookie(name, salt=_salt(request, name), max_age=seconds)
        found: list[str] = json.loads(told or "")
    except (KeyError, ValueError, signing.BadSignature):
        return None
    return found


def _salt(request: PageRequest, name: str) -> str:
    return f"{name}:{request.program.id}"


def _path(request: PageRequest) -> str:
    return reverse("card-login", args=[request.program.slug])
