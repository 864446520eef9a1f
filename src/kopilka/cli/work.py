"""`kopilka work`: the worker, which does what time and events ask for."""

import argparse
import json
import signal
import sys
import threading
from datetime import datetime
from types import FrameType

from django.utils import timezone

from kopilka.jobs.work import Stopped, Worker
from kopilka.services.expiry import ClockInDoubt, must_agree, must_not_be_ahead

EXIT_DOUBT = 1
EXIT_MISUSE = 2


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("work", help="let points begin and end, seal the books, hand out events")
    parser.add_argument("--once", action="store_true", help="do what is due now and stop")
    parser.add_argument("--at", type=_moment, help="as if it were this time (with --once), as 2026-03-01T12:00+03:00")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON (with --once)")


def run(args: argparse.Namespace) -> int:
    if (args.at or args.json) and not args.once:
        print("kopilka: --at and --json need --once", file=sys.stderr)
        return EXIT_MISUSE
    worker = _worker(args.at)
    if not args.once:
        worker.run_for_ever()
        return 0
    try:
        figures = worker.run_once()
    except Stopped:
        return 0
    except ClockInDoubt as doubt:
        print(f"kopilka: nothing that ends by the clock was done: {doubt}", file=sys.stderr)
        return EXIT_DOUBT
    print(json.dumps(figures) if args.json else _told(figures))
    return 0


def _worker(at: datetime | None) -> Worker:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
    if at is not None:
        return Worker(clock=lambda: at, trust=must_not_be_ahead, stop=stop)
    return Worker(clock=timezone.now, trust=must_agree, stop=stop)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as in 2026-03-01T12:00+03:00")
    return moment


def _told(figures: dict[str, int]) -> str:
    return (
        ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in figures.items()) or "there was nothing to do"
    )
