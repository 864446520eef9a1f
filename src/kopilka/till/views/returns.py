"""Return by receipt number: which lines, how much of each, what the customer gets back (F8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.engine.decision import PricedLine
from kopilka.engine.refusal import Refusal
from kopilka.engine.typed import quantity_of
from kopilka.queries.returns import return_for_door
from kopilka.services.member_desk import masked_member
from kopilka.services.receipts import ReceiptTold, find_receipts, read_receipt, return_document
from kopilka.services.returns import ReturnResult, return_made_by, return_purchase
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.once import request_of
from kopilka.till.outcome import may_undo
from kopilka.till.views.member import returned_texts
from kopilka.web.once import OnceForm
from kopilka.web.problems import sentence_of, tell_in_form
from kopilka.web.templatetags.web import quantity as shown_quantity
from kopilka.wording.vocabulary import vocabulary_of

NUMBER_MAX = 100
REASONS = (
    ("", _("Choose a reason")),
    ("unsuitable", _("It did not suit")),
    ("defect", _("It is faulty")),
    ("mistake", _("A mistake at the till")),
    ("other", _("Something else")),
)


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the receipt"), max_length=NUMBER_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )  # fmt: skip


class ReturnForm(OnceForm):
    """How much of each line comes back; nothing is marked beforehand."""

    reason = forms.ChoiceField(label=_("Why?"), choices=REASONS)
    note = forms.CharField(label=_("In your own words"), max_length=300, required=False)

    def __init__(self, data: Any, told: ReceiptTold, **options: Any) -> None:
        super().__init__(data, **options)
        self.told = told
        for place, line in enumerate(told.lines_left):
            attrs = {"inputmode": "decimal", "autocomplete": "off", **({} if place else {"autofocus": True})}
            self.fields[f"line_{line.number}"] = forms.CharField(
                label=line.name or line.sku, max_length=12, required=False, widget=forms.TextInput(attrs=attrs)
            )

    @property
    def rows(self) -> list[tuple[PricedLine, int, forms.BoundField]]:
        """Each line with what is left of it (thousandths) and its field."""
        return [(line, self.told.left[line.number], self[f"line_{line.number}"]) for line in self.told.lines_left]

    @property
    def lines(self) -> dict[int, int]:
        """Thousandths by line number, as far as they were typed and are good."""
        given = getattr(self, "cleaned_data", {})
        found = {line.number: given.get(f"line_{line.number}") for line in self.told.lines_left}
        return {number: units for number, units in found.items() if isinstance(units, int) and units}

    @property
    def asked(self) -> dict[int, int]:
        """Thousandths by line number as they were typed, whatever is left of each by now."""
        typed = {line.number: str(self.data.get(f"line_{line.number}", "")) for line in self.told.decision.lines}
        found = {number: quantity_of(text.strip()) for number, text in typed.items()}
        return {number: units for number, units in found.items() if units}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for line in self.told.lines_left:
            name = f"line_{line.number}"
            text = (given.get(name) or "").strip()
            units = 0 if text in {"", "0"} else quantity_of(text)
            if units is None:
                self.add_error(name, gettext("Type a number, such as 1 or 0.5."))
            elif units > self.told.left[line.number]:
                most = shown_quantity(self.told.left[line.number])
                self.add_error(name, gettext("No more than %(most)s can come back.") % {"most": most})
            else:
                given[name] = units
        return given


@require_http_methods(["GET", "POST"])
@at_till
def find(request: TillRequest, slug: str) -> HttpResponse:
    """By the number on our slip or on the paper receipt, of this till or any other of the program."""
    form = NumberForm(request.POST or None)
    rows = []
    if form.is_valid():
        rows = find_receipts(program_id=request.program.id, number=form.cleaned_data["number"], by=request.staff.actor)
        if len(rows) == 1:
            return HttpResponseRedirect(reverse("till-return-of", args=[slug, rows[0].id]))
        if not rows:
            unknown = gettext(
                "This program has no receipt with this number. Look at the slip: till, dash, number."
                " A receipt of another shop is returned there."
            )
            form.add_error("number", unknown)
    return render(request, "till/desk/find_receipt.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@at_till
def give_back(request: TillRequest, slug: str, purchase_id: UUID) -> HttpResponse:
    """Lines with quantities; figures beside them while they are typed; then it is booked, once."""
    told = read_receipt(program_id=request.program.id, purchase_id=purchase_id, by=request.staff.actor)
    if told.row.member_id is not None:
        must_not_be_own(request.staff, told.row.member_id)
    step = request.POST.get("step", "")
    if request.method == "GET" or step == "all":
        form = ReturnForm(None, told, initial=_everything(request, told) if step else {})
        return _show(request, form, told.left if step else {})
    form = ReturnForm(request.POST, told)
    is_good = form.is_valid()
    if request.headers.get("HX-Request"):
        return _figures_alone(request, form)
    if step == "count":
        return _show(request, form, form.lines, is_new=True)
    before = None if is_good and form.lines else _booked_before(request, form)
    if before is not None:
        return HttpResponseRedirect(reverse("till-returned", args=[slug, before]))
    if is_good and not form.lines:
        form.add_error(None, gettext("Nothing comes back yet: type a quantity, or press “Everything”."))
    if form.errors:
        return _show(request, form, form.lines)
    return _book(request, slug, form)


@require_GET
@at_till
def returned(request: TillRequest, slug: str, return_id: UUID) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The slip of a return, to print or show."""
    view = return_for_door(request.program.id, return_id)
    if view.member_id is not None:
        must_not_be_own(request.staff, view.member_id)
    told = None
    if view.purchase_id is not None:
        told = read_receipt(program_id=request.program.id, purchase_id=view.purchase_id, by=request.staff.actor)
    words = vocabulary_of(told.rulebook, request.language) if told else None
    texts = returned_texts(return_document(view), words) if words else []
    return render(request, "till/desk/returned.html", {"view": view, "told": told, "texts": texts})


