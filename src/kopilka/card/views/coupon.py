"""The coupon of a link becomes the member's: he has proven his phone, now the code is bound to it (S2.22)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kopilka.bookkeeping.notes import Asking
from kopilka.card.access import CardRequest, with_card
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.members import member_for_door
from kopilka.services.coupons import bind_coupon
from kopilka.web.coupons import coupon_of, forget_coupon
from kopilka.web.problems import STATUSES, UNPROCESSABLE, sentence_of
from kopilka.web.requests import rulebook_of, words_of
from kopilka.wording.program_words import coupon_words


@require_http_methods(["GET", "POST"])
@with_card
def coupon(request: CardRequest, slug: str) -> HttpResponse:
    """Looking binds nothing; the button does. Without a coupon in hand there is nothing to do here."""
    word, rulebook = coupon_of(request), rulebook_of(request)
    if not word:
        return HttpResponseRedirect(reverse("card-home", args=[slug]))
    phone = member_for_door(request.program.id, request.card.member_id).phone
    told: dict[str, object] = {"word": word, "phone": phone}
    if rulebook is not None:
        told["told"] = coupon_words(rulebook, word, request.language, at=request.at)
    if request.method == "GET" or not phone:
        return render(request, "card/coupon.html", told)
    try:
        bound = bind_coupon(
            program_id=request.program.id, word=word, phone=phone, asking=Asking(request.card.actor, request.at)
        )
    except Refusal as refusal:
        told["mistake"] = _sentence(request, refusal)
        return render(request, "card/coupon.html", told, status=STATUSES.get(refusal.code, UNPROCESSABLE))
    told |= {"bound": bound, "name": _name(request, bound.coupon)}
    return forget_coupon(request, render(request, "card/coupon.html", told))


def _sentence(request: CardRequest, refusal: Refusal) -> str:
    """The same for a code that is wrong, used, over or somebody else's."""
    if refusal.code is Code.COUPON_UNUSABLE:
        return _("This coupon cannot become yours: it was used, its time is over, or it is somebody else's.")
    return sentence_of(request, refusal)


def _name(request: CardRequest, code: str) -> str:
    rulebook = rulebook_of(request)
    coupon = rulebook.coupons.get(code) if rulebook else None
    if coupon is None:
        return ""
    names = (coupon.name_ru, coupon.name_en)
    first, second = names if words_of(request).language.value == "ru" else names[::-1]
    return first or second
