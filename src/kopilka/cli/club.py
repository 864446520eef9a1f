"""`kopilka club`: what the closed club is worth, against everybody else."""

import argparse
import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from django.utils import timezone

from kopilka.cli.acting import chosen_program, tell_refusal
from kopilka.cli.links import read_moment
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.club.economics import club_economics


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("club", help="what the closed club is worth, against everybody else")
    parser.add_argument("--segment", required=True, help="the segment of its members")
    parser.add_argument("--from", type=read_moment, dest="since", metavar="TIME", help="as in 2026-03-01T00:00+03:00")
    parser.add_argument("--until", type=read_moment, metavar="TIME", help="as in 2026-04-01T00:00+03:00")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write figure, club, others; - for the output")
    parser.add_argument("--program", help="slug of the program; not needed where there is only one")


def run(args: argparse.Namespace) -> int:
    try:
        program = chosen_program(args.program)
        found = club_economics(
            program_id=program.id, segment=args.segment, by=SYSTEM_ACTOR, at=timezone.now(), since=args.since,
            until=args.until,
        )  # fmt: skip
    except Refusal as refusal:
        return tell_refusal(refusal)
    told = asdict(found)
    if args.csv and str(args.csv) != "-":
        with args.csv.open("w", encoding="utf-8", newline="") as file:
            _write(file, told)
    elif args.csv:
        _write(sys.stdout, told)
    else:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def _write(file: TextIO, told: dict[str, Any]) -> None:
    table = csv.writer(file)
    table.writerow(["figure", "club", "others"])
    for name, figure in told["club"].items():
        table.writerow([name, figure, told["others"][name]])
    for service in told["services"]:
        table.writerow([f"cost of {service['service']}", service["cost_minor"], ""])
    table.writerow(["margin_after_services_minor", told["margin_after_services_minor"], ""])
