"""A code the buyer brings: a gift is handed over, a coupon is shown and bound to his phone (S2.22, S4.39, S4.40)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.engine.coupons import normal_word
from kopilka.engine.coupons import words_of as words_of_coupons
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.gifts import ClaimView, claim_for_till
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.gift_desk import CouponAtDesk, bind_at_desk, due_gift, look_at_coupon, waiting_at_desk
from kopilka.services.handing import PIECES_MAX, HandedOver, Handing, hand_over, handed_before
from kopilka.services.look_ups import note_look_up
from kopilka.services.member_desk import masked_member
from kopilka.services.phones import WRITTEN_LENGTH_MAX
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.once import asking_of, request_of
from kopilka.till.views.member import gift_name
from kopilka.web.once import OnceForm
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import rulebook_of, words_of

CODE_MAX = 64
PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of a gift or a coupon"),
        max_length=CODE_MAX,
        widget=forms.TextInput(attrs={**PLAIN, "autofocus": True}),
    )


class BindForm(OnceForm):
    """`code` goes along, so that it stands in no address."""

    code = forms.CharField(max_length=CODE_MAX, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Phone of whoever will use it"), max_length=WRITTEN_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "type": "tel", "autofocus": True}),
    )  # fmt: skip


class PiecesForm(OnceForm):
    pieces = forms.IntegerField(label=_("How many pieces"), min_value=1, max_value=PIECES_MAX)


@require_http_methods(["GET", "POST"])
@at_till
def gift(request: TillRequest, slug: str) -> HttpResponse:
    """Enter a code; below it, what waits for the customer on the receipt."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            return HttpResponseRedirect(reverse("till-claim", args=[slug, claim_for_till(request.program.id, code).id]))
        except Refusal:
            pass
        try:
            return _show_coupon(request, _coupon(request, code))
        except Refusal as refusal:
            if refusal.code is Code.NOT_FOUND:
                form.add_error("code", _unknown(request, code))
            elif refusal.code is Code.TOO_MANY_CODES:
                form.add_error(
                    "code", gettext("Too many unknown codes were typed at this till. Try again in ten minutes.")
                )
            else:
                tell_in_form(request, form, refusal, at="code")
    receipt = open_receipt(request.program.id, request.device.id)
    waiting = None
    if receipt and receipt.member_id and receipt.member_id not in request.staff.own:
        waiting = waiting_at_desk(
            program_id=request.program.id, member_id=receipt.member_id, by=request.staff.actor, at=request.at
        )
    gifts = [(gift_name(words_of(request), one), one) for one in waiting.gifts] if waiting else []
    return render(request, "till/desk/gift.html", {"form": form, "waiting": waiting, "gifts": gifts})


def _unknown(request: TillRequest, typed: str) -> str:
    rulebook = rulebook_of(request)
    if rulebook and normal_word(typed) in words_of_coupons(rulebook):
        return gettext("This word is good on the receipt: type it on the page of the sale, beside phone and amount.")
    return gettext("No gift and no coupon has this code. Compare the letters once more.")


@require_http_methods(["GET", "POST"])
@at_till
def claim(request: TillRequest, slug: str, claim_id: UUID) -> HttpResponse:
    """One gift: what to give, what is paid beside; handed over once."""
    found = claim_for_till(request.program.id, str(claim_id))
    must_not_be_own(request.staff, found.member_id)
    form = OnceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = _handing(request, form, found.member_id, "claim", str(found.id), claim_id=found.id)
        try:
            done = hand_over(program=request.program, handing=asked, dry_run=request.staff.training)
        except Refusal as refusal:
            found = claim_for_till(request.program.id, str(claim_id))
            if refusal.code is not Code.GIFT_CLOSED:
                tell_in_form(request, form, refusal)
        else:
            return _handed(request, slug, done, gift_name(words_of(request), found))
    return render(request, "till/desk/claim.html", {"form": form, **_about(request, found)})


