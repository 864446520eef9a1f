"""A decision as an answer. One function for the hot lane, for Litestar and for replays, so that all are byte-equal.

Nothing here looks at a clock, a request or a balance: the same stored decision in the same language gives the same
bytes for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from kopilka.api.answers import encode
from kopilka.api.schemas.decisions import (
    AdvanceOut,
    BalanceOut,
    CertificatePaidOut,
    CertificateSoldOut,
    DiscountOut,
    EarnOut,
    FiscalLineOut,
    GiftOut,
    HintOut,
    LineOut,
    PointsOut,
    PromptOut,
    PurchaseOut,
    QuoteOut,
    SpendOut,
    TotalsOut,
    TraceOut,
)
from kopilka.bookkeeping.documents import Balance
from kopilka.engine.decision import Decision, FiscalLine, PricedLine, Reason, SpendPlan, Tell, Why
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE, part_of
from kopilka.engine.rulebook import Coupon, Promotion, Rulebook
from kopilka.wording.coupons import refused_text
from kopilka.wording.hints import hint_text
from kopilka.wording.languages import Language, language_of
from kopilka.wording.reasons import DID_SOMETHING, WITH_FIGURES, limit_text, sentence
from kopilka.wording.slip import slip_text
from kopilka.wording.vocabulary import Vocabulary, vocabulary_of

RULEBOOKS_MAX = 256
TEXTS_MAX = 20_000

K = TypeVar("K")
V = TypeVar("V")


def quote_out(
    decision: Decision,
    rulebook: Rulebook,
    language: str,
    balances: Mapping[str, Balance],
    *,
    quote_id: UUID | None,
    expires_at: datetime | None,
    explain: bool,
) -> QuoteOut:
    """To `explain`: with the steps that did nothing too."""
    shared = _shared(decision, rulebook, language_of(language), balances, explain=explain)
    return QuoteOut(id=quote_id, occurred_at=decision.at, expires_at=expires_at, **shared)


def purchase_out(
    decision: Decision,
    rulebook: Rulebook,
    language: str,
    balances: Mapping[str, Balance],
    *,
    purchase_id: UUID,
    state: str,
    source: str,
    external_id: str,
    recorded_at: datetime,
    explain: bool,
) -> PurchaseOut:
    return PurchaseOut(
        id=purchase_id, state=state, source=source, external_id=external_id,
        occurred_at=decision.at, recorded_at=recorded_at,
        **_shared(decision, rulebook, language_of(language), balances, explain=explain),
    )  # fmt: skip


def balances_out(balances: Mapping[str, Balance], decimals: Mapping[str, int]) -> list[BalanceOut]:
    return [
        BalanceOut(
            currency=code,
            decimals=decimals.get(code, 0),
            available=one.available,
            pending=one.pending,
            held=one.held,
            debt=one.debt,
        )
        for code, one in sorted(balances.items())
    ]


def _shared(
    decision: Decision, rulebook: Rulebook, language: Language, balances: Mapping[str, Balance], *, explain: bool
) -> dict[str, Any]:
    told = _told_by(rulebook, language)
    words, decimals = told.words, told.decimals
    hints = [hint_text(hint, words) for hint in decision.beyond.hints] if decision.beyond else []
    lots = [lot.currency for lot in decision.lots]
    return {
        "member_id": decision.member,
        "currency": rulebook.currency,
        "program_version": decision.version,
        "tier": decision.tier,
        "tier_after": decision.tier_after,
        "lines": [_line(line, lots, told) for line in decision.lines],
        "fiscal_lines": [_fiscal(line) for line in decision.fiscal],
        "totals": TotalsOut(
            amount_minor=decision.totals.amount,
            manual_discount_minor=decision.totals.manual,
            discount_minor=decision.totals.discount,
            net_minor=decision.totals.net,
            points_minor=decision.totals.points,
            paid_minor=decision.totals.paid,
            advance_minor=sum(plan.minor for plan in decision.beyond.certificates) if decision.beyond else 0,
        ),
        "spend": [_spend(plan, decimals, language) for plan in decision.spend],
        "earn": [
            EarnOut(
                currency=lot.currency,
                decimals=decimals.get(lot.currency, 0),
                points=lot.units,
                pending=lot.pending,
                starts_at=lot.starts_at,
                expires_at=lot.expires_at,
            )
            for lot in decision.lots
        ],
        "gifts": _gifts(decision),
        "privileges_used": decision.beyond.privileges if decision.beyond else [],
        "coupons": decision.coupons,
        "coupons_refused": decision.coupons_refused,
        "certificates": _certificates(decision),
        "certificates_sold": _certificates_sold(decision),
        "hints": _hints(decision, words, hints),
        "prompts_for_cashier": _prompts(decision, rulebook, language),
        "balances": balances_out(balances, decimals),
        "slip_text": slip_text(
            decision, words, balances={code: one.available for code, one in balances.items()} or None, hints=hints
        ),
        "trace": _trace(decision.reasons, told, explain=explain),
    }


@dataclass(slots=True)
class _Told:
    """What one rulebook says in one language, made once: its words, and the steps of a trace that hold no figure.

    `names` of promotions, `decimals` of currencies; `step`: parts of a price (1/10,000 of the unit) in one minor unit.
    `steps` are ready JSON: of fifty rules some forty did nothing, and say so in the same bytes every time.
    """

    words: Vocabulary
    names: dict[str, str]
    decimals: dict[str, int]
    step: int
    steps: dict[tuple[str, str, str, int], msgspec.Raw] = field(default_factory=dict)


@lru_cache(maxsize=RULEBOOKS_MAX)
def _told_once(fingerprint: str, language: Language) -> list[_Told]:
    """The place where `_told_by` keeps what it made; a rulebook itself is no key."""
    del fingerprint, language
    return []


def _told_by(rulebook: Rulebook, language: Language) -> _Told:
    kept = _told_once(rulebook.fingerprint, language)
    if not kept:
        decimals = {code: currency.decimals for code, currency in rulebook.points.items()}
        step = PRICE_SCALE // int(10**rulebook.digits)
        words = vocabulary_of(rulebook, language)
        names = {code: promotion.name for code, promotion in words.promotions.items()}
        kept.append(_Told(words, names, decimals, step))
    return kept[0]


def _trace(reasons: list[Reason], told: _Told, *, explain: bool) -> list[TraceOut | msgspec.Raw]:
    """What did something, which comes first in every decision; to `explain`, all the others too."""
    steps: list[TraceOut | msgspec.Raw] = []
    for reason in reasons:
        if reason.why in WITH_FIGURES:
            text = sentence(reason, told.words)
            steps.append(TraceOut(code=reason.why, promotion=reason.rule, line=reason.line, text=text))
        elif explain or reason.why in DID_SOMETHING:
            steps.append(_same_step(reason, told))
        else:
            break
    return steps


def _same_step(reason: Reason, told: _Told) -> msgspec.Raw:
    """A step without figures, kept."""
    key = (reason.why, reason.rule, reason.detail, reason.line)
    known = told.steps.get(key)
    if known is None:
        text = sentence(reason, told.words)
        step = TraceOut(code=reason.why, promotion=reason.rule, line=reason.line, text=text)
        known = _kept(told.steps, key, msgspec.Raw(encode(step)))
    return known


def _line(line: PricedLine, lots: list[str], told: _Told) -> LineOut:
    names, decimals, step = told.names, told.decimals, told.step
    return LineOut(
        line=line.number,
        sku=line.sku,
        name=line.name,
        quantity=quantity_text(line.quantity),
        price=_minor_price(line.price, step) if line.price % step else line.price // step,
        amount_minor=line.amount,
        manual_discount_minor=line.manual,
        discounts=[
            DiscountOut(promotion=code, name=names.get(code) or told.words.promotion(code).name, amount_minor=minor)
            for code, minor in line.discounts
        ],
        net_minor=line.net,
        points_minor=line.points,
        paid_minor=line.paid,
        vat=percent_text(line.vat),
        gift=line.gift,
        spent=[_points(code, units, decimals) for code, units in line.spent.items()] if line.spent else [],
        earned=[_points(lots[index], units, decimals) for index, units in line.earned.items()],
    )


def _points(currency: str, units: int, decimals: dict[str, int]) -> PointsOut:
    return PointsOut(currency=currency, decimals=decimals.get(currency, 0), points=units)


def _fiscal(line: FiscalLine) -> FiscalLineOut:
    return FiscalLineOut(
        line=line.line,
        sku=line.sku,
        name=line.name,
        quantity=quantity_text(line.quantity),
        price=line.price,
        total_minor=line.total,
        counter_provision_minor=line.counter,
        vat=percent_text(line.vat),
        gift=line.gift,
    )


def _spend(plan: SpendPlan, decimals: dict[str, int], language: Language) -> SpendOut:
    return SpendOut(
        currency=plan.currency,
        decimals=decimals.get(plan.currency, 0),
        max=plan.units_max,
        applied=plan.units,
        applied_minor=plan.minor,
        limited_by=plan.limited_by,
        limited_by_text=limit_text(plan.limited_by, language),
    )


def _gifts(decision: Decision) -> list[GiftOut]:
    """What is given away, of a line or all of it: to be written off in the shop's own books."""
    given = [line for line in decision.fiscal if line.gift]
    if not given:
        return []
    sold = {line.number: line for line in decision.lines}
    rules = {reason.line: reason.rule for reason in decision.reasons if reason.why is Why.GIFT_GIVEN}
    return [
        GiftOut(
            line=line.line,
            sku=line.sku,
            name=line.name,
            quantity=quantity_text(line.quantity),
            worth_minor=part_of(sold[line.line].amount, line.quantity, sold[line.line].quantity or 1),
            rule=rules.get(line.line, ""),
        )
        for line in given
    ]


