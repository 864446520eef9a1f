"""The small catalogue of a till: what its buttons, its search and its scanner find."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kopilka.data.models.doors import Article
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.contacts import fold_name
from kopilka.queries.scope import reading

PAGE_MAX = 500


@dataclass(frozen=True, slots=True)
class ArticleView:
    """`price` in 1/10,000 of the currency unit, `vat` in hundredths of a percent; `kind`: goods or service."""

    sku: str
    name: str
    kind: str
    category: str
    brand: str
    price: int
    vat: int | None
    barcode: str
    place: int
    active: bool


_ON_SALE = Prepared(
    lambda: (
        Article.objects.of(Hole("program_id"))
        .filter(Q(active=True) & (Q(barcode__in=Each("texts")) | Q(sku__in=Each("texts"))))
        .order_by("place", "sku")
    )
)


def articles_for_till(program_id: UUID, text: str = "", limit: int = 60) -> list[ArticleView]:
    """Those on sale in the order of their buttons; with `text` those whose name or code holds it, case and ё apart."""
    found = Q(active=True)
    for word in fold_name(text).split():
        found &= Q(search__contains=word)
    return _views(program_id, found, limit)


def article_by_barcode(program_id: UUID, text: str) -> ArticleView | None:
    """The article on sale that carries this barcode, or whose code it is."""
    return next(iter(articles_by_barcodes(program_id, [text]).values()), None)


def articles_by_barcodes(program_id: UUID, texts: Collection[str]) -> dict[str, ArticleView]:
    """The same for several texts at once; those that name no article are left out."""
    wanted = {text: text.strip() for text in texts if text.strip()}
    with reading(program_id):
        rows = _ON_SALE.all(program_id=program_id, texts=list(dict.fromkeys(wanted.values())))
    carried, coded = {row.barcode: row for row in rows[::-1]}, {row.sku: row for row in rows}
    found = {text: carried.get(one) or coded.get(one) for text, one in wanted.items()}
    return {text: article_view(row) for text, row in found.items() if row is not None}


def articles_by_sku(program_id: UUID, skus: Collection[str]) -> dict[str, ArticleView]:
    """By code, whether they are on sale or not; unknown codes are left out."""
    return {one.sku: one for one in _views(program_id, Q(sku__in=skus), PAGE_MAX)}


def list_articles(program_id: UUID, *, limit: int = PAGE_MAX) -> list[ArticleView]:
    """All of them, in the order of their buttons."""
    return _views(program_id, Q(), limit)


def _views(program_id: UUID, found: Q, limit: int) -> list[ArticleView]:
    with reading(program_id):
        rows = Article.objects.of(program_id).filter(found).order_by("place", "sku")[: max(0, min(limit, PAGE_MAX))]
        return [article_view(row) for row in rows]


def article_view(row: Article) -> ArticleView:
    return ArticleView(
        row.sku, row.name, row.kind, row.category, row.brand, row.price, row.vat, row.barcode, row.place, row.active
    )
