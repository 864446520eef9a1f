"""`kopilka pages`: how a program's pages look and behave."""

import argparse
from dataclasses import fields
from pathlib import Path

from django.utils import timezone

from kopilka.cli.acting import ask_for_program, chosen_program, tell_refusal
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.page_settings import PageSettingsView, page_settings
from kopilka.services.page_settings import RANGES, PageChange, change_pages

HELP = {
    "accent": "the program's own colour, as #8a4b2a; empty: the house's",
    "slogan_ru": "under the name, in Russian",
    "slogan_en": "the same in English",
    "about_ru": "a few sentences about the business, in Russian",
    "about_en": "the same in English",
    "phone": "to be called",
    "address": "where to come",
    "hours": "when, as in 7:30-22:00",
    "undo_minutes": "so long a cashier may undo a sale",
    "idle_minutes": "so long a cashier stays signed in without touching the till",
    "offline_sales": "so many sales noted without a network a till books by itself in a day",
    "offline_worth": "and so much worth of their points, in minor units (kopecks)",
    "kiosk_guests": "so many people get their cards at one kiosk in an hour",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("pages", help="colour, logo, words and limits of a program's pages")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    acts.add_parser("show", help="what is set")
    change = acts.add_parser("set", help="change what is given; an empty text takes it away")
    for name, told in HELP.items():
        change.add_argument(_option(name), dest=name, type=int if name in RANGES else str, help=told)
    change.add_argument("--logo", type=Path, metavar="FILE", help="a picture: JPEG, PNG, WebP or GIF")
    change.add_argument("--no-logo", action="store_true", help="take the picture away")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    try:
        program = chosen_program(args.program)
        if args.act == "show":
            _show(page_settings(program.id))
        else:
            change = _change(args)
            _show(change_pages(program_id=program.id, change=change, by=SYSTEM_ACTOR, at=timezone.now()))
    except Refusal as refusal:
        return tell_refusal(refusal)
    return 0


def _change(args: argparse.Namespace) -> PageChange:
    logo = b"" if args.no_logo else None
    if args.logo is not None:
        try:
            logo = args.logo.read_bytes()
        except OSError as error:
            raise Refusal(Code.INVALID, field="logo", reason="unreadable", told=str(error)) from error
    return PageChange(logo=logo, **{name: getattr(args, name) for name in HELP})


def _show(pages: PageSettingsView) -> None:
    for field in fields(pages):
        print(f"{field.name}: {getattr(pages, field.name) or '-'}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
