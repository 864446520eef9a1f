"""Undoing a sale: why, and done."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.open_receipts import receipt_of_device
from kopilka.services.open_receipts import OpenReceiptView
from kopilka.services.undoing import REASON_MAX, undo_sale
from kopilka.till.access import TillRequest, at_till
from kopilka.till.outcome import outcome_of
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
    finished = receipt_of_device(request.program.id, request.device.id, receipt)
    form = UndoForm(request.POST or None)
    if form.is_valid() and _done(request, finished, form):
        return HttpResponseRedirect(reverse("till-slip", args=[slug, receipt]))
    told = {
        "form": form,
        "outcome": outcome_of(request, finished),
        "undo_minutes": pages_of(request).undo_minutes,
    }
    return render(request, "till/undo.html", told, status=422 if form.errors else 200)


def _done(request: TillRequest, finished: OpenReceiptView, form: UndoForm) -> bool:
    """In training there is nothing to undo, and nothing happens."""
    if finished.purchase_id is None:
        return True
    try:
        undo_sale(
            program_id=request.program.id, purchase_id=finished.purchase_id, reason=form.reason(),
            minutes=pages_of(request).undo_minutes, by=request.staff.actor, at=request.at,
            language=request.language.value,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="words" if refusal.code == Code.MISSING else None)
        return False
    return True
