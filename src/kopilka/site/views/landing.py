"""A program's own page: what it promises, what a purchase brings, where it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from kopilka.queries.branches import list_branches
from kopilka.services.calculator import Outcome, calculate
from kopilka.services.gifts import list_gifts
from kopilka.site.forms import AmountForm
from kopilka.site.seeing import VISITOR, rules_of, said
from kopilka.web.media import kept_picture
from kopilka.web.requests import PageRequest, address_of, rulebook_of, words_of
from kopilka.wording.qr import qr_svg

EXAMPLE = "3000"
GIFTS_MAX = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the calculator: the level's name, the points as currency and units."""

    name: str
    outcome: Outcome
    earned: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift in the window: `picture` is the name of a file, `prices` currency and units, `cash_minor` on top."""

    name: str
    picture: str
    prices: tuple[tuple[str, int], ...]
    cash_minor: int


@require_GET
def landing(request: PageRequest, slug: str) -> HttpResponse:
    """The calculator asks the same address, with `amount`; a script only asks sooner."""
    told: dict[str, object] = _calculated(request)
    if request.headers.get("HX-Request"):
        return render(request, "site/parts/answer.html", told)
    card = address_of(request, "card-home", slug=slug)
    told |= {
        "rules": rules_of(request), "branches": list_branches(request.program.id), "gifts": _gifts(request),
        "qr": mark_safe(qr_svg(card)),  # noqa: S308 - drawn by us
        **said(request),
    }  # fmt: skip
    return render(request, "site/landing.html", told)


def _calculated(request: PageRequest) -> dict[str, object]:
    rulebook = rulebook_of(request)
    if rulebook is None:
        return {}
    form = AmountForm({"amount": request.GET.get("amount", EXAMPLE)}, digits=rulebook.digits)
    if not form.is_valid():
        return {"form": form}
    outcomes = calculate(rulebook, form.minor, at=request.at)
    names = words_of(request).tiers
    lines = [Shown(names.get(one.tier, ""), one, tuple(one.earned.items())) for one in outcomes]
    return {"form": form, "amount": form.minor, "lines": lines, "has_points": any(line.earned for line in lines)}


def _gifts(request: PageRequest) -> list[Gift]:
    """Those of which there is a picture; a window without pictures is none."""
    if rulebook_of(request) is None:
        return []
    offered = list_gifts(program_id=request.program.id, member_id=None, by=VISITOR, at=request.at)
    words = words_of(request)
    found = [
        Gift(words.gift(one.gift.code), picture, tuple(one.gift.prices.items()), one.gift.cash_minor)
        for one in offered if one.left != 0 and (picture := kept_picture(request.program.id, one.gift.picture))
    ]  # fmt: skip
    return found[:GIFTS_MAX]
