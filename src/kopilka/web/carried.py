"""What a visitor takes along from a public page to the card: signed, kept in his browser, sent to this card alone."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from kopilka.web.requests import PageRequest


def carry(request: PageRequest, answer: HttpResponse, cookie: str, text: str, *, seconds: int) -> HttpResponse:
    """`text` is kept for so many `seconds`; what was carried by this name before is replaced."""
    answer.set_signed_cookie(
        cookie, text, salt=_salt(request, cookie), max_age=seconds, path=_path(request), httponly=True, samesite="Lax",
        secure=settings.CSRF_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def carried(request: PageRequest, cookie: str, *, seconds: int) -> str:
    """Empty when there is nothing, or nothing of ours."""
    try:
        return str(request.get_signed_cookie(cookie, salt=_salt(request, cookie), max_age=seconds))
    except (KeyError, signing.BadSignature):
        return ""


def put_down(request: PageRequest, answer: HttpResponse, cookie: str) -> HttpResponse:
    answer.delete_cookie(cookie, path=_path(request), samesite="Lax")
    return answer


def _salt(request: PageRequest, cookie: str) -> str:
    return f"{cookie}:{request.program.id}"


def _path(request: PageRequest) -> str:
    return f"{reverse('card-start')}{request.program.slug}/"
