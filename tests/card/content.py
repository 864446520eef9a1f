"""A program with everything a card shows beside the card itself, and a browser in which a member has opened it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.test import Client
from django.utils import timezone

from kopilka.queries.programs import ProgramView
from kopilka.services.member_sessions import start_session
from tests.factories import make_member, make_program
from tests.tills import buy

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: {ru: Баллы, en: Points}, worth: "1.00", starts_after: at_once}
spending:
  bonus: {share_of_receipt: 50}
promotions:
  cashback: {earn: {percent: 10}}
gifts:
  cake: {name: {ru: Торт, en: Cake}, sku: CAKE, for: {bonus: 100}, life: {days: 14}, stock: 2}
  mug: {name: {ru: Кружка, en: Mug}, sku: MUG, for: {bonus: 5000}}
referral: {code: digits}
automations:
  friend: {event: enrolled, when: {invited: yes}, grant: {points: 50, in: bonus, to: inviter, level: 1}}
  answers: {event: profile_filled, grant: {points: 30, in: bonus}}
family: {size: 4}
profile:
  pet: {name: {ru: Кто у вас живёт?, en: What pet have you?}, kind: choice, choices: [кот, пёс], required: yes}
  child: {name: {ru: День рождения ребёнка, en: A child's birthday}, kind: date, many: yes}
  coffee: {name: {ru: Чашек кофе в день, en: Cups a day}, kind: number}
  news: {name: {ru: Читаете новости?, en: News?}, kind: flag}
  hobby: {name: {ru: Увлечение, en: Hobby}, kind: text}
"""


def shop(**facts: object) -> ProgramView:
    return make_program(rulebook=RULES, **facts)


def card_of(
    program: ProgramView, member_id: UUID | None = None, *, came_by: str = "code", at: datetime | None = None
) -> Client:
    """The member's own browser; his session began by a code unless it is said otherwise."""
    client = Client()
    whose = member_id or make_member(program)
    session = start_session(
        program_id=program.id, member_id=whose, label="Mozilla/5.0 (iPhone) Safari/604.1", came_by=came_by,
        at=at or timezone.now(),
    )  # fmt: skip
    client.cookies["kopilka_card"] = session.token
    return client


def rich_member(program: ProgramView, phone: str = "+79161234567", roubles: str = "3000", **facts: object) -> UUID:
    """With a tenth of so many roubles in points."""
    member_id = make_member(program, phone, **facts)
    buy(program.id, member_id, roubles)
    return member_id
