"""The articles a till without integration sells: added, changed, taken off sale, brought in from a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.doors import Article
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text, fold_name
from kopilka.engine.money import MAX_MINOR, PRICE_SCALE
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.articles import ArticleView, article_view
from kopilka.services.imports.cells import BadCell, read_number
from kopilka.services.imports.tables import Row, open_table

AT_ONCE = 500
"""Articles written in one transaction."""

PRICE_MAX = MAX_MINOR * PRICE_SCALE // 100
VAT_MAX = 10_000
PLACE_MAX = 1_000_000
KINDS = {"goods": "goods", "service": "service", "товар": "goods", "услуга": "service", "": "goods"}
NO_VAT = frozenset({"", "-", "без ндс", "no", "none"})
COLUMNS = {
    "sku": ("sku", "code", "артикул", "код"),
    "name": ("name", "название", "наименование"),
    "price": ("price", "цена"),
    "kind": ("kind", "вид"),
    "category": ("category", "категория"),
    "brand": ("brand", "бренд", "марка"),
    "vat": ("vat", "ндс"),
    "barcode": ("barcode", "штрихкод", "ean"),
    "place": ("place", "порядок"),
}
"""Fields of an article by what their columns may be called, in any case."""

LENGTHS = {"sku": 100, "name": 400, "category": 100, "brand": 100, "barcode": 64}


@dataclass(frozen=True, slots=True)
class NewArticle:
    """As `ArticleView`; an article with the same code is changed."""

    sku: str
    name: str
    price: int
    kind: str = "goods"
    category: str = ""
    brand: str = ""
    vat: int | None = None
    barcode: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of a file that was left out: where it begins, the column, a stable word for why, and the row as it was."""

    line: int
    field: str
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int
    rejected: tuple[RejectedRow, ...]


def save_article(*, program_id: UUID, article: NewArticle, by: Actor, at: datetime) -> ArticleView:
    """Add one, or change the one with this code. `missing`, `invalid` (barcode taken, too long), `out_of_range`."""
    by.must(Capability.PUBLISH)
    cleaned = _cleaned(article)
    try:
        return _save(program_id, [cleaned], by, at)[1][0]
    except IntegrityError:  # somebody wrote the same article at this moment
        return _save(program_id, [cleaned], by, at)[1][0]


