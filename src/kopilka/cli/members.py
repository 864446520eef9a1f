"""`kopilka members`: counted, listed and exported by any condition, put into segments; ambassadors."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.segments import Putting
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.ambassadors import Ambassador
from kopilka.queries.programs import ProgramView
from kopilka.queries.segments import MemberRow
from kopilka.services.ambassadors import ambassadors
from kopilka.services.members import find_member_id
from kopilka.services.segments.asking import count_where, export_where
from kopilka.services.segments.putting import KINDS, import_members, put_member, take_member_out

UNKNOWN_SHOWN = 20
LISTED = 50


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("members", help="count, list and export members; put them into segments")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    acts.add_parser("count", help="how many members fulfil a condition")
    listed = acts.add_parser("list", help="show them, or write them all to a CSV file")
    listed.add_argument("--limit", type=int, default=LISTED, help=f"how many to show; {LISTED} if left out")
    listed.add_argument("--csv", type=Path, metavar="FILE", help="write all of them there instead; - for the output")
    for each in (acts.choices["count"], listed):
        each.add_argument("--when", help="a condition as in the rulebook, in JSON; everybody if left out")
    _register_segment(acts.add_parser("segment", help="put members into a segment, or take them out"))
    ranked = acts.add_parser("ambassadors", help="who recommends most")
    ranked.add_argument("--rank", choices=("brought", "buyers", "revenue"), default="brought", help="by what")
    ranked.add_argument("--limit", type=int, default=LISTED, help=f"how many; {LISTED} if left out")
    ranked.add_argument("--csv", type=Path, metavar="FILE", help="write them to a CSV file; - for the output")
    for name in ("from", "until"):
        ranked.add_argument(f"--{name}", type=_moment, dest=name, metavar="TIME", help="as in 2026-03-01T00:00+03:00")
    ask_for_program(acts.choices.values())


def _register_segment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("segment", help="code of a segment without a condition")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--put", metavar="WHO", help="a member, named as --by says")
    whom.add_argument("--take-out", metavar="WHO", help="a member, named as --by says")
    whom.add_argument("--file", type=Path, help="put those in whom the first column of a CSV file names")
    parser.add_argument("--by", choices=KINDS, default="phone", help="what names them; phone if left out")
    parser.add_argument("--until", type=_moment, metavar="TIME", help="as in 2026-03-01T00:00+03:00")
    parser.add_argument("--next-sale", action="store_true", help="for the next sale only")


def run(args: argparse.Namespace) -> int:
    acts = {"count": _count, "list": _list, "segment": _segment, "ambassadors": _ambassadors}
    return run_act(acts, args)


def _count(program: ProgramView, args: argparse.Namespace) -> None:
    print(count_where(program_id=program.id, when=_when(args), by=SYSTEM_ACTOR, at=timezone.now()))


def _list(program: ProgramView, args: argparse.Namespace) -> None:
    found = export_where(program_id=program.id, when=_when(args), by=SYSTEM_ACTOR, at=timezone.now())
    if args.csv:
        _export(args.csv, MemberRow, found)
        return
    for number, row in enumerate(found):
        if number == args.limit:
            print("and more: use --limit or --csv", file=sys.stderr)
            return
        print(f"{row.id}  {row.phone or row.email}  {row.name}  {row.tier}  {' '.join(row.tags)}".rstrip())


def _segment(program: ProgramView, args: argparse.Namespace) -> None:
    at = timezone.now()
    putting = Putting(args.segment, args.until, args.next_sale)
    if args.file:
        with args.file.open(encoding="utf-8-sig", newline="") as file:
            done = import_members(
                program_id=program.id, putting=putting, named=_first_column(file), kind=args.by, by=SYSTEM_ACTOR, at=at
            )
        print(f"put: {done.put}, were in it: {done.were_in}, unknown: {len(done.unknown)}")
        for text in done.unknown[:UNKNOWN_SHOWN]:
            print(f"unknown: {text}", file=sys.stderr)
        return
    member_id = find_member_id(program, args.by, args.put or args.take_out, at=at)
    asking = Asking(SYSTEM_ACTOR, at)
    if args.put:
        put_member(program_id=program.id, member_id=member_id, putting=putting, asking=asking)
    else:
        take_member_out(program_id=program.id, member_id=member_id, segment=args.segment, asking=asking)
    print(f"{member_id} {'is in' if args.put else 'is not in'} {args.segment}")


def _ambassadors(program: ProgramView, args: argparse.Namespace) -> None:
    found = ambassadors(
        program_id=program.id, by=SYSTEM_ACTOR, since=getattr(args, "from"), until=args.until, rank=args.rank,
        limit=args.limit,
    )  # fmt: skip
    if args.csv:
        _export(args.csv, Ambassador, found)
        return
    for one in found:
        print(f"{one.member_id}  {one.name}  brought {one.brought}, bought {one.buyers}, paid {one.revenue_minor}")


def _export(place: Path, kind: type[Any], rows: Iterable[Any]) -> None:
    if str(place) == "-":
        _write(sys.stdout, kind, rows)
        return
    with place.open("w", encoding="utf-8", newline="") as file:
        print(f"{_write(file, kind, rows)} rows in {place}", file=sys.stderr)


def _write(file: TextIO, kind: type[Any], rows: Iterable[Any]) -> int:
    names = [field.name for field in fields(kind)]
    table = csv.writer(file)
    table.writerow(names)
    written = 0
    for row in rows:
        values = asdict(row)
        table.writerow([_cell(values[name]) for name in names])
        written += 1
    return written


def _cell(value: object) -> object:
    """Lists become words; a text that a spreadsheet would take for a formula is made harmless."""
    if isinstance(value, tuple | list):
        return " ".join(map(str, value))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in {"=", "@", "\t", "\r"}:
        return f"'{value}"
    return value


def _first_column(file: TextIO) -> Iterator[str]:
    return (row[0].strip() for row in csv.reader(file) if row and row[0].strip())


def _when(args: argparse.Namespace) -> object:
    if args.when is None:
        return None
    try:
        return json.loads(args.when, parse_float=str)
    except ValueError as error:
        raise Refusal(Code.INVALID, field="when", reason="not_json") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as in 2026-03-01T12:00+03:00")
    return moment
