"""The first screen: the code to be shown at the till, and everything the member has."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from kopilka.card.access import KEEP, CardRequest, private, with_card
from kopilka.services.cards import CardView, read_card
from kopilka.services.live_codes import secret_of
from kopilka.web.names import names_of
from kopilka.web.requests import PageRequest, rulebook_of, words_of
from kopilka.wording.amounts import SPACE
from kopilka.wording.barcode import barcode_svg
from kopilka.wording.program_words import program_words
from kopilka.wording.tiers import progress_texts

FULL = 100


@dataclass(frozen=True, slots=True)
class Live:
    """What the browser writes rotating codes with; `served` the server's time in seconds."""

    number: int
    secret: str
    served: int


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is to the next level: `percent` of the way by the nearest of its figures, None where it has none."""

    name: str
    texts: list[str]
    percent: int | None


@require_safe
@with_card
def home(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    card, at = request.card, request.at
    found = read_card(
        program=request.program, member_id=card.member_id, language=request.language, by=card.actor, at=at
    )
    live = Live(card.live_number, b64encode(secret_of(card.session_id)).decode(), int(at.timestamp()))
    words = words_of(request)
    wallets = [(one, words.currency(one.currency).units(one.available).rpartition(SPACE)) for one in found.wallets]
    told = {
        "card": found,
        "live": live,
        "wallets": wallets,
        "step": _step(request, found),
        "rulebook": rulebook_of(request),
        "barcode": mark_safe(barcode_svg(found.number.lstrip("+"))) if found.number else "",  # noqa: S308 - drawn by us
    }
    return render(request, "card/home.html", told)


@require_safe
def rules(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The program's rules on one screen; anybody may read them."""
    rulebook = rulebook_of(request)
    told = program_words(rulebook, request.language, at=request.at, names=names_of(request)) if rulebook else None
    answer = render(request, "card/rules.html", {"told": told})
    answer.headers[KEEP] = "1"
    return private(answer)


def _step(request: PageRequest, found: CardView) -> Step | None:
    progress, words = found.desk.progress, words_of(request)
    if progress is None or not (progress.tier or progress.next):
        return None
    percent = None
    if progress.next is not None and progress.next.ways:
        done = [min(FULL, lack.has * FULL // lack.wanted) for lack in progress.next.ways[0] if lack.wanted > 0]
        percent = min(done, default=None)
    return Step(words.tiers.get(progress.tier, progress.tier), progress_texts(progress, words), percent)
