"""`kopilka webhook`: addresses that are told of events, or called by rules."""

import argparse
import sys

from django.conf import settings
from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.programs import ProgramView
from kopilka.services.webhooks.endpoints import change_webhook, create_webhook, list_webhooks


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("webhook", help="create, list and stop webhooks")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    create = acts.add_parser("create", help="register an address and show its secret, once")
    create.add_argument("code", help="how rules call it")
    create.add_argument("url", help="an https address on the open internet")
    create.add_argument("--events", default="", help="kinds of events to be told of, separated by commas")
    acts.add_parser("list", help="list the webhooks of a program")
    stop = acts.add_parser("stop", help="tell it nothing more")
    stop.add_argument("code", help="the webhook's code")
    ask_for_program((create, acts.choices["list"], stop))


def run(args: argparse.Namespace) -> int:
    return run_act({"create": _create, "list": _list, "stop": _stop}, args)


def _create(program: ProgramView, args: argparse.Namespace) -> None:
    events = [kind.strip() for kind in args.events.split(",") if kind.strip()]
    made = create_webhook(
        program_id=program.id, code=args.code, url=args.url, events=events,
        private=settings.KOPILKA_WEBHOOKS_PRIVATE, asking=_asking(),
    )  # fmt: skip
    print(made.secret)
    print(f"This is the only time it is shown. Program: {program.slug}", file=sys.stderr)


def _list(program: ProgramView, _args: argparse.Namespace) -> None:
    for hook in list_webhooks(program_id=program.id):
        print(f"{hook.code}  {hook.url}  {','.join(hook.events) or '-'}  {'works' if hook.active else 'stopped'}")


def _stop(program: ProgramView, args: argparse.Namespace) -> None:
    change_webhook(
        program_id=program.id, code=args.code, url=None, events=None, active=False,
        private=settings.KOPILKA_WEBHOOKS_PRIVATE, asking=_asking(),
    )  # fmt: skip
    print("stopped")


def _asking() -> Asking:
    return Asking(SYSTEM_ACTOR, timezone.now())
