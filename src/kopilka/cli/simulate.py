"""`kopilka simulate`: what a rulebook would have made of a history; nothing is written."""

import argparse
import time

from kopilka.cli.acting import tell_refusal
from kopilka.cli.import_ import RECEIPTS_MAP, add_reading, add_receipts, reading_of, report_of, show
from kopilka.cli.program import read_source
from kopilka.cli.progress import progress_bar
from kopilka.engine.refusal import Refusal
from kopilka.services.imports.simulating import simulate_receipts


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("simulate", help="play a history by a draft rulebook, writing nothing")
    add_reading(parser, RECEIPTS_MAP)
    add_receipts(parser)
    parser.add_argument("--rulebook", required=True, help="a file, or the name of a template")
    parser.add_argument("--currency", default="RUB", help="of a template's money")


def run(args: argparse.Namespace) -> int:
    began = time.monotonic()
    try:
        zone = args.timezone or "Europe/Moscow"
        source = read_source(args.rulebook, currency=args.currency, timezone=zone)
        with progress_bar("receipts") as told:
            figures = simulate_receipts(
                path=args.file,
                rulebook_source=source,
                chosen=args.map,
                reading=reading_of(args, ""),
                report=report_of(args),
                told=told,
            )
    except Refusal as refusal:
        return tell_refusal(refusal)
    show(args, figures.shown(time.monotonic() - began))
    return 0
