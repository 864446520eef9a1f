"""What must hold after every step: the product's tables among themselves, and beside the model."""

from __future__ import annotations

from tests.journeys.machine.model import BONUS, GOLD, Person
from tests.journeys.machine.reading import OF_WALLET, Tables
from tests.journeys.machine.shop import Shop


def books_hold(tables: Tables) -> None:
    """Reliability I1, I2, I4, I7, I8 by the tables alone."""
    assert not tables.strays
    assert not any(tables.of_operation.values()), "an operation does not sum to zero"
    for (member, code), (pending, available, held, debt, _) in tables.wallets.items():
        entries = {account: tables.of_wallet[member, code, account] for account in OF_WALLET}
        assert entries == {"pending": pending, "available": available, "held": held, "debt": -debt}
        assert min(pending, available, held, debt) >= 0
        lots = tables.lots.get((member, code), [])
        assert available == sum(lot.left for lot in lots if lot.active)
        assert pending == sum(lot.left for lot in lots if not lot.active)
        assert held == tables.holds[member, code]
        for lot in lots:
            assert lot.amount == lot.left + tables.drawn[lot.id] + lot.expired
            assert 0 <= lot.left <= lot.amount
            assert 0 <= lot.expired <= lot.amount


def books_agree(shop: Shop) -> None:
    """Every balance, every lot and the program's own accounts are what the model says."""
    tables, books = shop.tables, shop.books
    for who, member in shop.ids.items():
        for code in (BONUS, GOLD):
            _wallet_agrees(tables, books.people[who], member, code)
    assert +tables.of_program == +books.program
    assert -tables.of_program == -books.program
    assert tables.coupons == books.coupons
    assert tables.returns == shop.returns


def _wallet_agrees(tables: Tables, person: Person, member: object, code: str) -> None:
    pending, available, held, debt, kept = tables.wallets.get((member, code), (0, 0, 0, 0, 0))  # type: ignore[call-overload]
    told = (pending, available, held, debt)
    assert told == (person.pending(code), person.available(code), person.held[code], person.debt[code])
    assert kept == (person.kept if code == BONUS else 0)
    rows = tables.lots.get((member, code), [])  # type: ignore[call-overload]
    assert [(row.amount, row.left, row.expired, row.starts, row.ends, row.active, row.grace) for row in rows] == [
        (lot.amount, lot.left, lot.expired, lot.starts, lot.ends, lot.active, lot.grace) for lot in person.of(code)
    ]
