"""Sales made without a network that could not be booked by themselves: mended, let through, dropped with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import people_at
from kopilka.queries.queued_sales import WaitingSale, waiting_sales
from kopilka.services.settling_sales import REASON_MAX, book_waiting, drop_waiting
from kopilka.till.access import TillRequest, at_till
from kopilka.web.problems import sentence_of, tell_in_form

UNPROCESSABLE = 422


class MemberForm(forms.Form):
    member = forms.CharField(
        label=_("Customer: phone or card"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is dropped"), max_length=REASON_MAX, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A sale with the sentence of why it waits, and its two forms. `phone`: nobody has it yet, enrolling would help."""

    sale: WaitingSale
    why: str
    needs_manager: bool
    can_enrol: bool
    book: MemberForm
    drop: ReasonForm


@require_GET
@at_till
def waiting(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return _list(request)


@require_POST
@at_till
def book(request: TillRequest, slug: str, sale: UUID) -> HttpResponse:
    form = MemberForm(request.POST, prefix=str(sale))
    if not form.is_valid():
        return _list(request, sale, book=form)
    if request.staff.training:
        return HttpResponseRedirect(reverse("till-waiting", args=[slug]))
    try:
        book_waiting(
            program=request.program, sale_id=sale, member=form.cleaned_data["member"], by=request.staff.actor,
            language=request.language.value, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="member")
        return _list(request, sale, book=form)
    return HttpResponseRedirect(reverse("till-waiting", args=[slug]))


@require_POST
@at_till
def drop(request: TillRequest, slug: str, sale: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, prefix=str(sale))
    if not form.is_valid():
        return _list(request, sale, drop=form)
    if request.staff.training:
        return HttpResponseRedirect(reverse("till-waiting", args=[slug]))
    try:
        drop_waiting(
            program_id=request.program.id, sale_id=sale, reason=form.cleaned_data["reason"], by=request.staff.actor,
            at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="reason")
        return _list(request, sale, drop=form)
    return HttpResponseRedirect(reverse("till-waiting", args=[slug]))


def _list(
    request: TillRequest, about: UUID | None = None, *, book: MemberForm | None = None, drop: ReasonForm | None = None
) -> HttpResponse:
    """All that wait; the form somebody sent in vain stands as he sent it."""
    shown = [
        _shown(request, sale, book if sale.id == about else None, drop if sale.id == about else None)
        for sale in waiting_sales(request.program.id)
    ]
    names = {one.code: one.name for one in people_at(request.program.id, request.device.branch)}
    return render(
        request, "till/waiting.html", {"sales": shown, "names": names}, status=UNPROCESSABLE if about else 200
    )


def _shown(request: TillRequest, sale: WaitingSale, book: MemberForm | None, drop: ReasonForm | None) -> Shown:
    why = sentence_of(request, Refusal(Code(sale.refused), **sale.params)) if sale.refused else ""
    unknown = sale.refused == Code.NOT_FOUND and sale.params.get("what") == "member"
    return Shown(
        sale,
        why,
        sale.refused == Code.HELD_FOR_REVIEW and request.staff.role != "manager",
        unknown,
        book or MemberForm(initial={"member": sale.member}, prefix=str(sale.id)),
        drop or ReasonForm(prefix=str(sale.id)),
    )
