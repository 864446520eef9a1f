"""What a press of Enter, a key or a button on the sale page asks for, done to the open receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kopilka.engine.contacts import clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.typed import quantity_of, units_of
from kopilka.queries.articles import article_by_barcode
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.look_ups import note_look_up
from kopilka.services.open_receipts import (
    How,
    OpenReceiptView,
    ReceiptDraft,
    Spend,
    change_receipt,
    current_receipt,
    drop_receipt,
    name_member,
)
from kopilka.services.recognising import (
    AmountTyped,
    ArticleFound,
    CouponFound,
    GiftFound,
    Looking,
    MemberFound,
    Nothing,
    PhoneUnknown,
    Recognised,
    Several,
    recognise,
    tidy,
)
from kopilka.services.staff_access import must_not_be_own
from kopilka.services.till_sales import Priced, price_receipt
from kopilka.till import drafting
from kopilka.till.access import TillRequest
from kopilka.till.counter import looking_of
from kopilka.web.problems import sentence_of
from kopilka.web.requests import rulebook_of

PAPER_MAX = 60
SILENT, DONE = "", "ok"
_BY_KNOWLEDGE = frozenset({How.PHONE, How.CARD, How.EMAIL, How.CODE})
"""Named by something a cashier could type on his own: such look-ups are counted."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What came of it. `books`: what is shown shall be sold now; `looking`: the field waits for something special."""

    receipt: OpenReceiptView | None
    books: bool = False
    problem: str = ""
    several: Several | None = None
    phone: str = ""
    looking: Looking | None = None
    sound: str = SILENT


def do(request: TillRequest, before: OpenReceiptView | None) -> Deed:
    """A refusal is told beside the field, and what was typed stays there."""
    receipt = before if before is not None and before.training == request.staff.training else None
    verb, _colon, argument = request.POST.get("do", "").partition(":")
    try:
        return _do(request, receipt, verb, argument)
    except Refusal as refusal:
        return Deed(open_receipt(request.program.id, request.device.id), problem=told_of(request, refusal))


def _looked_too_often(refusal: Refusal) -> str:
    seconds = int(str(refusal.params["retry_after_seconds"]))
    told = ngettext(
        "So many customers looked for and so few sales: wait %(n)s second before the next.",
        "So many customers looked for and so few sales: wait %(n)s seconds before the next.",
        seconds,
    )
    return told % {"n": seconds}


def told_of(request: TillRequest, refusal: Refusal) -> str:
    """A wrong code is most often an old one: the cashier learns where a fresh one stands."""
    if refusal.code != Code.CODE_WRONG:
        return sentence_of(request, refusal)
    told = _("The code does not fit. Let the customer open his card: its code changes every 30 seconds.")
    left = refusal.params.get("tries_left")
    return f"{told} {_('Tries left: %(n)s.') % {'n': left}}" if left else told


def _do(request: TillRequest, receipt: OpenReceiptView | None, verb: str, argument: str) -> Deed:
    text = tidy(request.POST.get("text", ""))
    if verb in _VERBS:
        return _VERBS[verb](request, receipt, argument)
    if verb == "code" and not text:
        return Deed(receipt, looking=Looking.CODE)
    return _typed(request, receipt, text, verb)


def _typed(request: TillRequest, receipt: OpenReceiptView | None, text: str, verb: str) -> Deed:
    """First the figures beside the field, then the field itself, then the key that was pressed."""
    changed = _side_fields(request, receipt)
    taken = _take(request, changed or receipt, text, as_code=verb == "code") if text else None
    if taken is not None and (taken.problem or taken.several or taken.phone or verb not in _POINTS):
        return taken
    if verb in _POINTS:
        return _spend(request, taken.receipt if taken else changed or receipt, verb)
    if changed is not None:
        return Deed(changed, sound=DONE)
    return Deed(receipt, books=receipt is not None and not receipt.document.is_empty)


def _take(request: TillRequest, receipt: OpenReceiptView | None, text: str, *, as_code: bool) -> Deed:
    """What was typed or scanned goes where it belongs."""
    looking = Looking.CODE if as_code or request.POST.get("looking") == "code" else _looking(request, receipt)
    found = recognise(
        program=request.program, text=text, by=request.staff.actor, at=request.at, looking=looking,
        member_id=receipt.member_id if receipt else None,
    )  # fmt: skip
    if _counts(found, looking):
        try:
            note_look_up(program_id=request.program.id, by=request.staff.actor, at=request.at)
        except Refusal as refusal:
            return Deed(receipt, problem=_looked_too_often(refusal))
    return _apply(request, receipt, found, looking)


