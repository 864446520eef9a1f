"""Codes of coupons: looked up by the words of the receipt and by whose they are, used with the purchase, given back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.coupon_guard import Asker, must_not_guess, note_misses
from kopilka.bookkeeping.coupon_stock import IssuedCode, find_codes, write_codes
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.compiling.book import book_of
from kopilka.engine.coupons import normal_word
from kopilka.engine.returned import returnable
from kopilka.engine.rulebook import OnReturn, Rulebook
from kopilka.engine.standing import IssuedCoupon

COUPON = "coupon"
"""What the counters of coupons with words are called."""

_USES = Rows(RuleUse, "id", "used")


class CouponsOfBuyer(Belonging):
    """A code is reserved by an open purchase, used by a final one, good again when all of it is brought back.

    Words that no coupon and no gift explains are counted against whoever names them: that is how guessing is found.
    """

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._by_word: dict[str, IssuedCode] = {}
        self._by_id: dict[UUID, IssuedCode] = {}
        self._of_member: dict[UUID, list[IssuedCode]] = {}
        self._changed: dict[UUID, IssuedCode] = {}
        self._misses: list[tuple[Asker, int]] = []
        self._ended: list[tuple[Sold, str]] = []

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.coupons)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        """Bound codes are read where a coupon of the rules is one of a series: others nobody binds."""
        words = {word for buyer in buyers for word in _unexplained(buyer)}
        members = {
            buyer.member_id
            for buyer in buyers
            if buyer.member_id is not None and any(one.series for one in buyer.rulebook.coupons.values())
        }
        if words or members:
            self._keep(find_codes(self.program_id, words=words, members=members, lock=lock))

    def lay(self, buyer: Buyer) -> None:
        standing = buyer.standing
        standing.issued = {}
        unknown = 0
        for word in _unexplained(buyer):
            code = self._by_word.get(word)
            if code is not None:
                standing.issued[word] = _laid(code, buyer, named=True)
            elif word not in standing.claims:
                unknown += 1
        if unknown and buyer.asker is not None and any(one.series for one in buyer.rulebook.coupons.values()):
            must_not_guess(self.program_id, buyer.asker)
            self._misses.append((buyer.asker, unknown))
        for code in self._bound_to(buyer):
            if code.word not in standing.issued:
                standing.issued[code.word] = _laid(code, buyer, named=False)

    def use(self, sold: Sold) -> None:
        beyond = sold.decision.beyond
        for code_id in beyond.issued if beyond else ():
            code = self._by_id[code_id]
            code.take(sold.purchase_id, sold.member_id, sold.at, final=sold.final)
            self._changed[code.id] = code
        if sold.final:
            self._tell(sold)

    def finish(self, sold: Sold) -> None:
        self._ended.append((sold, "used"))
        self._tell(sold)

    def give_back(self, sold: Sold) -> None:
        self._ended.append((sold, "given back"))

    def undo(self, sold: Sold) -> None:
        """Only when everything is back, and as the coupon says."""
        if sold.returned is not None and not returnable(sold.decision, sold.returned):
            self._ended.append((sold, "returned"))

    def note(self) -> None:
        note_misses(self.program_id, self._misses)
        self._misses = []

    def write(self) -> None:
        self.note()
        if self._ended:
            self._end()
        write_codes(self.program_id, self._changed.values())

    def _bound_to(self, buyer: Buyer) -> list[IssuedCode]:
        """The soonest to end first."""
        own = self._of_member.get(buyer.member_id, []) if buyer.member_id is not None else []
        good = [code for code in own if code.state == "bound" and not code.why_not(buyer.member_id, buyer.at)]
        return sorted(good, key=lambda one: (one.valid_until is None, one.valid_until or buyer.at, one.word))

    def _tell(self, sold: Sold) -> None:
        for coupon in sold.decision.coupons:
            told = json.dumps({"coupon": coupon, "purchase": str(sold.purchase_id)}, separators=(",", ":"))
            self.events.append(Happened(EventKind.COUPON_USED, sold.member_id, sold.purchase_id, sold.at, told))

    def _end(self) -> None:
        """First the counters of coupons with words, then the codes, each in the order of their keys."""
        returned = [sold for sold, how in self._ended if how == "returned"]
        self._uncount([(key, sold) for sold in returned for key in _counted(sold)])
        ids = {
            code_id
            for sold, _ in self._ended
            for code_id in (sold.decision.beyond.issued if sold.decision.beyond else ())
        }
        self._keep(find_codes(self.program_id, ids=ids, lock=True) if ids else ())
        for sold, how in self._ended:
            for code_id in sold.decision.beyond.issued if sold.decision.beyond else ():
                code = self._by_id[code_id]
                if code.purchase_id != sold.purchase_id or code.state == "withdrawn":
                    continue
                if how == "used":
                    code.state, code.changed_at = "used", sold.at
                elif how == "given back" or _comes_back(sold.rulebook, code.coupon):
                    code.give_back(sold.at)
                self._changed[code.id] = code

    def _uncount(self, keys: list[tuple[tuple[str, UUID | None], Sold]]) -> None:
        back: dict[tuple[str, UUID | None], int] = {}
        for key, _ in keys:
            back[key] = back.get(key, 0) + 1
        if not back:
            return
        ordered = sorted(back, key=lambda key: (key[0], key[1] is not None, key[1] or self.program_id))
        kinds, codes, members = [COUPON] * len(ordered), [code for code, _ in ordered], [who for _, who in ordered]
        rows = store.ask(
            queries.COUNTERS, self.program_id, kinds, codes, members, lock=locks_are_on()
        ).fetchall()  # fmt: skip
        with store.together():
            changed = [(row[0], max(0, row[4] - back[row[2], row[3]])) for row in rows]
            store.update(_USES, self.program_id, changed)

    def _keep(self, codes: Iterable[IssuedCode]) -> None:
        for code in codes:
            if code.id not in self._by_id:
                self._by_id[code.id] = self._by_word[code.word] = code
                if code.member_id is not None:
                    self._of_member.setdefault(code.member_id, []).append(code)


def _unexplained(buyer: Buyer) -> list[str]:
    """Words of the receipt that are no coupon's own."""
    if not buyer.receipt.codes:
        return []
    known = book_of(buyer.rulebook).coupons
    return [word for word in dict.fromkeys(map(normal_word, buyer.receipt.codes)) if word not in known]


def _laid(code: IssuedCode, buyer: Buyer, *, named: bool) -> IssuedCoupon:
    why = code.why_not(buyer.member_id, buyer.at)
    return IssuedCoupon(code.id, code.coupon, why, code.word, code.valid_until, named)


def _comes_back(rulebook: Rulebook, code: str) -> bool:
    coupon = rulebook.coupons.get(code)
    return coupon is not None and coupon.on_return is OnReturn.GIVE_BACK


def _counted(sold: Sold) -> list[tuple[str, UUID | None]]:
    """Counters of coupons with words that its return gives back; those of series stand with the bounded rules."""
    keys: list[tuple[str, UUID | None]] = []
    for code in sold.decision.coupons:
        coupon = sold.rulebook.coupons.get(code)
        if coupon is None or coupon.series is not None or not _comes_back(sold.rulebook, code):
            continue
        keys += [(code, None)] if coupon.uses else []
        keys += [(code, sold.member_id)] if coupon.uses_each and sold.member_id is not None else []
    return keys
