"""Moments that nobody's act marks come once each, those missed in time too (S2.25, S3.11 to S3.13, S4.9)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.automations import ProfileAnswer
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.automations.moments import plan_moments
from kopilka.services.programs import publish_rulebook
from kopilka.services.switches import switch
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import DAY, change_member, deeds, live, points, rules, states, told
from tests.tills import books_agree, buy

pytestmark = pytest.mark.django_db(transaction=True)

MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def work(program_id, at):
    """A round of the worker."""
    planned = plan_moments(program_id=program_id, at=at)
    live(program_id, at)
    return planned


def answer(program, member_id, question, day, name="", number=1):
    with transaction.atomic():
        enter_program(program.id)
        ProfileAnswer.objects.create(
            id=new_id(), program_id=program.id, member_id=member_id, question=question, number=number,
            text=str(day), day=day, name=name,
        )  # fmt: skip


BIRTHDAY = "birthday: {event: {date: {of: birthday}}, grant: {points: 300, life: {days: 14}}, send: happy-birthday}"


def test_birthday_brings_points_and_a_message_s3_11():
    program = make_program(rulebook=rules(BIRTHDAY))
    anna = make_member(program, birth_date=date(1990, 3, 8))
    make_member(program, "+79160000002", birth_date=date(1990, 3, 9))

    early = work(program.id, moscow("2026-03-08T09:59"))
    done = [work(program.id, moscow(f"2026-03-08T10:0{minute}")) for minute in range(3)]

    assert (early, done) == (0, [1, 0, 0])
    assert points(program.id, anna) == 300
    assert deeds(program.id) == [("automation", "birthday", "done", 300)]
    (message,) = told(program.id, EventKind.MESSAGE_REQUESTED)
    assert (message["message"], message["points"], message["facts"]["years"]) == ("happy-birthday", {"bonus": 300}, 36)
    assert books_agree(program.id)


def test_birthday_comes_again_next_year():
    program = make_program(rulebook=rules(BIRTHDAY))
    anna = make_member(program, birth_date=date(1990, 3, 8))

    work(program.id, moscow("2026-03-08T10:00"))
    work(program.id, moscow("2027-03-08T10:00"))

    assert states(program.id) == ["done", "done"]
    assert points(program.id, anna) == 300


@pytest.mark.parametrize(("day", "came"), [("2027-02-28", 1), ("2028-02-28", 0), ("2028-02-29", 1)])
def test_who_was_born_on_29_february(day, came):
    program = make_program(rulebook=rules(BIRTHDAY))
    make_member(program, birth_date=date(2000, 2, 29))

    assert work(program.id, moscow(f"{day}T10:00")) == came


@pytest.mark.parametrize(
    ("when", "at"),
    [("before: 7", "2026-03-08T10:00"), ("after: 3", "2026-03-18T10:00"), ("at: '18:30'", "2026-03-15T18:30")],
)
def test_days_before_and_after_and_the_time_of_the_day(when, at):
    program = make_program(rulebook=rules(f"b: {{event: {{date: {{of: birthday, {when}}}}}, grant: {{points: 1}}}}"))
    make_member(program, birth_date=date(1990, 3, 15))

    assert work(program.id, moscow(at) - timedelta(minutes=1)) == 0
    assert work(program.id, moscow(at)) == 1


def test_missed_birthday_is_made_up_for_once_within_three_days():
    program = make_program(rulebook=rules(BIRTHDAY))
    late, too_late = (
        make_member(program, birth_date=date(1990, 3, 8)),
        make_member(program, "+79160000002", birth_date=date(1990, 3, 7)),
    )

    done = [work(program.id, moscow("2026-03-10T23:00") + timedelta(hours=hour)) for hour in range(3)]

    assert done == [1, 0, 0]
    assert (points(program.id, late), points(program.id, too_late)) == (300, 0)


def test_moment_planned_in_time_and_done_too_late_is_missed():
    program = make_program(rulebook=rules(BIRTHDAY))
    make_member(program, birth_date=date(1990, 3, 8))
    plan_moments(program_id=program.id, at=moscow("2026-03-08T10:00"))

    live(program.id, moscow("2026-03-12T10:00"))

    assert states(program.id) == ["missed"]


def test_rule_published_after_the_moment_does_not_look_back():
    program = make_program(rulebook=rules("other: {event: enrolled, grant: {points: 1}}"))
    make_member(program, birth_date=date(1990, 3, 8))
    live(program.id)
    publish_rulebook(
        program_id=program.id, source=rules(BIRTHDAY), by=SYSTEM_ACTOR, at=moscow("2026-03-08T12:00")
    )  # fmt: skip

    assert work(program.id, moscow("2026-03-08T12:05")) == 0


def test_rule_that_was_switched_off_at_the_moment_does_not_make_up_for_it():
    program = make_program(rulebook=rules(BIRTHDAY))
    make_member(program, birth_date=date(1990, 3, 8))

    def turn(on, at):
        switch(program_id=program.id, what="automations.birthday", on=on, reason="тест", by=SYSTEM_ACTOR, at=at)

    turn(on=False, at=moscow("2026-03-08T09:00"))
    off = work(program.id, moscow("2026-03-08T10:00"))
    turn(on=True, at=moscow("2026-03-08T11:00"))

    assert (off, work(program.id, moscow("2026-03-08T11:30"))) == (0, 0)


def test_coming_of_age_of_a_cat_brings_five_packs_s4_40():
    program = make_program(
        rulebook=rules("""
