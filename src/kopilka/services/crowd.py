"""A large made-up program: a crowd of members with a year of purchases, friends three deep, agents, staff, partners.

The same seed gives the same people and receipts. Everything is booked through the services that tills use, at the times
of the year that is over; what rules owe others is done as the year goes by, as the worker would have done it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.members import NewMember, insert_members, set_referrals
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import IMPORT_ACTOR, SYSTEM_ACTOR
from kopilka.engine.ledger import Kind
from kopilka.engine.money import line_amount
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.deeds import do_due_deeds
from kopilka.services.imports.enrolling import FROM_IMPORT
from kopilka.services.outbox import handle_events
from kopilka.services.programs import add_branch, create_program, publish_rulebook
from kopilka.services.purchases import MemberRef, PurchaseRequest, RefKind, confirm_purchases
from kopilka.services.returns import ReturnRequest, return_many
from kopilka.services.sealing import seal_entries

SLUG = "crowd"
RULEBOOK = Path(__file__).with_name("crowd.yaml")
MEMBERS_AT_ONCE = 1_000
SALES_AT_ONCE = 250
YEAR = 365
EMPLOYEES, AGENTS = 40, 60
BRANCHES = ("main", "coffee-1", "coffee-2", "books-1", "books-2")
LEVELS_MAX = 3
OF_A_HUNDRED_INVITED, OF_A_HUNDRED_WITH_AGENT, OF_A_HUNDRED_SPEND, OF_A_HUNDRED_BACK = 30, 4, 20, 2
PURCHASES_EACH = (0, 1, 1, 2, 2, 3, 4, 6)
MENU = (
    ("BREAD", "Хлеб", "bread", 60_0000), ("LATTE", "Латте", "drinks", 240_0000), ("BOOK", "Книга", "books", 690_0000),
    ("CAKE", "Торт", "bakery", 1_450_0000), ("LAMP", "Лампа", "home", 3_900_0000),
)  # fmt: skip
"""Articles with their prices in 1/10,000 of a rouble."""

Told = Callable[[str, int, int], None]
"""What is being done, how many of how many."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was made. `deeds`: shares posted to others."""

    program_slug: str
    members: int
    purchases: int
    returns: int
    deeds: int


@dataclass(slots=True)
class _Person:
    id: UUID
    enrolled_at: datetime
    depth: int


def seed_crowd(
    *, members: int, seed: int, at: datetime, slug: str = SLUG, told: Told = lambda _what, _done, _of: None
) -> Crowd:
    """Make a program; `invalid` (slug, taken) when it exists. `at` is the end of its year."""
    chance = Random(seed)  # noqa: S311 - made-up people, the same ones for the same seed
    program = _program(slug, at - timedelta(days=YEAR))
    people = list(_enrol(program, members, chance, at, told))
    sold, back, posted = _sell(program, people, chance, at, told)
    posted += _work(program, at)
    seal_entries(program_id=program.id, at=at)
    return Crowd(program.slug, len(people), sold, back, posted)


def _work(program: ProgramView, at: datetime) -> int:
    """What the worker would have done by then; how many deeds."""
    handle_events(program_id=program.id, at=at)
    return do_due_deeds(program_id=program.id, at=at)


def _program(slug: str, at: datetime) -> ProgramView:
    program = create_program(slug=slug, name="Большая толпа", by=SYSTEM_ACTOR, at=at)
    publish_rulebook(program_id=program.id, source=RULEBOOK.read_text(encoding="utf-8"), by=SYSTEM_ACTOR, at=at)
    for number, code in enumerate(BRANCHES, 1):
        add_branch(program_id=program.id, code=code, tills=(f"k{number}",), by=SYSTEM_ACTOR, at=at)
    people = [("employee", f"e{n}") for n in range(EMPLOYEES)] + [("agent", f"a{n}") for n in range(AGENTS)]
    for kind, code in [*people, ("partner", "coffee"), ("partner", "books")]:
        new = NewBeneficiary(kind, code, name=code)
        add_beneficiary(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, at))
    return program


