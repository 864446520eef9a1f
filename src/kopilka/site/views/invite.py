"""Where an invite link leads: a friend's code, or a link of the program itself."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kopilka.engine.refusal import Refusal
from kopilka.services.links import count_view
from kopilka.site.seeing import VISITOR, personal, said
from kopilka.web.invitations import Invitation, keep_invitation
from kopilka.web.names import names_of
from kopilka.web.requests import PageRequest, rulebook_of
from kopilka.wording.program_words import newcomer_words

COOKIE = "kopilka_visitor"
COOKIE_SECONDS = 365 * 24 * 3600
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
VISITOR_CODE = re.compile(r"[A-Za-z0-9_-]{16,64}")


@require_http_methods(["GET", "POST"])
def invite(request: PageRequest, slug: str, code: str) -> HttpResponse:
    """Whether there is such a code is not said: whoever guesses codes learns nothing here."""
    if CODE.fullmatch(code) is None:
        raise Http404
    visitor = request.COOKIES.get(COOKIE, "")
    visitor = visitor if VISITOR_CODE.fullmatch(visitor) else secrets.token_urlsafe(24)
    invitation = _invitation(request, code, visitor)
    if request.method == "POST":
        answer: HttpResponse = HttpResponseRedirect(reverse("card-home", args=[slug]))
    else:
        rulebook = rulebook_of(request)
        gets = newcomer_words(
            rulebook, request.language, invited=bool(invitation.friend), at=request.at, names=names_of(request)
        ) if rulebook else ()  # fmt: skip
        answer = render(
            request, "site/invite.html", {"gets": gets, "is_friend": bool(invitation.friend), **said(request)}
        )
    answer.set_cookie(
        COOKIE, visitor, max_age=COOKIE_SECONDS, path=reverse("site-landing", args=[slug]), httponly=True,
        samesite="Lax", secure=settings.CSRF_COOKIE_SECURE,
    )  # fmt: skip
    return personal(keep_invitation(request, answer, invitation))


def _invitation(request: PageRequest, code: str, visitor: str) -> Invitation:
    """A link's looks are counted, each visitor once; anything else is taken for a friend's code, known or not."""
    try:
        count_view(program_id=request.program.id, code=code, visitor=visitor, by=VISITOR, at=request.at)
    except Refusal:
        return Invitation(friend=code)
    return Invitation(link=code)