cat-of-age: {event: {date: {of: pets, age: 18, years: cat}}, grant: {in: packs, points: 5}, send: cat-birthday}
""").replace("points:\n", "points:\n  packs: {name: Пакетики}\n", 1)
        + "profile: {pets: {name: Питомцы, kind: date, many: yes}}\n"
    )
    owner = make_member(program)
    answer(program, owner, "pets", date(2024, 11, 20), "Барсик")
    answer(program, owner, "pets", date(2024, 11, 21), "Мурка", 2)

    came = [work(program.id, moscow(f"2026-03-{day}T10:00")) for day in (19, 20, 21, 22)]

    assert came == [0, 1, 1, 0]
    assert points(program.id, owner, "packs") == 10
    assert [one["facts"]["name"] for one in told(program.id, EventKind.MESSAGE_REQUESTED)] == ["Барсик", "Мурка"]


def test_twins_are_two_and_one_child_entered_twice_is_one():
    program = make_program(
        rulebook=rules("child: {event: {date: {of: children}}, grant: {points: 50}}")
        + "profile: {children: {name: Дети, kind: date, many: yes}}\n"
    )
    mother = make_member(program)
    for number, name in enumerate(("Аня", "Ваня", "АНЯ"), 1):
        answer(program, mother, "children", date(2020, 5, 1), name, number)

    assert work(program.id, moscow("2026-05-01T10:00")) == 2


def test_day_of_enrolment_comes_round():
    program = make_program(rulebook=rules("year: {event: {date: {of: enrolment}}, grant: {points: 50}}"))
    make_member(program)

    assert work(program.id, moscow("2026-03-02T15:00")) == 0
    assert work(program.id, moscow("2027-03-02T10:00")) == 1


QUIET = """
come-back: {event: {quiet: {days: 60}}, grant: {points: 200, life: {days: 7}}, send: we-miss-you}
"""


def test_lost_customer_is_called_back_once_for_each_silence_s3_12():
    program = make_program(rulebook=rules(QUIET))
    member_id = make_member(program)
    make_member(program, "+79160000002")
    buy(program.id, member_id)

    came = [work(program.id, NOON + timedelta(days=day, minutes=1)) for day in (59, 60, 61, 62)]
    buy(program.id, member_id, at=NOON + 70 * DAY)
    again = [work(program.id, NOON + timedelta(days=70 + day, minutes=1)) for day in (59, 60, 61)]

    assert (came, again) == ([0, 1, 0, 0], [0, 1, 0])
    assert len(told(program.id, EventKind.MESSAGE_REQUESTED)) == 2


def test_who_buys_before_the_rule_acts_is_not_quiet():
    program = make_program(rulebook=rules(QUIET))
    member_id = make_member(program)
    buy(program.id, member_id)
    at = NOON + timedelta(days=60, minutes=1)
    planned = plan_moments(program_id=program.id, at=at)
    buy(program.id, member_id, at=at)

    live(program.id, at)

    assert planned == 1
    assert states(program.id) == ["nothing"]


def test_limit_keeps_a_lost_customer_from_too_many_gifts():
    program = make_program(
        rulebook=rules(
            "come-back: {event: {quiet: {days: 10}}, grant: {points: 5}, limit: {times: 1, within: {days: 180}}}"
        )
    )
    member_id = make_member(program)
    for day in (0, 30, 180):
        buy(program.id, member_id, at=NOON + day * DAY)
        for after in (10, 11):
            work(program.id, NOON + timedelta(days=day + after, minutes=1))

    assert states(program.id) == ["done", "limited", "done"]


def test_points_about_to_expire_are_announced_once_s3_13():
    program = make_program(
        rulebook=rules("""
welcome: {event: enrolled, grant: [{points: 100, life: {days: 14}}, {points: 50, life: {days: 14, hours: 2}}]}
soon: {event: {expiring: {days: 3}}, send: burning}
""")
    )
    make_member(program)
    live(program.id)

    came = [work(program.id, NOON + timedelta(days=day, minutes=1)) for day in (10, 11, 12, 13)]

    assert came == [0, 1, 0, 0]
    (message,) = told(program.id, EventKind.MESSAGE_REQUESTED)
    assert (message["message"], message["facts"]["expiring"]) == ("burning", {"bonus": 150})
    assert message["facts"]["date"] == "2026-03-16"


def test_points_spent_before_the_reminder_need_none():
    program = make_program(
        rulebook=rules("""
