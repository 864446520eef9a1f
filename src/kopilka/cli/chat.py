"""`kopilka chat`: what members wrote to the shop, and answering them."""

import argparse
import sys

from django.utils import timezone

from kopilka.cli.acting import run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.chats import chats_for_office, messages_of
from kopilka.queries.programs import ProgramView
from kopilka.services.chats import write_to_member
from kopilka.services.members import find_member_id

LISTED = 50
KINDS = ("id", "phone", "card", "email", "external")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("chat", help="letters between members and the shop")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    listed = acts.add_parser("list", help="chats, who waits longest first; or the messages of one")
    listed.add_argument("member", nargs="?", help="whose messages to show, named as --by says")
    listed.add_argument("--waiting", action="store_true", help="only where nobody has answered")
    listed.add_argument("--limit", type=int, default=LISTED, help=f"how many; {LISTED} if left out")
    reply = acts.add_parser("reply", help="write to a member")
    reply.add_argument("member", help="to whom, named as --by says")
    reply.add_argument("text", help="what to say; - reads it from the input")
    reply.add_argument("--as", dest="staff", default="", metavar="NAME", help="who of the shop it is from")
    for each in acts.choices.values():
        each.add_argument("--by", choices=KINDS, default="phone", help="what names the member; phone if left out")
        each.add_argument("--program", help="slug of the program; not needed where there is only one")


def run(args: argparse.Namespace) -> int:
    acts = {"list": _list, "reply": _reply}
    return run_act(acts, args)


def _list(program: ProgramView, args: argparse.Namespace) -> None:
    if args.member:
        member_id = find_member_id(program, args.by, args.member, at=timezone.now())
        for one in messages_of(program.id, member_id, limit=args.limit).messages:
            who = one.staff or "shop" if one.author == "shop" else "member"
            print(f"{one.at:%Y-%m-%d %H:%M} {who}: {one.text}")
        return
    for chat in chats_for_office(program.id, only_waiting=args.waiting, limit=args.limit):
        told = f"waiting {chat.waiting} since {chat.waiting_since:%Y-%m-%d %H:%M}" if chat.waiting_since else "answered"
        print(f"{chat.member_id} {chat.phone or '-'} {chat.name or '-'}: {chat.messages} messages, {told}")


def _reply(program: ProgramView, args: argparse.Namespace) -> None:
    now = timezone.now()
    member_id = find_member_id(program, args.by, args.member, at=now)
    text = sys.stdin.read() if args.text == "-" else args.text
    write_to_member(
        program_id=program.id, member_id=member_id, text=text, staff=args.staff, by=SYSTEM_ACTOR, at=now
    )  # fmt: skip
    print("sent")
