"""`kopilka coupons`: codes of a series made, written to files, shown, withdrawn."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.cli.acting import ask_for_program, run_act
from kopilka.cli.code_sheets import write_archive, write_sheet, write_table
from kopilka.cli.progress import progress_bar
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.coupons import CodeView, batches_of_coupon, code_by_word, every_code
from kopilka.queries.programs import ProgramView
from kopilka.services.coupon_batches import issue_codes, withdraw_batch
from kopilka.services.coupons import withdraw_coupon


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("coupons", help="codes of a series: make, export, show, withdraw")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    issue = acts.add_parser("issue", help="make codes; what was cut off is finished first")
    issue.add_argument("coupon", help="its code in the rulebook")
    issue.add_argument("--count", type=int, help="how many; all that are left of the series if left out")
    issue.add_argument("--note", default="", help="what this batch is for")
    batches = acts.add_parser("batches", help="list the batches")
    batches.add_argument("coupon", nargs="?", default="", help="of one coupon only")
    export = acts.add_parser("export", help="write codes to a .csv, QR codes to a .zip, or a sheet to print to a .html")
    export.add_argument("coupon")
    export.add_argument("file", help="ends in .csv, .zip or .html")
    export.add_argument("--batch", help="id of one batch only")
    export.add_argument("--address", default="", help="what the QR codes open, as in https://shop.example/c/{word}")
    export.add_argument("--pictures", choices=("svg", "png"), default="svg", help="kind of the pictures in a .zip")
    show = acts.add_parser("show", help="say what became of one code")
    show.add_argument("word")
    withdraw = acts.add_parser("withdraw", help="take a code, or a whole batch by its id, out of use")
    withdraw.add_argument("what", help="a word, or the id of a batch")
    withdraw.add_argument("--reason", required=True, help="it is kept with the code")
    ask_for_program((issue, batches, export, show, withdraw))


def run(args: argparse.Namespace) -> int:
    return run_act(ACTS, args)


def _issue(program: ProgramView, args: argparse.Namespace) -> None:
    with progress_bar("making codes") as show:
        done = issue_codes(
            program_id=program.id, coupon=args.coupon, count=args.count, note=args.note, asking=_asking(),
            progress=show,
        )  # fmt: skip
    print(f"{done.made} codes of {done.coupon}, batch {done.batch_id}")


def _batches(program: ProgramView, args: argparse.Namespace) -> None:
    for one in batches_of_coupon(program.id, args.coupon):
        state = f"withdrawn: {one.reason}" if one.withdrawn_at else "works"
        print(f"{one.id}  {one.coupon}  {one.made}/{one.wanted}  {one.created_at:%Y-%m-%d %H:%M}  {one.note}  {state}")


def _export(program: ProgramView, args: argparse.Namespace) -> None:
    place = Path(args.file)
    if place.suffix not in WRITERS:
        raise Refusal(Code.INVALID, field="file", reason="unknown")
    batch = UUID(args.batch) if args.batch else None
    total = sum(one.made for one in batches_of_coupon(program.id, args.coupon) if batch in {None, one.id})
    codes = every_code(program.id, at=timezone.now(), coupon=args.coupon, batch_id=batch)
    written = 0

    with progress_bar("writing codes") as show:

        def count(number: int) -> None:
            nonlocal written
            written = number
            show(number, total)

        WRITERS[place.suffix](codes, place, args, count)
    print(f"{written} codes in {place}")


def _show(program: ProgramView, args: argparse.Namespace) -> None:
    code = code_by_word(program.id, args.word, at=timezone.now())
    for name in ("word", "coupon", "state", "member_id", "batch_id", "purchase_id", "issued_at", "bound_at"):
        print(f"{name}: {getattr(code, name) or '-'}")
    print(f"valid_until: {code.valid_until or '-'}\nchanged_at: {code.changed_at}\nreason: {code.reason or '-'}")


def _withdraw(program: ProgramView, args: argparse.Namespace) -> None:
    try:
        batch = UUID(args.what)
    except ValueError:
        code = withdraw_coupon(program_id=program.id, word=args.what, reason=args.reason, asking=_asking())
        print(f"{code.word} is {code.state}")
        return
    done = withdraw_batch(program_id=program.id, batch_id=batch, reason=args.reason, asking=_asking())
    print(f"{done.count} codes withdrawn")


def _asking() -> Asking:
    return Asking(SYSTEM_ACTOR, timezone.now())


Writer = Callable[[Iterable[CodeView], Path, argparse.Namespace, Callable[[int], None]], None]

WRITERS: dict[str, Writer] = {
    ".csv": lambda codes, place, args, count: write_table(codes, place, address=args.address, count=count),
    ".zip": lambda codes, place, args, count: write_archive(
        codes, place, address=args.address, kind=args.pictures, count=count
    ),
    ".html": lambda codes, place, args, count: write_sheet(
        codes, place, address=args.address, title=args.coupon, count=count
    ),
}
ACTS = {"issue": _issue, "batches": _batches, "export": _export, "show": _show, "withdraw": _withdraw}
