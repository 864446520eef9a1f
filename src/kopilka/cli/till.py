"""`kopilka till`: let a till or a kiosk in by a one-time code, list the devices, take one away."""

import argparse
import sys
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import KIOSK, TILL, list_devices
from kopilka.queries.programs import ProgramView
from kopilka.services.devices import make_device_code, revoke_device


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("till", help="tills and kiosks: let in, list, take away")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    code = acts.add_parser("code", help="a one-time code that makes a browser a till, good for 15 minutes")
    code.add_argument("--name", help="what people call it")
    code.add_argument("--branch", default="", help="code of its shop")
    code.add_argument("--till", default="", help="what its receipts are numbered by; without it the next free number")
    code.add_argument("--kiosk", action="store_true", help="a kiosk instead, beside the till named by --till")
    acts.add_parser("list", help="list tills and kiosks")
    revoke = acts.add_parser("revoke", help="the browser is no longer a till or a kiosk, at once")
    revoke.add_argument("device", type=UUID, help="its id, as listed")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    return run_act(ACTS, args)


def _code(program: ProgramView, args: argparse.Namespace) -> None:
    beside = _till(program, args.till) if args.kiosk and args.till else None
    kind = KIOSK if args.kiosk else TILL
    name = args.name or ("Киоск" if args.kiosk else "Касса") + (f" {args.till}" if args.till else "")
    made = make_device_code(
        program_id=program.id, kind=kind, name=name, branch=args.branch, till="" if args.kiosk else args.till,
        beside_id=beside, by=SYSTEM_ACTOR, at=timezone.now(),
    )  # fmt: skip
    until = made.expires_at.astimezone(ZoneInfo(program.timezone))
    print(f"{made.code[:4]} {made.code[4:]}")
    print(
        f"open /{kind}/{program.slug}/device/ in its browser and type this code before {until:%H:%M}", file=sys.stderr
    )


def _list(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in list_devices(program.id):
        state = "works" if one.revoked_at is None else "revoked"
        seen = f"seen={one.seen_at:%Y-%m-%dT%H:%MZ}" if one.seen_at else "never seen"
        print(f"{one.id}  {one.kind}  {one.till or '-'}  {one.name}  {one.branch or '-'}  {state}  {seen}")


def _revoke(program: ProgramView, args: argparse.Namespace) -> None:
    revoke_device(program_id=program.id, device_id=args.device, by=SYSTEM_ACTOR, at=timezone.now())
    print("revoked")


def _till(program: ProgramView, code: str) -> UUID:
    working = (one for one in list_devices(program.id) if one.kind == TILL and one.revoked_at is None)
    found = next((one.id for one in working if one.till == code), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="device")
    return found


ACTS = {"code": _code, "list": _list, "revoke": _revoke}
