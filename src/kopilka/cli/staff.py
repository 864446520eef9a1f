"""`kopilka staff`: who may work at the tills, and their PINs."""

import argparse
import getpass
import sys

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.pins import must_be_good_pin
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.beneficiaries import beneficiary_view
from kopilka.queries.devices import CASHIER, MANAGER
from kopilka.queries.programs import ProgramView
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.staff_access import give_access, staff_of_tills, take_access


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("staff", help="people at the tills: give a PIN, take it away, list")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    pin = acts.add_parser("pin", help="the employee may work at the tills with this PIN; asked for, or read from stdin")
    pin.add_argument("code", help="how receipts name the employee")
    pin.add_argument("--role", choices=(CASHIER, MANAGER), default=CASHIER)
    pin.add_argument("--name", default="", help="adds the employee where there is none with this code")
    pin.add_argument("--branch", default="", help="of an employee to be added")
    take = acts.add_parser("take", help="the employee may no longer work at the tills")
    take.add_argument("code")
    acts.add_parser("list", help="employees, and what they may do at the tills")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    return run_act(ACTS, args)


def _pin(program: ProgramView, args: argparse.Namespace) -> None:
    at = timezone.now()
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    must_be_good_pin(pin, simple=program.is_demo)  # before anybody is added
    if args.name and not _is_there(program, args.code):
        new = NewBeneficiary("employee", args.code, args.name, args.branch)
        add_beneficiary(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, at))
    give_access(program_id=program.id, employee_code=args.code, role=args.role, pin=pin, by=SYSTEM_ACTOR, at=at)
    print(f"{args.code} {args.role}")


def _take(program: ProgramView, args: argparse.Namespace) -> None:
    take_access(program_id=program.id, employee_code=args.code, by=SYSTEM_ACTOR, at=timezone.now())
    print("taken")


def _list(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in staff_of_tills(program_id=program.id, by=SYSTEM_ACTOR):
        print(f"{one.code}  {one.name}  {one.branch or '-'}  {one.role or 'no PIN'}")


def _is_there(program: ProgramView, code: str) -> bool:
    try:
        beneficiary_view(program.id, "employee", code)
    except Refusal as refusal:
        if refusal.code != Code.NOT_FOUND:
            raise
        return False
    return True


ACTS = {"pin": _pin, "take": _take, "list": _list}
