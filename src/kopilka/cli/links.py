"""`kopilka links`: invite links made, shown with their figures, drawn as QR codes."""

import argparse
import csv
import sys
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.links import LinkFigures
from kopilka.queries.programs import ProgramView
from kopilka.services.links import NewLink, close_link, create_link, link_figures, read_link
from kopilka.wording.qr import qr_png, qr_svg


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("links", help="invite links: make, draw, count what they brought")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    create = acts.add_parser("create", help="make a link beside those of the rulebook")
    create.add_argument("code", help="small Latin letters, digits, hyphens")
    create.add_argument("--name", default="", help="what people call it")
    create.add_argument("--labels", default="", help="source labels, separated by commas")
    create.add_argument("--segment", default="", help="who comes by it joins this segment")
    create.add_argument("--tags", default="", help="tags for who comes by it, separated by commas")
    create.add_argument("--limit", type=int, default=0, help="so many can enrol by it; any number if left out")
    create.add_argument("--cost", type=int, default=0, metavar="MINOR", help="what it cost, in kopecks or cents")
    create.add_argument("--until", type=read_moment, metavar="TIME", help="as in 2026-03-01T00:00+03:00")
    close = acts.add_parser("close", help="end a link now")
    draw = acts.add_parser("qr", help="draw the QR code of a link: .svg or .png by the name of the file")
    draw.add_argument("--page", required=True, help="address where people enrol; the link's slug is added to it")
    draw.add_argument("--to", required=True, type=Path, metavar="FILE", help="where to put the picture")
    for each in (close, draw):
        each.add_argument("code", help="code or slug of the link")
    figures = acts.add_parser("figures", help="what the links have brought")
    figures.add_argument("--from", type=read_moment, dest="since", metavar="TIME", help="as in 2026-03-01T00:00+03:00")
    figures.add_argument("--until", type=read_moment, metavar="TIME", help="as in 2026-04-01T00:00+03:00")
    figures.add_argument("--csv", type=Path, metavar="FILE", help="write a CSV file instead; - for the output")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    acts = {"create": _create, "close": _close, "qr": _draw, "figures": _figures}
    return run_act(acts, args)


def _create(program: ProgramView, args: argparse.Namespace) -> None:
    new = NewLink(
        args.code, args.name, _words(args.labels), segment=args.segment, tags_on=_words(args.tags),
        expires_at=args.until, limit=args.limit, cost_minor=args.cost,
    )  # fmt: skip
    made = create_link(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, timezone.now()))
    print(f"{made.link.said.code} {made.link.slug}")


def _close(program: ProgramView, args: argparse.Namespace) -> None:
    close_link(program_id=program.id, code=args.code, asking=Asking(SYSTEM_ACTOR, timezone.now()))
    print("closed")


def _draw(program: ProgramView, args: argparse.Namespace) -> None:
    link = read_link(program_id=program.id, code=args.code, by=SYSTEM_ACTOR, at=timezone.now())
    address = args.page + link.slug
    picture = qr_png(address) if args.to.suffix.lower() == ".png" else qr_svg(address).encode()
    args.to.write_bytes(picture)
    print(address)


def _figures(program: ProgramView, args: argparse.Namespace) -> None:
    found = link_figures(program_id=program.id, by=SYSTEM_ACTOR, at=timezone.now(), since=args.since, until=args.until)
    if args.csv and str(args.csv) != "-":
        with args.csv.open("w", encoding="utf-8", newline="") as file:
            _write(file, found)
    elif args.csv:
        _write(sys.stdout, found)
    else:
        for one in found:
            print(
                f"{one.code}: seen {one.views}, enrolled {one.enrolled}, bought {one.buyers},"
                f" receipts {one.receipts}, revenue {one.revenue_minor}, cost {one.cost_minor}"
            )


def _write(file: TextIO, found: list[LinkFigures]) -> None:
    table = csv.writer(file)
    names = [field.name for field in fields(LinkFigures)]
    table.writerow(names)
    for one in found:
        values = asdict(one) | {"labels": " ".join(one.labels)}
        table.writerow([values[name] for name in names])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as in 2026-03-01T12:00+03:00")
    return moment
