"""One program played on both sides: every act is done by a service and by the model, and both must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.idempotency import Request
from kopilka.engine import receipt as till
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import create_program, publish_rulebook
from kopilka.services.purchases import MemberRef, PurchaseRequest, PurchaseResult, RefKind, confirm_purchases
from tests.journeys.machine.model import RULES, Books, Line, Person, Priced, Sale
from tests.journeys.machine.reading import Tables, read_tables

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER = UUID(int=7)
numbers = count(1)


@dataclass(frozen=True)
class Wish:
    """`units` None: as many as possible."""

    code: str
    units: int | None


@dataclass(frozen=True)
class Ask:
    """A purchase to be made. `hold` names an earlier hold to pay from."""

    who: str | None
    lines: tuple[Line, ...]
    coupon: bool = False
    wish: Wish | None = None
    hold: str | None = None
    final: bool = True

    @property
    def spends(self) -> bool:
        return self.wish is not None or self.hold is not None


@dataclass
class Done:
    """A request that was answered: `again` repeats it with its key, `other` sends something else under that key."""

    answer: Any
    again: Callable[[], Any]
    other: Callable[[], Any] | None = None


@dataclass
class Shop:
    program_id: UUID = field(init=False)
    books: Books = field(default_factory=Books)
    ids: dict[str, UUID] = field(default_factory=dict)
    purchases: dict[str, UUID] = field(default_factory=dict)
    holds: dict[str, UUID] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    at: datetime = START
    tables: Tables = field(init=False)
    returns: int = 0

    def __post_init__(self) -> None:
        program = create_program(slug=f"books-{next(numbers)}", name="Лавка", by=SYSTEM_ACTOR, at=START)
        publish_rulebook(program_id=program.id, source=RULES, by=SYSTEM_ACTOR, at=START)
        self.program_id = program.id
        self.tables = read_tables(self.program_id)

    # --- members --------------------------------------------------------------------------------------------------
    def enrol(self) -> str:
        who = f"m{len(self.ids) + 1}"
        facts = MemberFacts(phone=f"+7916{len(self.ids):07}")
        self.ids[who] = self._keep(
            lambda request: enrol_member(
                program_id=self.program_id, facts=facts, request=request, by=SYSTEM_ACTOR, at=self.at
            )
        ).member.id
        self.books.people[who] = Person()
        self.tables = read_tables(self.program_id)
        return who

    # --- purchases ------------------------------------------------------------------------------------------------
    def request_of(self, ask: Ask, external_id: str, request: Request) -> PurchaseRequest:
        wish = till.SpendWish()
        if ask.wish is not None:
            mode = till.SpendMode.MAX if ask.wish.units is None else till.SpendMode.AMOUNT
            wish = till.SpendWish(mode, ask.wish.units or 0, ask.wish.code)
        lines = tuple(
            till.Line(n, line.sku, line.quantity, line.price * 100, line.amount) for n, line in enumerate(ask.lines, 1)
        )
        receipt = till.Receipt(lines, self.at, codes=("ten",) if ask.coupon else (), spend=wish)
        member = MemberRef(RefKind.ID, str(self.ids[ask.who])) if ask.who else None
        hold_id = self.holds[ask.hold] if ask.hold else None
        return PurchaseRequest(
            "till", external_id, SYSTEM_ACTOR, self.at, receipt, member, hold_id=hold_id, final=ask.final,
            request=request,
        )  # fmt: skip

    def buy(self, *asks: Ask, twice: bool = False) -> None:
        """Purchases in one batch; `twice` sends each of them two times."""
        requests = [self.request_of(ask, f"r{next(numbers)}", fresh_request()) for ask in asks]
        before = self.tables
        answers = confirm_purchases(program_id=self.program_id, requests=requests * (2 if twice else 1))

        spenders = {ask.who for ask in asks if ask.spends and ask.who}
        for ask, request, answer in zip(asks, requests, answers, strict=False):
            if ask.who in spenders:
                self.books.settle(ask.who, self.at)
            self._expect(ask, request, answer)
        for first, second in zip(answers, answers[len(asks) :], strict=False):
            self._same(first, second)
        self.tables = read_tables(self.program_id)
        booked = sum(isinstance(answer, PurchaseResult) for answer in answers[: len(asks)])
        assert self.tables.purchases - before.purchases == booked

    def _expect(self, ask: Ask, request: PurchaseRequest, answer: PurchaseResult | Refusal) -> None:
        lines = dict(enumerate(ask.lines, 1))
        priced, refused = self._price(ask, lines)
        if refused is not None:
            assert isinstance(answer, Refusal), f"should have been refused with {refused}"
            assert answer.code == refused
            return
        assert isinstance(answer, PurchaseResult), answer
        assert not answer.replayed
        key = request.external_id
        self._compare(priced, answer)
        sale = self._sale_of(ask, lines, priced, answer)
        self._book(ask, key, sale, priced, answer)
        self.purchases[key] = answer.purchase_id
        self.books.sales[key] = sale
        self._remember_purchase(request, answer)

    def _price(self, ask: Ask, lines: dict[int, Line]) -> tuple[Priced, Code | None]:
        hold = self.books.holds[ask.hold] if ask.hold else None
        everything = 10**9
        wish = None
        if hold is not None:
            if hold.state == "expired" or (hold.state == "open" and hold.ends <= self.at):
                return Priced(0, "", 0, 0, 0, 0, 0, 0, 0), Code.HOLD_EXPIRED
            if hold.state != "open":
                return Priced(0, "", 0, 0, 0, 0, 0, 0, 0), Code.HOLD_CLOSED
            wish = (hold.code, everything)
        elif ask.wish is not None and ask.who:
            wish = (ask.wish.code, everything if ask.wish.units is None else ask.wish.units)
        priced = self.books.price(
            ask.who, lines, coupon=ask.coupon, wish=wish, at=self.at, reserve=hold.units if hold else None
        )
        if ask.wish is not None and ask.wish.units is not None and priced.units < ask.wish.units:
            short = ask.who is None or priced.by_balance
            return priced, Code.INSUFFICIENT_POINTS if short else Code.SPEND_LIMIT
        return priced, None

    def _compare(self, priced: Priced, answer: PurchaseResult) -> None:
        """The decision says what the model says."""
        decision = answer.decision
        totals = decision.totals
        assert (totals.net, totals.points, totals.paid) == (priced.net, priced.points_minor, priced.paid)
        earned: Counter[str] = Counter()
        for lot in decision.lots:
            earned[lot.currency] += lot.units
        assert +earned == +Counter(bonus=priced.bonus, gold=priced.gold)
        spent = {plan.currency: plan.units for plan in decision.spend if plan.units}
        assert spent == ({priced.code: priced.units} if priced.units else {})

    def _sale_of(self, ask: Ask, lines: dict[int, Line], priced: Priced, answer: PurchaseResult) -> Sale:
        """How sums lie on the lines is taken from the answer once it has been seen to be fair."""
        sale = Sale(ask.who or "", lines, self.at, priced.code, number=next(numbers))
        for line in answer.decision.lines:
            sale.paid[line.number] = line.paid
            for code, units in line.spent.items():
                sale.spent[line.number, code] = units
            for index, units in line.earned.items():
                code = answer.decision.lots[index].currency
                sale.earned[line.number, code] = units
        assert sum(sale.paid.values()) == priced.paid
        whole = sum(line.net for line in answer.decision.lines)
        for code, units in (("bonus", priced.bonus), ("gold", priced.gold)):
            parts = {n: part for (n, one), part in sale.earned.items() if one == code}
            assert sum(parts.values()) == units
            assert all(abs(parts.get(n, 0) * priced.paid - units * paid) < max(1, priced.paid) + 1
                       for n, paid in sale.paid.items())  # fmt: skip
        for line in answer.decision.lines:
            assert abs(line.points * whole - priced.points_minor * line.net) <= whole
            assert line.net - line.points == line.paid >= 0
        spent = [units for (_, code), units in sale.spent.items() if code == priced.code]
        assert sum(spent) == sum(sale.spent.values()) == priced.units
        return sale

    def _book(self, ask: Ask, key: str, sale: Sale, priced: Priced, answer: PurchaseResult) -> None:
        if ask.who is None:
            return
        if ask.hold is not None:
            sale.draws = self.books.release(
                ask.hold, self.at, state="captured" if priced.units else "released", keep=priced.units
            )
            self.books.program["liability", priced.code] += priced.units
            self.books.earn(ask.who, key, sale, priced, self.at)
        elif ask.final:
            self.books.sell(ask.who, key, sale, priced, self.at)
        else:
            self.open(ask, key, sale, priced)
        known = self._numbered(ask.who, priced.code)
        drawn = [(plan.lot, plan.units) for plan in answer.decision.draws]
        if ask.hold is None:
            assert drawn == [(known[lot.number], units) for lot, units in sale.draws]
        else:
            assert dict(drawn) == {known[lot.number]: units for lot, units in sale.draws}

    def _numbered(self, who: str, code: str) -> dict[int, UUID]:
        """The product's lots by the model's numbers: both were made in the same order."""
        rows = read_tables(self.program_id).lots.get((self.ids[who], code), [])
        return {lot.number: row.id for lot, row in zip(self.books.people[who].of(code), rows, strict=False)}

    def open(self, ask: Ask, key: str, sale: Sale, priced: Priced) -> None:
        raise NotImplementedError

    # --- repeating ------------------------------------------------------------------------------------------------
    def _remember_purchase(self, request: PurchaseRequest, answer: PurchaseResult) -> None:
        def again() -> Any:
            return one(confirm_purchases(program_id=self.program_id, requests=[replace(request, at=self.at)]))

        def other() -> Any:
            changed = replace(request.request, fingerprint=sha256(b"another").digest())
            return one(confirm_purchases(program_id=self.program_id, requests=[replace(request, request=changed)]))

        self.done.append(Done(answer, again, other))

    def _keep(self, act: Callable[[Request], Any]) -> Any:
        """Do it with a key of its own and remember it for repetitions."""
        request = fresh_request()
        answer = act(request)

        def other() -> Any:
            return act(replace(request, fingerprint=sha256(b"another").digest()))

        self.done.append(Done(answer, lambda: act(request), other))
        return answer

    def _same(self, first: Any, second: Any) -> None:
        """A repetition is answered as the first time, or refused as the first time."""
        if isinstance(first, Refusal):
            assert isinstance(second, Refusal)
            assert second.code == first.code
        else:
            assert second == replace(first, replayed=True)

    def repeat(self, number: int) -> None:
        done = self.done[number % len(self.done)]
        self._same(done.answer, done.again())
        self.nothing_written()

    def repeat_otherwise(self, number: int) -> None:
        done = self.done[number % len(self.done)]
        try:
            answer = done.other() if done.other else None
        except Refusal as refusal:
            answer = refusal
        assert isinstance(answer, Refusal)
        assert answer.code == Code.KEY_REUSED
        self.nothing_written()

    def nothing_written(self) -> None:
        now = read_tables(self.program_id)
        assert now == self.tables

    def pass_time(self, step: timedelta) -> None:
        self.at += step


def fresh_request() -> Request:
    number = next(numbers)
    return Request(OWNER, f"key-{number}", sha256(str(number).encode()).digest())


def one(answers: list[Any]) -> Any:
    (answer,) = answers
    return answer
