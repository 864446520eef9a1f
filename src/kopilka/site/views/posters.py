"""Posters with a QR code: a page to print and a PDF, for a wall, a counter, a table."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kopilka.site.printing import SIZES, Poster, has_font, pdf_of_poster
from kopilka.site.seeing import personal, rules_of, said
from kopilka.web.requests import PageRequest, address_of, pages_of
from kopilka.wording.qr import qr_svg

CODE = re.compile(r"[\w-]{1,64}")
LEADS = ("card", "landing", "invite", "coupon")
SAID_MAX = 3
NO_FONT = 503


@require_GET
def posters(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return personal(render(request, "site/posters.html", {"sizes": SIZES, "has_font": has_font()}))


@require_GET
def poster(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """`?size=a4&to=card`; an invite link or a coupon needs its `code` too."""
    size = _size(request)
    made = _poster(request)
    told = {
        "poster": made, "size": size, "query": request.GET.urlencode(), "has_font": has_font(),
        "qr": mark_safe(qr_svg(made.address)),  # noqa: S308 - drawn by us
        "halves": range(2 if size == "tent" else 1),
    }  # fmt: skip
    return personal(render(request, "site/poster.html", told))


@require_GET
def poster_pdf(request: PageRequest, slug: str) -> HttpResponse:
    size, made = _size(request), _poster(request)
    if not has_font():
        return personal(render(request, "site/no_font.html", status=NO_FONT))
    answer = HttpResponse(pdf_of_poster(made, size), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-{size}.pdf"'
    return personal(answer)


def _size(request: PageRequest) -> str:
    size = request.GET.get("size", "a4")
    if size not in SIZES:
        raise Http404
    return size


def _poster(request: PageRequest) -> Poster:
    to, code = request.GET.get("to", "card"), request.GET.get("code", "").strip()
    if to not in LEADS or (to in {"invite", "coupon"} and CODE.fullmatch(code) is None):
        raise Http404
    parts = {"code": code} if to in {"invite", "coupon"} else {}
    name = {"card": "card-home", "landing": "site-landing", "invite": "site-invite", "coupon": "site-coupon"}[to]
    titles = {
        "card": _("Your card is in your phone"),
        "landing": _("Our loyalty program"),
        "invite": _("Join us"),
        "coupon": _("A coupon for you"),
    }
    rules = rules_of(request) if to in {"card", "landing"} else ()
    return Poster(
        program=request.program.name,
        title=titles[to],
        words=said(request)["slogan"],
        told=tuple(rules[0].sentences[:SAID_MAX]) if rules else (),
        call=_("Point your phone's camera here"),
        address=address_of(request, name, slug=request.program.slug, **parts),
        colour=pages_of(request).accent or "#c2185b",
    )
