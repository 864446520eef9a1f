"""One program played on both sides: every act is done by a service and by the model, and both must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.idempotency import Request
from kopilka.engine import receipt as till
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.expiry import release_due_holds, settle_due_lots
from kopilka.services.holds import HoldRequest, place_hold, release_hold
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import create_program, publish_rulebook
from kopilka.services.purchases import (
    MemberRef,
    PurchaseRequest,
    PurchaseResult,
    RefKind,
    cancel_open,
    confirm_open,
    confirm_purchases,
)
from kopilka.services.returns import Article, ReturnResult, return_purchase, return_unnamed
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.journeys.machine.bringing import Expected, Seen, come_back, settle
from tests.journeys.machine.model import BONUS, GOLD, RULES, Books, Line, Person, Priced, Sale
from tests.journeys.machine.reading import Tables, read_tables

START = datetime(2001, 3, 2, 9, 0, tzinfo=UTC)
"""Long ago: the clock's own jobs refuse to work in the database's future."""

OWNER = UUID(int=7)
OPEN_LIFE = timedelta(minutes=60)
HOLD_LIFE = timedelta(days=2)
NOTHING = Priced(0, BONUS, 0, 0, 0, 0, Fraction(0), 0, Fraction(0))
shops = count(1)
seen: Counter[str] = Counter()
"""How often what happened, so that nobody believes in rules that never come true."""


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
class Opened:
    """A purchase that waits for its end."""

    who: str
    priced: Priced
    ends: datetime
    state: str = "open"


@dataclass
class Done:
    """A request that was answered: `again` repeats it with its key, `other` sends something else under that key.

    `number` sends another receipt of the same number under a new key.
    """

    answer: Any
    again: Callable[[], Any]
    other: Callable[[], Any]
    number: Callable[[], Any] | None = None


@dataclass
class Shop:
    rules: str = RULES
    program_id: UUID = field(init=False)
    books: Books = field(default_factory=Books)
    ids: dict[str, UUID] = field(default_factory=dict)
    purchases: dict[str, UUID] = field(default_factory=dict)
    holds: dict[str, UUID] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    at: datetime = START
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    tables: Tables = field(init=False)
    returns: int = 0

    def __post_init__(self) -> None:
        program = create_program(slug=f"books-{next(shops)}", name="Лавка", by=SYSTEM_ACTOR, at=START)
        self.program_id = program.id
        self.publish(self.rules)
        self.tables = read_tables(self.program_id)

    def publish(self, rules: str) -> None:
        publish_rulebook(program_id=self.program_id, source=rules, by=SYSTEM_ACTOR, at=START)

    # --- members --------------------------------------------------------------------------------------------------
    def enrol(self) -> str:
        who = f"m{len(self.ids) + 1}"
        facts = MemberFacts(phone=phone_of(who))
        self.ids[who] = self._keep(
            lambda request: enrol_member(
                program_id=self.program_id, facts=facts, request=request, by=SYSTEM_ACTOR, at=self.at
            )
        ).member.id
        self.books.people[who] = Person()
        self.tables = read_tables(self.program_id)
        return who

    def _named(self, who: str) -> MemberRef:
        """By phone and by id in turn; the phones are the same in every shop."""
        if next(self.numbers) % 2:
            return MemberRef(RefKind.ID, str(self.ids[who]))
        return MemberRef(RefKind.PHONE, phone_of(who))

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
        member = self._named(ask.who) if ask.who else None
        hold_id = self.holds[ask.hold] if ask.hold else None
        return PurchaseRequest(
            "till", external_id, SYSTEM_ACTOR, self.at, receipt, member, hold_id=hold_id, final=ask.final,
            request=request,
        )  # fmt: skip

    def buy(self, *asks: Ask, twice: bool = False) -> None:
        """Purchases in one batch; `twice` sends each of them two times."""
        requests = [self.request_of(ask, f"r{next(self.numbers)}", self._fresh()) for ask in asks]
        before = self.tables
        answers = confirm_purchases(program_id=self.program_id, requests=requests * (2 if twice else 1))

        spenders = {ask.who for ask in asks if ask.spends and ask.who}
        for ask, request, answer in zip(asks, requests, answers, strict=False):
            self._expect(ask, request, answer, settles=ask.who in spenders)
        for first, second in zip(answers, answers[len(asks) :], strict=False):
            self._same(first, second)
        self.tables = read_tables(self.program_id)
        booked = sum(isinstance(answer, PurchaseResult) for answer in answers[: len(asks)])
        assert self.tables.purchases - before.purchases == booked

    def _expect(self, ask: Ask, request: PurchaseRequest, answer: PurchaseResult | Refusal, *, settles: bool) -> None:
        lines = dict(enumerate(ask.lines, 1))
        refused = self._hold_is_over(ask)
        priced = NOTHING
        if refused is None:
            if settles and ask.who:
                self.books.settle(ask.who, self.at)
            priced, refused = self._price(ask, lines)
        if refused is not None:
            assert isinstance(answer, Refusal), f"should have been refused with {refused}"
            assert answer.code == refused
            seen[f"refused: {refused}"] += 1
            return
        assert isinstance(answer, PurchaseResult), answer
        assert not answer.replayed
        key = request.external_id
        self._compare(priced, answer)
        sale = self._sale_of(ask, lines, priced, answer)
        self._book(ask, key, sale, priced, answer)
        kind = "open purchase" if not ask.final else "purchase from a hold" if ask.hold else "purchase"
        seen[f"{kind}{' of nobody' * (not ask.who)}{', paid with ' + priced.code if priced.units else ''}"] += 1
        seen["coupon used"] += bool(priced.discount)
        self.purchases[key] = answer.purchase_id
        self.books.sales[key] = sale
        self._remember_purchase(request, answer)

    def _hold_is_over(self, ask: Ask) -> Code | None:
        hold = self.books.holds[ask.hold] if ask.hold else None
        if hold is None:
            return None
        if hold.state == "expired" or (hold.state == "open" and hold.ends <= self.at):
            return Code.HOLD_EXPIRED
        return None if hold.state == "open" else Code.HOLD_CLOSED

    def _price(self, ask: Ask, lines: dict[int, Line]) -> tuple[Priced, Code | None]:
        hold = self.books.holds[ask.hold] if ask.hold else None
        everything = 10**9
        wish = None
        if hold is not None:
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
        sale = Sale(ask.who or "", lines, self.at, priced.code, number=next(self.numbers))
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
        sale.coupon = bool(priced.discount)
        if ask.hold is not None:
            sale.draws = self.books.release(
                ask.hold, self.at, state="captured" if priced.units else "released", keep=priced.units
            )
            self.books.program["liability", priced.code] += priced.units
            self.books.earn(ask.who, key, sale, priced, self.at)
            self.books.count_coupon(ask.who, priced, 1)
        elif ask.final:
            self.books.sell(ask.who, key, sale, priced, self.at)
        else:
            self._open(ask, key, sale, priced)
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

    def _open(self, ask: Ask, key: str, sale: Sale, priced: Priced) -> None:
        """Points stand aside and the coupon counts as used; nothing is earned before the purchase is confirmed."""
        assert ask.who
        ends = self.at + OPEN_LIFE
        if priced.units:
            self.books.hold(ask.who, key, priced.code, priced.units, self.at, ends)
            self.books.holds[key].sale = key
            sale.draws = self.books.holds[key].taken
        self.books.count_coupon(ask.who, priced, 1)
        self.opened[key] = Opened(ask.who, priced, ends)

    def confirm(self, key: str) -> None:
        opened, hold = self.opened[key], self.books.holds.get(key)
        refused = None
        if opened.state == "cancelled":
            refused = Code.PURCHASE_CANCELLED
        elif hold and hold.state == "open" and hold.ends <= self.at:
            refused = Code.HOLD_EXPIRED
        answer = self._end(confirm_open, key, refused)
        if answer is None or opened.state == "confirmed":
            return
        opened.state = "confirmed"
        seen["open purchase confirmed"] += 1
        sale, person = self.books.sales[key], self.books.people[opened.who]
        if hold:
            hold.state = "captured"
            person.held[hold.code] -= hold.units
            self.books.program["liability", hold.code] += hold.units
        priced = replace(opened.priced, kept=person.kept + opened.priced.exact - opened.priced.bonus)
        self.books.earn(opened.who, key, sale, priced, self.at, since=sale.at)

    def cancel(self, key: str) -> None:
        opened, hold = self.opened[key], self.books.holds.get(key)
        answer = self._end(cancel_open, key, Code.PURCHASE_FINAL if opened.state == "confirmed" else None)
        if answer is None or opened.state == "cancelled":
            return
        opened.state = "cancelled"
        seen["open purchase cancelled"] += 1
        if hold and hold.state == "open":
            self.books.release(key, self.at)
        self.books.count_coupon(opened.who, opened.priced, -1)

    def _end(self, act: Callable[..., PurchaseResult], key: str, refused: Code | None) -> PurchaseResult | None:
        """Confirm or cancel; None when that was refused, as it had to be."""
        answer = self._do(
            lambda request: act(
                program_id=self.program_id, purchase_id=self.purchases[key], by=SYSTEM_ACTOR, at=self.at,
                request=request,
            ),
            refused,
        )  # fmt: skip
        return answer if isinstance(answer, PurchaseResult) else None

    # --- points set aside and given by hand -----------------------------------------------------------------------
    def hold(self, who: str, code: str, units: int) -> None:
        self.books.settle(who, self.at)
        key = f"h{next(self.numbers)}"
        usable = sum(lot.left for lot in self.books.people[who].usable(code, self.at))
        answer = self._do(
            lambda request: place_hold(
                program_id=self.program_id,
                request=HoldRequest(
                    MemberRef(RefKind.ID, str(self.ids[who])), code, units, SYSTEM_ACTOR, self.at,
                    life_minutes=int(HOLD_LIFE.total_seconds() // 60), request=request,
                ),
            ),
            Code.INSUFFICIENT_POINTS if usable < units else None,
        )  # fmt: skip
        if not isinstance(answer, Refusal):
            self.books.hold(who, key, code, units, self.at, self.at + HOLD_LIFE)
            self.holds[key] = answer.hold_id

    def release(self, key: str) -> None:
        hold = self.books.holds[key]
        was = hold.state
        answer = self._do(
            lambda request: release_hold(
                program_id=self.program_id, hold_id=self.holds[key], by=SYSTEM_ACTOR, at=self.at, request=request
            ),
            Code.HOLD_CLOSED if was == "captured" else None,
            keeps_key=was == "open",
        )
        if was == "open":
            self.books.release(key, self.at)
            seen["hold released"] += 1
        if not isinstance(answer, Refusal):
            assert answer.state == hold.state

    def adjust(self, who: str, code: str, units: int, days: int) -> None:
        """`days` that given points live; 0: for ever."""
        self.books.settle(who, self.at)
        usable = sum(lot.left for lot in self.books.people[who].usable(code, self.at))
        answer = self._do(
            lambda request: adjust_points(
                program_id=self.program_id,
                request=AdjustRequest(
                    self.ids[who], code, units, "проба", SYSTEM_ACTOR, self.at, life=Life(days=days), request=request
                ),
            ),
            Code.INSUFFICIENT_POINTS if usable + units < 0 else None,
        )
        if not isinstance(answer, Refusal):
            self.books.adjust(who, code, units, self.at, self.at + timedelta(days=days) if days else None)
            seen["points adjusted"] += 1

    def _do(self, act: Callable[[Request], Any], refused: Code | None, *, keeps_key: bool = True) -> Any:
        """Do it with a key of its own; it must be refused so, or not at all."""
        request = self._fresh()
        try:
            answer = act(request)
        except Refusal as refusal:
            answer = refusal
        if isinstance(answer, Refusal):
            assert answer.code == refused
            seen[f"refused: {answer.code}"] += 1
        else:
            assert refused is None, f"should have been refused with {refused}"
            if keeps_key and not answer.replayed:
                self.done.append(Done(answer, *_repetitions(act, request)))
        self.tables = read_tables(self.program_id)
        return answer

    # --- goods brought back ---------------------------------------------------------------------------------------
    def bring_back(self, key: str, wanted: dict[int, int] | None) -> None:
        """Lines of a purchase, thousandths by number; None for all that is left."""
        sale = self.books.sales[key]
        left = {n: line.quantity - sale.back[n] for n, line in sale.lines.items() if line.quantity > sale.back[n]}
        parts = left if wanted is None else wanted
        refused = None
        if key in self.opened and self.opened[key].state != "confirmed":
            refused = Code.PURCHASE_OPEN if self.opened[key].state == "open" else Code.PURCHASE_CANCELLED
        else:
            faults = [
                Code.RETURN_EXCEEDS if n in sale.lines else Code.LINE_UNKNOWN
                for n, quantity in parts.items()
                if not 0 < quantity <= left.get(n, 0)
            ]
            refused = faults[0] if faults else None if parts else Code.RETURN_EXCEEDS
        number = f"b{next(self.numbers)}"
        self._bring(
            sale.who,
            {} if refused else {key: parts},
            lambda request: return_purchase(
                program_id=self.program_id, purchase_id=self.purchases[key], lines=wanted, source="till",
                external_id=number, by=SYSTEM_ACTOR, at=self.at, request=request,
            ),
            refused,
        )  # fmt: skip

    def bring_articles(self, who: str, sku: str, quantity: int) -> None:
        """Without saying where they were bought: the latest purchases of the member first."""
        wanted: dict[str, dict[int, int]] = {}
        rest = quantity
        mine = [(key, sale) for key, sale in self.books.sales.items() if sale.who == who]
        for key, sale in sorted(mine, key=lambda one: (one[1].at, one[1].number), reverse=True):
            if key in self.opened and self.opened[key].state != "confirmed":
                continue
            for n, line in sale.lines.items():
                part = min(rest, line.quantity - sale.back[n]) if line.sku == sku else 0
                rest -= part
                if part:
                    wanted.setdefault(key, {})[n] = part
        number, amount = f"b{next(self.numbers)}", 777
        answer = self._bring(
            who,
            wanted,
            lambda request: return_unnamed(
                program_id=self.program_id, member_id=self.ids[who], articles=[Article(sku, quantity, amount)],
                source="till", external_id=number, by=SYSTEM_ACTOR, at=self.at, request=request,
            ),
            None,
            more=amount - amount * (quantity - rest) // quantity if rest else 0,
        )  # fmt: skip
        assert [(one.sku, one.quantity) for one in answer.unmatched] == ([(sku, rest)] if rest else [])

    def _bring(
        self,
        who: str,
        wanted: dict[str, dict[int, int]],
        act: Callable[[Request], ReturnResult],
        refused: Code | None,
        more: int = 0,
    ) -> Any:
        before = self.tables
        answer = self._do(act, refused)
        if refused is not None:
            assert self.tables == before
            return None
        self.returns += 1
        expected = Expected(more)
        for key, parts in wanted.items():
            come_back(self.books, key, parts, expected)
        assert answer.refund_minor == expected.refund
        seen["return of one purchase" if len(wanted) == 1 else f"return of {len(wanted)} purchases"] += 1
        if who:
            for code in (BONUS, GOLD):
                settle(self.books, who, code, expected, self._seen(who, code, before), self.at)
            seen["return worked out"] += expected.plain
            seen["debt after a return"] += bool(self.books.people[who].debt.total())
        return answer

    def _seen(self, who: str, code: str, before: Tables) -> Seen:
        member, now = self.ids[who], self.tables
        _, _, _, debt, kept = now.wallets.get((member, code), (0, 0, 0, 0, Fraction(0)))
        expense = now.of_program["expense", code] - before.of_program["expense", code]
        return Seen(now.lots.get((member, code), []), debt, kept, expense)

    # --- the clock ------------------------------------------------------------------------------------------------
    def settle_due(self) -> None:
        settle_due_lots(program_id=self.program_id, at=self.at)
        for who in self.ids:
            self.books.settle(who, self.at, empty=True)
        self.tables = read_tables(self.program_id)

    def end_holds(self) -> None:
        release_due_holds(program_id=self.program_id, at=self.at)
        for key, hold in sorted(self.books.holds.items(), key=lambda one: one[1].ends):
            if hold.state == "open" and hold.ends <= self.at:
                self.books.release(key, self.at, state="expired")
                seen["hold expired"] += 1
                if hold.sale:
                    opened = self.opened[hold.sale]
                    opened.state = "cancelled"
                    self.books.count_coupon(opened.who, opened.priced, -1)
        self.tables = read_tables(self.program_id)

    # --- repeating ------------------------------------------------------------------------------------------------
    def _remember_purchase(self, request: PurchaseRequest, answer: PurchaseResult) -> None:
        def again() -> Any:
            return one(confirm_purchases(program_id=self.program_id, requests=[replace(request, at=self.at)]))

        def other() -> Any:
            changed = replace(request.request, fingerprint=sha256(b"another").digest())
            return one(confirm_purchases(program_id=self.program_id, requests=[replace(request, request=changed)]))

        def number() -> Any:
            assert request.receipt is not None
            line = replace(request.receipt.lines[0], sku="another")
            changed = replace(request.receipt, lines=(line, *request.receipt.lines[1:]))
            return one(
                confirm_purchases(
                    program_id=self.program_id, requests=[replace(request, receipt=changed, request=self._fresh())]
                )
            )

        self.done.append(Done(answer, again, other, number))

    def _keep(self, act: Callable[[Request], Any]) -> Any:
        """Do it with a key of its own and remember it for repetitions."""
        request = self._fresh()
        answer = act(request)
        self.done.append(Done(answer, *_repetitions(act, request)))
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
        seen["request repeated"] += 1
        self.nothing_written()

    def repeat_otherwise(self, number: int) -> None:
        done = self.done[number % len(self.done)]
        try:
            answer = done.other()
        except Refusal as refusal:
            answer = refusal
        assert isinstance(answer, Refusal)
        assert answer.code == Code.KEY_REUSED
        if done.number:
            answer = done.number()
            assert isinstance(answer, Refusal)
            assert answer.code == Code.RECEIPT_EXISTS
        seen["something else under an old key or number"] += 1
        self.nothing_written()

    def nothing_written(self) -> None:
        now = read_tables(self.program_id)
        assert now == self.tables

    def _fresh(self) -> Request:
        """Keys and receipts are numbered anew in every shop, so that shops could be mistaken for each other."""
        number = next(self.numbers)
        return Request(OWNER, f"key-{number}", sha256(str(number).encode()).digest())

    def moments(self) -> list[datetime]:
        """What is still to come."""
        lots = [lot for person in self.books.people.values() for lot in person.lots]
        ends = [hold.ends for hold in self.books.holds.values()]
        ends += [lot.ends for lot in lots if lot.ends] + [lot.starts for lot in lots]
        return sorted({moment for moment in ends if moment > self.at})

    def pass_time(self, step: timedelta) -> None:
        seen["time passed"] += 1
        self.at += step


def _repetitions(act: Callable[[Request], Any], request: Request) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The same once more, and something else under the same key."""
    return lambda: act(request), lambda: act(replace(request, fingerprint=sha256(b"another").digest()))


def phone_of(who: str) -> str:
    return f"+7916{int(who[1:]):07}"


def one(answers: list[Any]) -> Any:
    (answer,) = answers
    return answer
