"""The guard rails of `kopilka program`: lint, switches, drafts, rollouts, the way back, rules taken back."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from kopilka.cli.acting import ask_for_program, chosen_program
from kopilka.engine.actor import SYSTEM_ACTOR, Actor
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.drafts import draft_named, list_drafts, needs_approval, switches_now
from kopilka.queries.programs import ProgramView, rulebook_source
from kopilka.services.drafts import approve_draft, ask_for_approval, drop_draft, publish_draft, save_draft
from kopilka.services.linting import Linted, lint_source
from kopilka.services.programs import diff_sources
from kopilka.services.reversals import Reversed, preview_reversal, reverse_rule, undo_reversal
from kopilka.services.rollouts import finish_rollout, roll_back, start_rollout, widen_rollout, withdraw_rollout
from kopilka.services.switches import switch
from kopilka.wording.differences import tell_differences
from kopilka.wording.findings import evidence_lines, finding_text, severity_word
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text

EXIT_WARNINGS, EXIT_ERRORS = 1, 2

Read = Callable[..., str]


def register(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _register_lint(acts.add_parser("lint", help="look for losses, contradictions and fine print in a rulebook"))
    switch_ = acts.add_parser("switch", help="switch earning, spending or one rule off, or on again, at once")
    switch_.add_argument("what", help="earning, spending, or a rule: its code, or promotions.CODE")
    switch_.add_argument("to", choices=("on", "off"))
    switch_.add_argument("--reason", required=True, help="kept in the audit")
    switches = acts.add_parser("switches", help="show how the switches stand and which branches are ahead")
    reverse = acts.add_parser("reverse-rule", help="take back everything one rule gave between two moments")
    _register_reverse(reverse)
    draft = acts.add_parser("draft", help="rules being written: save, list, compare, approve, publish, drop")
    _register_draft(draft)
    approval = acts.add_parser("approval", help="whether a second person must approve rules before they are published")
    approval.add_argument("to", nargs="?", choices=("on", "off"), help="left out: show how it stands")
    rollout = acts.add_parser("rollout", help="rules in force in some branches first")
    _register_rollout(rollout)
    rollback = acts.add_parser("rollback", help="publish an earlier version again")
    rollback.add_argument("number", type=int)
    rollback.add_argument("--reason", default="", help="kept with the version")
    acts_of_one = (switch_, switches, reverse, draft, approval, rollout, rollback)
    ask_for_program(acts_of_one)
    for each in acts_of_one:
        each.add_argument("--by", default="", help="who does it, as the audit shows him; system if left out")


def _register_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a rulebook in YAML or JSON, or the name of a template")
    parser.add_argument("--sample", help="a file with articles, their prices and costs, written like lines of tests")
    parser.add_argument("--inflation", default="0", help="percent a year, to see what prices have made of thresholds")
    parser.add_argument("--program", help="slug of a program whose versions tell how old thresholds are")
    parser.add_argument("--language", choices=("ru", "en"), default="en")
    parser.add_argument("--strict", action="store_true", help="warnings end with exit code 1 too")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def _register_reverse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", help="its code, or promotions.CODE, shares.CODE, automations.CODE")
    parser.add_argument("--from", dest="since", help="local date, or date and time")
    parser.add_argument("--until", help="local date, or date and time, no longer part of it")
    parser.add_argument("--reason", default="", help="kept in the audit")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument("--undo", metavar="ID", help="give back what this reversal took")


def _register_draft(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="draft_act")
    save = acts.add_parser("save", help="save a rulebook under a name")
    save.add_argument("name")
    save.add_argument("file", help="a rulebook in YAML or JSON, or the name of a template")
    save.add_argument("--note", default="", help="what is changed and why")
    acts.add_parser("list", help="list the drafts")
    for name, says in (
        ("show", "print a draft as it was sent"),
        ("diff", "what a draft says differently from the current version, in words"),
        ("approve", "say yes as the second person"),
        ("publish", "publish a draft as the next version"),
        ("drop", "put a draft away"),
    ):
        each = acts.add_parser(name, help=says)
        each.add_argument("name")
        if name == "diff":
            each.add_argument("--language", choices=("ru", "en"), default="en")


def _register_rollout(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="rollout_act")
    start = acts.add_parser("start", help="put a rulebook in force in some branches")
    start.add_argument("file", help="a rulebook in YAML or JSON, or the name of a template")
    start.add_argument("--note", default="", help="what is changed and why")
    widen = acts.add_parser("widen", help="put it in force in further branches")
    for each in (start, widen):
        each.add_argument("--branch", action="append", default=[], help="code of a branch; may be repeated")
    acts.add_parser("finish", help="put it in force everywhere")
    withdraw = acts.add_parser("withdraw", help="all branches go back to the current version")
    withdraw.add_argument("--reason", default="")


def actor_of(args: argparse.Namespace) -> Actor:
    """The operator, by the name he gives: a second person must be another name."""
    if not args.by:
        return SYSTEM_ACTOR
    return Actor(SYSTEM_ACTOR.kind, None, args.by[:200], SYSTEM_ACTOR.capabilities)


def lint(args: argparse.Namespace, read: Read) -> int:
    program = chosen_program(args.program) if args.program else None
    sample = Path(args.sample).read_text(encoding="utf-8-sig") if args.sample else None
    linted = lint_source(
        source=read(args.file),
        sample=sample,
        inflation=_hundredths(args.inflation),
        program_id=program.id if program else None,
        at=timezone.now(),
    )
    language = Language(args.language)
    if args.json:
        print(json.dumps(_as_json(linted, language), ensure_ascii=False, indent=2))
    else:
        _print_findings(linted, language)
    if linted.has_errors:
        return EXIT_ERRORS
    return EXIT_WARNINGS if args.strict and linted.has_warnings else 0


def _hundredths(text: str) -> int:
    """A percent as written, in hundredths: 12.5 is 1250."""
    whole, _, rest = text.replace(",", ".").partition(".")
    if not (whole.isdigit() and (not rest or rest.isdigit()) and len(rest) <= 2):  # noqa: PLR2004 - two digits
        raise Refusal(Code.INVALID, field="inflation", reason="not_a_percent")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def _as_json(linted: Linted, language: Language) -> dict[str, object]:
    return {
        "problems": [
            {
                "path": one.path,
                "line": one.line,
                "code": one.code.value,
                "severity": "error" if one.is_error else "advice",
                "text": problem_text(one.code, one.params, language),
            }
            for one in linted.problems
        ],
        "findings": [
            {
                "path": one.path,
                "line": one.line,
                "code": one.code,
                "severity": one.severity,
                "params": one.params,
                "text": finding_text(one.code, one.params, language),
                "receipt": evidence_lines(one.evidence, linted.digits, language) if one.evidence else [],
            }
            for one in linted.findings
        ],
    }


def _print_findings(linted: Linted, language: Language) -> None:
    for problem in linted.problems:
        word = severity_word("error" if problem.is_error else "advice", language)
        told = problem_text(problem.code, problem.params, language)
        print(f"{word}: line {problem.line}, {problem.path or 'document'}: {told}")
    for one in linted.findings:
        told = finding_text(one.code, one.params, language)
        print(f"{severity_word(one.severity, language)}: line {one.line}, {one.path or 'document'}: {told}")
        if one.evidence:
            print("".join(f"    {line}\n" for line in evidence_lines(one.evidence, linted.digits, language)), end="")
    if not (linted.problems or linted.findings):
        print("nothing found")


def throw_switch(args: argparse.Namespace, _read: Read) -> int:
    program = chosen_program(args.program)
    done = switch(
        program_id=program.id, what=args.what, on=args.to == "on", reason=args.reason, by=actor_of(args),
        at=timezone.now(),
    )  # fmt: skip
    print(f"{done.what} is {args.to}" + ("" if done.changed else ", as it was"))
    return 0


def show_switches(args: argparse.Namespace, _read: Read) -> int:
    now = switches_now(chosen_program(args.program).id)
    print(f"earning   {'on' if now.earning else 'off'}")
    print(f"spending  {'on' if now.spending else 'off'}")
    for rule in now.rules_off:
        print(f"{rule}  off")
    if now.rollout_number:
        print(f"version {now.rollout_number} is in force in: {', '.join(now.rollout_branches)}")
    return 0


def reverse(args: argparse.Namespace, _read: Read) -> int:
    program = chosen_program(args.program)
    by, at = actor_of(args), timezone.now()
    if args.undo:
        done = undo_reversal(program_id=program.id, reversal_id=_id(args.undo), reason=args.reason, by=by, at=at)
        _print_reversal(done)
        return 0
    for field, given in (("rule", args.rule), ("from", args.since), ("until", args.until)):
        if not given:
            raise Refusal(Code.MISSING, field=field)
    since, until = _moment(args.since, program, "from"), _moment(args.until, program, "until")
    if args.dry_run:
        told = preview_reversal(program_id=program.id, rule=args.rule, since=since, until=until, by=by, at=at)
        _print_reversal(told)
        return 0
    done = reverse_rule(
        program_id=program.id, rule=args.rule, since=since, until=until, reason=args.reason, by=by, at=at
    )
    _print_reversal(done)
    return 0


def _print_reversal(done: Reversed) -> None:
    print(f"{done.state}  {done.rule}  {done.reversal_id or ''}".rstrip())
    print(f"members {done.members}, items {done.items}")
    for currency, sums in done.sums.items():
        spent = sums.owed + sums.forgotten
        print(
            f"{currency}: given {sums.given}, returned before {sums.returned}, taken {sums.taken},"
            f" expired {sums.expired}, spent already {spent} (owed {sums.owed}, forgotten {sums.forgotten})"
        )


def _moment(text: str, program: ProgramView, field: str) -> datetime:
    """A local date, or date and time, of the program's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(Code.INVALID, field=field, reason="not_a_moment") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(program.timezone))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Code.NOT_FOUND, what="reversal") from None


