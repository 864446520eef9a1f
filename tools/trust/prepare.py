"""`python -m tools.trust.prepare`: an empty database becomes a program with members and a key; prints them as JSON.

A process of its own, because settings are read once and the killed server has a database of its own.
"""

from __future__ import annotations

import json
import os
import sys

MEMBERS = 6
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}, carry: true, spend_order: 1}
  gold: {name: Золото, worth: "1.00", decimals: 2, round: half_up, starts_after: {days: 3}, life: {days: 365}}
spending:
  bonus: {share_of_receipt: 50}
promotions:
  cashback: {earn: {percent: 5, in: bonus}}
  golden: {earn: {percent: 1, in: gold}}
  ten-off: {coupon: ten, discount: {amount: "10.00"}}
coupons:
  ten: {words: TEN, uses: 40}
returns: {take_back: debt}
spending_proof: {by: none}
"""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    import django

    django.setup()
    from django.utils import timezone

    from kopilka.bookkeeping.idempotency import NO_KEY
    from kopilka.cli.migrate import migrate_database
    from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR
    from kopilka.services.access import create_key
    from kopilka.services.members import enrol_member
    from kopilka.services.profiles import MemberFacts
    from kopilka.services.programs import create_program, publish_rulebook

    migrate_database(verbosity=0)
    at = timezone.now()
    program = create_program(slug="lavka", name="Лавка", by=SYSTEM_ACTOR, at=at)
    publish_rulebook(program_id=program.id, source=RULES, by=SYSTEM_ACTOR, at=at)
    key = create_key(program_id=program.id, name="till", capabilities=ADMIN, till="1", by=SYSTEM_ACTOR, at=at)
    members = [
        enrol_member(
            program_id=program.id, facts=MemberFacts(phone=f"+7916{n:07}"), request=NO_KEY, by=SYSTEM_ACTOR, at=at
        ).member.id
        for n in range(MEMBERS)
    ]
    print(json.dumps({"key": key.plain, "members": [str(member) for member in members]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
