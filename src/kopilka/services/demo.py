"""A demo program for the first start: a made-up coffee shop with made-up members who have bought something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR
from kopilka.engine.money import line_amount
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.refusal import Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.access import create_key
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import add_branch, create_program, publish_rulebook
from kopilka.services.purchases import MemberRef, PurchaseRequest, RefKind, confirm_purchases

SLUG = "demo"
RULEBOOK = Path(__file__).with_name("demo.yaml")
PEOPLE = (
    "Анна Ёлкина", "Борис Котов", "Вера Лужина", "Глеб Самоваров", "Дина О’Коннор", "Егор Пирогов",
    "Жанна Мятная", "Зоя Корица", "Игорь Зёрнов", "Кира Сливкина", "Лев Бублик", "Майя Ваниль",
)  # fmt: skip
MENU = (
    ("LATTE", "Латте", "drinks", 240_0000),
    ("ESPRESSO", "Эспрессо", "drinks", 150_0000),
    ("CROISSANT", "Круассан", "bakery", 180_0000),
    ("BEANS-250", "Зёрна, 250 г", "beans", 690_0000),
)
"""Articles with their prices in 1/10,000 of a rouble."""


@dataclass(frozen=True, slots=True)
class Demo:
    """`api_key` is shown once: it is stored nowhere."""

    program_slug: str
    api_key: str


def create_demo_program(*, at: datetime) -> Demo:
    """The program `demo` with its rulebook, branches, tills, members, purchases and one key with all usual rights."""
    program = create_program(slug=SLUG, name="Кофейня «Копилка»", is_demo=True, by=SYSTEM_ACTOR, at=at)
    publish_rulebook(program_id=program.id, source=RULEBOOK.read_text(encoding="utf-8"), by=SYSTEM_ACTOR, at=at)
    for code, name, tills in (("centre", "Центр", ("k1", "k2")), ("station", "Вокзал", ("k3",))):
        add_branch(program_id=program.id, code=code, name=name, tills=tills, by=SYSTEM_ACTOR, at=at)
    members = [_enrol(program, number, name, at) for number, name in enumerate(PEOPLE, start=1)]
    _sell(program, members, at)
    key = create_key(
        program_id=program.id, name="demo", capabilities=ADMIN, till="k1", branch="centre", by=SYSTEM_ACTOR, at=at
    )
    return Demo(program.slug, key.plain)


def _enrol(program: ProgramView, number: int, name: str, at: datetime) -> UUID:
    facts = MemberFacts(phone=f"+7 900 000-00-{number:02}", card=f"{1000 + number}", name=name, language="ru")
    enrolled = at - timedelta(days=60 - number)
    return enrol_member(program_id=program.id, facts=facts, request=NO_KEY, by=SYSTEM_ACTOR, at=enrolled).member.id


def _sell(program: ProgramView, members: list[UUID], at: datetime) -> None:
    """Everybody bought on several days; those further up the list bought more."""
    sales = [
        (days, place, member_id)
        for place, member_id in enumerate(members)
        for days in range(2 + place % 3, 40, 4 + place)
    ]
    requests = [
        _purchase(number, member_id, at - timedelta(days=days, hours=place), lines=1 + (days + place) % 3)
        for number, (days, place, member_id) in enumerate(sorted(sales, key=lambda sale: (-sale[0], sale[1])), start=1)
    ]
    for done in confirm_purchases(program_id=program.id, requests=requests):
        if isinstance(done, Refusal):
            raise done


def _purchase(number: int, member_id: UUID, at: datetime, lines: int) -> PurchaseRequest:
    bought = tuple(_line(place, number) for place in range(1, lines + 1))
    return PurchaseRequest(
        source="till:k1",
        external_id=f"demo-{number}",
        by=SYSTEM_ACTOR,
        at=at,
        receipt=Receipt(bought, at, branch="centre", till="k1"),
        member=MemberRef(RefKind.ID, str(member_id)),
    )


def _line(place: int, number: int) -> Line:
    sku, name, category, price = MENU[(place + number) % len(MENU)]
    return Line(place, sku, 1_000, price, line_amount(price, 1_000), name=name, category=category)
