"""`kopilka import`: histories of sales and of points, from files."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from kopilka.cli.acting import chosen_program, tell_refusal
from kopilka.cli.progress import progress_bar
from kopilka.engine.refusal import Refusal
from kopilka.services.imports.booking import import_receipts
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.movements import import_movements
from kopilka.services.imports.people import import_members

RECEIPTS_MAP = "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,quantity=Quantity,price=Price"

MOVEMENTS_MAP = "member=client_id,at=datetime,earned=points_received,spent=points_spent,receipt=receipt_no"
MEMBERS_MAP = "phone=Телефон,name=ФИО,card=Карта,tier=Уровень,spent=Сумма,purchases=Покупок,balance=Баллы"
DONE_BEFORE = "this file has been imported before: nothing to do"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("import", help="book a history of receipts or of points from a file")
    kinds = parser.add_subparsers(metavar="KIND", required=True, dest="kind")
    receipts = kinds.add_parser("receipts", help="sales and returns, one row per line of a receipt")
    add_reading(receipts, RECEIPTS_MAP)
    add_receipts(receipts)
    add_booking(receipts)
    movements = kinds.add_parser("movements", help="points as another system recorded them, one row per movement")
    add_reading(movements, MOVEMENTS_MAP)
    movements.add_argument("--currency", default="", help="code of the points; not needed where there is only one")
    add_booking(movements)
    members = kinds.add_parser("members", help="members with their tier, sums and points, one row per member")
    add_reading(members, MEMBERS_MAP)
    members.add_argument("--currency", default="", help="code of the points; not needed where there is only one")
    members.add_argument("--program", help="slug of the program; not needed where there is only one")
    members.add_argument("--source", default="", help="name of the source; file:<name> if left out")


def add_reading(parser: argparse.ArgumentParser, example: str) -> None:
    """What import and simulate have in common: how the file is to be read."""
    parser.add_argument("file", type=Path, help="a CSV, packed by gzip or not")
    parser.add_argument("--map", required=True, help=f"which column holds what, as in {example}")
    parser.add_argument(
        "--timezone", default="", help="of the file's times; that of the program or rulebook if left out"
    )
    parser.add_argument("--time-format", default="", help="of the times, as in %%m/%%d/%%Y %%H:%%M")
    parser.add_argument("--decimal-comma", action="store_true", help="numbers are written 1,50")
    parser.add_argument("--encoding", default="", help="of the file; found out if left out")
    parser.add_argument("--delimiter", default="", help="between cells; found out if left out")
    parser.add_argument("--report", type=Path, help="where rows that cannot be booked go, as a CSV")
    parser.add_argument("--json", action="store_true", help="end with the figures as JSON")


def add_receipts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--return-prefix", default="", help="receipts beginning so are returns")
    parser.add_argument("--skip-prefix", default="", help="receipts beginning so are left out")
    parser.add_argument("--nobody", default="", help="texts that mean no member, separated by commas, as in 0")


def add_booking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--program", help="slug of the program; not needed where there is only one")
    parser.add_argument("--source", default="", help="name of the source of these receipts; file:<name> if left out")
    parser.add_argument(
        "--member-kind",
        choices=("external", "phone", "card", "email"),
        default="external",
        help="what members' ids are",
    )


def reading_of(args: argparse.Namespace, zone: str) -> Reading:
    return Reading(
        return_prefix=getattr(args, "return_prefix", ""),
        skip_prefix=getattr(args, "skip_prefix", ""),
        timezone=args.timezone or zone,
        time_format=args.time_format,
        decimal_comma=args.decimal_comma,
        nobody=frozenset(filter(None, getattr(args, "nobody", "").split(","))),
        member_kind=getattr(args, "member_kind", "external"),
        encoding=args.encoding,
        delimiter=args.delimiter,
    )


def report_of(args: argparse.Namespace) -> Path:
    return args.report or Path(f"{args.file.name}.rejected.csv")


def run(args: argparse.Namespace) -> int:
    try:
        return {"receipts": _receipts, "movements": _movements, "members": _members}[args.kind](args)
    except Refusal as refusal:
        return tell_refusal(refusal)


def _receipts(args: argparse.Namespace) -> int:
    program = chosen_program(args.program)
    began = time.monotonic()
    with progress_bar("receipts") as told:
        done = import_receipts(
            program_id=program.id,
            path=args.file,
            chosen=args.map,
            reading=reading_of(args, program.timezone),
            source=args.source or f"file:{args.file.name}",
            report=report_of(args),
            at=timezone.now(),
            told=told,
        )
    if done.finished_before:
        print(DONE_BEFORE, file=sys.stderr)
    show(args, done.figures.shown(time.monotonic() - began))
    return 0


def _movements(args: argparse.Namespace) -> int:
    return _of_members(args, import_movements)


def _members(args: argparse.Namespace) -> int:
    return _of_members(args, import_members)


def _of_members(args: argparse.Namespace, book: Callable[..., Any]) -> int:
    """Files whose rows are of members, with points of one currency."""
    program = chosen_program(args.program)
    began = time.monotonic()
    with progress_bar("members") as told:
        done = book(
            program_id=program.id,
            path=args.file,
            chosen=args.map,
            reading=reading_of(args, program.timezone),
            currency=args.currency,
            source=args.source or f"file:{args.file.name}",
            report=report_of(args),
            at=timezone.now(),
            told=told,
        )
    if done.finished_before:
        print(DONE_BEFORE, file=sys.stderr)
    show(args, done.figures.shown(time.monotonic() - began))
    return 0


def show(args: argparse.Namespace, figures: dict[str, object]) -> None:
    """One JSON object, or one line per figure."""
    if args.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<22} {value}")
    if figures["rejected_rows"]:
        print(f"rows that were not booked: {report_of(args)}", file=sys.stderr)
