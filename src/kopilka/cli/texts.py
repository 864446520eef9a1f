"""`kopilka texts`: what members agree to, shown and published in versions."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from kopilka.cli.acting import EXIT_REFUSED, ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.consents import KINDS
from kopilka.queries.programs import ProgramView
from kopilka.services.consents import publish_text, text_of, texts
from kopilka.wording.languages import Language, language_of


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("texts", help="what members agree to: terms, use of personal data, advertising")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    acts.add_parser("list", help="which version of each holds")
    show = acts.add_parser("show", help="print a text")
    show.add_argument("kind", choices=KINDS)
    show.add_argument("number", nargs="?", type=int, help="the version; the one that holds if left out")
    show.add_argument("--language", choices=("ru", "en"), default="ru")
    publish = acts.add_parser("publish", help="a new version from now on, in both languages")
    publish.add_argument("kind", choices=KINDS)
    for name in ("ru", "en"):
        publish.add_argument(f"--{name}", required=True, type=Path, metavar="FILE", help="a plain text in UTF-8")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    acts = {"list": _list, "show": _show, "publish": _publish}
    try:
        return run_act(acts, args)
    except (FileNotFoundError, UnicodeDecodeError) as wrong:
        print(f"kopilka: {wrong}", file=sys.stderr)
        return EXIT_REFUSED


def _list(program: ProgramView, _args: argparse.Namespace) -> None:
    for one in texts(program, Language.EN):
        told = f"version {one.version}, since {one.published_at:%Y-%m-%d}" if one.published_at else "of the package"
        print(f"{one.kind}: {told}")


def _show(program: ProgramView, args: argparse.Namespace) -> None:
    print(text_of(program, args.kind, language_of(args.language), args.number).text)


def _publish(program: ProgramView, args: argparse.Namespace) -> None:
    russian, english = (path.read_text(encoding="utf-8") for path in (args.ru, args.en))
    version = publish_text(
        program_id=program.id, kind=args.kind, text_ru=russian, text_en=english, by=SYSTEM_ACTOR, at=timezone.now()
    )  # fmt: skip
    print(f"version {version}")
