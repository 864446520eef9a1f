"""Codes of series, bounded rules, certificates in the tests of a document: what is there, what a receipt leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.engine.bounds import limit_key, money_key, points_key
from kopilka.engine.compiling.book import book_of
from kopilka.engine.coupons import Refused, normal_word
from kopilka.engine.decision import BoundedUse, Decision
from kopilka.engine.mechanics import Whose
from kopilka.engine.moments import window_start
from kopilka.engine.period import Life
from kopilka.engine.receipt import Receipt
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import CertificateState, IssuedCoupon, Standing


@dataclass(frozen=True, slots=True)
class Used:
    """A bounded rule worked so many times at a moment."""

    at: datetime
    use: BoundedUse
    times: int = 1


@dataclass(slots=True)
class Codes:
    """What one test knows of them, from receipt to receipt: codes by their word, certificates by their number."""

    rulebook: Rulebook
    issued: dict[str, IssuedCoupon] = field(default_factory=dict)
    certificates: dict[str, CertificateState] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)

    def lay(self, standing: Standing, receipt: Receipt) -> None:
        """Show them to a receipt as the books would."""
        named = {normal_word(word) for word in receipt.codes}
        for word, code in self.issued.items():
            code.named = word in named
        standing.issued, standing.certificates = self.issued, self.certificates
        standing.uses = {}
        for one in self.used:
            self._count(standing.uses, one, receipt)

    def keep(self, decision: Decision) -> None:
        """What the receipt used up."""
        beyond = decision.beyond
        if beyond is None:
            return
        for code in self.issued.values():
            if code.id in beyond.issued:
                code.refused = Refused.USED.value
        paid = {plan.id: plan.minor for plan in beyond.certificates}
        for one in self.certificates.values():
            one.minor -= paid.get(one.id, 0)
        self.used += [Used(decision.at, use) for use in beyond.bounded]

    def _count(self, uses: dict[str, int], one: Used, receipt: Receipt) -> None:
        bounds = book_of(self.rulebook).bounds.get(one.use.rule)
        if bounds is None:
            return
        for place, limit in enumerate(bounds.limits):
            if self._is_within(one, limit.within, receipt) and (
                limit.whose is not Whose.BRANCH or one.use.branch == receipt.branch
            ):
                _add(uses, limit_key(one.use.rule, place), one.times)
        if bounds.budget is not None and self._is_within(one, bounds.budget.within, receipt):
            _add(uses, money_key(one.use.rule), one.use.minor)
            _add(uses, points_key(one.use.rule), one.use.units)

    def _is_within(self, one: Used, life: Life, receipt: Receipt) -> bool:
        return life.is_empty or window_start(life, receipt.at, self.rulebook.zone) <= one.at


def codes_of(test: dict[str, Any], rulebook: Rulebook, receipt: Receipt) -> Codes:
    """Those a test begins with; what was used before counts as used at the moment and place of its first receipt."""
    found, member = Codes(rulebook), test.get("member") or {}
    for number, coupon in enumerate(member.get("coupons", ()), 1):
        word, count = normal_word(coupon), 1
        while word in found.issued:
            count += 1
            word = normal_word(f"{coupon}-{count}")
        found.issued[word] = IssuedCoupon(UUID(int=number), coupon, word=word)
    for number, (written, minor) in enumerate(test.get("certificates", {}).items(), 1):
        found.certificates[written] = CertificateState(UUID(int=number), minor)
    found.used = [
        Used(receipt.at, BoundedUse(rule, branch=receipt.branch), times)
        for rule, times in member.get("rules_used", {}).items()
    ]
    return found


def _add(sums: dict[str, int], key: str, count: int) -> None:
    sums[key] = sums.get(key, 0) + count
