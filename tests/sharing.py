"""Coalitions, staff and friends for tests: programs with shares, whoever gets them, and the worker's turn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.ledger import Wallet
from kopilka.data.models.members import Member
from kopilka.queries.programs import ProgramView
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from tests.factories import NOON

SHARING_RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
  staff: {name: Баллы сотрудника, decimals: 2}
spending:
  bonus: {share_of_receipt: 50}
spending_proof: {by: none}
referral: {code: digits, levels: 2, until_first_purchase: true}
segments:
  ten-five: {by: hand}
promotions:
  cashback: {earn: {percent: 5, in: bonus}}
shares:
  inviter: {to: inviter, earn: {percent: 1, in: bonus}}
  above: {to: inviter, level: 2, earn: {percent: "0.5", in: bonus}}
  seller: {to: employee, earn: {percent: 2, in: staff}}
  designer:
    to: agent
    earn: {percent: 15, in: bonus}
    splits: {client-10-agent-5: {segment: ten-five, buyer_discount: 10, earn: {percent: 5, in: bonus}}}
"""


def work(program_id: UUID, at: datetime = NOON) -> None:
    """What the worker does in its turn: events handed out, deeds done."""
    handle_events(program_id=program_id, at=at)
    do_due_deeds(program_id=program_id, at=at)


def balance(program_id: UUID, member_id: UUID, currency: str = "bonus") -> tuple[int, int, int]:
    """Available, pending and debt."""
    with transaction.atomic():
        enter_program(program_id)
        found = Wallet.objects.of(program_id).filter(member_id=member_id, currency=currency)
        return found.values_list("available", "pending", "debt").first() or (0, 0, 0)


def set_member(program: ProgramView, member_id: UUID, **columns: object) -> None:
    with transaction.atomic():
        enter_program(program.id)
        Member.objects.of(program.id).filter(id=member_id).update(**columns)
