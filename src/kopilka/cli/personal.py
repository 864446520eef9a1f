"""`kopilka personal`: what the law lets a person ask for at the counter: his data in a file, or to be forgotten."""

import argparse
from pathlib import Path
from uuid import UUID

import msgspec
from django.utils import timezone

from kopilka.cli.acting import chosen_program, tell_refusal
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.erasure import erase_member
from kopilka.services.member_export import export_member
from kopilka.services.members import find_member_id

KINDS = ("id", "phone", "card", "email", "external")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("personal", help="a member's data: handed out, or erased for good")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    export = acts.add_parser("export", help="everything known of a member, as JSON")
    export.add_argument("--to", type=Path, metavar="FILE", help="where to write it; the output if left out")
    erase = acts.add_parser("erase", help="forget a member; points and gifts of his are lost, the books stay whole")
    erase.add_argument("--yes", action="store_true", help="do it; without this it is only said what would be done")
    for each in acts.choices.values():
        each.add_argument("member", help="named as --by says")
        each.add_argument("--by", choices=KINDS, default="phone", help="what names the member; phone if left out")
        each.add_argument("--program", help="slug of the program; not needed where there is only one")


def run(args: argparse.Namespace) -> int:
    acts = {"export": _export, "erase": _erase}
    try:
        program = chosen_program(args.program)
        member_id = find_member_id(program, args.by, args.member, at=timezone.now())
        acts[args.act](program, member_id, args)
    except Refusal as refusal:
        return tell_refusal(refusal)
    return 0


def _export(program: ProgramView, member_id: UUID, args: argparse.Namespace) -> None:
    made = export_member(
        program_id=program.id, program=program.name, member_id=member_id, by=SYSTEM_ACTOR, at=timezone.now()
    )
    text = msgspec.json.format(msgspec.json.encode(made), indent=2).decode()
    if args.to:
        args.to.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


def _erase(program: ProgramView, member_id: UUID, args: argparse.Namespace) -> None:
    if not args.yes:
        print(f"would erase member {member_id}: run again with --yes, there is no way back")
        return
    done = erase_member(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR, at=timezone.now())
    told = ", ".join(f"{count} {name}" for name, count in done.cleared.items())
    print(f"erased {done.member_id}: {told}; expired {done.expired or 'nothing'}, {done.gifts} gifts called off")
