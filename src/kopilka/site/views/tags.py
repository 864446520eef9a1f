"""Price tags of the till's articles, the yellow ones yellow (S4.13): a page to print and a PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kopilka.queries.articles import list_articles
from kopilka.services.calculator import ArticlePrice, price_article
from kopilka.site.printing import Tag, has_font, pdf_of_tags
from kopilka.site.seeing import personal
from kopilka.site.views.posters import NO_FONT
from kopilka.web.requests import PageRequest, rulebook_of, words_of
from kopilka.wording.speaking import short_money
from kopilka.wording.times import window_text


@require_GET
def tags(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """`?only=yellow`: those with a price set by a promotion; `sku` names single articles."""
    told = {
        "tags": _tags(request), "only": request.GET.get("only", ""), "query": request.GET.urlencode(),
        "has_font": has_font(),
    }  # fmt: skip
    return personal(render(request, "site/tags.html", told))


@require_GET
def tags_pdf(request: PageRequest, slug: str) -> HttpResponse:
    if not has_font():
        return personal(render(request, "site/no_font.html", status=NO_FONT))
    answer = HttpResponse(pdf_of_tags(tuple(_tags(request))), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-tags.pdf"'
    return personal(answer)


def _tags(request: PageRequest) -> list[Tag]:
    rulebook = rulebook_of(request)
    if rulebook is None:
        return []
    wanted = set(request.GET.getlist("sku"))
    articles = [one for one in list_articles(request.program.id) if one.active and (not wanted or one.sku in wanted)]
    prices = [price_article(rulebook, one, at=request.at) for one in articles]
    if request.GET.get("only") == "yellow":
        prices = [one for one in prices if one.yellow]
    return [_tag(request, one) for one in prices]


def _tag(request: PageRequest, one: ArticlePrice) -> Tag:
    words = words_of(request)
    if one.yellow is not None:
        rulebook = rulebook_of(request)
        until = window_text(one.yellow.window, words.zone, words.language, request.at) if rulebook else ""
        note = ", ".join(part for part in (until, _note(one)) if part)
        price, before = short_money(words, one.price), short_money(words, one.full)
        return Tag(one.article.name, one.article.sku, price, before, note, is_yellow=True)
    earned = [f"+{words.currency(code).units(units)}" for code, units in one.earned.items()]
    return Tag(one.article.name, one.article.sku, short_money(words, one.full), "", ", ".join(earned))


def _note(one: ArticlePrice) -> str:
    """What a promotion turns off."""
    if not one.earns and not one.takes_points:
        return _("no points earned or accepted")
    if not one.earns:
        return _("no points earned")
    return "" if one.takes_points else _("no points accepted")
