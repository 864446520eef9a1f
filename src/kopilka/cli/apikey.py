"""`kopilka apikey`: keys for tills and integrations."""

import argparse
import sys

from django.utils import timezone

from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import BUNDLES, SYSTEM_ACTOR, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView, list_keys
from kopilka.services.access import create_key, revoke_key


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("apikey", help="create, list and revoke API keys")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    create = acts.add_parser("create", help="make a key and show it, once")
    create.add_argument("--bundle", choices=sorted(BUNDLES), default="till", help="a usual set of rights")
    create.add_argument(
        "--scopes", help="rights one by one instead, separated by commas: " + ", ".join(sorted(Capability))
    )
    create.add_argument("--till", default="", help="code of the cash desk: the source of its receipts")
    create.add_argument("--branch", default="", help="code of the place of sale")
    create.add_argument("--name", default="", help="what the books call it")
    acts.add_parser("list", help="list the keys of a program")
    revoke = acts.add_parser("revoke", help="take a key away")
    revoke.add_argument("key", help="its prefix or id")
    ask_for_program((create, acts.choices["list"], revoke))


def run(args: argparse.Namespace) -> int:
    return run_act({"create": _create, "list": _list, "revoke": _revoke}, args)


def _create(program: ProgramView, args: argparse.Namespace) -> None:
    capabilities = BUNDLES[args.bundle]
    if args.scopes:
        unknown = {*args.scopes.split(",")} - {*Capability}
        if unknown:
            raise Refusal(Code.INVALID, field="scopes", reason="unknown", given=sorted(unknown))
        capabilities = frozenset(Capability(word) for word in args.scopes.split(","))
    key = create_key(
        program_id=program.id,
        name=args.name or args.till or args.bundle,
        capabilities=capabilities,
        till=args.till,
        branch=args.branch,
        by=SYSTEM_ACTOR,
        at=timezone.now(),
    )
    print(key.plain)
    print(f"This is the only time it is shown. Program: {program.slug}", file=sys.stderr)


def _list(program: ProgramView, _args: argparse.Namespace) -> None:
    for key in list_keys(program.id):
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "works"
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
        print(f"{key.prefix}  {key.name}  {' '.join(key.capabilities)}  till={key.till}  used {used}  {state}")


def _revoke(program: ProgramView, args: argparse.Namespace) -> None:
    revoke_key(program_id=program.id, key=args.key, by=SYSTEM_ACTOR, at=timezone.now())
    print("revoked")
