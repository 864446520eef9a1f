"""What a manager looks after at a till: the devices, the people and their PINs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kopilka.engine.pins import LONGEST
from kopilka.engine.refusal import Refusal
from kopilka.queries.branches import branch_names
from kopilka.queries.devices import CASHIER, KIOSK, MANAGER, TILL, StaffMember, list_devices, signed_in_now
from kopilka.queries.purchases import PurchaseRow, list_purchases
from kopilka.services.devices import CODE_MAX, NAME_MAX, MadeCode, make_device_code, revoke_device
from kopilka.services.staff_access import give_access, staff_of_tills, take_access
from kopilka.till.access import TillRequest, manager_only
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import address_of, pages_of

OFF = {"autocomplete": "off"}
SALES_SHOWN = 30


class TillForm(forms.Form):
    name = forms.CharField(label=_("Name people know it by"), max_length=NAME_MAX, widget=forms.TextInput(attrs=OFF))
    branch = forms.CharField(
        label=_("Code of the shop"), max_length=CODE_MAX, required=False, widget=forms.TextInput(attrs=OFF)
    )
    till = forms.CharField(
        label=_("Number of the till"), max_length=CODE_MAX, required=False, widget=forms.TextInput(attrs=OFF),
        help_text=_("It stands before the numbers of its receipts. Empty: the next free number."),
    )  # fmt: skip


class KioskForm(forms.Form):
    name = forms.CharField(label=_("Name people know it by"), max_length=NAME_MAX, widget=forms.TextInput(attrs=OFF))
    beside = forms.ChoiceField(
        label=_("Beside which till?"), required=False,
        help_text=_("Whoever enrols at the kiosk stands on the open receipt of this till at once."),
    )  # fmt: skip

    def __init__(self, data: Any, tills: list[tuple[str, str]]) -> None:
        super().__init__(data)
        beside = self.fields["beside"]
        assert isinstance(beside, forms.ChoiceField)
        beside.choices = [*tills, ("", _("Beside none"))]
        beside.initial = tills[0][0]


class PersonForm(forms.Form):
    """Managers are made by whoever looks after the server; here a person keeps what he may do."""

    pin = forms.CharField(
        label=_("New PIN"), max_length=LONGEST, help_text=_("4 to 8 digits. The person types it in himself."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
    )  # fmt: skip


@require_GET
@manager_only
def manage(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    devices = list_devices(request.program.id)
    told = {
        "working": [one for one in devices if one.revoked_at is None],
        "gone": [one for one in devices if one.revoked_at is not None][:10],
        "people": staff_of_tills(program_id=request.program.id, by=request.staff.actor),
        "here": signed_in_now(request.program.id, idle_minutes=pages_of(request).idle_minutes, at=request.at),
        "at": request.at,
        "branches": branch_names(request.program.id),
        "sales": _just_sold(request),
        "undo_minutes": pages_of(request).undo_minutes,
    }
    return render(request, "till/manage/overview.html", told)


@require_http_methods(["GET", "POST"])
@manager_only
def new_till(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    form = TillForm(request.POST or None, initial={"branch": request.device.branch})
    return _new_device(request, form, TILL)


@require_http_methods(["GET", "POST"])
@manager_only
def new_kiosk(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    tills = [
        (str(one.id), one.name)
        for one in list_devices(request.program.id)
        if one.kind == TILL and one.revoked_at is None
    ]
    tills.sort(key=lambda till: till[0] != str(request.device.id))
    return _new_device(request, KioskForm(request.POST or None, tills), KIOSK)


@require_http_methods(["GET", "POST"])
@manager_only
def revoke(request: TillRequest, slug: str, device: UUID) -> HttpResponse:
    """Asked for once more before it happens; this very till may be taken away too."""
    found = next((one for one in list_devices(request.program.id) if one.id == device), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        revoke_device(program_id=request.program.id, device_id=device, by=request.staff.actor, at=request.at)
        return HttpResponseRedirect(reverse("till-manage", args=[slug]))
    return render(request, "till/manage/revoke.html", {"device": found, "is_this": found.id == request.device.id})


@require_http_methods(["GET", "POST"])
@manager_only
def person(request: TillRequest, slug: str, code: str) -> HttpResponse:
    who = _person(request, code)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            give_access(
                program_id=request.program.id, employee_code=code, role=who.role or CASHIER,
                pin=form.cleaned_data["pin"], by=request.staff.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            tell_in_form(request, form, refusal)
        else:
            return HttpResponseRedirect(reverse("till-manage", args=[slug]))
    told = {"form": form, "who": who, "out_of_reach": who.role == MANAGER and code != request.staff.code}
    return render(request, "till/manage/person.html", told)


@require_POST
@manager_only
def take_pin(request: TillRequest, slug: str, code: str) -> HttpResponse:
    take_access(program_id=request.program.id, employee_code=code, by=request.staff.actor, at=request.at)
    return HttpResponseRedirect(reverse("till-manage", args=[slug]))


def _just_sold(request: TillRequest) -> list[PurchaseRow]:
    """What tills of the program have sold so lately that it can be undone, the latest first."""
    since = request.at - timedelta(minutes=pages_of(request).undo_minutes)
    rows = list_purchases(request.program.id, since=since, limit=SALES_SHOWN).rows
    return [row for row in rows if row.state == "confirmed" and not row.returned_minor]


def _new_device(request: TillRequest, form: forms.Form, kind: str) -> HttpResponse:
    if form.is_valid():
        try:
            return _show_code(request, form.cleaned_data["name"], kind, _make(request, form.cleaned_data, kind))
        except Refusal as refusal:
            tell_in_form(request, form, refusal)
    return render(request, "till/manage/new_device.html", {"form": form, "kind": kind})


def _make(request: TillRequest, given: dict[str, Any], kind: str) -> MadeCode:
    beside = given.get("beside")
    return make_device_code(
        program_id=request.program.id, kind=kind, name=given["name"], branch=given.get("branch", ""),
        till=given.get("till", ""), beside_id=UUID(beside) if beside else None, by=request.staff.actor, at=request.at,
    )  # fmt: skip


def _show_code(request: TillRequest, name: str, kind: str, made: MadeCode) -> HttpResponse:
    """Shown in the answer itself: a page with an address of its own would keep the code in the history."""
    page = "till-enrol-device" if kind == TILL else "kiosk-enrol-device"
    told = {
        "name": name, "kind": kind, "made": made, "address": address_of(request, page, slug=request.program.slug),
        "spaced": f"{made.code[:4]} {made.code[4:]}",
    }  # fmt: skip
    return render(request, "till/manage/code.html", told)


def _person(request: TillRequest, code: str) -> StaffMember:
    people = staff_of_tills(program_id=request.program.id, by=request.staff.actor)
    found = next((one for one in people if one.code == code), None)
    if found is None:
        raise Http404
    return found