@require_http_methods(["GET", "POST"])
@at_till
def due(request: TillRequest, slug: str, member_id: UUID, currency: str) -> HttpResponse:
    """Pieces that stand as points: as many as are due, or fewer where the rules allow it."""
    must_not_be_own(request.staff, member_id)
    found = due_gift(
        program_id=request.program.id, member_id=member_id, currency=currency, by=request.staff.actor, at=request.at
    )
    if found is None:
        return _handed_already(request, slug, currency)
    form = PiecesForm(request.POST or None, initial={"pieces": found.pieces})
    if form.is_valid():
        pieces = form.cleaned_data["pieces"]
        asked = _handing(
            request, form, member_id, "due", currency, pieces, currency=currency, sku=found.sku, pieces=pieces
        )
        try:
            done = hand_over(program=request.program, handing=asked, dry_run=request.staff.training)
        except Refusal as refusal:
            tell_in_form(request, form, refusal, at="pieces")
        else:
            return _handed(request, slug, done, found.sku)
    told = {"form": form, "due": found, "who": masked_member(request.program.id, member_id)}
    return render(request, "till/desk/due.html", told)


def _handed_already(request: TillRequest, slug: str, currency: str) -> HttpResponse:
    """Nothing is due: what handed the last of it over may have been sent twice."""
    form = PiecesForm(request.POST)
    if form.is_valid():
        pieces = form.cleaned_data["pieces"]
        done = handed_before(request.program.id, request_of(request, form, "due", currency, pieces))
        if done is not None:
            return _handed(request, slug, done, "")
    raise Http404


@require_http_methods(["POST"])
@at_till
def coupon(request: TillRequest, slug: str) -> HttpResponse:
    """Bind the code to a phone; whoever has it afterwards is told by the mask alone."""
    form = BindForm(request.POST)
    if "code" not in request.POST:
        return HttpResponseRedirect(reverse("till-gift", args=[slug]))
    code = request.POST["code"][:CODE_MAX]
    if not form.is_valid():
        return _show_coupon(request, _coupon(request, code), form)
    phone = form.cleaned_data["phone"]
    try:
        note_look_up(program_id=request.program.id, by=request.staff.actor, at=request.at)
        bound = bind_at_desk(
            program=request.program, word=code, phone=phone, own=request.staff.own,
            asking=asking_of(request, form, "bind", code, phone), dry_run=request.staff.training,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="phone" if refusal.code is Code.PHONE_INVALID else None)
        return _show_coupon(request, _coupon(request, code), form)
    return render(request, "till/desk/coupon_bound.html", {"bound": bound})


def _coupon(request: TillRequest, code: str) -> CouponAtDesk:
    return look_at_coupon(program_id=request.program.id, word=code, by=request.staff.actor, at=request.at)


def _show_coupon(request: TillRequest, found: CouponAtDesk, form: BindForm | None = None) -> HttpResponse:
    form = form or BindForm(initial={"code": found.word})
    return render(request, "till/desk/coupon.html", {"form": form, "coupon": found})


def _handing(request: TillRequest, form: OnceForm, member_id: UUID, *content: Any, **what: Any) -> Handing:
    return Handing(
        member_id, _number(request, request.at), request.staff.actor, request.at, request.staff.code,
        request=request_of(request, form, *content), language=request.language.value, **what,
    )  # fmt: skip


def _number(request: TillRequest, at: datetime) -> str:
    """A gift's receipt is not one of the till's own row: it is named by its moment."""
    local = at.astimezone(ZoneInfo(request.program.timezone))
    return f"{request.device.till}-G{local:%y%m%d-%H%M%S%f}"[:-4]


def _handed(request: TillRequest, slug: str, done: HandedOver, name: str) -> HttpResponse:
    if done.purchase_id is not None:
        return HttpResponseRedirect(f"{reverse('till-purchase', args=[slug, done.purchase_id])}?done=gift")
    return render(request, "till/desk/handed_in_training.html", {"decision": done.decision, "name": name})


def _about(request: TillRequest, found: ClaimView) -> dict[str, Any]:
    is_over = found.state == "open" and found.until is not None and found.until <= request.at
    return {
        "gift": found,
        "name": gift_name(words_of(request), found),
        "state": "expired" if is_over else found.state,
        "who": masked_member(request.program.id, found.member_id),
    }
