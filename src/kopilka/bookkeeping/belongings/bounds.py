"""What bounded promotions and coupons of series have used, counted with every purchase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.bounds import Asked, Counts
from kopilka.engine.bounds import limit_key
from kopilka.engine.compiling.book import book_of
from kopilka.engine.decision import BoundedUse, Decision
from kopilka.engine.mechanics import Bounds, Limit, Whose
from kopilka.engine.money import part_of
from kopilka.engine.returned import Returned, returnable
from kopilka.engine.rulebook import Coupon, OnReturn, Promotion, Rulebook
from kopilka.engine.standing import CouponState

COUPON_PREFIX = "coupon:"
"""Uses of a coupon of a series stand under its code after this; no rule's code holds a colon."""

NEVER = 10**12


class BoundsOfRules(Belonging):
    """An open purchase counts at once; called off it counts no more. A return gives back the money of what comes back,
    and the rest when everything is back."""

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._counts: Counts | None = None
        self._back: list[_Back] = []

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(book_of(rulebook).bounds) or any(_is_counted(coupon) for coupon in rulebook.coupons.values())

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        """Counts of rules that may work here and now."""
        asked = [one for buyer in buyers for one in _asked_by(buyer)]
        if asked:
            self._of(buyers[0].rulebook).read(asked, lock=lock)

    def lay(self, buyer: Buyer) -> None:
        counts = self._of(buyer.rulebook)
        for asked in _asked_by(buyer):
            used = counts.used(asked)
            if asked.rule.startswith(COUPON_PREFIX):
                state = CouponState(used[limit_key(asked.rule, 0)], used[limit_key(asked.rule, 1)])
                buyer.standing.coupons[asked.rule.removeprefix(COUPON_PREFIX)] = state
            else:
                buyer.standing.uses.update(used)

    def use(self, sold: Sold) -> None:
        for asked, used in _uses(sold):
            self._of(sold.rulebook).add(asked, minor=used.minor, units=used.units)

    def give_back(self, sold: Sold) -> None:
        self._of(sold.rulebook)
        self._back += [_Back(asked, 1, used.minor, used.units) for asked, used in _uses(sold)]

    def undo(self, sold: Sold) -> None:
        assert sold.before is not None, "a return knows what was back before it"
        assert sold.returned is not None, "a return knows what is back"
        self._of(sold.rulebook)
        is_over = not returnable(sold.decision, sold.returned)
        for asked, used in _uses(sold):
            if asked.rule.startswith(COUPON_PREFIX):
                if is_over and _comes_back(sold.rulebook, asked.rule):
                    self._back.append(_Back(asked, 1, 0, 0))
                continue
            minor = 0
            if used.minor:
                after = money_back(sold.decision, used.rule, sold.returned)
                minor = after - money_back(sold.decision, used.rule, sold.before)
            if is_over or minor:
                self._back.append(_Back(asked, int(is_over), minor, used.units if is_over else 0))

    def write(self) -> None:
        if self._counts is None:
            return
        if self._back:
            self._counts.read([one.asked for one in self._back], lock=True)
        for one in self._back:
            self._counts.add(one.asked, times=-one.times, minor=-one.minor, units=-one.units)
        self._counts.write()

    def _of(self, rulebook: Rulebook) -> Counts:
        if self._counts is None:
            self._counts = Counts(self.program_id, rulebook.zone)
        return self._counts


@dataclass(frozen=True, slots=True)
class _Back:
    """What is given back of what a rule has used."""

    asked: Asked
    times: int
    minor: int
    units: int


def money_back(decision: Decision, rule: str, returned: Returned) -> int:
    """Minor units that a rule had taken off the goods brought back so far."""
    return sum(
        part_of(off, returned.lines.get(line.number, 0), line.quantity)
        for line in decision.lines
        for code, off in line.discounts
        if code == rule and line.quantity > 0
    )


def _is_counted(coupon: Coupon) -> bool:
    return coupon.series is not None and bool(coupon.uses or coupon.uses_each)


def _asked_by(buyer: Buyer) -> Iterator[Asked]:
    """The bounded rules that may work for him; a coupon's bounds only where he may have one."""
    asleep = {said.code for said in buyer.rulebook.promotions if not _may_work(said, buyer)}
    for rule, bounds in book_of(buyer.rulebook).bounds.items():
        if rule not in asleep:
            yield Asked(rule, bounds, buyer.member_id, buyer.receipt.branch, buyer.at)
    for coupon in buyer.rulebook.coupons.values():
        if _is_counted(coupon) and (buyer.receipt.codes or buyer.member_id is not None):
            yield _asked_of(coupon, buyer.member_id, buyer.receipt.branch, buyer.at)


def _may_work(said: Promotion, buyer: Buyer) -> bool:
    if said.is_off or not said.window.holds(buyer.at):
        return False
    return not said.branches or buyer.receipt.branch in said.branches


def _asked_of(coupon: Coupon, member_id: UUID | None, branch: str, at: datetime) -> Asked:
    """The uses of a coupon in all and by each member; a bound that is not there is counted and never reached."""
    limits = (
        Limit(coupon.uses or NEVER, Whose.EVERYBODY),
        Limit(coupon.uses_each or NEVER, Whose.MEMBER),
    )
    return Asked(f"{COUPON_PREFIX}{coupon.code}", Bounds(limits), member_id, branch, at)


def _uses(sold: Sold) -> Iterator[tuple[Asked, BoundedUse]]:
    """What a purchase has used, as its decision says."""
    bounds, decision = book_of(sold.rulebook).bounds, sold.decision
    for used in decision.beyond.bounded if decision.beyond else ():
        if used.rule in bounds:
            yield Asked(used.rule, bounds[used.rule], sold.member_id, used.branch, decision.at), used
    for code in decision.coupons:
        coupon = sold.rulebook.coupons.get(code)
        if coupon is not None and _is_counted(coupon):
            asked = _asked_of(coupon, sold.member_id, "", decision.at)
            yield asked, BoundedUse(asked.rule)


def _comes_back(rulebook: Rulebook, rule: str) -> bool:
    return rulebook.coupons[rule.removeprefix(COUPON_PREFIX)].on_return is OnReturn.GIVE_BACK
