"""A decision as an answer. One function for the hot lane, for Litestar and for replays, so that all are byte-equal.

Nothing here looks at a clock, a request or a balance: the same stored decision in the same language gives the same
bytes for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from kopilka.api.answers import encode
from kopilka.api.lines import lines_json
from kopilka.api.schemas.decisions import (
    AdvanceOut,
    BalanceOut,
    CertificatePaidOut,
    CertificateSoldOut,
    DecisionOut,
    EarnOut,
    GiftOut,
    HintOut,
    PromptOut,
    PurchaseEnd,
    QuoteEnd,
    SpendOut,
    TotalsOut,
)
from kopilka.api.steps import trace_json
from kopilka.api.told import quantity_text, told_by
from kopilka.bookkeeping.documents import Balance
from kopilka.engine.decision import CertificatePlan, CertificateSale, Decision, LotPlan, SpendPlan, Tell, Why
from kopilka.engine.money import part_of
from kopilka.engine.rulebook import Coupon, Promotion, Rulebook
from kopilka.wording.coupons import refused_text
from kopilka.wording.hints import hint_text
from kopilka.wording.languages import Language, language_of
from kopilka.wording.reasons import limit_text
from kopilka.wording.slip import slip_text
from kopilka.wording.vocabulary import Vocabulary


def quote_json(
    decision: Decision,
    rulebook: Rulebook,
    language: str,
    balances: dict[str, Balance],
    *,
    quote_id: UUID | None,
    expires_at: datetime | None,
    explain: bool,
) -> bytes:
    """A `QuoteOut`. To `explain`: with the steps that did nothing too."""
    decided = _decided(quote_id, decision, rulebook, language_of(language), balances, explain=explain)
    return _joined(decided, QuoteEnd(expires_at=expires_at))


def purchase_json(
    decision: Decision,
    rulebook: Rulebook,
    language: str,
    balances: dict[str, Balance],
    *,
    purchase_id: UUID,
    state: str,
    source: str,
    external_id: str,
    recorded_at: datetime,
    explain: bool,
) -> bytes:
    """A `PurchaseOut`."""
    decided = _decided(purchase_id, decision, rulebook, language_of(language), balances, explain=explain)
    end = PurchaseEnd(state=state, source=source, external_id=external_id, recorded_at=recorded_at)
    return _joined(decided, end)


def balances_out(balances: dict[str, Balance], decimals: Mapping[str, int]) -> list[BalanceOut]:
    return [
        BalanceOut(
            currency=code,
            decimals=decimals.get(code, 0),
            available=one.available,
            pending=one.pending,
            held=one.held,
            debt=one.debt,
        )
        for code, one in (sorted(balances.items()) if len(balances) > 1 else balances.items())
    ]


def _joined(decided: bytes, end: QuoteEnd | PurchaseEnd) -> bytes:
    """One object of two."""
    return b"%b,%b" % (decided[:-1], encode(end)[1:])


def _decided(
    id_: UUID | None,
    decision: Decision,
    rulebook: Rulebook,
    language: Language,
    balances: dict[str, Balance],
    *,
    explain: bool,
) -> bytes:
    """What quotes and purchases share."""
    told = told_by(rulebook, language)
    words, decimals, beyond = told.words, told.decimals, decision.beyond
    hints = [hint_text(hint, words) for hint in beyond.hints] if beyond else []
    sold, printed = lines_json(decision, told)
    return encode(
        DecisionOut(
            id=id_,
            occurred_at=decision.at,
            member_id=decision.member,
            currency=rulebook.currency,
            program_version=decision.version,
            tier=decision.tier,
            tier_after=decision.tier_after,
            lines=_ready(sold),
            fiscal_lines=_ready(printed),
            totals=_totals(decision),
            spend=[_spend(plan, decimals, language) for plan in decision.spend],
            earn=[_earn(lot, decimals) for lot in decision.lots],
            gifts=_gifts(decision),
            privileges_used=beyond.privileges if beyond else [],
            coupons=decision.coupons,
            coupons_refused=decision.coupons_refused,
            certificates=_certificates(beyond.certificates) if beyond else [],
            certificates_sold=_certificates_sold(beyond.certificates_sold) if beyond else [],
            hints=_hints(decision, words, hints),
            prompts_for_cashier=_prompts(decision, rulebook, language),
            balances=balances_out(balances, decimals),
            slip_text=slip_text(decision, words, balances=_available(balances), hints=hints),
            trace=_ready(trace_json(decision.reasons, told, explain=explain)),
        )
    )


def _ready(written: bytes) -> Any:
    """JSON in the place of what it says."""
    return msgspec.Raw(written)


def _available(balances: dict[str, Balance]) -> dict[str, int]:
    return {code: one.available for code, one in balances.items()}


def _totals(decision: Decision) -> TotalsOut:
    totals, beyond = decision.totals, decision.beyond
    return TotalsOut(
        amount_minor=totals.amount,
        manual_discount_minor=totals.manual,
        discount_minor=totals.discount,
        net_minor=totals.net,
        points_minor=totals.points,
        paid_minor=totals.paid,
        advance_minor=sum([plan.minor for plan in beyond.certificates]) if beyond and beyond.certificates else 0,
    )


def _earn(lot: LotPlan, decimals: dict[str, int]) -> EarnOut:
    return EarnOut(
        currency=lot.currency,
        decimals=decimals.get(lot.currency, 0),
        points=lot.units,
        pending=lot.pending,
        starts_at=lot.starts_at,
        expires_at=lot.expires_at,
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
    found: list[HintOut] = []
    beyond = decision.beyond
    why = beyond.refused if beyond else {}
    for code in decision.coupons_refused:
        text, reason = refused_text(code, why.get(code, ""), words.language), why.get(code, "")
        found.append(HintOut(code="coupon_refused", subject=code, text=text, reason=reason))
    could = "Можно потратить ещё" if words.language is Language.RU else "More could be spent"
    for plan in decision.spend:
        if plan.units < plan.units_max:
            text = f"{could}: {words.currency(plan.currency).units(plan.units_max - plan.units)}"
            found.append(HintOut(code="can_spend", subject=plan.currency, text=text))
    if beyond:
        for index, hint in enumerate(beyond.hints):
            found.append(
                HintOut(
                    code=hint.tell, subject=hint.code, text=texts[index], until=hint.until, count=hint.count,
                    amount=hint.amount,
                )
            )  # fmt: skip
    return found


def _certificates(plans: list[CertificatePlan]) -> list[CertificatePaidOut]:
    return [
        CertificatePaidOut(
            number=plan.number,
            amount_minor=plan.minor,
            lines=[AdvanceOut(line=number, amount_minor=minor) for number, minor in plan.by_line.items()],
        )
        for plan in plans
    ]


def _certificates_sold(sales: list[CertificateSale]) -> list[CertificateSoldOut]:
    return [CertificateSoldOut(line=one.line, kind=one.kind, count=one.count, value_minor=one.minor) for one in sales]


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
