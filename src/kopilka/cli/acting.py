"""How commands run that do one of several acts for one program: which program, which act, a refusal in a sentence."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView, list_programs, program_by_slug
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text
from kopilka.wording.refusals import detail

EXIT_REFUSED = 1

Act = Callable[[ProgramView, argparse.Namespace], int | None]
"""What it returns is the exit code; nothing: done."""


def ask_for_program(parsers: Iterable[argparse.ArgumentParser]) -> None:
    """Each of them takes `--program`."""
    for each in parsers:
        each.add_argument("--program", help="slug of the program; not needed where there is only one")


def chosen_program(slug: str | None) -> ProgramView:
    """The named program, or the only one there is."""
    if slug:
        return program_by_slug(slug)
    known = list_programs()
    if len(known) != 1:
        raise Refusal(Code.MISSING, field="program", known=[program.slug for program in known])
    return known[0]


def run_act(acts: Mapping[str, Act], args: argparse.Namespace) -> int:
    """Do what `args.act` names for the program `args.program` names; the exit code."""
    try:
        return acts[args.act](chosen_program(args.program), args) or 0
    except Refusal as refusal:
        return tell_refusal(refusal)


def tell_refusal(refusal: Refusal) -> int:
    """Say what to do about it, for a rulebook one line per problem; the exit code."""
    problems = refusal.params.get("problems")
    if not isinstance(problems, list):
        print(f"kopilka: {detail(refusal.code, refusal.params, Language.EN)} [{refusal}]", file=sys.stderr)
        return EXIT_REFUSED
    whole = any(problem["line"] for problem in problems)
    print(f"kopilka: {'the rulebook' if whole else 'this'} cannot be used", file=sys.stderr)
    for problem in problems:
        words = problem_text(problem["code"], problem["params"], Language.EN)
        place = f"line {problem['line']}, {problem['path'] or 'document'}" if whole else problem["path"] or "here"
        print(f"  {place}: {words} [{problem['code']}]", file=sys.stderr)
    return EXIT_REFUSED
