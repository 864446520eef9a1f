"""Undoing a sale: why, and done. The till that made it, for its last receipts; a manager, from any till."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.open_receipts import receipt_of_device
from kopilka.services.receipts import read_receipt
from kopilka.services.staff_access import must_not_be_own
from kopilka.services.undoing import REASON_MAX, undo_sale
from kopilka.till.access import TillRequest, at_till
from kopilka.till.outcome import may_undo, outcome_of
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import pages_of

OTHER = "other"
REASONS = (
    ("amount", _("Wrong amount or article")),
    ("customer", _("Wrong customer")),
    ("mind", _("The customer has changed his mind")),
    ("payment", _("The payment did not go through")),
    (OTHER, _("Something else")),
)


class UndoForm(forms.Form):
    """One of the usual reasons; words of his own where it is none of them."""

    why = forms.ChoiceField(label=_("Why?"), choices=REASONS, widget=forms.RadioSelect)
    words = forms.CharField(label=_("In your words"), max_length=REASON_MAX - 50, required=False)

    def reason(self) -> str:
        chosen, words = self.cleaned_data["why"], self.cleaned_data["words"].strip()
        if chosen == OTHER:
            return words
        label = str(dict(REASONS)[chosen])
        return f"{label}: {words}" if words else label


@require_http_methods(["GET", "POST"])
@at_till
def undo(request: TillRequest, slug: str, receipt: UUID) -> HttpResponse:
    """A receipt this very till has made. In training there is nothing to undo, and nothing happens."""
    finished = receipt_of_device(request.program.id, request.device.id, receipt)
    back = reverse("till-slip", args=[slug, receipt])
    form = UndoForm(request.POST or None)
    if form.is_valid() and (finished.purchase_id is None or _done(request, finished.purchase_id, form)):
        return HttpResponseRedirect(back)
    outcome = outcome_of(request, finished)
    told = {"number": outcome.number, "paid": outcome.decision.totals.paid, "may_undo": outcome.may_undo, "back": back}
    return _show(request, form, told)


@require_http_methods(["GET", "POST"])
@at_till
def undo_purchase(request: TillRequest, slug: str, purchase_id: UUID) -> HttpResponse:
    """A purchase of any till, by its own page. In training nothing is undone."""
    told = read_receipt(program_id=request.program.id, purchase_id=purchase_id, by=request.staff.actor)
    if told.row.member_id is not None:
        must_not_be_own(request.staff, told.row.member_id)
    back = reverse("till-purchase", args=[slug, purchase_id])
    form = UndoForm(request.POST or None)
    if form.is_valid():
        if request.staff.training:
            return HttpResponseRedirect(f"{back}?done=rehearsed")
        if _done(request, purchase_id, form):
            return HttpResponseRedirect(f"{back}?done=undone")
    shown = {
        "number": told.row.external_id, "paid": told.decision.totals.paid, "may_undo": may_undo(request, told),
        "back": back, "till": "" if told.row.till == request.device.till else told.row.till,
    }  # fmt: skip
    return _show(request, form, shown)


def _show(request: TillRequest, form: UndoForm, told: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "undo_minutes": pages_of(request).undo_minutes, **told}
    return render(request, "till/undo.html", context, status=422 if form.errors else 200)


def _done(request: TillRequest, purchase_id: UUID, form: UndoForm) -> bool:
    try:
        undo_sale(
            program_id=request.program.id, purchase_id=purchase_id, reason=form.reason(),
            minutes=pages_of(request).undo_minutes, by=request.staff.actor, at=request.at,
            language=request.language.value,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="words" if refusal.code == Code.MISSING else None)
        return False
    return True
