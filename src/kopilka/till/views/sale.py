"""The sale: one field that takes whatever arrives, and a receipt that grows beside it until Enter books it."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.typed import minor_of
from kopilka.queries.articles import articles_for_till
from kopilka.queries.open_receipts import open_receipt, receipt_changed_at, receipt_of_device
from kopilka.services.open_receipts import OpenReceiptView, finish_receipt, forget_proof
from kopilka.services.recognising import Looking
from kopilka.services.staff_access import must_not_be_own
from kopilka.services.till_sales import Seen, book_receipt
from kopilka.till.access import TillRequest, at_till, at_till_quietly
from kopilka.till.counter import Counter, counter_of, looking_of, now, what_if
from kopilka.till.deeds import Deed, do, told_of
from kopilka.till.outcome import outcome_of
from kopilka.web.requests import pages_of

ARTICLES_MAX = 60
TEXT_MAX = 200


@require_GET
@at_till
def sale(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The page itself. Nothing is written before something is typed."""
    return render(request, "till/sale.html", _told(now(request)))


@require_POST
@at_till
def find(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Whatever was typed, scanned or pressed. Enter with an empty field confirms what is shown."""
    return _press(request)


@require_POST
@at_till
def confirm(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Book what is shown; a second time, the same answer. What was typed meanwhile is taken first, and shown."""
    return _press(request)


@require_POST
@at_till_quietly
def quote(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """What the amount just being typed would come to; nothing is written. Typed away, what stands on the receipt."""
    receipt = open_receipt(request.program.id, request.device.id)
    typed = request.POST.get("text", "")[:TEXT_MAX].strip()
    minor = minor_of(typed, CURRENCY_DIGITS[request.program.currency])
    if receipt is None or (typed and minor is None) or looking_of(receipt, None) is not Looking.AMOUNT:
        return HttpResponse(status=204)
    counter = counter_of(request, receipt) if minor is None else what_if(request, receipt, minor)
    return render(request, "till/parts/quote.html", {"counter": counter, "is_trial": minor is not None})


@require_GET
@at_till_quietly
def look(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Has a kiosk beside, or another page, changed the receipt since this page was shown? Nothing is written."""
    changed = receipt_changed_at(request.program.id, request.device.id)
    if (changed.isoformat() if changed else "") == request.GET.get("since", ""):
        return HttpResponse(status=204)
    return render(request, "till/parts/sale.html", _told(now(request)))


@require_GET
@at_till_quietly
def catalogue(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Buttons of articles; with `q` those whose name or code holds it."""
    wanted = request.GET.get("q", "")[:TEXT_MAX]
    found = articles_for_till(request.program.id, wanted, ARTICLES_MAX)
    return render(request, "till/parts/articles.html", {"articles": found, "wanted": wanted})


def _press(request: TillRequest) -> HttpResponse:
    before = open_receipt(request.program.id, request.device.id)
    finished = _finished(request, before)
    if finished is not None:
        return _outcome(request, finished)
    deed = do(request, before)
    if deed.books and _is_about(request, deed.receipt):
        return _book(request, deed)
    return _answer(request, deed)


def _is_about(request: TillRequest, receipt: OpenReceiptView | None) -> bool:
    """Is the receipt to be booked the one this page showed? Another one is shown first, whatever it comes to."""
    return receipt is not None and request.POST.get("receipt", "") == str(receipt.id)


def _book(request: TillRequest, deed: Deed) -> HttpResponse:
    receipt = deed.receipt
    if receipt is None:
        return _answer(request, deed)
    try:
        if receipt.member_id is not None:
            must_not_be_own(request.staff, receipt.member_id)  # a colleague or the kiosk may have named him
        done = book_receipt(
            program=request.program, receipt=receipt, seen=_seen(request), staff=request.staff.code,
            by=request.staff.actor, language=request.language.value, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        return _answer(request, _refused(request, receipt, refusal))
    finished = finish_receipt(
        program_id=request.program.id, device_id=request.device.id, receipt_id=receipt.id,
        purchase_id=done.purchase_id, by=request.staff.actor, at=request.at,
    )  # fmt: skip
    return _outcome(request, finished)


def _refused(request: TillRequest, receipt: OpenReceiptView, refusal: Refusal) -> Deed:
    """Nothing was booked; a proof that did not fit is forgotten, so that the field asks for another."""
    if refusal.code in {Code.CODE_WRONG, Code.CODE_EXPIRED}:
        receipt = forget_proof(program_id=request.program.id, device_id=request.device.id, at=request.at)
    return Deed(receipt, problem=told_of(request, refusal))


def _seen(request: TillRequest) -> Seen:
    """The figures the page had shown; a page that showed none confirms nothing."""
    figures = [request.POST.get(name, "") for name in ("seen_paid", "seen_units")]
    paid, units = (int(one) if one.isascii() and one.isdigit() and len(one) < 16 else -1 for one in figures)  # noqa: PLR2004 - digits of any amount
    return Seen(paid, max(0, units))


def _finished(request: TillRequest, receipt: OpenReceiptView | None) -> OpenReceiptView | None:
    """The receipt this page was about, where it is booked by now: a double click, a reload, the way back."""
    about = request.POST.get("receipt", "")
    if not about or (receipt is not None and str(receipt.id) == about):
        return None
    try:
        found = receipt_of_device(request.program.id, request.device.id, UUID(about))
    except (Refusal, ValueError):
        return None
    return found if found.state == "done" else None


def _answer(request: TillRequest, deed: Deed) -> HttpResponse:
    counter = counter_of(
        request, deed.receipt, looking=deed.looking, problem=deed.problem, several=deed.several, phone=deed.phone
    )
    is_wrong = bool(counter.problem or deed.phone)
    if not request.headers.get("HX-Request"):
        if not is_wrong and deed.several is None and deed.looking is None:
            return HttpResponseRedirect(reverse("till-sale", args=[request.program.slug]))
        typed = request.POST.get("text", "")[:TEXT_MAX] if is_wrong else ""
        return render(request, "till/sale.html", {**_told(counter), "typed": typed})
    answer = render(request, "till/parts/sale.html", _told(counter))
    sound = "wrong" if is_wrong else deed.sound
    halt = is_wrong or deed.several is not None
    answer.headers["HX-Trigger"] = json.dumps({"till": {"clear": not is_wrong, "halt": halt, "sound": sound}})
    return answer


def _outcome(request: TillRequest, finished: OpenReceiptView) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("till-slip", args=[request.program.slug, finished.id]))
    told = {"outcome": outcome_of(request, finished), "since": "", "undo_minutes": pages_of(request).undo_minutes}
    answer = render(request, "till/parts/outcome.html", told)
    answer.headers["HX-Trigger"] = json.dumps({"till": {"clear": True, "halt": False, "sound": "done"}})
    return answer


def _told(counter: Counter) -> dict[str, object]:
    changed = counter.receipt.changed_at if counter.receipt else None
    return {"counter": counter, "since": changed.isoformat() if changed else "", "ask": _ask(counter)}


def _ask(counter: Counter) -> str:
    """What the field waits for, said to the cashier."""
    match counter.looking:
        case Looking.CODE:
            return _("Code of a coupon or a gift")
        case Looking.PROOF if counter.priced is not None and counter.priced.needed == "second_fact":
            return _("The customer's whole phone or card, or his code")
        case Looking.PROOF:
            return _("The customer's code or PIN")
        case Looking.AMOUNT:
            return _("Amount or article") if not counter.may_confirm else _("Enter: sell. Or another amount, article")
    return _("Phone, last 4 digits, card or code")
