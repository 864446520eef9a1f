"""Checks of entries, wallets, lots and holds (I1, I2, I4, I7, I8, I13, I14)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from kopilka.engine.ledger import OF_WALLET
from kopilka.queries import books
from kopilka.services.book_checks.finding import Finding, finding, side_by_side

ENDED = frozenset({"captured", "released", "expired"})


def operations_sum_to_zero(program_id: UUID) -> Iterator[Finding]:
    for operation, currency, total in books.unbalanced(program_id):
        yield finding("operation_not_zero", operation=operation, currency=currency, sum=total)
    for entry, account in books.accounts_off_their_side(program_id, [one.value for one in OF_WALLET]):
        yield finding("account_on_wrong_side", entry=entry, account=account)


def wallets_are_their_entries(program_id: UUID) -> Iterator[Finding]:
    for wallet, sums in side_by_side(books.wallets(program_id), books.wallet_sums(program_id)):
        if wallet is None:
            continue  # an entry of no wallet of ours: the sweep of references names it
        expected = tuple(sums[1:]) if sums else (0, 0, 0, 0)
        cached = (wallet[3], wallet[4], wallet[5], -wallet[6])
        if cached != expected:
            yield finding("wallet_not_its_entries", wallet=wallet[0], member=wallet[1], cached=cached, entries=expected)
    for entry, currency, other in books.entries_off_their_wallet(program_id):
        yield finding("entry_of_other_currency", entry=entry, currency=currency, wallet=other)


def lots_add_up(program_id: UUID) -> Iterator[Finding]:
    for lot, drawn in side_by_side(books.lots(program_id), books.draw_sums(program_id)):
        if lot is None:
            continue  # a draw of no lot of ours: the sweep of references names it
        key, amount, remaining, expired = lot
        units = drawn[1] if drawn else 0
        if amount != remaining + units + expired or amount <= 0:
            yield finding(
                "lot_does_not_add_up", lot=key, amount=amount, remaining=remaining, drawn=units, expired=expired
            )
        elif not 0 <= remaining <= amount or not 0 <= expired <= amount:
            yield finding("lot_out_of_bounds", lot=key, amount=amount, remaining=remaining, expired=expired)
        elif expired and remaining:
            yield finding("expired_lot_holds_points", lot=key, remaining=remaining, expired=expired)
    for draw, lot, operation in books.draws_of_strangers(program_id):
        yield finding("lot_moved_by_stranger", draw=draw, lot=lot, operation=operation)


def wallets_are_their_lots(program_id: UUID) -> Iterator[Finding]:
    for wallet, sums in side_by_side(books.wallets(program_id), books.lot_sums_of_wallets(program_id)):
        expected = tuple(sums[1:]) if sums else (0, 0)
        if wallet is not None and (wallet[3], wallet[4]) != expected:
            yield finding("wallet_not_its_lots", wallet=wallet[0], cached=(wallet[3], wallet[4]), lots=expected)


def nobody_is_below_zero(program_id: UUID) -> Iterator[Finding]:
    names = ("available", "pending", "held", "debt")
    for wallet in books.wallets(program_id):
        for name, units in zip(names, wallet[3:], strict=True):
            if units < 0:
                yield finding("below_zero", wallet=wallet[0], account=name, units=units)


def holds_end_once(program_id: UUID) -> Iterator[Finding]:
    for hold, state, units, captured, closed_at, drawn in books.holds(program_id):
        if drawn != units:
            yield finding("hold_not_its_draws", hold=hold, units=units, drawn=drawn)
        if not 0 <= captured <= units:
            yield finding("hold_captured_too_much", hold=hold, units=units, captured=captured)
        is_consistent = {
            "open": captured == 0 and closed_at is None,
            "captured": captured > 0 and closed_at is not None,
        }.get(state, state in ENDED and captured == 0 and closed_at is not None)
        if not is_consistent:
            yield finding("hold_state_wrong", hold=hold, state=state, captured=captured, closed_at=closed_at)
    for wallet, held in side_by_side(books.wallets(program_id), books.held_sums_of_wallets(program_id)):
        expected = held[1] if held else 0
        if wallet is not None and wallet[5] != expected:
            yield finding("held_not_its_holds", wallet=wallet[0], cached=wallet[5], holds=expected)


def restored_points_keep_their_life(program_id: UUID) -> Iterator[Finding]:
    for lot, grace, kind in books.lots_of_returns(program_id):
        yield finding("grace_without_return" if grace else "return_made_a_new_lot", lot=lot, operation_kind=kind)


def requests_happen_once(program_id: UUID) -> Iterator[Finding]:
    for owner, key, times in books.keys_twice(program_id):
        yield finding("key_twice", owner=owner, key=key, times=times)
    for (operation,) in books.keys_without_content(program_id):
        yield finding("key_without_content", operation=operation)
