"""`kopilka demo`: a large made-up program with a year of purchases, to try the whole thing on."""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from datetime import datetime

from django.utils import timezone

from kopilka.cli.progress import progress_bar
from kopilka.engine.refusal import Refusal
from kopilka.services.crowd import SLUG, seed_crowd
from kopilka.wording.crowd import MADE_ALREADY
from kopilka.wording.languages import Language, language_of
from kopilka.wording.refusals import detail

EXIT_REFUSED = 1
MEMBERS_MAX = 1_000_000


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("demo", help="make a large program of made-up members with a year of purchases")
    parser.add_argument("--program", default=SLUG, help="slug of the new program")
    parser.add_argument("--members", type=_count, default=1_000, help="how many members")
    parser.add_argument("--seed", type=int, default=1, help="the same number makes the same people and receipts")
    parser.add_argument(
        "--until", type=_moment, help="the end of their year, as 2026-03-01T12:00+03:00; now when left out"
    )
    parser.add_argument("--language", choices=[language.value for language in Language], help="of a refusal")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    at = args.until or timezone.now()
    try:
        with progress_bar("making people and receipts") as show:
            made = seed_crowd(
                slug=args.program, members=args.members, seed=args.seed, at=at, told=lambda _what, *done: show(*done)
            )
    except Refusal as refusal:
        language = Language(args.language) if args.language else _language()
        print(f"kopilka: {_why(refusal, args.program, language)}", file=sys.stderr)
        return EXIT_REFUSED
    figures = {**asdict(made), "seconds": round(time.monotonic() - started)}
    print(json.dumps(figures) if args.json else ", ".join(f"{name}: {value}" for name, value in figures.items()))
    return 0


def _why(refusal: Refusal, slug: str, language: Language) -> str:
    if refusal.params.get("reason") == "taken":
        return MADE_ALREADY[language].format(slug=slug)
    return detail(refusal.code, refusal.params, language)


def _language() -> Language:
    """The terminal's own."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return language_of(said[:2].lower(), Language.EN)


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MEMBERS_MAX:
        raise argparse.ArgumentTypeError(f"from 1 to {MEMBERS_MAX}")
    return count


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as in 2026-03-01T12:00+03:00")
    return moment