def _hints(decision: Decision, words: Vocabulary, texts: list[str]) -> list[HintOut]:
    russian = words.language is Language.RU
    why = decision.beyond.refused if decision.beyond else {}
    could = "Можно потратить ещё: {}" if russian else "More could be spent: {}"
    found = [
        HintOut(
            code="coupon_refused",
            subject=code,
            text=refused_text(code, why.get(code, ""), words.language),
            reason=why.get(code, ""),
        )
        for code in decision.coupons_refused
    ]
    for plan in decision.spend:
        if plan.units < plan.units_max:
            more = words.currency(plan.currency).units(plan.units_max - plan.units)
            found.append(HintOut(code="can_spend", subject=plan.currency, text=could.format(more)))
    found += [
        HintOut(
            code=hint.tell.value, subject=hint.code, text=text, until=hint.until,
            count=hint.count, amount=hint.amount,
        )
        for hint, text in zip(decision.beyond.hints if decision.beyond else (), texts, strict=True)
    ]  # fmt: skip
    return found


def _certificates(decision: Decision) -> list[CertificatePaidOut]:
    return [
        CertificatePaidOut(
            number=plan.number,
            amount_minor=plan.minor,
            lines=[AdvanceOut(line=number, amount_minor=minor) for number, minor in plan.by_line.items()],
        )
        for plan in (decision.beyond.certificates if decision.beyond else ())
    ]


