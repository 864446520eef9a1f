"""The trace of a decision as ready JSON: what is the same for every receipt is kept, its figures are put between.

Byte for byte what `TraceOut` would be encoded to; a test decodes it as that, strictly.
"""

from __future__ import annotations

from kopilka.api.answers import encode
from kopilka.api.told import DiscountParts, EarningParts, Told, inside, kept, money_json, number
from kopilka.engine.decision import Reason, Why
from kopilka.wording.reasons import DID_SOMETHING, WITH_FIGURES, discount_begun, earning_words, sentence


def trace_json(reasons: list[Reason], told: Told, *, explain: bool) -> bytes:
    """What did something, which comes first in every decision; to `explain`, all the others too."""
    steps: list[bytes] = []
    for reason in reasons:
        why = reason.why
        if why is Why.DISCOUNTED:
            steps.append(_discounted(reason, told))
        elif why is Why.EARNED:
            steps.append(_earned(reason, told))
        elif why in WITH_FIGURES:
            steps.append(_step(reason, told))
        elif explain or why in DID_SOMETHING:
            steps.append(_same_step(reason, told))
        else:
            break
    return b"[%b]" % (b",".join(steps),)


def _discounted(reason: Reason, told: Told) -> bytes:
    parts = told.discount_steps.get(reason.rule)
    if parts is None:
        parts = kept(told.discount_steps, reason.rule, _discount_parts(reason, told))
    return b'%b%b%b%b"}' % (
        parts.before_line, number(reason.line), parts.before_sum, money_json(reason.amount, told),
    )  # fmt: skip


def _discount_parts(reason: Reason, told: Told) -> DiscountParts:
    begun = inside(discount_begun(reason.rule, told.words))
    return DiscountParts(_before_line(reason), b',"text":"%b' % (begun,))


def _earned(reason: Reason, told: Told) -> bytes:
    key = (reason.rule, reason.detail)
    parts = told.earning_steps.get(key)
    if parts is None:
        parts = kept(told.earning_steps, key, _earning_parts(reason, told))
    units = _units(reason.num, reason.den or 1, parts)
    if not parts.has_base or not reason.amount:
        return b'%b%b%b%b"}' % (parts.before_line, number(reason.line), parts.alone, units)
    base = money_json(reason.amount, told)
    return b'%b%b%b%b%b%b"}' % (parts.before_line, number(reason.line), parts.begun, base, parts.by, units)


def _units(num: int, den: int, parts: EarningParts) -> bytes:
    """As `PointsWords.exact_units` says it."""
    currency = parts.currency
    if num % (den * currency.scale):
        return b"%b%b" % (currency.exact(num, den).encode(), parts.of_fraction)
    units = num // den
    known = parts.said.get(units)
    return kept(parts.said, units, inside(currency.units(units))) if known is None else known


def _earning_parts(reason: Reason, told: Told) -> EarningParts:
    said = earning_words(reason.rule, reason.detail, told.words)
    return EarningParts(
        before_line=_before_line(reason),
        alone=b',"text":"%b' % (inside(said.alone),),
        begun=b',"text":"%b' % (inside(said.begun),),
        by=inside(said.by),
        has_base=bool(said.begun),
        currency=said.currency,
        of_fraction=inside(said.currency.of_fraction),
    )


def _before_line(reason: Reason) -> bytes:
    return b'{"code":%b,"promotion":%b,"line":' % (encode(reason.why), encode(reason.rule))


def _step(reason: Reason, told: Told) -> bytes:
    key = (reason.why, reason.rule)
    begun = told.other_steps.get(key)
    if begun is None:
        begun = kept(told.other_steps, key, _before_line(reason))
    return b'%b%b,"text":%b}' % (begun, number(reason.line), encode(sentence(reason, told.words)))


def _same_step(reason: Reason, told: Told) -> bytes:
    """A step without figures, kept whole."""
    key = (reason.why, reason.rule, reason.detail, reason.line)
    known = told.steps.get(key)
    return kept(told.steps, key, _step(reason, told)) if known is None else known
