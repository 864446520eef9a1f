"""What the sale page shows at one moment: the receipt, whose it is, what it comes to, what the field waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kopilka.engine.coupons import Refused, normal_word
from kopilka.engine.coupons import words_of as words_of_coupons
from kopilka.engine.decision import Decision, Tell
from kopilka.engine.money import CURRENCY_DIGITS, line_amount
from kopilka.engine.refusal import Refusal
from kopilka.queries.look_ups import LookUpWarning, look_up_warnings
from kopilka.queries.open_receipts import LastSale, last_sale, open_receipt
from kopilka.services.member_desk import MemberAtDesk, member_at_desk
from kopilka.services.open_receipts import DraftLine, How, OpenReceiptView
from kopilka.services.recognising import Looking, Several
from kopilka.services.till_sales import Needed, Priced, price_receipt
from kopilka.till.access import TillRequest
from kopilka.till.drafting import is_begun
from kopilka.web.problems import sentence_of
from kopilka.web.requests import pages_of, rulebook_of, words_of
from kopilka.wording.coupons import refused_text
from kopilka.wording.hints import hint_text
from kopilka.wording.languages import Language
from kopilka.wording.reasons import DID_SOMETHING, sentence
from kopilka.wording.tiers import progress_texts

WARNED_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """`place` counts from 0; `amount` minor units before any discount."""

    place: int
    line: DraftLine
    amount: int


@dataclass(frozen=True, slots=True)
class Counter:
    """`problem` is a sentence about what was just typed; `said` what is worth telling the customer.

    `several`: members of whom the cashier picks one. `phone`: a good one of nobody, to be enrolled with. `gift_names`:
    what waits for the customer, by the codes it is collected with.
    """

    receipt: OpenReceiptView | None
    looking: Looking
    member: MemberAtDesk | None = None
    priced: Priced | None = None
    problem: str = ""
    several: Several | None = None
    phone: str = ""
    said: tuple[str, ...] = ()
    read_out: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    last: LastSale | None = None
    warnings: tuple[LookUpWarning, ...] = ()
    lines: tuple[TypedLine, ...] = field(default=())
    gift_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_confirm(self) -> bool:
        return self.priced is not None and self.priced.needed is Needed.NOTHING

    @property
    def is_idle(self) -> bool:
        return not is_begun(self.receipt)


def counter_of(
    request: TillRequest,
    receipt: OpenReceiptView | None,
    *,
    looking: Looking | None = None,
    problem: str = "",
    several: Several | None = None,
    phone: str = "",
) -> Counter:
    """Read all of it anew; a refusal to price stands where its sentence is read."""
    if not is_begun(receipt) or receipt is None:
        return _idle(request, receipt, looking, problem, several, phone)
    member, priced = None, None
    try:
        if receipt.member_id is not None:
            member = member_at_desk(
                program=request.program, member_id=receipt.member_id, by=request.staff.actor, at=request.at
            )
        priced = price_receipt(
            program=request.program, receipt=receipt, staff=request.staff.code, by=request.staff.actor, at=request.at
        )
    except Refusal as refusal:
        problem = problem or sentence_of(request, refusal)
    if priced is not None and priced.refusal is not None:
        problem = problem or sentence_of(request, priced.refusal)
    words = words_of(request)
    decision = priced.decision if priced else None
    return Counter(
        receipt=receipt,
        looking=looking or looking_of(receipt, priced),
        member=member,
        priced=priced,
        problem=problem,
        several=several,
        phone=phone,
        said=_said(request, decision),
        read_out=_read_out(request, decision),
        refused=_refused(request, decision),
        progress=tuple(progress_texts(member.progress, words)) if member and member.progress else (),
        lines=_lines(request, receipt),
        gift_names={one.code: words.gifts.get(one.gift, one.name) for one in member.gifts if one.code}
        if member
        else {},
    )


def now(request: TillRequest, **told: object) -> Counter:
    """As the receipt stands in the database."""
    return counter_of(request, open_receipt(request.program.id, request.device.id), **told)  # type: ignore[arg-type]


def looking_of(receipt: OpenReceiptView | None, priced: Priced | None) -> Looking:
    if receipt is None or (receipt.member_id is None and receipt.how is not How.NOBODY):
        return Looking.MEMBER
    if priced is not None and priced.needed is not Needed.NOTHING:
        return Looking.PROOF
    return Looking.AMOUNT


def what_if(request: TillRequest, receipt: OpenReceiptView, minor: int) -> Counter:
    """The same with another amount, as it is being typed; nothing is kept."""
    draft = replace(receipt.document, amount_minor=minor)
    return counter_of(request, replace(receipt, document=draft))


def _idle(
    request: TillRequest,
    receipt: OpenReceiptView | None,
    looking: Looking | None,
    problem: str,
    several: Several | None,
    phone: str,
) -> Counter:
    program_id = request.program.id
    managed = request.staff.role == "manager"
    since = request.at - timedelta(minutes=pages_of(request).undo_minutes)
    return Counter(
        receipt=receipt,
        looking=looking or Looking.MEMBER,
        problem=problem,
        several=several,
        phone=phone,
        last=last_sale(program_id, request.device.id, since=since),
        warnings=tuple(look_up_warnings(program_id, since=request.at - WARNED_FOR)) if managed else (),
    )


def _lines(request: TillRequest, receipt: OpenReceiptView) -> tuple[TypedLine, ...]:
    digits = CURRENCY_DIGITS[request.program.currency]
    return tuple(
        TypedLine(place, line, line_amount(line.price, line.quantity, digits))
        for place, line in enumerate(receipt.document.lines)
    )


def _said(request: TillRequest, decision: Decision | None) -> tuple[str, ...]:
    """Hints beside the figures: gifts due, privileges, what burns, the next tier (S4.39, S2.23)."""
    if decision is None or decision.beyond is None:
        return ()
    words = words_of(request)
    return tuple(hint_text(hint, words) for hint in decision.beyond.hints)


def _read_out(request: TillRequest, decision: Decision | None) -> tuple[str, ...]:
    """Sentences the program wants said: of promotions that work here, of coupons the buyer has."""
    rulebook = rulebook_of(request)
    if decision is None or rulebook is None:
        return ()
    told = {promotion.code: (promotion.prompt_ru, promotion.prompt_en) for promotion in rulebook.promotions}
    coupons = {code: (one.prompt_ru, one.prompt_en) for code, one in rulebook.coupons.items()}
    hints = decision.beyond.hints if decision.beyond else ()
    found = [told.get(code, ("", "")) for code in decision.prompts]
    found += [coupons.get(hint.code, ("", "")) for hint in hints if hint.tell is Tell.COUPON]
    chosen = (texts if request.language is Language.RU else texts[::-1] for texts in found)
    return tuple(dict.fromkeys(first or second for first, second in chosen if first or second))


def _refused(request: TillRequest, decision: Decision | None) -> tuple[str, ...]:
    if decision is None:
        return ()
    why = decision.beyond.refused if decision.beyond else {}
    told = (_why_nothing(request, decision, word, why.get(word, "")) for word in decision.coupons_refused)
    return tuple(
        refused_text(word, "" if nothing else why.get(word, ""), request.language) + nothing
        for word, nothing in zip(decision.coupons_refused, told, strict=True)
    )


def _why_nothing(request: TillRequest, decision: Decision, word: str, why: str) -> str:
    """What kept the promotions of a good coupon from working, by their own reasons; empty: none is known."""
    rulebook = rulebook_of(request)
    coupon = words_of_coupons(rulebook).get(normal_word(word)) if rulebook else None
    if rulebook is None or coupon is None or why != Refused.NOTHING_FITS:
        return ""
    rules = {promotion.code for promotion in rulebook.promotions if promotion.coupon == coupon.code}
    found = [one for one in decision.reasons if one.rule in rules and one.why not in DID_SOMETHING]
    return f": {'; '.join(dict.fromkeys(sentence(one, words_of(request)) for one in found))}" if found else ""
