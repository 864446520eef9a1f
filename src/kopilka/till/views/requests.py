"""Articles that were not there: who asked for them, and telling those people when they come (S4.42)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.typed import quantity_of
from kopilka.queries.articles import articles_for_till
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.enrolling import find_by_phone
from kopilka.services.goods import Asked, goods_arrived, request_goods, withdraw_request
from kopilka.services.look_ups import note_look_up
from kopilka.services.member_desk import masked_member
from kopilka.services.phones import WRITTEN_LENGTH_MAX
from kopilka.services.request_desk import check_request, open_requests, wanted_article
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.once import asking_of
from kopilka.web.once import OnceForm
from kopilka.web.problems import tell_in_form

OFFERED, COUNTED = 200, 1_000


class RequestForm(OnceForm):
    """`member` where the customer is known by the page before; else his phone is asked for."""

    member = forms.UUIDField(required=False, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=WRITTEN_LENGTH_MAX, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "type": "tel"}),
    )  # fmt: skip
    article = forms.CharField(
        label=_("What was not there"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "articles"}),
    )  # fmt: skip
    quantity = forms.CharField(
        label=_("How many"), max_length=12, initial="1", widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    note = forms.CharField(label=_("Note: size, colour, until when"), max_length=500, required=False)

    def clean_quantity(self) -> int:
        found = quantity_of(self.cleaned_data["quantity"])
        if found is None:
            raise forms.ValidationError(gettext("Type a number, such as 1 or 0.5."))
        return found


class ArrivedForm(OnceForm):
    sku = forms.CharField(max_length=100, widget=forms.HiddenInput)


class AfterForm(forms.Form):
    after = forms.UUIDField(required=False)


@require_http_methods(["GET", "POST"])
@at_till
def ask(request: TillRequest, slug: str) -> HttpResponse:
    """The requests of the branch, and a form for a new one."""
    if request.method == "GET" or request.POST.get("step") == "start":
        return _show(request, RequestForm(initial={"member": request.POST.get("member") or _on_receipt(request)}))
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        member_id = _whose(request, form)
        wanted = wanted_article(request.program.id, form.cleaned_data["article"])
        _write(request, form, member_id, wanted.sku, wanted.name)
    except Refusal as refusal:
        about = {"sku": "article", "quantity": "quantity", "phone": "phone"}.get(str(refusal.params.get("field")))
        tell_in_form(request, form, refusal, at="phone" if refusal.code is Code.PHONE_INVALID else about)
        return _show(request, form)
    if request.staff.training:
        return _show(request, RequestForm(), rehearsed=wanted.name)
    return HttpResponseRedirect(f"{reverse('till-request', args=[slug])}?done=written")


@require_POST
@at_till
def arrived(request: TillRequest, slug: str) -> HttpResponse:
    """Asked once more before anybody is told; then everybody who waits for the article here is."""
    form = ArrivedForm(request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("till-request", args=[slug]))
    sku, told = form.cleaned_data["sku"], 0
    if request.POST.get("step") != "yes":
        waiting, _after = open_requests(
            program_id=request.program.id, branch=request.device.branch, by=request.staff.actor, sku=sku, limit=COUNTED
        )
        return render(request, "till/desk/arrived.html", {"form": form, "waiting": waiting, "sku": sku})
    if request.staff.training:
        return _show(request, RequestForm(), rehearsed=sku)
    asking = asking_of(request, form, "arrived", sku)
    done = goods_arrived(
        program_id=request.program.id, skus=[sku], branch=request.device.branch, message="", asking=asking
    )
    told = sum(done.told.values())
    return HttpResponseRedirect(f"{reverse('till-request', args=[slug])}?done=arrived&told={told}")


@require_POST
@at_till
def withdraw(request: TillRequest, slug: str, request_id: UUID) -> HttpResponse:
    """He does not want it any more."""
    form = OnceForm(request.POST)
    form.is_valid()
    if request.staff.training:
        return _show(request, RequestForm(), rehearsed=gettext("Withdrawn"))
    asking = asking_of(request, form, "withdraw", str(request_id))
    withdraw_request(program_id=request.program.id, request_id=request_id, asking=asking)
    return HttpResponseRedirect(f"{reverse('till-request', args=[slug])}?done=withdrawn")


def _whose(request: TillRequest, form: RequestForm) -> UUID:
    member_id: UUID | None = form.cleaned_data["member"]
    phone = form.cleaned_data["phone"]
    if member_id is None:
        if not phone:
            raise Refusal(Code.MISSING, field="phone")
        note_look_up(program_id=request.program.id, by=request.staff.actor, at=request.at)
        member_id = find_by_phone(program=request.program, phone=phone, by=request.staff.actor)
    if member_id is None:
        raise Refusal(Code.NOT_FOUND, what="member", field="phone")
    must_not_be_own(request.staff, member_id)
    return member_id


def _write(request: TillRequest, form: RequestForm, member_id: UUID, sku: str, name: str) -> None:
    given = form.cleaned_data
    if request.staff.training:
        check_request(program_id=request.program.id, member_id=member_id, sku=sku, by=request.staff.actor)
        return
    asked = Asked(sku, name, given["quantity"], request.device.branch, request.staff.code, given["note"])
    asking = asking_of(request, form, "request", str(member_id), sku, given["quantity"])
    request_goods(program_id=request.program.id, member_id=member_id, asked=asked, asking=asking)


def _on_receipt(request: TillRequest) -> UUID | None:
    """Whoever stands on the till's receipt now, unless it is the cashier himself."""
    receipt = open_receipt(request.program.id, request.device.id)
    member_id = receipt.member_id if receipt else None
    return None if member_id in request.staff.own else member_id


def _rows(request: TillRequest, after: UUID | None) -> tuple[list[Any], UUID | None]:
    return open_requests(
        program_id=request.program.id, branch=request.device.branch, by=request.staff.actor, after=after
    )


def _show(request: TillRequest, form: RequestForm, **told: Any) -> HttpResponse:
    place = AfterForm(request.GET)
    rows, following = _rows(request, place.cleaned_data["after"] if place.is_valid() else None)
    who = None
    member_id = form["member"].value()
    if member_id and not form["member"].errors:
        try:
            who = masked_member(request.program.id, UUID(str(member_id)))
        except (Refusal, ValueError):
            form = RequestForm(form.data or None, initial={"member": None})
    form.fields["article" if who else "phone"].widget.attrs["autofocus"] = True
    context = {
        "form": form, "who": who, "rows": rows, "after": following,
        "articles": articles_for_till(request.program.id, limit=OFFERED), "once": OnceForm(), **told,
    }  # fmt: skip
    return render(request, "till/desk/request.html", context)
