"""Posters with a QR code: a page to print and a PDF, for a wall, a counter, a table."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kopilka.services.pictures import read_file
from kopilka.site.forms import NEED_CODE, PosterForm
from kopilka.site.printing import Poster, has_font, pdf_of_poster
from kopilka.site.seeing import personal, rules_of, said
from kopilka.web.names import names_of
from kopilka.web.requests import PageRequest, address_of, pages_of, rulebook_of
from kopilka.wording.program_words import coupon_words, newcomer_words
from kopilka.wording.qr import qr_svg

SAID_MAX = 3
NO_FONT, UNPROCESSABLE = 503, 422
USUAL = {"to": "card", "size": "a4", "code": ""}


@require_GET
def posters(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return _asking(request, PosterForm(initial=USUAL))


@require_GET
def poster(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """`?size=a4&to=card`; an invite link or a coupon needs its `code` too, and is asked for it."""
    form = _read(request)
    if not form.is_valid():
        return _asking(request, form)
    size, made = form.cleaned_data["size"], _poster(request, form)
    told = {
        "poster": made, "size": size, "query": request.GET.urlencode(), "has_font": has_font(),
        "qr": mark_safe(qr_svg(made.address)),  # noqa: S308 - drawn by us
        "halves": range(2 if size == "tent" else 1),
    }  # fmt: skip
    return personal(render(request, "site/poster.html", told))


@require_GET
def poster_pdf(request: PageRequest, slug: str) -> HttpResponse:
    form = _read(request)
    if not form.is_valid():
        return _asking(request, form)
    if not has_font():
        return personal(render(request, "site/no_font.html", status=NO_FONT))
    size = form.cleaned_data["size"]
    made = replace(_poster(request, form), logo=read_file(request.program.id, pages_of(request).logo))
    answer = HttpResponse(pdf_of_poster(made, size), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-{size}.pdf"'
    return personal(answer)


def _read(request: PageRequest) -> PosterForm:
    """A paper or an aim that nobody offers is a page that is not there."""
    form = PosterForm({name: request.GET.get(name, usual).strip() for name, usual in USUAL.items()})
    if "to" in form.errors or "size" in form.errors:
        raise Http404
    return form


def _asking(request: PageRequest, form: PosterForm) -> HttpResponse:
    told = {"form": form, "has_font": has_font()}
    return personal(render(request, "site/posters.html", told, status=UNPROCESSABLE if form.is_bound else None))


def _poster(request: PageRequest, form: PosterForm) -> Poster:
    to = form.cleaned_data["to"]
    parts = {"code": form.cleaned_data["code"]} if to in NEED_CODE else {}
    name = {"card": "card-home", "landing": "site-landing", "invite": "site-invite", "coupon": "site-coupon"}[to]
    titles = {
        "card": _("Your card is in your phone"),
        "landing": _("Our loyalty program"),
        "invite": _("Join us"),
        "coupon": _("A coupon for you"),
    }
    return Poster(
        program=request.program.name,
        title=titles[to],
        words=said(request)["slogan"],
        told=_told(request, form),
        call=_("Point your phone's camera here"),
        address=address_of(request, name, slug=request.program.slug, **parts),
        colour=pages_of(request).accent or "#c2185b",
    )


def _told(request: PageRequest, form: PosterForm) -> tuple[str, ...]:
    """What the coupon gives, what a newcomer gets, or the first of the rules."""
    rulebook, to = rulebook_of(request), form.cleaned_data["to"]
    if rulebook is None:
        return ()
    if to == "coupon":
        words = coupon_words(
            rulebook, form.cleaned_data["code"], request.language, at=request.at, names=names_of(request)
        )
        sentences = words.sentences if words else ()
    elif to == "invite":
        sentences = newcomer_words(rulebook, request.language, invited=False, at=request.at, names=names_of(request))
    else:
        rules = rules_of(request)
        sentences = rules[0].sentences if rules else ()
    return sentences[:SAID_MAX]