def draft(args: argparse.Namespace, read: Read) -> int:
    program = chosen_program(args.program)
    by, at = actor_of(args), timezone.now()
    if args.draft_act == "save":
        source = read(args.file, currency=program.currency, timezone=program.timezone)
        saved = save_draft(program_id=program.id, name=args.name, source=source, note=args.note, by=by, at=at)
        print(f"saved {saved.draft.name}")
        return 0
    if args.draft_act == "list":
        for one in list_drafts(program.id):
            approved = f"  approved by {one.approved_by}" if one.approved_by else ""
            print(f"{one.name}  {one.state}  {one.saved_at:%Y-%m-%d %H:%M}  {one.saved_by}{approved}  {one.note}")
        return 0
    view, source = draft_named(program.id, args.name)
    if args.draft_act == "show":
        print(source, end="")
    elif args.draft_act == "diff":
        print_words(rulebook_source(program.id)[1], source, Language(args.language))
    else:
        service = {"approve": approve_draft, "publish": publish_draft, "drop": drop_draft}[args.draft_act]
        done = service(program_id=program.id, draft_id=view.id, by=by, at=at).draft
        print(f"{done.name} {done.state}" + (f" as version {done.number}" if done.number else ""))
    return 0


def print_words(before: str, after: str, language: Language) -> None:
    """What the second text says otherwise, a sentence a line."""
    found = diff_sources(before, after)
    for told in tell_differences(found.differences, found.before, found.after, language):
        print(told.text)


