"""A shop for tests of the till's desk: rules with gifts, coupons and goals, a cashier, a customer."""

from __future__ import annotations

import re
from uuid import UUID

from django.test import Client
from django.utils import timezone

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.programs import ProgramView
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_program

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: {ru: Бонусы, en: Points}, worth: "1.00", starts_after: at_once, life: {days: 365}}
  packs: {name: {ru: Пакетики, en: Packs}, gift: PACK, starts_after: at_once}
spending: {bonus: {share_of_receipt: 50}}
spending_proof: {by: none}
tiers:
  guest: {name: {ru: Гость, en: Guest}}
  friend: {name: {ru: Друг, en: Friend}, enter: {spent: {at_least: "3000.00"}}}
gifts:
  mug: {name: {ru: Кружка, en: Mug}, sku: MUG, for: {bonus: 100}, with: "50.00"}
  cake: {name: {ru: Торт, en: Cake}, sku: CAKE, for: {bonus: 100}}
coupons:
  spring: {bind: yes, series: {count: 5, length: 13}}
promotions:
  cashback: {name: {ru: Кэшбэк, en: Cashback}, earn: {percent: 10, in: bonus}}
  spring-sale: {coupon: spring, discount: {percent: 20}}
goals:
  new-people: {name: {ru: Новые люди, en: New people}, each: month, premium: "1000.00", enrolments: 3}
"""


def make_shop(rules: str = RULES) -> ProgramView:
    """A program with one cashier, 01 Оля."""
    program = make_program(rulebook=rules)
    make_cashier(program)
    return program


def at_counter(
    program: ProgramView, *, till: str = "k1", training: bool = False, language: str = "ru", **who: str
) -> Client:
    """A till at which somebody works."""
    return signed_in_client(program, enrolled=let_in(program, till=till), training=training, language=language, **who)


def give_points(program: ProgramView, member_id: UUID, units: int, currency: str = "bonus") -> None:
    asked = AdjustRequest(member_id, currency, units, "подарок", SYSTEM_ACTOR, timezone.now())
    adjust_points(program_id=program.id, request=asked)


def text_of(answer) -> str:
    """What a person reads on a page, without tags, spaces as one."""
    page = re.sub(r"<(style|script|svg|noscript|datalist)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    plain = re.sub(r"<[^>]+>", " ", page)
    return " ".join(plain.replace("&quot;", '"').replace("&amp;", "&").split())


def once_of(answer) -> str:
    """The key a page's form was drawn with."""
    return re.search(r'name="once" value="([0-9a-f-]{36})"', answer.content.decode())[1]
