"""`kopilka posts`: news on members' cards, added, hidden, listed."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from kopilka.cli.acting import EXIT_REFUSED, ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.posts import posts_for_office
from kopilka.queries.programs import ProgramView
from kopilka.services.posts import NewMedia, add_post, hide_post

LISTED = 50


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("posts", help="news on members' cards")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    add = acts.add_parser("add", help="publish a piece of news with photos and films")
    add.add_argument("title")
    add.add_argument("--text", default="", help="what it says; - reads it from the input")
    add.add_argument(
        "--media", action="append", default=[], metavar="FILE[=WHAT IT SHOWS]",
        help="a photo (JPEG, PNG, WebP, GIF) or a film (MP4, WebM); may be repeated",
    )  # fmt: skip
    add.add_argument("--from", type=_moment, dest="since", metavar="TIME", help="show it from then on; now if left out")
    hide = acts.add_parser("hide", help="show it no more")
    hide.add_argument("post", type=UUID, help="id, as `kopilka posts list` shows it")
    listed = acts.add_parser("list", help="the newest first")
    listed.add_argument("--limit", type=int, default=LISTED, help=f"how many; {LISTED} if left out")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    acts = {"add": _add, "hide": _hide, "list": _list}
    try:
        return run_act(acts, args)
    except FileNotFoundError as missing:
        print(f"kopilka: there is no file {missing.filename}", file=sys.stderr)
        return EXIT_REFUSED


def _add(program: ProgramView, args: argparse.Namespace) -> None:
    text = sys.stdin.read() if args.text == "-" else args.text
    made = add_post(
        program_id=program.id, title=args.title, text=text, media=[_media(one) for one in args.media],
        published_at=args.since, by=SYSTEM_ACTOR, at=timezone.now(),
    )  # fmt: skip
    print(made)


def _hide(program: ProgramView, args: argparse.Namespace) -> None:
    hide_post(program_id=program.id, post_id=args.post, by=SYSTEM_ACTOR, at=timezone.now())
    print("hidden")


def _list(program: ProgramView, args: argparse.Namespace) -> None:
    for post in posts_for_office(program.id, limit=args.limit).posts:
        state = "hidden" if post.hidden_at else "shown"
        print(f"{post.id} {post.published_at:%Y-%m-%d %H:%M} {state} {post.title} ({len(post.media)} files)")


def _media(said: str) -> NewMedia:
    path, _, alt = said.partition("=")
    return NewMedia(Path(path), alt)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as in 2026-03-01T12:00+03:00")
    return moment