def approval(args: argparse.Namespace, _read: Read) -> int:
    program = chosen_program(args.program)
    if args.to:
        ask_for_approval(program_id=program.id, needed=args.to == "on", by=actor_of(args), at=timezone.now())
    print(f"approval by a second person is {'on' if needs_approval(program.id) else 'off'}")
    return 0


def rollout(args: argparse.Namespace, read: Read) -> int:
    program = chosen_program(args.program)
    who, by, at = program.id, actor_of(args), timezone.now()
    match args.rollout_act:
        case "start":
            source = read(args.file, currency=program.currency, timezone=program.timezone)
            done = start_rollout(program_id=who, source=source, branches=args.branch, note=args.note, by=by, at=at)
        case "widen":
            done = widen_rollout(program_id=who, branches=args.branch, by=by, at=at)
        case "finish":
            done = finish_rollout(program_id=who, by=by, at=at)
        case _:
            done = withdraw_rollout(program_id=who, reason=args.reason, by=by, at=at)
    where = ", ".join(done.branches) or ("everywhere" if done.current == done.number else "nowhere")
    print(f"version {done.number} is in force: {where}; the current version is {done.current}")
    return 0


def rollback(args: argparse.Namespace, _read: Read) -> int:
    program = chosen_program(args.program)
    done = roll_back(
        program_id=program.id, number=args.number, reason=args.reason, by=actor_of(args), at=timezone.now()
    )
    print(f"version {done.number}, the same as {args.number}")
    return 0


ACTS: dict[str, Callable[[argparse.Namespace, Read], int]] = {
    "lint": lint,
    "switch": throw_switch,
    "switches": show_switches,
    "reverse-rule": reverse,
    "draft": draft,
    "approval": approval,
    "rollout": rollout,
    "rollback": rollback,
}