def _apply(  # noqa: PLR0911 - one answer per kind
    request: TillRequest, receipt: OpenReceiptView | None, found: Recognised, looking: Looking
) -> Deed:
    draft = receipt.document if receipt else ReceiptDraft()
    match found:
        case MemberFound():
            proven = (
                looking is Looking.PROOF and bool(found.proof) and found.member_id == (receipt and receipt.member_id)
            )
            return Deed(_name(request, found.member_id, found.how, found.proof), books=proven, sound=DONE)
        case Several(rows=(only,)):
            return Deed(_name(request, only.member_id, How.TAIL), sound=DONE)
        case Several(too_many=True):
            return Deed(receipt, problem=_("More than five phones end so. Type more digits, or the whole phone."))
        case Several():
            return Deed(receipt, several=found)
        case CouponFound():
            return _keep(request, receipt, drafting.with_code(draft, found.word))
        case GiftFound():
            if receipt is None or receipt.member_id is None:
                receipt = _name(request, found.claim.member_id, How.CARD)
            return _keep(request, receipt, drafting.with_code(receipt.document, found.claim.code))
        case ArticleFound():
            return _keep(request, receipt, drafting.with_article(draft, found.article, found.quantity))
        case AmountTyped():
            return _keep(request, receipt, replace(draft, amount_minor=found.minor or None))
        case PhoneUnknown():
            return Deed(receipt, phone=found.phone, problem=_("Nobody is known by this phone yet."))
        case Nothing():
            return Deed(receipt, problem=_not_understood(looking))


def _not_understood(looking: Looking) -> str:
    match looking:
        case Looking.CODE:
            return _("There is no such coupon and no such gift. Check the letters.")
        case Looking.PROOF:
            return _("This is no code of the customer. He finds it in his card or in the message.")
        case Looking.AMOUNT:
            return _("Nothing is known by this. An amount is digits with a comma, such as 350 or 350,50.")
    return _("Nobody and nothing is known by this. Check what was typed, or sell without a card.")


def _spend(request: TillRequest, receipt: OpenReceiptView | None, verb: str) -> Deed:
    if receipt is None or receipt.member_id is None:
        return Deed(receipt, problem=_("Points are paid by a customer: name him first."))
    draft = receipt.document
    if verb == "all":
        return _keep(request, receipt, replace(draft, spend=Spend.ALL, units=0))
    if verb == "none":
        return _keep(request, receipt, drafting.paying(draft, 0))
    priced = _price(request, receipt)
    if priced is None or not priced.pays:
        return Deed(receipt, problem=_("First the amount: points pay a part of it."))
    step = drafting.STEP_POINTS * _scale(request, priced.pays[0].currency)
    units = priced.seen.units + (step if verb == "more" else -step)
    return _keep(request, receipt, drafting.paying(draft, min(units, priced.units_max)))


def _side_fields(request: TillRequest, receipt: OpenReceiptView | None) -> OpenReceiptView | None:
    """Figures typed beside the field: quantities, points, the number on paper. None: none was changed."""
    if receipt is None:
        return None
    draft = receipt.document
    for place in reversed(range(len(draft.lines))):
        typed = request.POST.get(f"quantity-{place}")
        quantity = quantity_of(typed) if typed else None
        if quantity is not None and quantity != draft.lines[place].quantity:
            draft = drafting.with_quantity(draft, place, quantity)
    draft = _with_points(request, draft)
    if "paper" in request.POST:
        draft = replace(draft, paper=clean_text(request.POST["paper"], field="paper", length_max=PAPER_MAX))
    return None if draft == receipt.document else _keep(request, receipt, draft).receipt


def _with_points(request: TillRequest, draft: ReceiptDraft) -> ReceiptDraft:
    """What stands in the field of points, where the cashier changed it."""
    typed, shown = request.POST.get("units", ""), request.POST.get("units_shown", "")
    rulebook = rulebook_of(request)
    if typed.strip() == shown or rulebook is None or not rulebook.spending:
        return draft
    units = units_of(typed or "0", rulebook.points[next(iter(rulebook.spending))].decimals)
    return draft if units is None else drafting.paying(draft, units)


def _back(request: TillRequest, receipt: OpenReceiptView | None, _argument: str) -> Deed:
    if receipt is None:
        return Deed(None)
    draft = drafting.step_back(receipt)
    if draft is not None:
        return _keep(request, receipt, draft)
    return _drop(request, receipt, "")


