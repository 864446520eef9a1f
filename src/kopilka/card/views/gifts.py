"""The gift catalogue: what there is, what is missing, choosing for points, the coupon to collect by, calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kopilka.bookkeeping.purchasing.requests import Proof
from kopilka.card.access import CardRequest, with_card
from kopilka.card.cursors import cursor_of
from kopilka.card.gift_states import STATES
from kopilka.card.once import request_of
from kopilka.engine.refusal import Refusal
from kopilka.queries.gifts import ClaimView, claim_for_till, claims_of_member
from kopilka.queries.wallets import wallets_of_member
from kopilka.services.gifts import ChooseRequest, OfferedGift, cancel_gift, choose_gift, list_gifts
from kopilka.web.media import kept_picture
from kopilka.web.once import OnceForm
from kopilka.web.problems import sentence_of
from kopilka.web.requests import rulebook_of, words_of
from kopilka.wording.qr import qr_svg

CONFLICT = 409
PAGE = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A gift of the catalogue with the picture that may be shown; `prices` as currency, price and what he has of it."""

    offer: OfferedGift
    name: str
    picture: str
    prices: list[tuple[str, int, int]]
    missing: list[tuple[str, int]]

    @property
    def code(self) -> str:
        return self.offer.gift.code


@require_GET
@with_card
def gifts(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    offered = _catalogue(request)
    before = cursor_of(request.GET.get("before", ""))
    claims, after = claims_of_member(request.program.id, request.card.member_id, before=before, limit=PAGE)
    told = {
        "offered": offered,
        "waiting": [_told(request, one) for one in claims if one.state in {"open", "set_aside"}],
        "past": [_told(request, one) for one in claims if one.state not in {"open", "set_aside"}],
        "after": after,
        "is_later_page": before is not None,
    }
    return render(request, "card/gifts.html", told)


@require_http_methods(["GET", "POST"])
@with_card
def gift(request: CardRequest, slug: str, code: str) -> HttpResponse:
    """One gift, and choosing it: the open card is the proof that it is he who spends."""
    form = OnceForm(request.POST or None)
    status = None
    if form.is_valid():
        wanted = ChooseRequest(
            request.card.member_id, code, request.card.actor, request.at, proof=Proof(vouched=True),
            request=request_of(request, form, code), language=request.language.value,
        )  # fmt: skip
        try:
            claim = choose_gift(program_id=request.program.id, request=wanted)
        except Refusal as refusal:
            form.add_error(None, sentence_of(request, refusal))
            status = CONFLICT
        else:
            return HttpResponseRedirect(reverse("card-claim", args=[slug, claim.claim_id]))
    shown = next((one for one in _catalogue(request) if one.code == code), None)
    if shown is None and not form.errors:
        raise Http404
    return render(request, "card/gift.html", {"shown": shown, "form": form}, status=status)


@require_GET
@with_card
def claim(request: CardRequest, slug: str, claim_id: UUID) -> HttpResponse:  # noqa: ARG001 - same
    """A gift that is his: the code to name at the till."""
    return _claim_page(request, claim_id, OnceForm())


@require_POST
@with_card
def cancel(request: CardRequest, slug: str, claim_id: UUID) -> HttpResponse:
    """The points come back."""
    _claim_of(request, claim_id)
    form = OnceForm(request.POST)
    form.is_valid()
    try:
        cancel_gift(
            program_id=request.program.id, claim_id=claim_id, by=request.card.actor, at=request.at,
            request=request_of(request, form, str(claim_id)), language=request.language.value,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, sentence_of(request, refusal))
        return _claim_page(request, claim_id, form, CONFLICT)
    return HttpResponseRedirect(reverse("card-claim", args=[slug, claim_id]))


def _claim_page(request: CardRequest, claim_id: UUID, form: OnceForm, status: int | None = None) -> HttpResponse:
    found = _claim_of(request, claim_id)
    told = {
        "claim": _told(request, found), "form": form, "qr": qr_svg(found.code) if found.code else "",
        "can_cancel": found.state == "open" and found.origin != "card",
    }  # fmt: skip
    return render(request, "card/claim.html", told, status=status)


def _claim_of(request: CardRequest, claim_id: UUID) -> ClaimView:
    """His own; another's is not there."""
    try:
        found = claim_for_till(request.program.id, str(claim_id))
    except Refusal:
        raise Http404 from None
    if found.member_id != request.card.member_id:
        raise Http404
    return found


def _told(request: CardRequest, claim: ClaimView) -> dict[str, object]:
    """With its name in the reader's language, as long as the catalogue knows it."""
    rulebook = rulebook_of(request)
    known = rulebook is not None and claim.gift in rulebook.mechanics.gifts
    state, look = STATES[claim.state]
    name = words_of(request).gift(claim.gift) if known else claim.name
    return {"it": claim, "name": name, "state": state, "look": look}


def _catalogue(request: CardRequest) -> list[Shown]:
    if rulebook_of(request) is None:
        return []
    member = request.card.member_id
    offered = list_gifts(program_id=request.program.id, member_id=member, by=request.card.actor, at=request.at)
    wallets = wallets_of_member(request.program.id, member, at=request.at)
    has = {one.currency: one.available for one in wallets}
    return [_shown(request, one, has) for one in offered if one.left != 0]


def _shown(request: CardRequest, offer: OfferedGift, has: Mapping[str, int]) -> Shown:
    gift = offer.gift
    name, picture = words_of(request).gift(gift.code), kept_picture(request.program.id, gift.picture)
    prices = [(code, price, has.get(code, 0)) for code, price in gift.prices.items()]
    return Shown(offer, name, picture, prices, list(offer.missing.items()))
