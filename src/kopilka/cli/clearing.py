"""`kopilka clearing`: what partners owe each other, acts that settle it, points that are out."""

import argparse
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.clearing import Clearing
from kopilka.queries.programs import ProgramView
from kopilka.services.clearing import (
    Act,
    list_acts,
    read_act,
    read_clearing,
    read_liabilities,
    read_open_clearing,
    settle_clearing,
)
from kopilka.wording.clearing import ActHead, act_csv, act_html
from kopilka.wording.languages import Language

OWNER = "(owner)"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("clearing", help="what partners of a coalition owe each other")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    show = acts.add_parser("show", help="for a period, or what the next act would settle")
    show.add_argument("since", nargs="?", type=date.fromisoformat, help="first day, as in 2026-01-01")
    show.add_argument("until", nargs="?", type=date.fromisoformat, help="the day after the last")
    settle = acts.add_parser("settle", help="close everything before a day by the next act")
    settle.add_argument("until", type=date.fromisoformat, help="the day after the last that is closed")
    acts.add_parser("acts", help="list the acts")
    write = acts.add_parser("write", help="write an act to a .csv or, to print, to a .html")
    write.add_argument("number", type=int)
    write.add_argument("file", type=Path)
    write.add_argument("--language", choices=("ru", "en"), default="ru")
    acts.add_parser("liabilities", help="points that members hold, by who answers for them")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    return run_act(ACTS, args)


def _show(program: ProgramView, args: argparse.Namespace) -> None:
    if args.since is None:
        _print(read_open_clearing(program_id=program.id, by=SYSTEM_ACTOR))
        return
    until = _midnight(program, args.until) if args.until else None
    since = _midnight(program, args.since)
    _print(read_clearing(program_id=program.id, by=SYSTEM_ACTOR, since=since, until=until))


def _settle(program: ProgramView, args: argparse.Namespace) -> None:
    asking = Asking(SYSTEM_ACTOR, timezone.now())
    done = settle_clearing(program_id=program.id, until=_midnight(program, args.until), asking=asking)
    print(f"act {done.view.number}")
    _print(done.clearing)


def _acts(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in list_acts(program_id=program.id, by=SYSTEM_ACTOR):
        print(f"{one.number}  until {one.until:%Y-%m-%d %H:%M}  made {one.made_at:%Y-%m-%d %H:%M} by {one.made_by}")


def _write(program: ProgramView, args: argparse.Namespace) -> None:
    found = read_act(program_id=program.id, number=args.number, by=SYSTEM_ACTOR)
    args.file.write_text(_text(found, args.file.suffix, Language(args.language)), encoding="utf-8-sig", newline="")
    print(args.file)


def _text(found: Act, suffix: str, language: Language) -> str:
    view = found.view
    if suffix.lower() == ".csv":
        return act_csv(found.clearing, found.rulebook, language)
    head = ActHead(view.number, view.since, view.until, view.made_at, view.made_by)
    return act_html(head, found.clearing, found.rulebook, language)


def _liabilities(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in read_liabilities(program_id=program.id, by=SYSTEM_ACTOR):
        print(f"{one.issuer or OWNER}  {one.currency}  {one.units}  worth {one.minor}")


def _print(found: Clearing) -> None:
    for line in found.lines:
        print(
            f"{line.issuer or OWNER} -> {line.acceptor or OWNER}  {line.currency}  {line.units} points"
            f"  paid {line.minor}  fee {line.fee_minor}  owed {line.owed_minor}"
        )
    for one in found.payments:
        print(f"{one.payer or OWNER} pays {one.payee or OWNER} {one.minor}")


def _midnight(program: ProgramView, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(program.timezone))


ACTS = {"show": _show, "settle": _settle, "acts": _acts, "write": _write, "liabilities": _liabilities}
