"""Who looks at a card: the browser's token, and the way to the login for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kopilka.services.member_sessions import LIFE, MemberAtCard, Session, member_by_token
from kopilka.web.requests import PageRequest

COOKIE = "kopilka_card"
SEEN_COOKIE = "kopilka_card_known"
"""Says that this browser has a card of the program; not a secret, and only our first page /card/ reads it."""

KEEP = "X-Kopilka-Keep"
"""Tells the card's worker that it may keep this page for when there is no network; 0 forbids it."""

P = ParamSpec("P")


class CardRequest(PageRequest):
    """A page of the card, opened by the member himself."""

    card: MemberAtCard


Page = Callable[Concatenate[CardRequest, P], HttpResponse]


def with_card(page: Page[P]) -> Callable[Concatenate[PageRequest, P], HttpResponse]:
    """The page needs a member: anybody else is led to the login and back; scripts get 401 and the login's address."""

    @wraps(page)
    def guarded(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = card_of(request)
        if found is None:
            return private(_to_login(request))
        mine = cast("CardRequest", request)
        mine.card = found
        answer = private(page(mine, *args, **kwargs))
        return prolonged(request, answer)

    return guarded


def card_of(request: PageRequest) -> MemberAtCard | None:
    """Whoever's card this browser has open, or None."""
    return member_by_token(program_id=request.program.id, token=request.COOKIES.get(COOKIE, ""), at=request.at)


def signed_in(request: PageRequest, session: Session, answer: HttpResponse) -> HttpResponse:
    """Hand the browser its token: for this card only, out of the reach of scripts."""
    slug = request.program.slug
    _set(answer, COOKIE, session.token, _path(slug))
    known = request.COOKIES.get(SEEN_COOKIE, "").split(".")
    _set(answer, SEEN_COOKIE, ".".join(dict.fromkeys([*filter(None, known), slug])), _root())
    return private(answer)


def signed_out(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    """The browser forgets the token and everything the card kept in it."""
    slug = request.program.slug
    answer.delete_cookie(COOKIE, path=_path(slug), samesite="Lax")
    known = [one for one in request.COOKIES.get(SEEN_COOKIE, "").split(".") if one and one != slug]
    _set(answer, SEEN_COOKIE, ".".join(known), _root())
    answer.headers["Clear-Site-Data"] = '"cache"'
    return private(answer)


def prolonged(request: PageRequest, answer: HttpResponse) -> HttpResponse:
    """The cookie lives as long as the session, counted from the last page; what was shown may be kept offline."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and COOKIE not in answer.cookies:
        _set(answer, COOKIE, request.COOKIES[COOKIE], _path(request.program.slug))
    if request.method == "GET":
        answer.headers.setdefault(KEEP, "1")
    return answer


def private(answer: HttpResponse) -> HttpResponse:
    """Not for search engines; and no other site is told the address.

    Not `no-referrer`: then browsers hide the origin of our own forms too, and nothing could be sent.
    """
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def next_of(request: PageRequest, wanted: str, otherwise: str) -> str:
    """Where to go on, when it is a page of this card; never another site."""
    here = wanted.startswith(_path(request.program.slug)) and ".." not in wanted
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if here and safe else reverse(otherwise, args=[request.program.slug])


def _to_login(request: PageRequest) -> HttpResponse:
    login = reverse("card-login", args=[request.program.slug])
    if request.method == "GET" and not getattr(request, "htmx", False):
        login = f"{login}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": login})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"sign_in": login}, status=401)
    return HttpResponseRedirect(login)


def _set(answer: HttpResponse, name: str, value: str, path: str) -> None:
    answer.set_cookie(
        name, value, max_age=LIFE, path=path, httponly=True, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE
    )


def _root() -> str:
    return reverse("card-start")


def _path(slug: str) -> str:
    return f"{_root()}{slug}/"