welcome: {event: enrolled, grant: {points: 50, life: {days: 14}}}
soon: {event: {expiring: {days: 3}}, send: burning}
""")
        + "spending: {bonus: {share_of_receipt: 100}}\n"
    )
    member_id = make_member(program)
    live(program.id)
    at = NOON + timedelta(days=11, minutes=1)
    plan_moments(program_id=program.id, at=at)
    buy(program.id, member_id, "50", spend=50, at=at)

    live(program.id, at)

    assert states(program.id) == ["done", "nothing"]


def test_calendar_day_is_for_those_of_whom_the_condition_holds_s4_9():
    program = make_program(
        rulebook=rules("""
spring: {event: {calendar: {date: "2026-03-08", at: "09:00"}}, when: {tags: lady}, grant: {points: 8}}
""")
    )
    lady, other = make_member(program, tags=("lady",)), make_member(program, "+79160000002")

    came = [work(program.id, moscow(f"2026-03-08T{time}")) for time in ("08:59", "09:00", "09:30")]

    assert came == [0, 1, 0]
    assert (points(program.id, lady), points(program.id, other)) == (8, 0)


def test_cron_comes_again_and_of_several_missed_moments_the_last_is_made_up_for():
    program = make_program(rulebook=rules("daily: {event: {calendar: {cron: '0 10 * * *'}}, grant: {points: 1}}"))
    member_id = make_member(program)

    came = [work(program.id, moscow(f"2026-03-{at}")) for at in ("03T10:00", "03T22:00", "04T10:00", "08T12:00")]

    assert came == [1, 0, 1, 1]
    assert points(program.id, member_id) == 3


@pytest.mark.parametrize(
    ("cron", "at", "came"),
    [
        ("30 2 * * *", "2026-03-29T01:30+00:00", 1),  # the clocks skip from 2 to 3: half past three of summer
        ("30 2 * * *", "2026-03-29T01:29+00:00", 0),
        ("30 2 * * *", "2026-10-25T00:30+00:00", 1),  # half past two comes twice: the first of them
    ],
)
def test_moments_keep_to_the_clock_on_the_wall(cron, at, came):
    program = make_program(
        rulebook=rules(f"night: {{event: {{calendar: {{cron: '{cron}'}}}}, grant: {{points: 1}}}}").replace(
            "Europe/Moscow", "Europe/Berlin"
        )
    )
    make_member(program)
    moment = datetime.fromisoformat(at).astimezone(UTC)
    work(program.id, moment - timedelta(hours=6))

    assert work(program.id, moment) == came


def test_hour_that_comes_twice_has_one_moment():
    program = make_program(
        rulebook=rules("night: {event: {calendar: {cron: '30 2 * * *'}}, grant: {points: 1}}").replace(
            "Europe/Moscow", "Europe/Berlin"
        )
    )
    make_member(program)
    work(program.id, datetime(2026, 10, 24, 12, tzinfo=UTC))

    came = [work(program.id, datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1, 2)]

    assert came == [1, 0, 0]


def test_blocked_members_and_accounts_of_staff_have_no_birthday():
    program = make_program(rulebook=rules(BIRTHDAY))
    blocked, staff = (make_member(program, f"+7916000000{n}", birth_date=date(1990, 3, 8)) for n in range(2))
    change_member(program.id, blocked, status="blocked")
    change_member(program.id, staff, role="employee")

    assert work(program.id, moscow("2026-03-08T10:00")) == 0


def test_many_birthdays_are_done_together_and_one_by_one_where_something_is_unusual():
    program = make_program(
        rulebook=rules(f"""
{BIRTHDAY}
limited: {{event: {{date: {{of: birthday}}}}, grant: {{points: 1}}, limit: {{times: 2, each: everybody}}}}
""")
    )
    born = [make_member(program, f"+7916000000{n}", birth_date=date(1990, 3, 8)) for n in range(5)]
    plan_moments(program_id=program.id, at=moscow("2026-03-08T10:00"))
    change_member(program.id, born[0], status="blocked")

    live(program.id, moscow("2026-03-08T10:00"))

    got = {(rule, state): 0 for _, rule, state, _ in deeds(program.id)}
    for _, rule, state, _ in deeds(program.id):
        got[rule, state] += 1
    assert got == {
        ("birthday", "done"): 4, ("birthday", "refused"): 1,
        ("limited", "done"): 2, ("limited", "limited"): 2, ("limited", "refused"): 1,
    }  # fmt: skip
    assert sum(points(program.id, one) for one in born) == 4 * 300 + 2
    assert len(told(program.id, EventKind.MESSAGE_REQUESTED)) == 4
    assert books_agree(program.id)


def test_limit_holds_between_two_moments_of_one_member_in_one_batch():
    program = make_program(
        rulebook=rules("child: {event: {date: {of: children}}, grant: {points: 50}, limit: {times: 1}}")
        + "profile: {children: {name: Дети, kind: date, many: yes}}\n"
    )
    mother = make_member(program)
    for number, name in enumerate(("Аня", "Ваня"), 1):
        answer(program, mother, "children", date(2020, 5, 1), name, number)

    work(program.id, moscow("2026-05-01T10:00"))

    assert sorted(states(program.id)) == ["done", "limited"]
