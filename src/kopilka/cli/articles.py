"""`kopilka articles`: the small catalogue that a till without integration sells from."""

import argparse
import csv
import sys
from pathlib import Path

from django.utils import timezone

from kopilka.cli.acting import EXIT_REFUSED, ask_for_program, run_act
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.money import CURRENCY_DIGITS, PRICE_SCALE
from kopilka.queries.articles import ArticleView, list_articles
from kopilka.queries.programs import ProgramView
from kopilka.services.articles import NewArticle, import_articles, offer_article, save_article
from kopilka.services.imports.cells import BadCell, read_number
from kopilka.wording.amounts import decimal_in, price
from kopilka.wording.languages import Language
from kopilka.wording.refusal_names import NAMES


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("articles", help="the small catalogue of a till without integration")
    acts = parser.add_subparsers(metavar="ACT", required=True, dest="act")
    bring = acts.add_parser("import", help="add and change articles from a CSV with a header")
    bring.add_argument("file", type=Path, help="columns sku, name, price; also kind, category, brand, vat, barcode")
    bring.add_argument("--report", type=Path, help="where rows that were left out go, as a CSV")
    acts.add_parser("list", help="list the articles in the order of their buttons")
    add = acts.add_parser("add", help="add one article, or change the one with this code")
    add.add_argument("sku", help="its code")
    add.add_argument("name")
    add.add_argument("price", help="as in 240.00")
    add.add_argument("--kind", choices=("goods", "service"), default="goods")
    add.add_argument("--category", default="")
    add.add_argument("--brand", default="")
    add.add_argument("--vat", help="percent, as in 20; left out: without VAT")
    add.add_argument("--barcode", default="")
    add.add_argument("--place", type=int, default=0, help="where its button stands; the smallest first")
    for name, told in (("hide", "take an article off sale"), ("show", "put it on sale again")):
        acts.add_parser(name, help=told).add_argument("sku", help="its code")
    ask_for_program(acts.choices.values())


def run(args: argparse.Namespace) -> int:
    acts = {"import": _bring, "list": _list, "add": _add, "hide": _offer, "show": _offer}
    try:
        return run_act(acts, args)
    except BadCell as bad:
        print(f"kopilka: {bad.field}: {_why(bad.reason)}", file=sys.stderr)
    return EXIT_REFUSED


def _bring(program: ProgramView, args: argparse.Namespace) -> int:
    """Exit code 1 when rows were left out."""
    done = import_articles(program_id=program.id, path=args.file, by=SYSTEM_ACTOR, at=timezone.now())
    print(f"added {done.added}, changed {done.changed}, left out {len(done.rejected)}")
    for row in done.rejected:
        place = f"line {row.line}, {row.field}" if row.field else f"line {row.line}"
        print(f"{place}: {_why(row.reason)}", file=sys.stderr)
    if args.report and done.rejected:
        with args.report.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["line", "column", "reason"])
            table.writerows([row.line, row.field, row.reason, *row.cells] for row in done.rejected)
    return EXIT_REFUSED if done.rejected else 0


def _list(program: ProgramView, _args: argparse.Namespace) -> int:
    for article in list_articles(program.id):
        print(_told(program, article))
    return 0


def _add(program: ProgramView, args: argparse.Namespace) -> int:
    article = NewArticle(
        args.sku, args.name, read_number(args.price, 4, "price", comma=True), args.kind, args.category, args.brand,
        read_number(args.vat, 2, "vat", comma=True) if args.vat else None, args.barcode, args.place,
    )  # fmt: skip
    print(_told(program, save_article(program_id=program.id, article=article, by=SYSTEM_ACTOR, at=timezone.now())))
    return 0


def _offer(program: ProgramView, args: argparse.Namespace) -> int:
    shown = args.act == "show"
    article = offer_article(program_id=program.id, sku=args.sku, active=shown, by=SYSTEM_ACTOR, at=timezone.now())
    print(_told(program, article))
    return 0


def _told(program: ProgramView, article: ArticleView) -> str:
    digits = CURRENCY_DIGITS.get(program.currency, len(str(PRICE_SCALE)) - 1)
    cost = price(article.price, decimal_in(digits, Language.EN), digits, Language.EN)
    state = "" if article.active else "  not on sale"
    return f"{article.sku}  {article.name}  {cost}  {article.category or '-'}  {article.barcode or '-'}{state}"


def _why(reason: str) -> str:
    known = NAMES["reason"].get(reason)
    return known[Language.EN] if known else reason