def _enrol(program: ProgramView, count: int, chance: Random, at: datetime, told: Told) -> Iterator[_Person]:
    """In the order of time; a friend was there before whom he brought, and stands at most so many levels deep."""
    start = at - timedelta(days=YEAR)
    step = timedelta(days=YEAR - 30) / max(1, count)
    hosts: list[_Person] = []
    brought: Counter[UUID] = Counter()
    for first in range(0, count, MEMBERS_AT_ONCE):
        batch: list[NewMember] = []
        for number in range(first, min(first + MEMBERS_AT_ONCE, count)):
            when = start + step * number
            host = chance.choice(hosts) if hosts and chance.randrange(100) < OF_A_HUNDRED_INVITED else None
            agent = f"a{chance.randrange(AGENTS)}" if chance.randrange(100) < OF_A_HUNDRED_WITH_AGENT else ""
            known_by = {"phone": f"+7999{number:07}"}
            batch.append(NewMember(new_id(), when, known_by, inviter=host.id if host else None, agent=agent))
            person = _Person(batch[-1].id, when, host.depth + 1 if host else 0)
            if person.depth < LEVELS_MAX:
                hosts.append(person)
            yield person
        _write_members(program.id, batch, brought, at)
        told("members", first + len(batch), count)


@transaction.atomic(durable=True)
def _write_members(program_id: UUID, batch: list[NewMember], brought: Counter[UUID], at: datetime) -> None:
    enter_program(program_id)
    insert_members(program_id, batch, at=at)
    inviters = {one.inviter for one in batch if one.inviter}
    brought.update(one.inviter for one in batch if one.inviter)
    set_referrals(program_id, {inviter: brought[inviter] for inviter in inviters})
    write_acts(program_id, [Written(Kind.ENROL, one.id, one.id, one.enrolled_at, at, IMPORT_ACTOR) for one in batch])
    record_all(program_id, [Happened(EventKind.MEMBER_ENROLLED, one.id, one.id, at, FROM_IMPORT) for one in batch])


def _sell(
    program: ProgramView, people: list[_Person], chance: Random, at: datetime, told: Told
) -> tuple[int, int, int]:
    """The year's receipts in the order of time; some goods come back; others get their shares.

    How many were sold, came back, were posted.
    """
    moments = [
        (one.enrolled_at + (at - one.enrolled_at) * chance.random(), one.id)
        for one in people
        for _ in range(chance.choice(PURCHASES_EACH))
    ]
    moments.sort()
    sales = enumerate(moments)
    sold = back = posted = 0
    while batch := list(islice(sales, SALES_AT_ONCE)):
        requests = [_request(number, member, when, chance) for number, (when, member) in batch]
        done = confirm_purchases(program_id=program.id, requests=requests)
        for one in done:
            if isinstance(one, Refusal):
                raise one
        ids = [one.purchase_id for one in done if not isinstance(one, Refusal)]
        again = [key for key in ids if chance.randrange(100) < OF_A_HUNDRED_BACK]
        later = min(at, batch[-1][1][0] + timedelta(days=3))
        returns = [ReturnRequest("till:k1", f"r{key}", IMPORT_ACTOR, later, purchase_id=key) for key in again]
        return_many(program_id=program.id, requests=returns)
        sold, back = sold + len(ids), back + len(returns)
        posted += _work(program, batch[-1][1][0])
        told("purchases", sold, len(moments))
    return sold, back, posted


def _request(number: int, member_id: UUID, when: datetime, chance: Random) -> PurchaseRequest:
    branch = chance.choice(BRANCHES)
    lines = tuple(_line(place, chance) for place in range(1, 1 + chance.choice((1, 1, 2, 3))))
    wish = SpendWish(SpendMode.MAX) if chance.randrange(100) < OF_A_HUNDRED_SPEND else SpendWish()
    staff = f"e{chance.randrange(EMPLOYEES)}" if number % 3 == 0 else ""
    receipt = Receipt(lines, when, branch=branch, till="k1", staff=staff, spend=wish)
    ref = MemberRef(RefKind.ID, str(member_id))
    return PurchaseRequest("till:k1", f"c{number}", IMPORT_ACTOR, when, receipt=receipt, member=ref)


def _line(place: int, chance: Random) -> Line:
    sku, name, category, price = chance.choice(MENU)
    quantity = 1_000 * chance.choice((1, 1, 1, 2))
    return Line(place, sku, quantity, price, line_amount(price, quantity), name=name, category=category)