def _book(request: TillRequest, slug: str, form: ReturnForm) -> HttpResponse:
    try:
        done = _return(request, form, dry_run=request.staff.training)
    except Refusal as refusal:
        tell_in_form(request, form, refusal)
        return _show(request, form, form.lines)
    if done.return_id is None:
        context = {"form": form, "told": form.told, **_figures(request, form, done)}
        return render(request, "till/desk/returned_in_training.html", context)
    return HttpResponseRedirect(reverse("till-returned", args=[slug, done.return_id]))


def _booked_before(request: TillRequest, form: ReturnForm) -> UUID | None:
    """The return this form has booked when it was sent the first time: what it asks for is no longer there."""
    if "reason" in form.errors or "note" in form.errors:
        return None
    return return_made_by(request.program.id, _key(request, form, form.asked, _reason(form)))


def _key(request: TillRequest, form: ReturnForm, lines: dict[int, int], reason: str) -> Request:
    return request_of(request, form, "return", str(form.told.row.id), lines, reason)


def _return(
    request: TillRequest, form: ReturnForm, *, dry_run: bool, lines: dict[int, int] | None = None
) -> ReturnResult:
    lines = form.lines if lines is None else lines
    reason = "" if dry_run else _reason(form)
    key = NO_KEY if dry_run else _key(request, form, lines, reason)
    return return_purchase(
        program_id=request.program.id, purchase_id=form.told.row.id, lines=lines, source=f"till:{request.device.till}",
        external_id=_number(request), by=request.staff.actor, at=request.at, request=key, dry_run=dry_run,
        language=request.language.value, reason=reason,
    )  # fmt: skip


def _reason(form: ReturnForm) -> str:
    chosen, note = str(dict(REASONS)[form.cleaned_data["reason"]]), form.cleaned_data["note"]
    return f"{chosen}: {note}" if note else chosen


def _number(request: TillRequest) -> str:
    local = request.at.astimezone(ZoneInfo(request.program.timezone))
    return f"{request.device.till}-R{local:%y%m%d-%H%M%S%f}"[:-4]


def _everything(request: TillRequest, told: ReceiptTold) -> dict[str, Any]:
    """What was typed beside the lines stays."""
    kept = {name: request.POST.get(name, "") for name in ("reason", "note", "once")}
    return {**kept, **{f"line_{number}": shown_quantity(left) for number, left in told.left.items()}}


def _figures(request: TillRequest, form: ReturnForm, done: ReturnResult) -> dict[str, Any]:
    words = vocabulary_of(form.told.rulebook, request.language)
    points = [(one.currency, one.given, one.taken, one.owed) for part in done.decisions for one in part.points]
    return {"done": done, "points": points, "texts": returned_texts(done, words)}


def _tried(request: TillRequest, form: ReturnForm, lines: dict[int, int]) -> dict[str, Any]:
    """What would happen, or the sentence that says why it cannot."""
    if not lines:
        return {}
    try:
        return _figures(request, form, _return(request, form, dry_run=True, lines=lines))
    except Refusal as refusal:
        return {"problem": sentence_of(request, refusal)}


def _figures_alone(request: TillRequest, form: ReturnForm) -> HttpResponse:
    lines = {} if any(name.startswith("line_") for name in form.errors) else form.lines
    return render(request, "till/desk/return_figures.html", {"told": form.told, **_tried(request, form, lines)})


def _show(request: TillRequest, form: ReturnForm, lines: dict[int, int], *, is_new: bool = False) -> HttpResponse:
    """`is_new`: nobody has tried to book it yet, so a missing reason is no mistake."""
    if is_new:
        form.errors.pop("reason", None)
    who = masked_member(request.program.id, form.told.row.member_id) if form.told.row.member_id else None
    context = {
        "form": form, "told": form.told, "receipt": form.told.row, "decision": form.told.decision, "who": who,
        "may_undo": may_undo(request, form.told), **_tried(request, form, lines),
    }  # fmt: skip
    return render(request, "till/desk/return.html", context)
