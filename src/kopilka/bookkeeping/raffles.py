"""The frozen lists of raffles: who had how many tickets when it was closed."""

from __future__ import annotations

import hmac
from uuid import UUID

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Wallet
from kopilka.data.models.raffles import Raffle, RaffleEntrant
from kopilka.engine.raffles import Entrant

MARK_LENGTH = 20

_ENTRANTS = Rows(RaffleEntrant, "id", "raffle_id", "member_id", "mark", "tickets")


def mark_of(secret: str, member_id: UUID) -> str:
    """Under what a member stands in the published list: nobody can tell him by it before the secret is told."""
    return hmac.digest(secret.encode(), b"mark" + member_id.bytes, "sha256").hex()[:MARK_LENGTH]


def freeze_list(program_id: UUID, raffle: Raffle, *, scale: int) -> list[Entrant]:
    """Write down everybody's tickets: whole points he has, those that start later too, less what he owes."""
    rows = Wallet.objects.of(program_id).filter(currency=raffle.currency)
    held = rows.values_list("member_id", "available", "pending", "held", "debt").iterator()
    found = [
        (member_id, (available + pending + aside - debt) // scale)
        for member_id, available, pending, aside, debt in held
    ]
    written = [
        (new_id(), raffle.id, member_id, mark_of(raffle.secret, member_id), tickets)
        for member_id, tickets in found
        if tickets > 0
    ]
    with store.together():
        store.insert(_ENTRANTS, program_id, written)
    return sorted((Entrant(mark, tickets) for *_, mark, tickets in written), key=lambda one: one.mark)


def frozen_list(program_id: UUID, raffle_id: UUID) -> list[Entrant]:
    """In the order of the marks."""
    rows = RaffleEntrant.objects.of(program_id).filter(raffle_id=raffle_id).order_by("mark")
    return [Entrant(*row) for row in rows.values_list("mark", "tickets")]


def winners_of(program_id: UUID, raffle_id: UUID, marks: list[str]) -> dict[str, UUID]:
    """Who stands behind these marks; for the organiser alone."""
    rows = RaffleEntrant.objects.of(program_id).filter(raffle_id=raffle_id, mark__in=marks)
    return dict(rows.values_list("mark", "member_id"))
