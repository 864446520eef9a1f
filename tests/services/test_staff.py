"""Employees: points for deals, goals, premiums paid out, reports (S0.11, S0.12, S0.13, S0.19, S2.18)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.events import Event
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.goals import StaffFigures
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.beneficiaries import BeneficiaryChange, NewBeneficiary, add_beneficiary, change_beneficiary
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import confirm_purchase
from kopilka.services.returns import ALL, return_purchase
from kopilka.services.staff import judge_goals, pay_out_goal, read_staff, report_on_staff
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, balance, work
from tests.tills import TILL_1, bread, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

GOALS = """\
goals:
  quarter: {points: 30, in: staff, each: quarter, premium: "5000.00"}
  friendly: {enrolments: 1, named_share: 50, each: month, premium: "1000.00"}
"""
ASKING = Asking(SYSTEM_ACTOR, NOON)
SPRING = datetime(2026, 4, 1, 0, 30, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture
def program():
    return make_program(rulebook=SHARING_RULES + GOALS)


@pytest.fixture
def olga(program):
    return add_beneficiary(
        program_id=program.id, new=NewBeneficiary("employee", "olga", "Ольга", "center"), asking=ASKING
    ).beneficiary


def sell(program, member_id, price="1000", number="1", staff="olga", at=NOON):
    return confirm_purchase(
        program_id=program.id, request=request(member_id, bread(price, staff=staff, at=at), number, at=at)
    )


def refused(act, **facts):
    with pytest.raises(Refusal) as caught:
        act(**facts)
    return caught.value.code, caught.value.params


def test_an_employee_gets_a_percent_of_every_deal_in_points_of_his_own(program, olga):
    member_id = make_member(program)

    sell(program, member_id)
    sell(program, None, "333", "2")
    sell(program, member_id, "100", "3", staff="stranger")
    work(program.id)

    assert balance(program.id, olga.account_id, "staff") == (2666, 0, 0)
    assert balance(program.id, member_id, "staff") == (0, 0, 0)


def test_an_employee_earns_nothing_on_himself(program, olga):
    himself = make_member(program)
    change_beneficiary(
        program_id=program.id, kind="employee", code="olga", change=BeneficiaryChange(person=himself), asking=ASKING
    )

    sell(program, himself)
    work(program.id)

    assert balance(program.id, olga.account_id, "staff") == (0, 0, 0)


def test_who_is_closed_gets_nothing_from_new_sales_and_keeps_what_he_has(program, olga):
    sell(program, None)
    work(program.id)
    closing = BeneficiaryChange(active=False)
    change_beneficiary(program_id=program.id, kind="employee", code="olga", change=closing, asking=ASKING)

    sell(program, None, number="2")
    work(program.id)

    assert balance(program.id, olga.account_id, "staff") == (2000, 0, 0)


def test_a_goal_is_reached_once_in_its_quarter(program, olga):
    sell(program, None, "1499.50")
    work(program.id)
    early = judge_goals(program_id=program.id, at=NOON)
    sell(program, None, "0.50", "2")
    work(program.id)

    found = [judge_goals(program_id=program.id, at=NOON) for _ in range(2)]

    assert (early, found) == (0, [1, 0])
    told = [row for row in rows(program.id, Event, "kind", "member_id", "payload") if row[0] == "goal_reached"]
    assert told == [("goal_reached", olga.account_id, '{"goal": "quarter", "period": "2026-01-01"}')]


def test_the_next_quarter_counts_anew(program, olga):
    sell(program, None, "1500")
    work(program.id)
    judge_goals(program_id=program.id, at=NOON)

    view = read_staff(program_id=program.id, code="olga", by=SYSTEM_ACTOR, at=SPRING)
    reached = judge_goals(program_id=program.id, at=SPRING)

    assert [(one.goal.code, one.period.day, one.figures.units, one.is_reached) for one in view.goals] == [
        ("quarter", date(2026, 4, 1), 0, False),
        ("friendly", date(2026, 4, 1), 0, False),
    ]
    assert reached == 0


def test_receipts_that_name_a_member_are_judged_when_the_month_is_over(program, olga):
    typed = MemberFacts(phone="+79160000009", staff="olga")
    member_id = enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=NOON).member.id
    sell(program, member_id, "10")
    sell(program, None, "10", "2")

    during = judge_goals(program_id=program.id, at=NOON)
    after = judge_goals(program_id=program.id, at=SPRING)

    assert (during, after) == (0, 1)


def test_an_employee_is_given_points_for_whom_he_enrols(program, olga):
    source = (
        SHARING_RULES + "automations:\n  enrolled: {event: enrolled, grant: {points: 10, in: staff, to: employee}}\n"
    )
    publish_rulebook(program_id=program.id, source=source, by=SYSTEM_ACTOR, at=NOON)

    typed = MemberFacts(phone="+79160000009", staff="olga")
    enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=NOON)
    work(program.id)

    assert balance(program.id, olga.account_id, "staff") == (1000, 0, 0)


def test_an_employee_sees_his_points_and_goals_live(program, olga):
    sell(program, make_member(program), "600")
    work(program.id)

    view = read_staff(program_id=program.id, code="olga", by=SYSTEM_ACTOR, at=NOON)

    assert view.today == StaffFigures(receipts=1, named=1, net_minor=60_000)
    assert view.balances == {"staff": (1200, 0, 0)}
    assert [(one.goal.code, one.figures.units, one.goal.units) for one in view.goals] == [
        ("quarter", 1200, 3000),
        ("friendly", 0, None),
    ]


def test_a_report_tells_what_each_did_in_a_period(program, olga):
    add_beneficiary(program_id=program.id, new=NewBeneficiary("employee", "ivan"), asking=ASKING)
    bought = sell(program, make_member(program), "600")
    sell(program, None, "400", "2")
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=ALL, external_id="r", at=NOON, by=TILL_1,
        source="till:1",
    )  # fmt: skip
    work(program.id)

    told = report_on_staff(
        program_id=program.id, by=SYSTEM_ACTOR, since=NOON - timedelta(days=1), until=NOON + timedelta(days=1)
    )

    assert [(one.code, one.figures, one.points) for one in told] == [
        ("ivan", StaffFigures(), {}),
        ("olga", StaffFigures(receipts=2, named=1, net_minor=100_000, returned_minor=60_000), {"staff": 800}),
    ]
    assert told[1].figures.named_share == 5_000


def test_a_premium_is_paid_out_once(program, olga):
    sell(program, None, "1500")
    work(program.id)
    judge_goals(program_id=program.id, at=NOON)
    facts = {"program_id": program.id, "code": "olga", "goal": "quarter", "period": date(2026, 1, 1), "note": "касса"}

    paid = pay_out_goal(paid_minor=500_000, asking=ASKING, **facts).reached
    again = refused(pay_out_goal, paid_minor=500_000, asking=ASKING, **facts)
    unknown = refused(pay_out_goal, paid_minor=1, asking=ASKING, **{**facts, "period": date(2026, 4, 1)})

    assert (paid.paid_at, paid.paid_minor, paid.paid_by, paid.note) == (NOON, 500_000, "system", "касса")
    assert again == (Code.INVALID, {"field": "goal", "reason": "paid_already"})
    assert unknown == (Code.NOT_FOUND, {"what": "goal"})


def test_a_code_is_one_beneficiarys(program, olga):
    told = refused(add_beneficiary, program_id=program.id, new=NewBeneficiary("employee", "olga"), asking=ASKING)
    partner = refused(add_beneficiary, program_id=program.id, new=NewBeneficiary("partner", "north"), asking=ASKING)

    assert told == (Code.INVALID, {"field": "code", "reason": "taken"})
    assert partner == (Code.NOT_FOUND, {"what": "partner"})
