"""Where the link of a coupon leads: his phone is proven on the card, and the coupon is his (S2.22)."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kopilka.site.seeing import personal, said
from kopilka.web.coupons import keep_coupon
from kopilka.web.names import names_of
from kopilka.web.requests import PageRequest, rulebook_of
from kopilka.wording.program_words import coupon_words

CODE = re.compile(r"[\w-]{1,64}")


@require_http_methods(["GET", "POST"])
def coupon(request: PageRequest, slug: str, code: str) -> HttpResponse:
    """What a coupon open to everybody gives is said; whether a code of a series is good is not said to guessers."""
    if CODE.fullmatch(code) is None:
        raise Http404
    if request.method == "POST":
        return personal(keep_coupon(request, HttpResponseRedirect(reverse("card-coupon", args=[slug])), code))
    rulebook = rulebook_of(request)
    told = coupon_words(rulebook, code, request.language, at=request.at, names=names_of(request)) if rulebook else None
    return personal(render(request, "site/coupon.html", {"told": told, **said(request)}))
