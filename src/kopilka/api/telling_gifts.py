"""Gifts and privileges as answers."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.api.rendering import balances_out
from kopilka.api.schemas.decisions import PointsOut
from kopilka.api.schemas.gifts import (
    ClaimDoneOut,
    ClaimOut,
    OfferedGiftOut,
    PrivilegeFiguresOut,
    PrivilegeOut,
)
from kopilka.api.told import percent_text
from kopilka.engine.decision import Hint, Tell
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.gifts import ClaimView
from kopilka.queries.privileges import PrivilegeFigures, PrivilegeView
from kopilka.services.gifts import ClaimResult, OfferedGift
from kopilka.wording.hints import hint_text
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import Vocabulary, plain_vocabulary, vocabulary_of


def words_of(rulebook: Rulebook | None, language: Language) -> Vocabulary:
    return vocabulary_of(rulebook, language) if rulebook else plain_vocabulary(language)


def offered_out(offered: OfferedGift, words: Vocabulary, decimals: Mapping[str, int]) -> OfferedGiftOut:
    gift = offered.gift
    return OfferedGiftOut(
        gift=gift.code,
        name=words.gift(gift.code),
        sku=gift.sku,
        quantity=gift.quantity,
        prices=_points(gift.prices, decimals),
        cash_minor=gift.cash_minor,
        picture=gift.picture,
        until=gift.window.end,
        tiers=list(gift.tiers),
        by_itself=gift.auto,
        left=offered.left,
        missing=_points(offered.missing, decimals),
        can_choose=offered.can_choose,
    )


def claim_out(claim: ClaimView, words: Vocabulary, decimals: Mapping[str, int]) -> ClaimOut:
    return ClaimOut(
        id=claim.id,
        member_id=claim.member_id,
        gift=claim.gift,
        name=words.gifts.get(claim.gift, claim.name),
        sku=claim.sku,
        quantity=claim.pieces,
        code=claim.code,
        cash_minor=claim.cash_minor,
        paid=_points(claim.paid, decimals),
        origin=claim.origin,
        state=claim.state,
        chosen_at=claim.chosen_at,
        until=claim.until,
    )


def claim_done_out(done: ClaimResult, words: Vocabulary, decimals: Mapping[str, int]) -> ClaimDoneOut:
    return ClaimDoneOut(
        id=done.claim_id,
        member_id=done.member_id,
        gift=done.gift,
        name=words.gifts.get(done.gift, done.name),
        sku=done.sku,
        quantity=done.pieces,
        code=done.code,
        cash_minor=done.cash_minor,
        paid=_points(done.paid, decimals),
        origin=done.origin,
        state=done.state,
        chosen_at=done.chosen_at,
        until=done.until,
        balances=balances_out(done.balances, decimals),
    )


def privilege_out(view: PrivilegeView, words: Vocabulary) -> PrivilegeOut:
    hint = Hint(Tell.PRIVILEGE, view.promotion, view.until, view.left or 0)
    return PrivilegeOut(
        id=view.id,
        promotion=view.promotion,
        name=words.promotion(view.promotion).name,
        opened_at=view.opened_at,
        until=view.until,
        left=view.left,
        used=view.used,
        state=view.state,
        purchase_id=view.purchase_id,
        text=hint_text(hint, words) if view.state == "open" else "",
    )


def figures_out(figures: PrivilegeFigures, words: Vocabulary) -> PrivilegeFiguresOut:
    return PrivilegeFiguresOut(
        promotion=figures.promotion,
        name=words.promotion(figures.promotion).name,
        opened=figures.opened,
        used=figures.used,
        members=figures.members,
        members_used=figures.members_used,
        purchases=figures.purchases,
        revenue_minor=figures.revenue_minor,
        conversion=percent_text(figures.conversion) or "0",
    )


def _points(units: Mapping[str, int], decimals: Mapping[str, int]) -> list[PointsOut]:
    return [PointsOut(currency=code, decimals=decimals.get(code, 0), points=one) for code, one in units.items()]
