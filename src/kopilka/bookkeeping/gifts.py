"""Gifts given by rules: by an automation, or by a full card that turns into one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.claims import NewClaim, make_claim, pay_for, take_from_stock
from kopilka.bookkeeping.deeds import DeedKind, DeedState, Doing, Planned, plan_deeds
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.ledger import Wallet
from kopilka.data.models.members import Member
from kopilka.engine.cards import full_cards, has_cards
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics import Give
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing

MESSAGE = "gift-coupon"
"""The message by which a member gets the code of his gift."""

CARDS = "cards"
"""What the deeds of full cards are called: they fill all cards of a member at once."""


def give_gift(doing: Doing, give: Give) -> None:
    """An automation hands over a gift: exactly so many pieces close it; `gift_unavailable`, `not_found`."""
    gift = doing.rulebook.mechanics.gifts.get(give.gift)
    if gift is None:
        raise Refusal(Code.NOT_FOUND, what="gift")
    take_from_stock(doing.program_id, gift, give.quantity)
    new = NewClaim(
        doing.deed.member_id, gift, "granted", doing.at, count=give.quantity, life=give.life, deed_id=doing.deed.id
    )
    claim = make_claim(doing.program_id, new, doing.rulebook, [])
    doing.outcome.events += told_of(claim, doing.at)


def told_of(claim: GiftClaim, at: datetime) -> list[Happened]:
    """The event, and the message that brings the coupon; the code itself stays with the claim."""
    about = {"gift": claim.gift, "claim": str(claim.id)}
    told = json.dumps(about, separators=(",", ":"))
    events = [Happened(EventKind.GIFT_GRANTED, claim.member_id, claim.id, at, told)]
    if claim.code:
        asked = json.dumps({"message": MESSAGE, **about}, separators=(",", ":"))
        events.append(Happened(EventKind.MESSAGE_REQUESTED, claim.member_id, claim.id, at, asked))
    return events


def plan_cards(program_id: UUID, events: Sequence[Happened]) -> None:
    """Points came: plan to look whether a card is full."""
    if has_cards(load_rulebook(program_id)[1]):
        planned = [
            Planned(DeedKind.GIFT, CARDS, str(event.id), event.member_id, event.at, subject=event.subject_id)
            for event in events
            if event.member_id is not None
        ]
        plan_deeds(program_id, planned)


def plan_cards_after(doing: Doing) -> None:
    """A deed gave points: plan to look whether they fill a card."""
    if doing.act.made and doing.deed.kind != DeedKind.GIFT and has_cards(doing.rulebook):
        planned = Planned(DeedKind.GIFT, CARDS, str(doing.deed.id), doing.deed.member_id, doing.at)
        plan_deeds(doing.program_id, [planned], at=doing.at)


def do_cards(doing: Doing) -> None:
    """The deed of a full card."""
    events = fill_cards(doing.program_id, doing.rulebook, doing.known.standing, doing.act, doing.deed.id)
    doing.outcome.events += events
    if not events:
        doing.deed.state = DeedState.NOTHING


def fill_cards(
    program_id: UUID, rulebook: Rulebook, standing: Standing, act: Act, deed_id: UUID | None
) -> list[Happened]:
    """Turn every full card of a locked member into its gift, twice where the points are there twice."""
    events: list[Happened] = []
    assert standing.member_id is not None, "only members have cards"
    out_of_stock: set[str] = set()
    for gift in full_cards(rulebook, standing, act.at, out_of_stock):
        try:
            take_from_stock(program_id, gift, 1)
        except Refusal:
            out_of_stock.add(gift.code)
            continue
        paid = pay_for(act, gift)
        claim = make_claim(
            program_id, NewClaim(standing.member_id, gift, "card", act.at, deed_id=deed_id), rulebook, paid
        )
        events += told_of(claim, act.at)
    return events


def members_with_full_cards(program_id: UUID, rulebook: Rulebook, limit: int) -> Iterable[UUID]:
    """Members who have the points for a gift that comes by itself, whatever brought them."""
    found: dict[UUID, None] = {}
    for gift in rulebook.mechanics.gifts.values():
        if gift.auto and gift.prices:
            currency, units = next(iter(gift.prices.items()))
            rows = Wallet.objects.of(program_id).filter(currency=currency, available__gte=units)
            if gift.tiers:
                rows = rows.filter(member_id__in=Member.objects.of(program_id).filter(tier__in=gift.tiers).values("id"))
            found.update(dict.fromkeys(rows.order_by("id").values_list("member_id", flat=True)[:limit]))
    return found
