"""The first screen of a card: everything a member has, in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.engine.actor import Actor, Capability
from kopilka.engine.rulebook import Promotion, Rulebook
from kopilka.queries.members import MemberView, member_for_door
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.queries.wallets import WalletView
from kopilka.services.histories import Asked, HistoryRow, read_history
from kopilka.services.member_desk import MemberAtDesk, desk_of
from kopilka.wording.languages import Language
from kopilka.wording.program_points import public_currencies
from kopilka.wording.program_rules import coupon_promises
from kopilka.wording.promises import promotion_text
from kopilka.wording.speaking import Names, Speaker
from kopilka.wording.vocabulary import vocabulary_of

LAST = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """What is open to this member alone: `told` a sentence, `word` the code to be shown (a coupon's), `left` times.

    `name` of a coupon; a privilege's stands in its sentence.
    """

    name: str
    told: str
    word: str
    until: datetime | None
    left: int | None


@dataclass(frozen=True, slots=True)
class CardView:
    """`number` names him at a till and only earns: his card's, else his phone. Wallets in the order of the rules."""

    member: MemberView
    desk: MemberAtDesk
    number: str
    wallets: tuple[WalletView, ...]
    offers: tuple[Offer, ...]
    last: tuple[HistoryRow, ...]


def read_card(*, program: ProgramView, member_id: UUID, language: Language, by: Actor, at: datetime) -> CardView:
    """`not_found` for an unknown member."""
    by.must(Capability.READ)
    with reading(program.id):
        member = member_for_door(program.id, member_id)
        desk = desk_of(program, member, at=at)
        asked = Asked(limit=LAST)
        last = read_history(program_id=program.id, member_id=member_id, asked=asked, language=language, by=by)
    rulebook = desk.rulebook
    if rulebook is None:
        return CardView(member, desk, _number(member), desk.wallets, (), last.rows)
    speaker = Speaker(rulebook, vocabulary_of(rulebook, language), Names(), at)
    return CardView(
        member, desk, _number(member), _shown(desk.wallets, rulebook, public_currencies(speaker)),
        _offers(desk, speaker), last.rows,
    )  # fmt: skip


def _number(member: MemberView) -> str:
    return member.card or member.phone or member.external


def _shown(wallets: tuple[WalletView, ...], rulebook: Rulebook, public: list[str]) -> tuple[WalletView, ...]:
    """Those that pay are shown when they are empty too; what stands for a gift, or pays nothing, when there is any."""
    held = {wallet.currency: wallet for wallet in wallets}
    paying = [code for code in public if rulebook.points[code].worth_minor and not rulebook.points[code].gift_sku]
    order = dict.fromkeys([*paying, *public, *held])
    return tuple(
        held.get(code) or _empty(code) for code in order if code in paying or (code in held and _has_any(held[code]))
    )


def _has_any(wallet: WalletView) -> bool:
    return bool(wallet.available or wallet.pending or wallet.held or wallet.debt)


def _empty(currency: str) -> WalletView:
    return WalletView(UUID(int=0), currency, 0, 0, 0, 0, 0, (), ())


def _offers(desk: MemberAtDesk, speaker: Speaker) -> tuple[Offer, ...]:
    promotions = {one.code: one for one in speaker.rulebook.promotions}
    found = [
        Offer("", _told(promotions[one.promotion], speaker), "", one.until, one.left)
        for one in desk.privileges if one.promotion in promotions
    ]  # fmt: skip
    found += [
        Offer(_name_of(code.coupon, speaker), told, code.word, code.valid_until, None)
        for code in desk.coupons if (told := " ".join(coupon_promises(code.coupon, speaker)))
    ]  # fmt: skip
    return tuple(found)


def _name_of(code: str, speaker: Speaker) -> str:
    coupon = speaker.rulebook.coupons[code]
    return speaker.say(coupon.name_ru or coupon.name_en, coupon.name_en or coupon.name_ru)


def _told(promotion: Promotion, speaker: Speaker) -> str:
    return promotion_text(promotion, speaker)
