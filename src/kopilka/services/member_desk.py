"""A member as the cashier who serves him sees him: everything he may ask about, his phone masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.tiering.missing import Progress
from kopilka.queries.coupons import CodeView, codes_of_member
from kopilka.queries.gifts import ClaimView, open_claims
from kopilka.queries.goods import GoodsRow, waiting_goods
from kopilka.queries.members import MemberView, member_for_door
from kopilka.queries.privileges import PrivilegeView, open_privileges
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.queries.tails import MaskedMember
from kopilka.queries.wallets import WalletView, wallets_of_member
from kopilka.services.rules_in_force import rulebook_in_force
from kopilka.services.tier_progress import read_progress
from kopilka.wording.masking import masked_card, masked_name, masked_phone

CODES_MAX = 50


@dataclass(frozen=True, slots=True)
class DueGift:
    """Pieces of an article that stand as points of the member's: `currency` says which."""

    currency: str
    sku: str
    pieces: int
    whole: bool


@dataclass(frozen=True, slots=True)
class MemberAtDesk:
    """`phone` and `card` are masked. `progress` and `rulebook` None: there are no rules yet.

    Gifts, coupons, privileges that hold.
    """

    id: UUID
    status: str
    name: str
    phone: str
    card: str
    enrolled_at: datetime
    tier: str
    progress: Progress | None
    purchases: int
    spent_minor: int
    last_purchase_at: datetime | None
    wallets: tuple[WalletView, ...]
    gifts: tuple[ClaimView, ...]
    due: tuple[DueGift, ...]
    coupons: tuple[CodeView, ...]
    privileges: tuple[PrivilegeView, ...]
    requests: tuple[GoodsRow, ...]
    rulebook: Rulebook | None


def member_at_desk(*, program: ProgramView, member_id: UUID, by: Actor, at: datetime) -> MemberAtDesk:
    """`not_found` for an unknown member and for one of another program alike."""
    by.must(Capability.READ)
    with reading(program.id):
        return desk_of(program, member_for_door(program.id, member_id), at=at)


def desk_of(program: ProgramView, member: MemberView, *, at: datetime) -> MemberAtDesk:
    """The same of a member who is already known."""
    program_id, member_id = program.id, member.id
    with reading(program_id):
        rulebook = rulebook_in_force(program) if program.rulebook_number else None
        tier, progress = (
            read_progress(program_id, member_id, rulebook, at=at) if rulebook is not None else (member.tier, None)
        )
        wallets = tuple(wallets_of_member(program_id, member_id, at=at))
        return MemberAtDesk(
            member_id, member.status, member.name, masked_phone(member.phone), masked_card(member.card),
            member.enrolled_at, tier, progress, member.purchases, member.spent_minor, member.last_purchase_at, wallets,
            open_gifts(program_id, member_id, at=at), _due(rulebook, wallets),
            tuple(codes_of_member(program_id, member_id, at=at, limit=CODES_MAX)),
            open_privileges(program_id, member_id, at=at),
            waiting_goods(program_id, member_id), rulebook,
        )  # fmt: skip


def open_gifts(program_id: UUID, member_id: UUID, *, at: datetime) -> tuple[ClaimView, ...]:
    """Gifts that wait to be collected, the soonest to end first."""
    waiting = [one for one in open_claims(program_id, member_id) if one.until is None or at < one.until]
    return tuple(sorted(waiting, key=lambda one: (one.until is None, one.until or one.chosen_at)))


def due_gifts(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> tuple[DueGift, ...]:
    """Articles a member's points stand for now."""
    by.must(Capability.READ)
    with reading(program_id):
        return _due(_rulebook(program_id), tuple(wallets_of_member(program_id, member_id, at=at)))


def _rulebook(program_id: UUID) -> Rulebook | None:
    """None: nothing was published yet."""
    try:
        return load_rulebook(program_id)[1]
    except Refusal:
        return None


def _due(rulebook: Rulebook | None, wallets: tuple[WalletView, ...]) -> tuple[DueGift, ...]:
    points = rulebook.points if rulebook else {}
    found = []
    for wallet in wallets:
        said = points.get(wallet.currency)
        pieces = wallet.available // said.scale if said and said.gift_sku else 0
        if said and said.gift_sku and pieces > 0:
            found.append(DueGift(wallet.currency, said.gift_sku, pieces, said.gift_whole))
    return tuple(found)


def masked_member(program_id: UUID, member_id: UUID) -> MaskedMember:
    """A member told apart from others, and no more. `not_found`."""
    member = member_for_door(program_id, member_id)
    return MaskedMember(member_id, masked_name(member.name), masked_phone(member.phone))
