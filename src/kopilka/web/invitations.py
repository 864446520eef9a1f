"""Who or what brought a visitor: kept in his browser from the landing page until he is a member."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse

from kopilka.web.requests import PageRequest

COOKIE = "kopilka_invitation"
LIFE_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Invitation:
    """`friend`: the code of the member who invited; `link`: the code or slug of an invite link of the program."""

    friend: str = ""
    link: str = ""


def keep_invitation(request: PageRequest, answer: HttpResponse, invitation: Invitation) -> HttpResponse:
    """Signed, and sent to the card of this program alone. A later invitation takes the place of an earlier one."""
    answer.set_signed_cookie(
        COOKIE, json.dumps([invitation.friend, invitation.link]), salt=_salt(request), max_age=LIFE_SECONDS,
        path=_path(request), httponly=True, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def invitation_of(request: PageRequest) -> Invitation:
    try:
        told = request.get_signed_cookie(COOKIE, salt=_salt(request), max_age=LIFE_SECONDS)
        return Invitation(*json.loads(told or ""))
    except (KeyError, ValueError, TypeError, signing.BadSignature):
        return Invitation()


def forget_invitation(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, path=_path(request), samesite="Lax")
    return answer


def _salt(request: PageRequest) -> str:
    return f"{COOKIE}:{request.program.id}"


def _path(request: PageRequest) -> str:
    return f"{reverse('card-start')}{request.program.slug}/"
