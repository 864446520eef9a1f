"""`kopilka people`: employees, agents and partners; reports on the staff; networks of members."""

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.network import NetworkMember
from kopilka.queries.programs import ProgramView
from kopilka.services.beneficiaries import (
    BeneficiaryChange,
    NewBeneficiary,
    add_beneficiary,
    beneficiaries_of_program,
    change_beneficiary,
)
from kopilka.services.referral import read_network, read_network_level
from kopilka.services.staff import goals_to_pay, pay_out_goal, report_on_staff

KINDS = ("employee", "agent", "partner")
PAGE = 200


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("people", help="employees, agents, partners: add, list, close, report, pay out")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    add = acts.add_parser("add", help="somebody gets shares of sales from now on")
    _named(add)
    add.add_argument("--name", default="")
    add.add_argument("--branch", default="", help="where he works")
    add.add_argument("--member", type=UUID, help="id of his own membership: nobody earns on himself")
    _named(acts.add_parser("close", help="he gets nothing from new sales, and keeps what he has"))
    listed = acts.add_parser("list", help="list them")
    listed.add_argument("--kind", choices=KINDS, default="")
    report = acts.add_parser("report", help="what each employee did in a period, as CSV")
    report.add_argument("since", type=date.fromisoformat, help="first day, as in 2026-01-01")
    report.add_argument("until", type=date.fromisoformat, help="the day after the last")
    acts.add_parser("premiums", help="goals reached whose premium is still to be paid")
    pay = acts.add_parser("pay", help="mark a premium as paid")
    pay.add_argument("code", help="of the employee")
    pay.add_argument("goal")
    pay.add_argument("period", type=date.fromisoformat, help="the day on which it began")
    pay.add_argument("minor", type=int, help="what was paid, in minor units (kopecks)")
    pay.add_argument("--note", default="")
    network = acts.add_parser("network", help="whom a member brought: totals by level, or one level as CSV")
    network.add_argument("member", type=UUID, help="his id")
    network.add_argument("--levels", type=int, default=3)
    network.add_argument("--level", type=int, help="write everybody of this level as CSV")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    return run_act(ACTS, args)


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("code", help="how receipts name him")


def _asking() -> Asking:
    return Asking(SYSTEM_ACTOR, timezone.now())


def _add(program: ProgramView, args: argparse.Namespace) -> None:
    new = NewBeneficiary(args.kind, args.code, args.name, args.branch, args.member)
    done = add_beneficiary(program_id=program.id, new=new, asking=_asking())
    print(f"{done.beneficiary.kind} {done.beneficiary.code} account={done.beneficiary.account_id}")


def _close(program: ProgramView, args: argparse.Namespace) -> None:
    closing = BeneficiaryChange(active=False)
    change_beneficiary(program_id=program.id, kind=args.kind, code=args.code, change=closing, asking=_asking())
    print("closed")


def _list(program: ProgramView, args: argparse.Namespace) -> None:
    after: str | None = ""
    while after is not None:
        page, after = beneficiaries_of_program(
            program_id=program.id, by=SYSTEM_ACTOR, kind=args.kind, after=after, limit=PAGE
        )
        for one in page:
            state = "works" if one.active else "closed"
            print(f"{one.kind}  {one.code}  {one.name}  {one.branch}  {state}  account={one.account_id}")


def _report(program: ProgramView, args: argparse.Namespace) -> None:
    since, until = (_midnight(program, day) for day in (args.since, args.until))
    rows = report_on_staff(program_id=program.id, by=SYSTEM_ACTOR, since=since, until=until)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        (
            "code",
            "name",
            "receipts",
            "named",
            "named_percent",
            "turnover_minor",
            "returned_minor",
            "enrolments",
            "points",
        )
    )
    for one in rows:
        figures = one.figures
        points = " ".join(f"{currency}={units}" for currency, units in sorted(one.points.items()))
        writer.writerow(
            (
                one.code, _plain(one.name), figures.receipts, figures.named, f"{figures.named_share // 100}",
                figures.net_minor, figures.returned_minor, figures.enrolments, points,
            )
        )  # fmt: skip


def _premiums(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in goals_to_pay(program_id=program.id, by=SYSTEM_ACTOR):
        print(f"{one.staff}  {one.goal}  {one.period}  {one.premium_minor}")


def _pay(program: ProgramView, args: argparse.Namespace) -> None:
    pay_out_goal(
        program_id=program.id, code=args.code, goal=args.goal, period=args.period, paid_minor=args.minor,
        note=args.note, asking=_asking(),
    )  # fmt: skip
    print("paid")


def _network(program: ProgramView, args: argparse.Namespace) -> None:
    if args.level is not None:
        _write_level(program, args.member, args.level)
        return
    for one in read_network(program_id=program.id, member_id=args.member, levels=args.levels, by=SYSTEM_ACTOR):
        rewards = " ".join(f"{currency}={units}" for currency, units in sorted(one.rewards.items()))
        print(f"level {one.level}: {one.members} members, {one.buyers} buyers, {one.turnover_minor} paid  {rewards}")


def _write_level(program: ProgramView, member_id: UUID, level: int) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("member_id", "inviter_id", "name", "enrolled_at", "referrals", "purchases", "spent_minor"))
    for one in _level(program, member_id, level):
        writer.writerow(
            (
                one.member_id, one.inviter_id, _plain(one.name), one.enrolled_at.isoformat(), one.referrals,
                one.purchases, one.spent_minor,
            )
        )  # fmt: skip


def _level(program: ProgramView, member_id: UUID, level: int) -> Iterator[NetworkMember]:
    page, after = read_network_level(
        program_id=program.id, member_id=member_id, level=level, by=SYSTEM_ACTOR, limit=PAGE
    )
    yield from page
    while after is not None:
        page, after = read_network_level(
            program_id=program.id, member_id=member_id, level=level, by=SYSTEM_ACTOR, limit=PAGE, after=after
        )
        yield from page


def _midnight(program: ProgramView, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(program.timezone))


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in {"=", "+", "-", "@", "\t"} else name


ACTS = {
    "add": _add,
    "close": _close,
    "list": _list,
    "report": _report,
    "premiums": _premiums,
    "pay": _pay,
    "network": _network,
}
