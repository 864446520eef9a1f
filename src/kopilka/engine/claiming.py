"""Which promotions take part in a sale, with their lines, and why the others do not."""

from __future__ import annotations

from kopilka.engine.compiling.book import Book
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.sale import Sale

Claim = tuple[Rule, list[int]]
"""A promotion whose conditions hold, and the lines it selects."""

NO_LINES: list[int] = []
"""Of most promotions there is nothing on a receipt; no list is made for each of them."""


def claims_of(sale: Sale, book: Book) -> list[Claim]:
    """The promotions whose conditions hold, with their lines, in the order of calculation."""
    live, lines, index = sale.live, sale.lines, book.index
    present = book.open_rules if live else 0
    found = [NO_LINES] * len(book.rules)
    for i in live:
        concerned = index.find(lines[i])
        present |= concerned.mask
        for place in concerned.indexes:
            known = found[place]
            if known:
                known.append(i)
            else:
                found[place] = [i]
    choice = book.choices.of(present, book.probes.failed(sale.facts))
    sale.refused.extend(choice.refused)
    claims = [(rule, live if rule.key is None else found[rule.index]) for rule in choice.able]
    return _claim_some(sale, claims, choice.asking) if choice.asking else claims


def _claim_some(sale: Sale, asked: list[Claim], asking: dict[int, int]) -> list[Claim]:
    """Those that have lines by what they ask beside the key; who is left without any is told of in its place."""
    claims: list[Claim] = []
    told = 0
    for rule, found in asked:
        lines, selects = found, rule.selects
        if selects is not None:
            lines = [i for i in lines if selects(sale.lines[i], sale.facts)]
            if not lines:
                sale.refused.insert(asking[rule.index] + told, rule.no_lines)
                told += 1
                continue
        claims.append((rule, lines))
    return claims
