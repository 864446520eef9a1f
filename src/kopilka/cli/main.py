"""The command `kopilka`: one module per subcommand, imported only when it is asked for."""

import argparse
import importlib
import os
import sys
from importlib.util import find_spec
from types import ModuleType

import django

from kopilka import __version__
from kopilka.project.environment import SettingError

# Name on the command line → module with register(subparsers) and run(args) -> exit code.
# A module that is not there yet is simply not offered.
COMMANDS = {
    "up": "kopilka.cli.up",
    "migrate": "kopilka.cli.migrate",
    "work": "kopilka.cli.work",
    "demo": "kopilka.cli.demo",
    "apikey": "kopilka.cli.apikey",
    "webhook": "kopilka.cli.webhook",
    "program": "kopilka.cli.program",
    "cases": "kopilka.cli.cases",
    "coupons": "kopilka.cli.coupons",
    "raffle": "kopilka.cli.raffle",
    "simulate": "kopilka.cli.simulate",
    "books": "kopilka.cli.books",
    "members": "kopilka.cli.members",
    "people": "kopilka.cli.people",
    "staff": "kopilka.cli.staff",
    "till": "kopilka.cli.till",
    "clearing": "kopilka.cli.clearing",
    "links": "kopilka.cli.links",
    "posts": "kopilka.cli.posts",
    "chat": "kopilka.cli.chat",
    "texts": "kopilka.cli.texts",
    "personal": "kopilka.cli.personal",
    "articles": "kopilka.cli.articles",
    "pages": "kopilka.cli.pages",
    "club": "kopilka.cli.club",
    "import": "kopilka.cli.import_",
    "backup": "kopilka.cli.backup",
}

EXIT_MISUSE = 2
EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    try:
        django.setup()  # before the modules below, so that they may import services at the top
        parsed = _parser(_asked_for(arguments)).parse_args(arguments)
        return int(parsed.run(parsed))
    except SettingError as error:
        print(f"kopilka: {error}", file=sys.stderr)
        return EXIT_MISUSE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _asked_for(arguments: list[str]) -> list[str]:
    """One module for a known subcommand; all that exist for the overview and for a misspelt one."""
    existing = [name for name, module in COMMANDS.items() if find_spec(module)]
    first = arguments[0] if arguments else ""
    return [first] if first in existing else existing


def _parser(names: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kopilka", description="A loyalty platform.")
    parser.add_argument("--version", action="version", version=f"kopilka {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        _register(importlib.import_module(COMMANDS[name]), subparsers)
    return parser


def _register(module: ModuleType, subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Give the parsers a module adds its own `run`, so that a module need not name itself."""
    known = set(subparsers.choices)
    module.register(subparsers)
    for name in set(subparsers.choices) - known:
        subparsers.choices[name].set_defaults(run=module.run)


if __name__ == "__main__":
    sys.exit(main())
