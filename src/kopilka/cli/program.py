"""`kopilka program`: programs and the versions of their rulebooks."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import cast

from django.utils import timezone

from kopilka.cli import guarding
from kopilka.cli.acting import ask_for_program, chosen_program, tell_refusal
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.document.kinds import written
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import list_programs, list_versions, rulebook_source
from kopilka.services.programs import create_program, diff_versions, publish_rulebook
from kopilka.services.rulebook_templates import from_template, template_names, template_summary, template_text
from kopilka.services.tier_proposals import LEVELS, propose_tiers, tiers_of_discounts
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("program", help="programs, their rulebooks and ready templates")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    _register_create(acts.add_parser("create", help="make a program, with a rulebook if one is given"))
    acts.add_parser("list", help="list the programs and the version each plays by")
    templates = acts.add_parser("templates", help="list the ready rulebooks, or print one")
    templates.add_argument("name", nargs="?", help="the template to print")
    publish = acts.add_parser("publish", help="publish the next version of a rulebook")
    publish.add_argument("file", help="a rulebook in YAML or JSON, or the name of a template")
    publish.add_argument("--note", default="", help="what was changed and why")
    versions = acts.add_parser("versions", help="list the published versions")
    show = acts.add_parser("show", help="print a version as it was sent")
    show.add_argument("number", nargs="?", type=int, help="the version; the current one if left out")
    diff = acts.add_parser("diff", help="what the second version says differently from the first")
    diff.add_argument("first", type=int)
    diff.add_argument("second", type=int)
    diff.add_argument("--words", choices=("ru", "en"), help="in sentences of this language instead of JSON")
    propose = acts.add_parser("propose-tiers", help="thresholds of tiers from what members bought within a year")
    propose.add_argument("--levels", type=int, default=LEVELS, help="how many tiers, the first included")
    propose.add_argument("--discounts", help="instead: a discount ladder as tiers, as in 10000=3,30000=5")
    ask_for_program((publish, versions, show, diff, propose))
    guarding.register(acts)


def _register_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", help="its short name: small Latin letters, digits, hyphens")
    parser.add_argument("--name", default="", help="its name as people read it")
    parser.add_argument("--rulebook", help="a file or the name of a template, published at once")
    parser.add_argument("--currency", default="RUB", help="of its money, ISO 4217")
    parser.add_argument("--timezone", default="Europe/Moscow", help="in which its days begin and end")
    parser.add_argument("--language", choices=("ru", "en"), default="ru")
    parser.add_argument("--country", default="RU", help="by which phone numbers are read, ISO 3166")


def run(args: argparse.Namespace) -> int:
    try:
        if args.act in guarding.ACTS:
            return guarding.ACTS[args.act](args, read_source)
        ACTS[args.act](args)
    except Refusal as refusal:
        return tell_refusal(refusal)
    return 0


def read_source(named: str, *, currency: str = "RUB", timezone: str = "Europe/Moscow") -> str:
    """The text of a file, or of the template of that name in this money and zone."""
    path = Path(named)
    if named in template_names() and not path.is_file():
        return from_template(named, currency=currency, timezone=timezone)
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refusal(Code.NOT_FOUND, what=f"{named}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refusal(Code.INVALID, field=named, reason="not_utf8") from None


def _create(args: argparse.Namespace) -> None:
    named = args.rulebook
    source = read_source(named, currency=args.currency, timezone=args.timezone) if named else None
    at = timezone.now()
    program = create_program(
        slug=args.slug,
        name=args.name,
        currency=args.currency,
        timezone=args.timezone,
        language=args.language,
        country=args.country,
        by=SYSTEM_ACTOR,
        at=at,
    )
    print(f"{program.slug} {program.id}")
    if source is not None:
        published = publish_rulebook(program_id=program.id, source=source, by=SYSTEM_ACTOR, at=at)
        print(f"rulebook version {published.number}")


def _list(_args: argparse.Namespace) -> None:
    for program in list_programs():
        print(f"{program.slug}  {program.name}  {program.currency}  version {program.rulebook_number}")


def _templates(args: argparse.Namespace) -> None:
    if args.name:
        print(template_text(args.name), end="")
        return
    for name in template_names():
        print(f"{name:<18} {template_summary(name)}")


def _publish(args: argparse.Namespace) -> None:
    program = chosen_program(args.program)
    published = publish_rulebook(
        program_id=program.id,
        source=read_source(args.file, currency=program.currency, timezone=program.timezone),
        note=args.note,
        by=SYSTEM_ACTOR,
        at=timezone.now(),
    )
    print(f"version {published.number}" + ("" if published.is_new else ", as it was"))
    for advice in published.advice:
        told = problem_text(str(advice["code"]), cast("dict[str, object]", advice["params"]), Language.EN)
        print(f"  note: {advice['path']}: {told}")


def _versions(args: argparse.Namespace) -> None:
    for version in list_versions(chosen_program(args.program).id):
        mark = "*" if version.is_current else " "
        print(f"{mark} {version.number}  {version.published_at:%Y-%m-%d %H:%M}  {version.published_by}  {version.note}")


def _show(args: argparse.Namespace) -> None:
    print(rulebook_source(chosen_program(args.program).id, args.number)[1], end="")


def _diff(args: argparse.Namespace) -> None:
    program = chosen_program(args.program)
    if args.words:
        first, second = (rulebook_source(program.id, number)[1] for number in (args.first, args.second))
        guarding.print_words(first, second, Language(args.words))
        return
    for change in diff_versions(program_id=program.id, first=args.first, second=args.second, by=SYSTEM_ACTOR):
        print(json.dumps(asdict(change), ensure_ascii=False))


def _propose_tiers(args: argparse.Namespace) -> None:
    if args.discounts:
        print(tiers_of_discounts(args.discounts), end="")
        return
    program = chosen_program(args.program)
    found = propose_tiers(program_id=program.id, levels=args.levels, by=SYSTEM_ACTOR, at=timezone.now())
    digits = CURRENCY_DIGITS[program.currency]
    told = f"average receipt {written(found.average_receipt_minor, digits)} {program.currency}"
    print(f"# {found.members} members bought within a year, {told}")
    for tier in found.tiers:
        print(f"# from {written(tier.from_minor, digits)}: {tier.members} members, {written(tier.share, 2)} %")
    print(found.text, end="")


ACTS = {
    "create": _create,
    "list": _list,
    "templates": _templates,
    "publish": _publish,
    "versions": _versions,
    "show": _show,
    "diff": _diff,
    "propose-tiers": _propose_tiers,
}
