"""`python -m tools.commands_page [--check]`: write docs/operate/commands.md from what each command says about itself.

With --check nothing is written; the exit code says whether the page is what would be written.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

from kopilka.cli.main import _asked_for, _parser

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operate" / "commands.md"

HEAD = """\
# Commands

<!-- Written by `python -m tools.commands_page` from the commands themselves; the examples stand in that tool. -->

Everything an operator does is done with `kopilka` (in a checkout: `.venv/bin/kopilka`). `kopilka COMMAND --help` tells
what this page tells. Commands read the same [settings](settings.md) as the server. Exit code 0 means done, 1 refused or
not in order, 2 misused, 130 interrupted.
"""

MAP = "receipt=InvoiceNo,at=InvoiceDate,member=CustomerID,sku=StockCode,quantity=Quantity,price=UnitPrice"
EXAMPLES = {
    "kopilka up": "kopilka up --no-demo",
    "kopilka apikey create": "kopilka apikey create --program my-shop --bundle till --till till-1 --branch centre",
    "kopilka apikey revoke": "kopilka apikey revoke kpl_3f9a --program my-shop",
    "kopilka program create": 'kopilka program create my-shop --name "My shop" --rulebook cashback',
    "kopilka program templates": "kopilka program templates cashback > rules.yaml",
    "kopilka program publish": 'kopilka program publish rules.yaml --program my-shop --note "7 % in December"',
    "kopilka program diff": "kopilka program diff 3 4 --program my-shop",
    "kopilka members count": """kopilka members count --when '{"tier": "gold"}'""",
    "kopilka members list": """kopilka members list --when '{"tags": "coffee"}' --csv coffee.csv""",
    "kopilka members segment": "kopilka members segment friends --file phones.csv",
    "kopilka links create": "kopilka links create youtube --labels video --tags from-youtube --cost 4000000",
    "kopilka links qr": "kopilka links qr youtube --page https://shop.example/i/ --to youtube.svg",
    "kopilka links figures": "kopilka links figures --from 2026-03-01T00:00+03:00 --csv links.csv",
    "kopilka articles import": "kopilka articles import menu.csv --report rejected.csv",
    "kopilka articles add": 'kopilka articles add LATTE "Latte" 240 --category Drinks --barcode 4607001000019',
    "kopilka pages set": 'kopilka pages set --accent "#8a4b2a" --logo logo.png --slogan-en "Save up for coffee"',
    "kopilka club": "kopilka club --segment club --from 2026-03-01T00:00+03:00 --csv club.csv",
    "kopilka demo": "kopilka demo --members 100000",
    "kopilka cases": "kopilka cases tests/cases",
    "kopilka simulate": (
        "kopilka simulate history.csv.gz --rulebook draft.yaml \\\n"
        f"  --map {MAP} \\\n"
        "  --return-prefix C --timezone Europe/London --json"
    ),
    "kopilka import receipts": (
        "kopilka import receipts history.csv.gz --program my-shop \\\n"
        f"  --map {MAP} \\\n"
        "  --return-prefix C --timezone Europe/London"
    ),
    "kopilka import movements": (
        "kopilka import movements points.csv --program my-shop \\\n"
        "  --map member=client,at=date,earned=plus,spent=minus,receipt=number"
    ),
    "kopilka books check": "kopilka books check --json",
}


def page() -> str:
    """The whole page: every command that can be called, in the order of the overview."""
    return HEAD + "".join(f"\n{section}" for section in _sections(_parser(_asked_for([])), "kopilka", ""))


def _sections(parser: argparse.ArgumentParser, name: str, says: str) -> Iterator[str]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    if not groups:
        yield _section(parser, name, says)
    for group in groups:
        helps = {choice.dest: choice.help or "" for choice in group._choices_actions}  # noqa: SLF001
        for word, inner in group.choices.items():
            yield from _sections(inner, f"{name} {word}", helps.get(word, ""))


def _section(parser: argparse.ArgumentParser, name: str, says: str) -> str:
    lines = [f"## {name}", "", _sentence(says), ""]
    if name in EXAMPLES:
        lines += ["```sh", EXAMPLES[name], "```", ""]
    told = [_told(action) for action in parser._actions if not isinstance(action, argparse._HelpAction)]  # noqa: SLF001
    return "\n".join([*lines, *told, ""] if told else lines)


def _told(action: argparse.Action) -> str:
    """One argument: its name with what it takes, and what it means."""
    takes = "" if action.nargs == 0 else f" {_value(action)}"
    name = f"{action.option_strings[-1]}{takes}" if action.option_strings else _value(action)
    says = _sentence((action.help or "").replace("%%", "%")).rstrip(".")
    default = action.default
    shown = isinstance(default, str | int) and not isinstance(default, bool) and default not in {"", argparse.SUPPRESS}
    parts = [says, f"`{default}` when not said" if shown else ""]
    told = "; ".join(part for part in parts if part)
    return f"- `{name}`: {told}." if told else f"- `{name}`"


def _value(action: argparse.Action) -> str:
    if action.choices is not None:
        return "|".join(str(choice) for choice in action.choices)
    return str(action.metavar or action.dest).upper()


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:].rstrip('.')}." if says else ""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.commands_page", description="Write docs/operate/commands.md."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the page is up to date")
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    django.setup()
    if not args.check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/operate/commands.md is not up to date: run python -m tools.commands_page", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
