"""A coalition: which points a partner's branches give and take, and whose branch it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopilka.engine.decision import Reason, Why
from kopilka.engine.mechanics import Partner
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Sale

if TYPE_CHECKING:  # the book keeps what stands here
    from kopilka.engine.compiling.book import Book, Payer


def partner_at(rulebook: Rulebook, branch: str) -> Partner | None:
    """The partner whose branch it is; None: the owner of the program."""
    if not branch:
        return None
    return next((one for one in rulebook.mechanics.partners.values() if branch in one.branches), None)


def restricted_branches(rulebook: Rulebook) -> dict[str, Partner]:
    """Branches of partners who give or take some kinds of points only."""
    some = (one for one in rulebook.mechanics.partners.values() if one.gives or one.takes)
    return {branch: one for one in some for branch in one.branches}


def payers_here(sale: Sale, book: Book) -> tuple[Payer, ...]:
    """The currencies that can pay in this branch, in their order."""
    partner = book.restricted.get(sale.receipt.branch)
    if partner is None or not partner.takes:
        return book.payers
    return tuple(payer for payer in book.payers if payer.currency in partner.takes)


def keep_given_here(sale: Sale, book: Book, pots: dict[int | None, list[int]]) -> None:
    """Points of kinds that this branch does not give are not earned here."""
    partner = book.restricted.get(sale.receipt.branch)
    if partner is None or not partner.gives:
        return
    for at, pot in enumerate(book.pots):
        if at in pots and pot.currency.code not in partner.gives:
            del pots[at]
            sale.told.append(Reason(Why.NOT_GIVEN_HERE, detail=pot.currency.code))
