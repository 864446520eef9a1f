"""`kopilka up`: one command from an empty folder to a running site.

Checks the port, migrates, makes a demo program on the first start, gathers the files of the pages, then keeps its
children in its own process group: the web server's processes and, where there is one, the worker. When one of them
ends, all end.
"""

import argparse
import importlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from types import FrameType

from django.conf import settings
from django.db import connections
from django.utils import timezone

from kopilka.cli.migrate import migrate_database
from kopilka.project.static_files import gather_files
from kopilka.queries.programs import list_programs

ADDRESS = "127.0.0.1"
SERVER = "kopilka.api.server"
STOP_SECONDS = 9
POLL_SECONDS = 0.2
PROGRAMS_MAX = 5
EXIT_CANNOT_START = 3


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("up", help="migrate and run the web server and the worker")
    parser.add_argument("--no-demo", action="store_true", help="make no demo program on the first start")
    parser.add_argument("--no-worker", action="store_true", help="run the web server alone")


def run(args: argparse.Namespace) -> int:
    if not port_is_free(settings.PORT):
        print(
            f"kopilka: port {settings.PORT} is taken, perhaps by another kopilka; stop it or choose another: PORT=8001",
            file=sys.stderr,
        )
        return EXIT_CANNOT_START
    if not find_spec(SERVER):
        print(f"kopilka: the module {SERVER} is missing from this installation", file=sys.stderr)
        return EXIT_CANNOT_START
    first_start = migrate_database(verbosity=0)
    if first_start and not args.no_demo:
        _make_demo()
    gather_files()
    _greet()
    connections.close_all()
    return _keep_running(_servers() if args.no_worker else [*_servers(), *_worker()])


def port_is_free(port: int) -> bool:
    """Asked for before the start: the server shares ports, so a second one would start and take half."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _make_demo() -> None:
    if not find_spec("kopilka.services") or not find_spec("kopilka.services.demo"):
        return
    create: Callable[..., object] = importlib.import_module("kopilka.services.demo").create_demo_program
    made = create(at=timezone.now())
    print(f"A demo program is ready: {getattr(made, 'program_slug', '')}")
    print(f"Its API key, shown only now: {getattr(made, 'api_key', '')}")


def _greet() -> None:
    """Where everything is, the demo first."""
    site = f"http://{ADDRESS}:{settings.PORT}"
    print(f"Kopilka: {site}/  (stop with Ctrl+C)")
    programs = list_programs()
    for demo in (one for one in programs if one.is_demo):
        print(f"  try everything     {site}/demo/  (which phone, PIN and code to use)")
        print(f"  till, kiosk, card  {site}/till/{demo.slug}/  {site}/kiosk/{demo.slug}/  {site}/card/{demo.slug}/")
        print(f"  public page, API   {site}/p/{demo.slug}/  {site}/api/docs")
    for mine in [one for one in programs if not one.is_demo][:PROGRAMS_MAX]:
        print(f"  {mine.name}: {site}/p/{mine.slug}/  till {site}/till/{mine.slug}/  card {site}/card/{mine.slug}/")
    if find_spec("kopilka.cli.apikey"):
        print("A new API key: kopilka apikey create --program demo --bundle admin")
    sys.stdout.flush()


def _servers() -> list[list[str]]:
    """One command for each process; several share the port."""
    command = [sys.executable, "-m", SERVER, "--host", ADDRESS, "--port", str(settings.PORT)]
    several = settings.KOPILKA_WORKERS > 1
    return [[*command, "--share"] if several else command] * int(settings.KOPILKA_WORKERS)


def _worker() -> list[list[str]]:
    return [[sys.executable, "-m", "kopilka.cli.main", "work"]] if find_spec("kopilka.cli.work") else []


def _keep_running(commands: list[list[str]]) -> int:
    """Exit code 0 after an asked-for stop, else that of the child that ended by itself."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    children = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own interpreter
    while not asked and all(child.poll() is None for child in children):
        time.sleep(POLL_SECONDS)
    ended = next((child.returncode for child in children if child.returncode is not None), 0)
    _stop(children)
    return 0 if asked else ended or 1


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
