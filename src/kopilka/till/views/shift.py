"""The day of this till in figures, to look at and to print (F10)."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from kopilka.services.shifts import shift_figures
from kopilka.till.access import TillRequest, at_till

FIRST = date(2000, 1, 1)


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    whose = forms.ChoiceField(required=False, choices=[("till", ""), ("mine", "")])


@require_GET
@at_till
def shift(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    zone = ZoneInfo(request.program.timezone)
    today = request.at.astimezone(zone).date()
    form = DayForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    day = given.get("day") or today
    day = min(max(day, FIRST), today)
    is_mine = given.get("whose") == "mine"
    figures = shift_figures(
        program_id=request.program.id, day=day, zone=zone, staff=request.staff.code if is_mine else "",
        employee_id=request.staff.employee_id if is_mine else None, by=request.staff.actor,
    )  # fmt: skip
    told = {
        "form": DayForm({"day": day.isoformat()}) if form.is_valid() else form,
        "figures": figures,
        "is_mine": is_mine,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "till/desk/shift.html", told)
