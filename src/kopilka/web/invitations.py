"""Who or what brought a visitor: kept in his browser from the landing page until he is a member."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpResponse

from kopilka.web.carried import carried, carry, put_down
from kopilka.web.requests import PageRequest

COOKIE = "kopilka_invitation"
LIFE_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Invitation:
    """`friend`: the code of the member who invited; `link`: the code or slug of an invite link of the program."""

    friend: str = ""
    link: str = ""


def keep_invitation(request: PageRequest, answer: HttpResponse, invitation: Invitation) -> HttpResponse:
    """A later invitation takes the place of an earlier one."""
    told = json.dumps([invitation.friend, invitation.link])
    return carry(request, answer, COOKIE, told, seconds=LIFE_SECONDS)


def invitation_of(request: PageRequest) -> Invitation:
    try:
        return Invitation(*json.loads(carried(request, COOKIE, seconds=LIFE_SECONDS)))
    except (ValueError, TypeError):
        return Invitation()


def forget_invitation(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    return put_down(request, answer, COOKIE)