def _certificates_sold(decision: Decision) -> list[CertificateSoldOut]:
    return [
        CertificateSoldOut(line=one.line, kind=one.kind, count=one.count, value_minor=one.minor)
        for one in (decision.beyond.certificates_sold if decision.beyond else ())
    ]


def _prompts(decision: Decision, rulebook: Rulebook, language: Language) -> list[PromptOut]:
    """What the cashier reads out: of promotions that have worked, of coupons the buyer has bound."""
    coupons = [hint.code for hint in (decision.beyond.hints if decision.beyond else ()) if hint.tell is Tell.COUPON]
    if not decision.prompts and not coupons:
        return []
    told: dict[str, Promotion | Coupon] = {promotion.code: promotion for promotion in rulebook.promotions}
    said = [told[code] for code in decision.prompts if code in told]
    said += [rulebook.coupons[code] for code in coupons if code in rulebook.coupons]
    found = []
    for one in said:
        texts = (one.prompt_ru, one.prompt_en) if language is Language.RU else (one.prompt_en, one.prompt_ru)
        if any(texts):
            found.append(PromptOut(promotion=one.code, text=texts[0] or texts[1]))
    return found


def _minor_price(price: int, step: int) -> int:
    """A price in minor units; what an import booked finer is rounded half up."""
    return (2 * price + step) // (2 * step)


def decimal_text(number: int, digits: int) -> str:
    """1500 of 3 digits is "1.5"; only the digits it needs."""
    scale = QUANTITY_SCALE if digits == 3 else int(10**digits)  # noqa: PLR2004 - thousandths, the common case
    whole, part = divmod(abs(number), scale)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}".rstrip("0") if part else f"{sign}{whole}"


def quantity_text(thousandths: int) -> str:
    known = _quantities.get(thousandths)
    return _kept(_quantities, thousandths, decimal_text(thousandths, 3)) if known is None else known


def percent_text(hundredths: int | None) -> str | None:
    if hundredths is None:
        return None
    known = _percents.get(hundredths)
    return _kept(_percents, hundredths, decimal_text(hundredths, 2)) if known is None else known


def _kept(place: dict[K, V], key: K, made: V) -> V:
    """`made`, kept; a full place is emptied first."""
    if len(place) >= TEXTS_MAX:
        place.clear()
    place[key] = made
    return made


_quantities: dict[int, str] = {}
_percents: dict[int, str] = {}
