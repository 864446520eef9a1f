"""The coupon a visitor came by: kept in his browser from the coupon's page until his card has it."""

from __future__ import annotations

from django.http import HttpResponse

from kopilka.web.carried import carried, carry, put_down
from kopilka.web.requests import PageRequest

COOKIE = "kopilka_coupon"
LIFE_SECONDS = 24 * 3600


def keep_coupon(request: PageRequest, answer: HttpResponse, word: str) -> HttpResponse:
    return carry(request, answer, COOKIE, word, seconds=LIFE_SECONDS)


def coupon_of(request: PageRequest) -> str:
    """The word of the coupon; empty when there is none."""
    return carried(request, COOKIE, seconds=LIFE_SECONDS)


def forget_coupon(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    return put_down(request, answer, COOKIE)
