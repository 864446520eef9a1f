"""The coupon a visitor came by: kept in his browser from the coupon's page until his card has it."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from kopilka.web.requests import PageRequest

COOKIE = "kopilka_coupon"
LIFE_SECONDS = 24 * 3600


def keep_coupon(request: PageRequest, answer: HttpResponse, word: str) -> HttpResponse:
    """Signed, and sent to the card of this program alone."""
    answer.set_signed_cookie(
        COOKIE, word, salt=_salt(request), max_age=LIFE_SECONDS, path=_path(request), httponly=True, samesite="Lax",
        secure=settings.CSRF_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def coupon_of(request: PageRequest) -> str:
    """The word of the coupon; empty when there is none."""
    try:
        return str(request.get_signed_cookie(COOKIE, salt=_salt(request), max_age=LIFE_SECONDS))
    except (KeyError, signing.BadSignature):
        return ""


def forget_coupon(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, path=_path(request), samesite="Lax")
    return answer


def _salt(request: PageRequest) -> str:
    return f"{COOKIE}:{request.program.id}"


def _path(request: PageRequest) -> str:
    return f"{reverse('card-start')}{request.program.slug}/"
