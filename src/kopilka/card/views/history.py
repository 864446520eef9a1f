"""What happened with the points of a card, and for what."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kopilka.card.access import CardRequest, with_card
from kopilka.services.histories import Asked, read_history
from kopilka.web.requests import rulebook_of, words_of
from kopilka.wording.program_points import public_currencies
from kopilka.wording.speaking import Names, Speaker

PERIODS = (("", _("All the time")), ("month", _("This month")), ("last", _("Last month")), ("year", _("This year")))


class FilterForm(forms.Form):
    wallet = forms.ChoiceField(label=_("Points"), required=False)
    period = forms.ChoiceField(label=_("When"), required=False, choices=PERIODS)
    before = forms.UUIDField(required=False)


@require_safe
@with_card
def history(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Filtered by wallet and by period of the program's calendar; a filter nobody offers counts as none."""
    form = _form(request)
    chosen = form.cleaned_data if form.is_valid() else {}
    since, until = _bounds(chosen.get("period", ""), request.at.astimezone(words_of(request).zone))
    before: UUID | None = chosen.get("before")
    asked = Asked(chosen.get("wallet", ""), since, until, before)
    found = read_history(
        program_id=request.program.id, member_id=request.card.member_id, asked=asked, language=request.language,
        by=request.card.actor,
    )  # fmt: skip
    kept = {name: chosen[name] for name in ("wallet", "period") if chosen.get(name)}
    told = {"found": found, "form": form, "kept": kept, "is_first": before is None}
    page = "card/parts/history_page.html" if request.htmx and before else "card/history.html"  # type: ignore[attr-defined]
    return render(request, page, told)


def _form(request: CardRequest) -> FilterForm:
    form = FilterForm(request.GET)
    words, rulebook = words_of(request), rulebook_of(request)
    public = public_currencies(Speaker(rulebook, words, Names())) if rulebook else ()
    points = [(code, capfirst(words.currency(code).name)) for code in public]
    form.fields["wallet"].choices = [("", _("All of them")), *points]  # type: ignore[attr-defined]
    return form


def _bounds(period: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From the first moment of a month or a year in the program's time zone, until the next one's."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if period == "month":
        return month, None
    if period == "last":
        return (month - timedelta(days=1)).replace(day=1), month
    return (month.replace(month=1), None) if period == "year" else (None, None)