def _drop(request: TillRequest, receipt: OpenReceiptView | None, _argument: str) -> Deed:
    """What was typed is put away; a receipt with nothing on it goes on, so that no number is lost."""
    if receipt is None:
        return Deed(None)
    if receipt.document == ReceiptDraft():
        return Deed(_unnamed(request, How.UNKNOWN))
    drop_receipt(program_id=request.program.id, device_id=request.device.id, at=request.at)
    return Deed(None)


def _nobody(request: TillRequest, _receipt: OpenReceiptView | None, _argument: str) -> Deed:
    return Deed(_unnamed(request, How.NOBODY), sound=DONE)


def _pick(request: TillRequest, receipt: OpenReceiptView | None, argument: str) -> Deed:
    try:
        return Deed(_name(request, UUID(argument), How.TAIL), sound=DONE)
    except ValueError:
        return Deed(receipt)


def _add(request: TillRequest, receipt: OpenReceiptView | None, argument: str) -> Deed:
    article = article_by_barcode(request.program.id, argument)
    if article is None:
        return Deed(receipt, problem=_("This article is not sold any more."))
    return _keep(request, receipt, drafting.with_article(receipt.document if receipt else ReceiptDraft(), article))


def _line(change: Callable[[ReceiptDraft, int], ReceiptDraft]) -> Callable[..., Deed]:
    def done(request: TillRequest, receipt: OpenReceiptView | None, argument: str) -> Deed:
        if receipt is None or not argument.isascii() or not argument.isdigit():
            return Deed(receipt)
        return _keep(request, receipt, change(receipt.document, int(argument[:4])))

    return done


def _drop_code(request: TillRequest, receipt: OpenReceiptView | None, argument: str) -> Deed:
    return Deed(None) if receipt is None else _keep(request, receipt, drafting.without_code(receipt.document, argument))


_POINTS = frozenset({"all", "none", "more", "less"})
_VERBS: dict[str, Callable[[TillRequest, OpenReceiptView | None, str], Deed]] = {
    "back": _back,
    "drop": _drop,
    "nobody": _nobody,
    "pick": _pick,
    "add": _add,
    "line-more": _line(lambda draft, place: drafting.one_more(draft, place, 1)),
    "line-less": _line(lambda draft, place: drafting.one_more(draft, place, -1)),
    "line-drop": _line(lambda draft, place: drafting.with_quantity(draft, place, 0)),
    "code-drop": _drop_code,
}


def _keep(request: TillRequest, receipt: OpenReceiptView | None, draft: ReceiptDraft) -> Deed:
    if receipt is None:
        current_receipt(
            program_id=request.program.id, device_id=request.device.id, training=request.staff.training, at=request.at
        )
    kept = change_receipt(program_id=request.program.id, device_id=request.device.id, draft=draft, at=request.at)
    return Deed(kept, sound=DONE)


def _name(request: TillRequest, member_id: UUID, how: How, proof: str = "") -> OpenReceiptView:
    must_not_be_own(request.staff, member_id)
    return name_member(
        program_id=request.program.id, device_id=request.device.id, member_id=member_id, how=how, proof=proof,
        training=request.staff.training, at=request.at,
    )  # fmt: skip


def _unnamed(request: TillRequest, how: How) -> OpenReceiptView:
    return name_member(
        program_id=request.program.id, device_id=request.device.id, member_id=None, how=how,
        training=request.staff.training, at=request.at,
    )  # fmt: skip


def _price(request: TillRequest, receipt: OpenReceiptView) -> Priced | None:
    return price_receipt(
        program=request.program, receipt=receipt, staff=request.staff.code, by=request.staff.actor, at=request.at
    )


def _looking(request: TillRequest, receipt: OpenReceiptView | None) -> Looking:
    spends = receipt is not None and receipt.document.spend is not Spend.NONE
    try:
        priced = _price(request, receipt) if receipt is not None and spends else None
    except Refusal:
        priced = None
    return looking_of(receipt, priced)


def _scale(request: TillRequest, currency: str) -> int:
    rulebook = rulebook_of(request)
    known = rulebook.points.get(currency) if rulebook else None
    return known.scale if known else 1


def _counts(found: Recognised, looking: Looking) -> bool:
    match found:
        case MemberFound():
            return found.how in _BY_KNOWLEDGE and looking is not Looking.PROOF
        case Several() | PhoneUnknown():
            return True
        case Nothing():
            return looking in {Looking.MEMBER, Looking.CODE}
    return False
