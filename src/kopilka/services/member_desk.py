"""A member as the cashier who serves him sees him: everything he may ask about, his phone masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Refusal
from kopilka.engine.tiering.missing import Progress
from kopilka.queries.coupons import CodeView, codes_for_office
from kopilka.queries.gifts import ClaimView, claims_of_member
from kopilka.queries.goods import GoodsRow, list_goods
from kopilka.queries.members import member_for_door
from kopilka.queries.privileges import PrivilegeView, privileges_of_member
from kopilka.queries.scope import reading
from kopilka.queries.tails import MaskedMember
from kopilka.queries.wallets import WalletView, wallets_of_member
from kopilka.services.tier_progress import read_tier
from kopilka.wording.masking import masked_card, masked_name, masked_phone

CODES_MAX = 50
WAITING = ("open", "arrived")


@dataclass(frozen=True, slots=True)
class DueGift:
    """Pieces of an article that stand as points of the member's: `currency` says which."""

    currency: str
    sku: str
    pieces: int
    whole: bool


@dataclass(frozen=True, slots=True)
class MemberAtDesk:
    """`phone` and `card` are masked. `progress` None: there are no rules yet. Gifts, coupons, privileges that hold."""

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


def member_at_desk(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> MemberAtDesk:
    """`not_found` for an unknown member and for one of another program alike."""
    by.must(Capability.READ)
    member = member_for_door(program_id, member_id)
    try:
        told = read_tier(program_id=program_id, member_id=member_id, by=by, at=at)
        tier, progress = told.tier, told.progress
    except Refusal:  # nothing was published yet
        tier, progress = member.tier, None
    wallets = tuple(wallets_of_member(program_id, member_id, at=at))
    return MemberAtDesk(
        member_id, member.status, member.name, masked_phone(member.phone), masked_card(member.card),
        member.enrolled_at, tier, progress, member.purchases, member.spent_minor, member.last_purchase_at, wallets,
        open_gifts(program_id, member_id, at=at), _due(program_id, wallets),
        tuple(codes_for_office(program_id, at=at, state="bound", member_id=member_id, limit=CODES_MAX)),
        tuple(one for one in privileges_of_member(program_id, member_id, at=at) if one.state == "open"),
        tuple(one for one in list_goods(program_id, member_id=member_id).rows if one.state in WAITING),
    )  # fmt: skip


def open_gifts(program_id: UUID, member_id: UUID, *, at: datetime) -> tuple[ClaimView, ...]:
    """Gifts that wait to be collected, the soonest to end first."""
    claims, _ = claims_of_member(program_id, member_id)
    waiting = [one for one in claims if one.state == "open" and (one.until is None or at < one.until)]
    return tuple(sorted(waiting, key=lambda one: (one.until is None, one.until or one.chosen_at)))


def due_gifts(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> tuple[DueGift, ...]:
    """Articles a member's points stand for now."""
    by.must(Capability.READ)
    return _due(program_id, tuple(wallets_of_member(program_id, member_id, at=at)))


def _due(program_id: UUID, wallets: tuple[WalletView, ...]) -> tuple[DueGift, ...]:
    try:
        with reading(program_id):
            points = load_rulebook(program_id)[1].points
    except Refusal:
        return ()
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
