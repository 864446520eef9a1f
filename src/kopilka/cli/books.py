"""`kopilka books`: checking the books, and rebuilding what is derived from them."""

import argparse
import json
import sys
from typing import Any

from django.db import connection

from kopilka.cli.acting import chosen_program
from kopilka.cli.progress import progress_bar
from kopilka.engine.refusal import Refusal
from kopilka.project.database_roles import as_owner, seeing_all
from kopilka.queries.programs import ProgramView, list_programs
from kopilka.services.books import CHECKS, CheckResult, check_books, check_programs_of_rows, last_seal
from kopilka.services.rebuilding import rebuild_books

EXIT_BROKEN = 1
EXIT_REFUSED = 2


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("books", help="check the books, rebuild what is derived from them")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    check = acts.add_parser("check", help="verify every invariant and name what is broken; changes nothing")
    check.add_argument("--only", default="", help="invariants separated by commas, as in I1,I4")
    rebuild = acts.add_parser("rebuild", help="derive wallets, lots and members' counters anew")
    rebuild.add_argument("--check", action="store_true", help="only say what would be different")
    for each in (check, rebuild):
        each.add_argument("--program", help="slug of the program; all of them if left out")
        each.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    try:
        programs = [chosen_program(args.program)] if args.program else list_programs()
    except Refusal as refusal:
        print(f"kopilka: {refusal}", file=sys.stderr)
        return EXIT_REFUSED
    return _check(programs, args) if args.act == "check" else _rebuild(programs, args)


def _check(programs: list[ProgramView], args: argparse.Namespace) -> int:
    only = [name for name in args.only.split(",") if name]
    document: dict[str, Any] = {"programs": {}}
    done, total = 0, len(programs) * len(CHECKS)
    with progress_bar("checking the books") as show:
        for program in programs:
            told = document["programs"][program.slug] = []
            for result in check_books(program_id=program.id, only=only):
                told.append(_told(result, args, program.slug))
                done += 1
                show(done, total)
        if not args.program and not only:
            document["rows"] = _told(_rows_of_programs(), args, "")
    results = [one for told in document["programs"].values() for one in told] + [document.get("rows", {})]
    document["broken"] = sum(len(one.get("findings", ())) for one in results)
    document["seals"] = _seals(programs, args)
    if args.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("the books are whole" if not document["broken"] else f"broken: {document['broken']}")
    return EXIT_BROKEN if document["broken"] else 0


def _seals(programs: list[ProgramView], args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """The newest closed day of each program: whoever keeps its hash elsewhere can prove later what the books said."""
    found: dict[str, dict[str, Any]] = {}
    for program in programs:
        seal = last_seal(program_id=program.id)
        if seal is not None:
            found[program.slug] = {"day": seal.day.isoformat(), "entries": seal.number, "hash": seal.chain_hash}
            if not args.json:
                print(f"{program.slug} {seal.day}: sealed {seal.number} entries, {seal.chain_hash}")
    return found


def _rows_of_programs() -> CheckResult:
    """PostgreSQL shows the rows of all programs to the owner of the tables alone, when he asks for it."""
    if connection.vendor != "postgresql":
        return check_programs_of_rows()
    with as_owner() as owner, seeing_all(owner):
        return check_programs_of_rows()


def _told(result: CheckResult, args: argparse.Namespace, slug: str) -> dict[str, Any]:
    if not args.json:
        for one in result.findings:
            details = ", ".join(f"{name} {value}" for name, value in one.details.items())
            print(f"{result.invariant} {slug} {one.what}: {details}".replace("  ", " "))
    return {
        "invariant": result.invariant,
        "title": result.title,
        "findings": [{"what": one.what, **one.details} for one in result.findings],
    }


def _rebuild(programs: list[ProgramView], args: argparse.Namespace) -> int:
    differing: list[dict[str, Any]] = []
    with progress_bar("rebuilding") as show:
        for number, program in enumerate(programs):
            show(number, len(programs))
            for one in rebuild_books(program_id=program.id, write=not args.check):
                found = {"program": program.slug, "table": one.table, "id": str(one.id)}
                differing.append(found | {"stored": one.stored, "derived": one.derived})
                if not args.json:
                    print(f"{program.slug} {one.table} {one.id}: {one.stored} is {one.derived} by its entries")
    if args.json:
        print(json.dumps({"differing": differing, "rebuilt": not args.check}))
    elif not differing:
        print("everything derived is what it derives from")
    return EXIT_BROKEN if differing and args.check else 0
