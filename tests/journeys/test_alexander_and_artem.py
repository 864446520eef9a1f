"""S4.27: Alexander gives a numeric code, Artem comes with it, and what each of them gets of it, to the point."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.books import check_books
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.referral import issue_referral_code
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_program
from tests.sharing import balance, work
from tests.tills import TILL_1, buy

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Приведи друга
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending:
  bonus: {share_of_receipt: 50}
referral: {code: digits}
promotions:
  cashback: {earn: {percent: 5}}
automations:
  welcome: {event: enrolled, when: {invited: false}, grant: {points: 300}}
  welcome-invited: {event: enrolled, when: {invited: true}, grant: {points: 500}}
  thank-inviter: {event: enrolled, when: {invited: true}, grant: {points: 50, to: inviter}}
shares:
  friend-extra: {to: buyer, when: {invited: true}, first: 3, earn: {percent: 2}}
  inviter: {to: inviter, earn: {percent: 1}}
"""


def enrol(program, phone, **facts):
    typed = MemberFacts(phone=phone, **facts)
    return enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=NOON).member.id


def test_alexander_and_artem():
    program = make_program(rulebook=RULES)
    alexander = enrol(program, "+79160000001")
    work(program.id)
    code = issue_referral_code(program_id=program.id, member_id=alexander, asking=Asking(SYSTEM_ACTOR, NOON)).code
    artem = enrol(program, "+79160000002", invited_by=code)
    work(program.id)
    welcome = [balance(program.id, one)[0] for one in (alexander, artem)]

    story = []
    for day in range(1, 5):
        at = NOON + timedelta(days=day)
        bought = buy(program.id, artem, "1000", at=at)
        work(program.id, at)
        story.append([balance(program.id, one)[0] for one in (alexander, artem)])
    at = NOON + timedelta(days=5)
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=ALL, source="till:1", external_id="r", by=TILL_1,
        at=at,
    )  # fmt: skip
    work(program.id, at)

    assert code.isdigit()
    assert welcome == [300 + 50, 500]
    assert story == [[360, 570], [370, 640], [380, 710], [390, 760]]
    assert [balance(program.id, one)[0] for one in (alexander, artem)] == [380, 710]
    assert [finding for result in check_books(program_id=program.id) for finding in result.findings] == []
