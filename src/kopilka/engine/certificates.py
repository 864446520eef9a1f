"""Gift certificates on a receipt: money paid beforehand pays what points have left, and lines that sell some.

What a certificate pays counts as money: points are earned on it, caps of points do not see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kopilka.engine.certificate_kinds import CertificateKind
from kopilka.engine.decision import Beyond, CertificatePlan, CertificateSale, Decision
from kopilka.engine.money import QUANTITY_SCALE, fill, part_of
from kopilka.engine.receipt import ArticleKind, Line
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Sale

SHOWN_DIGITS = 4
MOST = 10**10
"""Minor units of one certificate at most."""


def settle_certificates(sale: Sale, rulebook: Rulebook, beyond: Beyond) -> None:
    """Lay the payment of each named certificate on the lines by their price, and tell what lines sell some.

    `certificate_short` when one is to pay more than it holds or than is left to pay; `out_of_range` for a sum that its
    kind is not sold for.
    """
    kinds = rulebook.mechanics.certificates
    if kinds:
        sold = [line for line in sale.lines if line.kind is ArticleKind.CERTIFICATE and line.quantity > 0]
        beyond.certificates_sold = [_sold(line, kinds) for line in sold]
    left = [0] * len(sale.lines)
    for i in sale.live:
        left[i] = sale.nets[i] - sale.points[i]
    for wish in sale.receipt.certificates:
        known = sale.standing.certificates.get(wish.number)
        if known is None:
            raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(wish.number), reason="not_sold")
        most = min(known.minor, sum(left))
        minor = most if wish.minor is None else wish.minor
        if minor > most:
            given = {"available_minor": most, "wanted_minor": minor}
            raise Refusal(Code.CERTIFICATE_SHORT, certificate=hidden(wish.number), **given)
        parts = fill(minor, left, left)
        by_line = {line.number: part for line, part in zip(sale.lines, parts, strict=True) if part}
        left = [of_line - part for of_line, part in zip(left, parts, strict=True)]
        beyond.certificates.append(CertificatePlan(known.id, minor, by_line, hidden(wish.number)))


def hidden(number: str) -> str:
    """A number as it may be shown: its last digits. Whoever knows all of them may pay with it."""
    return f"…{number[-SHOWN_DIGITS:]}"


def paid_beforehand(decision: Decision) -> dict[int, int]:
    """Minor units of each line, by its number, that certificates pay: an advance is set off, no money is taken."""
    found: dict[int, int] = {}
    for plan in decision.beyond.certificates if decision.beyond else ():
        for number, minor in plan.by_line.items():
            found[number] = found.get(number, 0) + minor
    return found


def given_back(decision: Decision, lines: Mapping[int, int]) -> dict[UUID, int]:
    """Minor units that go back to each certificate once `lines` (thousandths by number) are brought back.

    Each gets back what it paid for these very goods; money gives back the rest.
    """
    sold = {line.number: line.quantity for line in decision.lines}
    found: dict[UUID, int] = {}
    for plan in decision.beyond.certificates if decision.beyond else ():
        found[plan.id] = found.get(plan.id, 0) + sum(
            part_of(minor, lines.get(number, 0), sold[number]) for number, minor in plan.by_line.items()
        )
    return found


def _sold(line: Line, kinds: dict[str, CertificateKind]) -> CertificateSale:
    kind = next((one for one in kinds.values() if line.sku in one.skus), None)
    if kind is None or line.quantity % QUANTITY_SCALE:
        raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=line.sku, reason="unknown_kind")
    count = line.quantity // QUANTITY_SCALE
    minor = line.amount // count
    if not 1 <= minor <= MOST or (kind.values and minor not in kind.values):
        least, most = (min(kind.values), max(kind.values)) if kind.values else (1, MOST)
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{line.number}].price", minimum=least, maximum=most)
    return CertificateSale(line.number, kind.code, count, minor)
