"""`kopilka raffle`: announce one, close its list, draw it, check a published record."""

import argparse
import sys
from pathlib import Path

import msgspec
from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import EXIT_REFUSED, chosen_program, tell_refusal
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.raffles import (
    NewRaffle,
    RaffleRecord,
    announce_raffle,
    close_raffle,
    draw_raffle,
    raffle_winners,
    read_raffle,
    verify_record,
)

EXIT_FALSE = 1


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("raffle", help="draw prizes among tickets so that anybody can check it")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    announce = acts.add_parser("announce", help="begin one: prints the record with the hash of its secret")
    announce.add_argument("code")
    announce.add_argument("--currency", required=True, help="the points that are its tickets")
    announce.add_argument("--prize", action="append", default=[], help="a prize; again for each, the first drawn first")
    announce.add_argument("--name", default="")
    announce.add_argument("--several-each", action="store_true", help="one member may win several prizes")
    for act, says in (("close", "freeze the list of tickets"), ("draw", "tell the secret and the winners")):
        acts.add_parser(act, help=says).add_argument("code")
    acts.add_parser("show", help="print what is published by now, as JSON").add_argument("code")
    acts.add_parser("winners", help="say which members have won").add_argument("code")
    verify = acts.add_parser("verify", help="check a published record; needs no program and no books")
    verify.add_argument("file")
    for act in ("announce", "close", "draw", "show", "winners"):
        acts.choices[act].add_argument("--program", help="slug of the program; not needed where there is only one")


def run(args: argparse.Namespace) -> int:
    if args.act == "verify":
        return _verify(args)
    try:
        program_id = chosen_program(args.program).id
        asking = Asking(SYSTEM_ACTOR, timezone.now())
        if args.act == "winners":
            for win, member_id in raffle_winners(program_id=program_id, code=args.code, by=SYSTEM_ACTOR):
                print(f"{win.prize}: ticket {win.ticket}, member {member_id}")
            return 0
        if args.act == "announce":
            new = NewRaffle(args.code, args.name, args.currency, tuple(args.prize), one_each=not args.several_each)
            record = announce_raffle(program_id=program_id, new=new, asking=asking)
        elif args.act == "show":
            record = read_raffle(program_id=program_id, code=args.code)
        else:
            act = close_raffle if args.act == "close" else draw_raffle
            record = act(program_id=program_id, code=args.code, asking=asking)
    except Refusal as refusal:
        return tell_refusal(refusal)
    print(msgspec.json.format(msgspec.json.encode(record)).decode())
    return 0


def _verify(args: argparse.Namespace) -> int:
    try:
        record = msgspec.json.decode(Path(args.file).read_bytes(), type=RaffleRecord)
    except (OSError, msgspec.MsgspecError) as error:
        print(f"kopilka: {args.file} cannot be read: {error}", file=sys.stderr)
        return EXIT_REFUSED
    wrong = verify_record(record)
    for one in wrong:
        print(one)
    if not wrong:
        print(f"every one of {len(record.wins)} winners follows from the secret and the list")
    return EXIT_FALSE if wrong else 0