@transaction.atomic(durable=True)
def offer_article(*, program_id: UUID, sku: str, active: bool, by: Actor, at: datetime) -> ArticleView:
    """Put an article on sale or take it off; `not_found`."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = Article.objects.of(program_id).select_for_update().filter(sku=sku).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="article")
    if row.active != active:
        row.active, row.changed_at = active, at
        row.save(update_fields=["active", "changed_at"])
        record_audit(program_id, "article_offered", row.id, by=by, at=at, after={"sku": sku, "active": active})
    return article_view(row)


def import_articles(*, program_id: UUID, path: Path, by: Actor, at: datetime) -> Imported:
    """Articles of a CSV with a header (see COLUMNS); those with a known code are changed.

    Rows that cannot be read are left out and told. `missing` (sku, name, price) where the header lacks a column,
    `invalid` (file) where the file cannot be read.
    """
    by.must(Capability.PUBLISH)
    added, changed = 0, 0
    rejected: list[RejectedRow] = []
    with open_table(path) as table:
        columns = _columns(table.header)
        seen: dict[str, set[str]] = {"sku": set(), "barcode": set()}
        good: list[tuple[Row, NewArticle]] = []
        for row in table.rows:
            article = _read(row, columns, seen, rejected)
            if article is not None:
                good.append((row, replace(article, place=article.place or len(good) + 1)))
    for portion in _portions(good):
        written = _save_portion(program_id, portion, rejected, by, at)
        added, changed = added + written[0], changed + written[1]
    return Imported(added, changed, tuple(sorted(rejected, key=lambda one: one.line)))


def _portions(good: list[tuple[Row, NewArticle]]) -> Iterator[list[tuple[Row, NewArticle]]]:
    for start in range(0, len(good), AT_ONCE):
        yield good[start : start + AT_ONCE]


def _save_portion(
    program_id: UUID, portion: list[tuple[Row, NewArticle]], rejected: list[RejectedRow], by: Actor, at: datetime
) -> tuple[int, int]:
    """How many were added and changed. Where one cannot be written, each is tried by itself."""
    with suppress(IntegrityError, Refusal):
        added, views = _save(program_id, [article for _, article in portion], by, at)
        return added, len(views) - added
    added = changed = 0
    for row, article in portion:
        try:
            is_new, _ = _save(program_id, [article], by, at)
            added, changed = added + is_new, changed + 1 - is_new
        except Refusal as refusal:
            why = refusal.params
            rejected.append(RejectedRow(row.line, str(why.get("field")), str(why.get("reason")), tuple(row.cells)))
    return added, changed


@transaction.atomic(durable=True)
def _save(program_id: UUID, articles: Sequence[NewArticle], by: Actor, at: datetime) -> tuple[int, list[ArticleView]]:
    """How many are new, and all as they stand now, in the order of their codes."""
    enter_program(program_id)
    wanted = {article.sku: article for article in articles}
    kept = Article.objects.of(program_id).filter(sku__in=wanted).order_by("sku").select_for_update()
    known = {row.sku: row for row in kept}
    _must_be_free(program_id, wanted)
    rows = []
    for sku, article in sorted(wanted.items()):
        row = known.get(sku) or Article(id=new_id(), program_id=program_id, sku=sku)
        row.name, row.kind, row.category, row.brand = article.name, article.kind, article.category, article.brand
        row.price, row.vat, row.barcode, row.place = article.price, article.vat, article.barcode, article.place
        row.search, row.active, row.changed_at = fold_name(f"{article.name} {sku}"), True, at
        rows.append(row)
    new = [row for row in rows if row.sku not in known]
    Article.objects.bulk_create(new)
    columns = [
        "name",
        "kind",
        "category",
        "brand",
        "price",
        "vat",
        "barcode",
        "place",
        "search",
        "active",
        "changed_at",
    ]
    Article.objects.of(program_id).bulk_update([row for row in rows if row.sku in known], columns)
    record_audit(program_id, "articles_saved", None, by=by, at=at, after={"count": len(rows), "first": rows[0].sku})
    return len(new), [article_view(row) for row in rows]


def _must_be_free(program_id: UUID, wanted: dict[str, NewArticle]) -> None:
    """A barcode names one article."""
    barcodes = {article.barcode: sku for sku, article in wanted.items() if article.barcode}
    for barcode, sku in Article.objects.of(program_id).filter(barcode__in=barcodes).values_list("barcode", "sku"):
        if barcodes[barcode] != sku:
            raise Refusal(Code.INVALID, field="barcode", reason="taken", given=barcode)


def _cleaned(article: NewArticle) -> NewArticle:
    texts = {
        field: clean_text(getattr(article, field), field=field, length_max=length) for field, length in LENGTHS.items()
    }
    for field in ("sku", "name"):
        if not texts[field]:
            raise Refusal(Code.MISSING, field=field)
    if article.kind not in KINDS.values():
        raise Refusal(Code.INVALID, field="kind", reason="unknown_value")
    _must_lie("price", article.price, PRICE_MAX)
    _must_lie("vat", article.vat or 0, VAT_MAX)
    _must_lie("place", article.place, PLACE_MAX)
    return replace(article, **texts)  # type: ignore[arg-type]  # texts are by name


def _must_lie(field: str, value: int, maximum: int) -> None:
    if not 0 <= value <= maximum:
        raise Refusal(Code.OUT_OF_RANGE, field=field, minimum=0, maximum=maximum)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """The place of each field's column; `missing` where one that is needed is not there."""
    titles = [title.strip().casefold() for title in header]
    found = {
        field: next(place for place, title in enumerate(titles) if title in names)
        for field, names in COLUMNS.items()
        if any(title in names for title in titles)
    }
    for field in ("sku", "name", "price"):
        if field not in found:
            raise Refusal(Code.MISSING, field=field)
    return found


def _read(
    row: Row, columns: dict[str, int], seen: dict[str, set[str]], rejected: list[RejectedRow]
) -> NewArticle | None:
    """The article of a row; None when it is told of in `rejected`. Codes and barcodes stand in a file once."""
    try:
        article = _cleaned(_article(row, columns))
        _must_be_first(article, seen)
    except BadCell as bad:
        rejected.append(RejectedRow(row.line, bad.field, bad.reason, tuple(row.cells)))
    except Refusal as refusal:
        reason = str(refusal.params.get("reason", refusal.code.value))
        rejected.append(RejectedRow(row.line, str(refusal.params.get("field", "")), reason, tuple(row.cells)))
    else:
        return article
    return None


def _must_be_first(article: NewArticle, seen: dict[str, set[str]]) -> None:
    for field, values in seen.items():
        value = getattr(article, field)
        if value and value in values:
            raise BadCell(field, "taken")
        values.add(value)


def _article(row: Row, columns: dict[str, int]) -> NewArticle:
    if row.broken:
        raise BadCell("", row.broken)
    cells = {field: row.cells[place] for field, place in columns.items()}
    kind = KINDS.get(cells.get("kind", "").strip().casefold())
    if kind is None:
        raise BadCell("kind", "unknown_value")
    vat = cells.get("vat", "").strip().casefold().removesuffix("%").strip()
    return NewArticle(
        sku=cells["sku"].strip(),
        name=cells["name"].strip(),
        price=_number(cells["price"], 4, "price"),
        kind=kind,
        category=cells.get("category", "").strip(),
        brand=cells.get("brand", "").strip(),
        vat=None if vat in NO_VAT else _number(vat, 2, "vat"),
        barcode=cells.get("barcode", "").strip(),
        place=_number(cells.get("place", "").strip() or "0", 0, "place"),
    )


def _number(text: str, digits: int, field: str) -> int:
    """A decimal with a point or a comma, with spaces between its groups."""
    return read_number(text.replace(" ", "").replace("\u00a0", ""), digits, field, comma=True)
