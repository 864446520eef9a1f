"""Gift certificates that pay for a purchase, and those a purchase sells."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.certificates import (
    Account,
    Cause,
    CertificateBook,
    Move,
    OwnedCertificate,
    find_certificates,
    lose_try,
    mark_of_pin,
    pin_of,
)
from kopilka.bookkeeping.coupon_guard import Asker, must_not_guess, note_misses
from kopilka.engine.certificates import given_back, hidden
from kopilka.engine.decision import CertificateSale, Decision
from kopilka.engine.money import QUANTITY_SCALE
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import CertificateState


class CertificatesOfBuyer(Belonging):
    """Money is set aside by an open purchase, spent by a final one, put back where it came from by a return.

    Who pays with a certificate need not be a member, so certificates are locked by their numbers after everything else.
    """

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._book = CertificateBook(program_id)
        self._by_number: dict[str, OwnedCertificate] = {}
        self._by_id: dict[UUID, OwnedCertificate] = {}
        self._ended: list[tuple[Sold, str]] = []
        self._misses: list[tuple[Asker, int]] = []
        self._lost_tries: list[UUID] = []
        self._at: datetime | None = None

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.mechanics.certificates)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        numbers = {wish.number for buyer in buyers for wish in buyer.receipt.certificates}
        if numbers:
            self._keep(find_certificates(self.program_id, numbers=numbers, lock=lock))

    def lay(self, buyer: Buyer) -> None:
        """`certificate_unusable`, `code_wrong` and `too_many_codes` before anything is decided."""
        buyer.standing.certificates = {}
        for wish in buyer.receipt.certificates:
            if buyer.asker is not None:
                must_not_guess(self.program_id, buyer.asker)
            one = self._by_number.get(wish.number)
            if one is None:
                self._misses += [(buyer.asker, 1)] if buyer.asker else []
                raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(wish.number), reason="not_sold")
            if why := one.why_not(buyer.at):
                raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(wish.number), reason=why)
            self._prove(one, wish.mark)
            buyer.standing.certificates[wish.number] = CertificateState(one.id, one.balance)

    def use(self, sold: Sold) -> None:
        self._at = sold.at
        beyond = sold.decision.beyond
        for plan in beyond.certificates if beyond else ():
            one = self._by_id[plan.id]
            move, to = (Move.SPEND, Account.SPENT) if sold.final else (Move.HOLD, Account.HELD)
            self._book.move(one, move, to, Account.BALANCE, plan.minor, _cause(sold))
        if sold.final:
            self._sell(sold)

    def finish(self, sold: Sold) -> None:
        self._ended.append((sold, "finished"))

    def give_back(self, sold: Sold) -> None:
        self._ended.append((sold, "called off"))

    def undo(self, sold: Sold) -> None:
        self._ended.append((sold, "returned"))

    def note(self) -> None:
        note_misses(self.program_id, self._misses)
        for certificate_id in self._lost_tries:
            lose_try(self.program_id, certificate_id)
        self._misses, self._lost_tries = [], []

    def write(self) -> None:
        self.note()
        if self._ended:
            ids = {
                plan.id
                for sold, _ in self._ended
                for plan in (sold.decision.beyond.certificates if sold.decision.beyond else ())
            }
            self._keep(find_certificates(self.program_id, ids=ids, lock=True))
        for sold, how in self._ended:
            self._end(sold, how)
        if self._at is not None:
            self._book.write(self._at)

    def _end(self, sold: Sold, how: str) -> None:
        self._at, cause = sold.at, _cause(sold)
        if how == "returned":
            self._return(sold, cause)
            return
        for plan in sold.decision.beyond.certificates if sold.decision.beyond else ():
            one = self._by_id[plan.id]
            if how == "finished":
                self._book.move(one, Move.SPEND, Account.SPENT, Account.HELD, plan.minor, cause)
            else:
                self._book.move(one, Move.RELEASE, Account.BALANCE, Account.HELD, plan.minor, cause)
        if how == "finished":
            self._sell(sold)

    def _return(self, sold: Sold, cause: Cause) -> None:
        assert sold.before is not None, "a return knows what was back before it"
        assert sold.returned is not None, "a return knows what is back"
        before = given_back(sold.decision, sold.before.lines)
        for certificate_id, minor in given_back(sold.decision, sold.returned.lines).items():
            more = minor - before[certificate_id]
            one = self._by_id[certificate_id]
            self._book.move(one, Move.GIVE_BACK, Account.BALANCE, Account.SPENT, more, cause)
            if more and one.state == "closed":
                one.state = "active"
        for sale in sold.decision.beyond.certificates_sold if sold.decision.beyond else ():
            count = sold.returned.lines.get(sale.line, 0) - sold.before.lines.get(sale.line, 0)
            own = find_certificates(self.program_id, purchase_id=sold.purchase_id, lock=True) if count else ()
            for one in _whole(own, sale)[: count // QUANTITY_SCALE]:
                self._book.move(one, Move.TAKE_BACK, Account.SOLD, Account.BALANCE, one.balance, cause)
                one.state = "closed"

    def _sell(self, sold: Sold) -> None:
        kinds = sold.rulebook.mechanics.certificates
        for sale in sold.decision.beyond.certificates_sold if sold.decision.beyond else ():
            for _ in range(sale.count):
                self._book.issue(kinds[sale.kind], sale.minor, sold.rulebook, _cause(sold), sale.line)

    def _prove(self, one: OwnedCertificate, mark: str) -> None:
        """The PIN, where the certificate asks for one; a wrong one costs a try."""
        if not one.asks_pin:
            return
        if not mark:
            raise Refusal(Code.CONFIRMATION_REQUIRED)
        if not hmac.compare_digest(mark, mark_of_pin(one.number, pin_of(self.program_id, one.number))):
            self._lost_tries.append(one.id)
            one.tries_left = max(0, one.tries_left - 1)
            one.state = one.state if one.tries_left else "blocked"
            raise Refusal(Code.CODE_WRONG, tries_left=one.tries_left)

    def _keep(self, found: Sequence[OwnedCertificate]) -> None:
        for one in found:
            if one.id not in self._by_id:
                self._by_id[one.id] = self._by_number[one.number] = one


def must_be_unspent(
    program_id: UUID, purchase_id: UUID, decision: Decision, wanted: Mapping[int, int], *, lock: bool
) -> None:
    """`return_exceeds` when certificates sold on these lines were spent from: money is not given back twice."""
    sales = [one for one in (decision.beyond.certificates_sold if decision.beyond else ()) if one.line in wanted]
    if not sales:
        return
    own = find_certificates(program_id, purchase_id=purchase_id, lock=lock)
    for sale in sales:
        most = len(_whole(own, sale)) * QUANTITY_SCALE
        if wanted[sale.line] > most or wanted[sale.line] % QUANTITY_SCALE:
            raise Refusal(Code.RETURN_EXCEEDS, line=sale.line, returnable=most)


def _whole(own: Sequence[OwnedCertificate], sale: CertificateSale) -> list[OwnedCertificate]:
    """Certificates of a line that nobody has touched."""
    return [
        one
        for one in own
        if one.line == sale.line and one.state == "active" and one.balance == sale.minor and not one.held
    ]


def _cause(sold: Sold) -> Cause:
    return Cause(sold.purchase_id, sold.at, sold.at)
