"""A member's page at the till: what he has, what he bought, and why he got each point (S3.7)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kopilka.bookkeeping.returning.requests import ReturnDocument
from kopilka.queries.branches import branch_names
from kopilka.queries.gifts import ClaimView
from kopilka.queries.purchases import PurchasePage, list_purchases
from kopilka.queries.wallets import WalletView
from kopilka.services.consents import lacking_consents
from kopilka.services.member_desk import member_at_desk
from kopilka.services.open_receipts import How, name_member
from kopilka.services.receipts import ReceiptTold, read_receipt
from kopilka.services.returns import ReturnResult
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.outcome import may_undo
from kopilka.web.requests import words_of
from kopilka.wording.amounts import day_of
from kopilka.wording.explanation import explain_purchase, explain_returned, not_applied
from kopilka.wording.tiers import progress_texts
from kopilka.wording.vocabulary import Vocabulary, vocabulary_of

PAGE = 20


class SearchForm(forms.Form):
    """Purchases from a day to a day, in the program's time; `before` names where an older page begins."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_GET
@at_till
def member(request: TillRequest, slug: str, member_id: UUID) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    must_not_be_own(request.staff, member_id)
    told = member_at_desk(program=request.program, member_id=member_id, by=request.staff.actor, at=request.at)
    search = SearchForm(request.GET)
    words = words_of(request)
    context = {
        "member": told,
        "lacks_consents": bool(lacking_consents(request.program.id, member_id)),
        "wallets": [(wallet, _burning(wallet, words)) for wallet in told.wallets],
        "gifts": [(gift_name(words, one), one) for one in told.gifts],
        "search": search,
        "page": _purchases(request, member_id, search),
        "branches": branch_names(request.program.id),
        "progress": progress_texts(told.progress, words) if told.progress else [],
        "tier": words.tiers.get(told.tier, told.tier),
        "tier_part": _tier_part(told.progress),
        "privileges": [(words.promotion(one.promotion).name, one) for one in told.privileges],
    }
    return render(request, "till/desk/member.html", context)


@require_POST
@at_till
def pick(request: TillRequest, slug: str, member_id: UUID) -> HttpResponse:
    """He is put on the till's receipt, as somebody found by what he said: spending asks him for more."""
    must_not_be_own(request.staff, member_id)
    name_member(
        program_id=request.program.id, device_id=request.device.id, member_id=member_id, how=How.PHONE,
        training=request.staff.training, at=request.at,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("till-sale", args=[slug]))


@require_GET
@at_till
def purchase(request: TillRequest, slug: str, purchase_id: UUID) -> HttpResponse:  # noqa: ARG001 - same
    """One purchase: its lines, the reason of every point, what has come back of it."""
    told = read_receipt(program_id=request.program.id, purchase_id=purchase_id, by=request.staff.actor)
    if told.row.member_id is not None:
        must_not_be_own(request.staff, told.row.member_id)
    context = {**purchase_context(request, told), "may_undo": may_undo(request, told)}
    return render(request, "till/desk/purchase.html", context)


def purchase_context(request: TillRequest, told: ReceiptTold) -> dict[str, Any]:
    """Everything the page of a purchase shows, in the words of the rules of its day."""
    words = vocabulary_of(told.rulebook, request.language)
    reasons = [(code, explain_purchase(told.decision, code, words)) for code in told.currencies]
    returns = [
        (one, returned_texts(document, words)) for one, document in zip(told.returns, told.documents, strict=True)
    ]
    return {
        "told": told,
        "receipt": told.row,
        "decision": told.decision,
        "reasons": reasons,
        "nothing": [] if reasons else not_applied(told.decision, words),
        "returns": returns,
    }


def gift_name(words: Vocabulary, claim: ClaimView) -> str:
    """In the reader's language; a gift the rules no longer know is called as it was when it was chosen."""
    return words.gifts.get(claim.gift, claim.name)


def _burning(wallet: WalletView, words: Vocabulary) -> list[tuple[str, int]]:
    """Units that end, by local day."""
    found: dict[str, int] = {}
    for one in wallet.expiring:
        day = day_of(one.at, words.zone, words.language)
        found[day] = found.get(day, 0) + one.units
    return list(found.items())


def returned_texts(document: ReturnDocument | ReturnResult, words: Vocabulary) -> list[str]:
    """What a return brought back and did to the points, each sentence once."""
    texts = [
        text
        for part in document.decisions
        for code in [one.currency for one in part.points] or [""]
        for text in explain_returned(part, code, words)
    ]
    return list(dict.fromkeys(texts))


def _purchases(request: TillRequest, member_id: UUID, search: SearchForm) -> PurchasePage:
    """What a wrong date says is told beside it; the list is then that of all days."""
    search.is_valid()
    given = getattr(search, "cleaned_data", {})
    since, until = given.get("since"), given.get("until")
    return list_purchases(
        request.program.id, member_id=member_id, since=_midnight(request, since),
        until=_midnight(request, until + timedelta(days=1)) if until and until < date.max else None,
        before=given.get("before"), limit=PAGE,
    )  # fmt: skip


def _midnight(request: TillRequest, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(request.program.timezone)) if day else None


def _tier_part(progress: Any) -> int | None:
    """Hundredths of the way to the next tier that are behind him; None where it cannot be said by one figure."""
    if progress is None or progress.next is None or len(progress.next.ways) != 1:
        return None
    lacks = progress.next.ways[0]
    if len(lacks) != 1 or not lacks[0].wanted:
        return None
    return max(0, min(100, 100 * lacks[0].has // lacks[0].wanted))
