"""`kopilka cases`: play the tests that stand in rulebooks, and show every figure that came out otherwise."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kopilka.services.rulebook_cases import Report, play_source
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text

SUFFIXES = {".yaml", ".yml", ".json"}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("cases", help="play the tests of rulebooks")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="a rulebook, or a folder of them")
    parser.add_argument("--language", choices=[language.value for language in Language], default="en")
    parser.add_argument("--json", action="store_true", help="end with the figures as JSON")


def run(args: argparse.Namespace) -> int:
    found = [file for path in args.paths for file in _rulebooks(path)]
    missing = [path for path in args.paths if not path.exists()]
    for path in missing:
        print(f"{path}: no such file", file=sys.stderr)
    reports = [(file, play_source(file.read_bytes())) for file in found]
    for file, report in reports:
        _show(file, report, Language(args.language), quiet=args.json)
    if args.json:
        print(json.dumps(_figures(reports)))
    else:
        print(_summary(reports))
    return 0 if reports and not missing and all(report.is_good for _, report in reports) else 1


def _rulebooks(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return [path] if path.is_file() else []


def _show(file: Path, report: Report, language: Language, *, quiet: bool) -> None:
    """Errors and failures go to the error stream when the figures are asked for as JSON."""
    stream = sys.stderr if quiet else sys.stdout
    for problem in report.problems:
        if problem.is_error:
            told = problem_text(problem.code, problem.params, language)
            print(f"{file}:{problem.line}: {problem.path or 'document'}: {told}", file=stream)
    for failure in report.failures:
        print(f"{file}: {failure.test}", file=stream)
        print(f"    {failure.place}: expected {failure.expected}, got {failure.got}", file=stream)


def _figures(reports: list[tuple[Path, Report]]) -> dict[str, int]:
    return {
        "rulebooks": len(reports),
        "tests": sum(report.tests for _, report in reports),
        "failures": sum(len(report.failures) for _, report in reports),
        "errors": sum(problem.is_error for _, report in reports for problem in report.problems),
    }


def _summary(reports: list[tuple[Path, Report]]) -> str:
    figures = _figures(reports)
    told = f"{figures['rulebooks']} rulebooks, {figures['tests']} tests"
    wrong = [f"{figures[key]} {key}" for key in ("errors", "failures") if figures[key]]
    return f"{told}: {', '.join(wrong)}" if wrong else f"{told}: all as expected"
