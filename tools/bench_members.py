"""`python -m tools.bench_members [--members N]`: how long it takes to count and list members by conditions.

Makes a database of made-up members in a temporary folder (SQLite), or in the one `tools.pg` started, and prints
seconds: the median of five. Nothing is left behind.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHUNK = 20_000
ROUNDS = 5

RULES = """
rulebook: 1
program: Bench
money: RUB
timezone: Europe/Moscow
tiers:
  bronze: {}
  gold: {enter: {spent: {above: "10000.00"}}}
segments:
  vip: {by: hand}
  sleepers: {when: {last_purchase_days: {at_least: 60}}}
"""

ASKED = {
    "everybody": None,
    "tier gold": {"tier": "gold"},
    "a tag": {"tags": "coffee"},
    "spent above 10,000": {"spent": {"above": "10000.00"}},
    "no purchase for 60 days": {"last_purchase_days": {"at_least": 60}},
    "age 30 to 39": {"age": {"at_least": 30, "at_most": 39}},
    "birthday within 7 days": {"birthday": {"before": 7, "after": 0}},
    "put into a segment": {"segment": "vip"},
    "five facts and a segment": {
        "tier": "gold",
        "age": {"at_least": 30},
        "purchases": {"at_least": 3},
        "any": [{"tags": "coffee"}, {"segment": ["vip", "sleepers"]}],
        "not": {"link": "youtube"},
    },
    "one in a million": {"spent": {"at_least": "199999.99"}},
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench_members")
    parser.add_argument("--members", type=int, default=1_000_000)
    members = parser.parse_args().members
    with tempfile.TemporaryDirectory(prefix="kopilka-members-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'members.sqlite3'}")
        os.environ["KOPILKA_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "kopilka.project.settings"
        import django

        django.setup()
        print(json.dumps(_measure(members), indent=1))
    return 0


def _measure(members: int) -> dict[str, object]:
    from django.db import connection

    from kopilka.cli.migrate import run as migrate
    from kopilka.engine.actor import SYSTEM_ACTOR
    from kopilka.services.programs import create_program, publish_rulebook
    from kopilka.services.segments.asking import count_where, export_where, list_where
    from kopilka.services.segments.watching import watch_segments

    migrate(argparse.Namespace(check=False, plan=False, quiet=True))
    program = create_program(slug="bench", name="Bench", by=SYSTEM_ACTOR, at=AT)
    publish_rulebook(program_id=program.id, source=RULES, by=SYSTEM_ACTOR, at=AT)
    seeded = _seconds(lambda: _seed(program.id, members), rounds=1)[0]
    if connection.vendor == "postgresql":
        _analyze()
    told: dict[str, object] = {"database": connection.vendor, "members": members, "seeded_seconds": seeded}
    for name, when in ASKED.items():
        asked = {"program_id": program.id, "when": when, "by": SYSTEM_ACTOR, "at": AT}
        count, found = _seconds(lambda asked=asked: count_where(**asked))
        page, _ = _seconds(lambda asked=asked: list_where(**asked, limit=50))
        told[name] = {"found": found, "count": count, "first_page": page}
        print(name, told[name], file=sys.stderr)
    asked = {"program_id": program.id, "when": ASKED["age 30 to 39"], "by": SYSTEM_ACTOR, "at": AT}
    told["export of age 30 to 39"] = _seconds(lambda: sum(1 for _ in export_where(**asked)), rounds=1)
    told["first look at a live segment"] = _seconds(
        lambda: watch_segments(program_id=program.id, at=AT).moved, rounds=1
    )
    told["the next day's look"] = _seconds(
        lambda: watch_segments(program_id=program.id, at=AT + timedelta(days=1)).moved, rounds=1
    )
    return told


def _seconds(act: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, object]:
    taken, found = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        found = act()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken), 3), found


def _analyze() -> None:
    from kopilka.project.database_roles import as_owner

    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seed(program_id: UUID, members: int) -> None:
    from django.db import transaction

    from kopilka.bookkeeping.kernel import store
    from kopilka.bookkeeping.kernel.rows import Rows
    from kopilka.bookkeeping.scope import enter_program
    from kopilka.data.ids import new_id
    from kopilka.data.models.members import Identifier, Member, Profile
    from kopilka.data.models.segments import SegmentMember

    facts = (
        "id", "status", "enrolled_at", "tier", "tags", "segments", "purchases", "spent_minor", "last_purchase_minor",
        "last_purchase_at", "referrals", "link",
    )  # fmt: skip
    persons = Rows(Member, *facts)
    profiles = Rows(Profile, "member_id", "name", "search", "gender", "language", "changed_at")
    phones = Rows(Identifier, "id", "member_id", "kind", "value", "created_at")
    stays = Rows(SegmentMember, "id", "member_id", "segment", "since", "next_sale", "source", "by")
    chance = random.Random(2026)  # noqa: S311 - made-up members, the same each time
    for first in range(0, members, CHUNK):
        numbers = range(first, min(first + CHUNK, members))
        rows = [_member(new_id(), chance) for _ in numbers]
        with transaction.atomic():
            enter_program(program_id)
            with store.together():
                store.insert(persons, program_id, rows)
                store.insert(profiles, program_id, [(row[0], "", "", "", "", AT) for row in rows])
                store.insert(
                    phones, program_id,
                    [(new_id(), row[0], "phone", f"+7{n:010d}", AT) for n, row in zip(numbers, rows, strict=True)],
                )  # fmt: skip
                store.insert(stays, program_id, [(new_id(), r[0], "vip", AT, False, "hand", "") for r in rows if r[5]])
            _birthdays(rows, chance)


def _birthdays(rows: list[tuple], chance: random.Random) -> None:
    """The kernel writes no dates, so they are copied in by a statement of their own."""
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    given = []
    for row in rows:
        if chance.random() < 0.8:
            born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
            given.append((born.isoformat(), row[0].hex if sqlite else row[0]))
    with connection.cursor() as cursor:
        if sqlite:
            cursor.executemany("UPDATE kopilka_profile SET birth_date = %s WHERE member_id = %s", given)
        else:
            cursor.execute(
                "UPDATE kopilka_profile SET birth_date = given.born::date"
                " FROM unnest(%s::text[], %s::uuid[]) AS given(born, member_id)"
                " WHERE kopilka_profile.member_id = given.member_id",
                ([born for born, _ in given], [member for _, member in given]),
            )


def _member(member_id: UUID, chance: random.Random) -> tuple:
    purchases = int(chance.expovariate(0.25))
    last = AT - timedelta(minutes=chance.randrange(1, 500_000)) if purchases else None
    spent = sum(chance.randrange(10_000, 500_000) for _ in range(min(purchases, 20)))
    tags = " ".join(tag for tag in ("coffee", "tea", "dog", "cat") if chance.random() < 0.1)
    return (
        member_id, "active", AT - timedelta(minutes=chance.randrange(1, 2_000_000)),
        "gold" if spent > 1_000_000 else "bronze", tags, "vip" if chance.random() < 0.02 else "", purchases, spent,
        chance.randrange(10_000, 500_000) if purchases else None, last, chance.choice((0, 0, 0, 1, 2)),
        chance.choice(("", "", "", "youtube", "google")),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
