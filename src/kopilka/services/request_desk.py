"""Requests for absent goods as a counter sees them: whose they are, and what a new one would say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.articles import article_by_barcode, articles_for_till
from kopilka.queries.goods import GoodsRow, list_goods
from kopilka.queries.masked import masked_members
from kopilka.queries.tails import MaskedMember

WAITING = ("open", "arrived")
SKU_MAX = 100


@dataclass(frozen=True, slots=True)
class RequestAtDesk:
    row: GoodsRow
    who: MaskedMember


@dataclass(frozen=True, slots=True)
class WantedArticle:
    """What was asked for: of the catalogue where it is there, else as it was typed."""

    sku: str
    name: str


def open_requests(
    *, program_id: UUID, branch: str, by: Actor, sku: str | None = None, after: UUID | None = None, limit: int = 50
) -> tuple[list[RequestAtDesk], UUID | None]:
    """What is waited for in a branch (empty: everywhere), of one article or all, the oldest first; where to go on."""
    by.must(Capability.READ)
    page = list_goods(program_id, state="open", sku=sku, branch=branch or None, after=after, limit=limit)
    people = masked_members(program_id, {row.member_id for row in page.rows})
    return [RequestAtDesk(row, people[row.member_id]) for row in page.rows], page.after


def wanted_article(program_id: UUID, text: str) -> WantedArticle:
    """By barcode, code or whole name; what the catalogue does not have is called as it was typed."""
    typed = " ".join(text.split())
    found = article_by_barcode(program_id, typed)
    if found is None:
        named = articles_for_till(program_id, typed, limit=2)
        found = next((one for one in named if one.name.casefold() == typed.casefold()), None)
    return WantedArticle(found.sku, found.name) if found else WantedArticle(typed[:SKU_MAX], typed)


def check_request(*, program_id: UUID, member_id: UUID, sku: str, by: Actor) -> None:
    """Would it be written down? Nothing is. `invalid` (sku) when he waits for it already."""
    by.must(Capability.ENROL)
    rows = list_goods(program_id, sku=sku, member_id=member_id).rows
    if any(row.state in WAITING for row in rows):
        raise Refusal(Code.INVALID, field="sku", reason="asked_already")
