"""A program's own page: what it promises, what a purchase brings, where it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.queries.branches import list_branches
from kopilka.services.calculator import Outcome, calculate
from kopilka.site.forms import AmountForm
from kopilka.site.seeing import rules_of, said
from kopilka.web.requests import PageRequest, rulebook_of, words_of

EXAMPLE = "3000"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the calculator: the level's name, the points as currency and units."""

    name: str
    outcome: Outcome
    earned: tuple[tuple[str, int], ...]


@require_GET
def landing(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The calculator asks the same address, with `amount`; a script only asks sooner."""
    told: dict[str, object] = _calculated(request)
    if request.headers.get("HX-Request"):
        return render(request, "site/parts/answer.html", told)
    told |= {"rules": rules_of(request), "branches": list_branches(request.program.id), **said(request)}
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
