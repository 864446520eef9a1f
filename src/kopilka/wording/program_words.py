"""A whole rulebook in plain sentences for its customers, by sections: the rules on one screen.

Rules that are switched off, over, for staff only, or that give nothing a customer could see are not told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kopilka.engine.rulebook import Rulebook
from kopilka.wording import program_friends, program_points, program_rules
from kopilka.wording.languages import Language
from kopilka.wording.speaking import Names, Speaker
from kopilka.wording.vocabulary import vocabulary_of

NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Section:
    """`code` names an icon and an anchor; sentences are whole, each with its full stop."""

    code: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgramWords:
    """Empty sections are left out; without any rule there is none."""

    sections: tuple[Section, ...]


def program_words(
    rulebook: Rulebook, language: Language, *, at: datetime | None = None, names: Names = NO_NAMES
) -> ProgramWords:
    """The rules as they are at a moment (None: whatever they ever say)."""
    speaker = Speaker(rulebook, vocabulary_of(rulebook, language), names, at)
    told = [
        Section("points" if place == 0 else f"points-{currency}", speaker.words.currency(currency).name, tuple(lines))
        for place, currency in enumerate(program_points.public_currencies(speaker))
        if (lines := program_points.points_sentences(currency, speaker))
    ]
    for code, russian, english, sentences in _SECTIONS:
        if lines := sentences(speaker):
            told.append(Section(code, speaker.say(russian, english), tuple(lines)))
    return ProgramWords(tuple(told))


def newcomer_words(
    rulebook: Rulebook, language: Language, *, invited: bool, at: datetime | None = None, names: Names = NO_NAMES
) -> tuple[str, ...]:
    """What somebody gets who enrols now; `invited`: by a friend."""
    speaker = Speaker(rulebook, vocabulary_of(rulebook, language), names, at)
    return tuple(program_friends.newcomer_sentences(speaker, invited=invited))


@dataclass(frozen=True, slots=True)
class CouponWords:
    """What a coupon is called and what it gives, sentence by sentence."""

    name: str
    sentences: tuple[str, ...]


def coupon_words(
    rulebook: Rulebook, code: str, language: Language, *, at: datetime | None = None, names: Names = NO_NAMES
) -> CouponWords | None:
    """Of a coupon that everybody may make his own by its code in the rulebook; None for anything else."""
    coupon = rulebook.coupons.get(code.strip().lower())
    if coupon is None or not coupon.bind:
        return None
    speaker = Speaker(rulebook, vocabulary_of(rulebook, language), names, at)
    name = speaker.say(coupon.name_ru or coupon.name_en, coupon.name_en or coupon.name_ru)
    return CouponWords(name, tuple(program_rules.coupon_sentences(coupon, speaker)))


_SECTIONS: tuple[tuple[str, str, str, Callable[[Speaker], list[str]]], ...] = (
    ("levels", "Уровни", "Levels", program_rules.tier_sentences),
    ("gifts", "Подарки", "Gifts", program_rules.gift_sentences),
    ("offers", "Акции", "Offers", program_rules.promotion_sentences),
    ("events", "За что ещё", "And also", program_rules.automation_sentences),
    ("friends", "Приведи друга", "Invite a friend", program_friends.friend_sentences),
    ("agents", "Тем, кто рекомендует", "If you recommend us", program_friends.agent_sentences),
    ("club", "Только для своих", "For members only", program_rules.club_sentences),
    ("partners", "Партнёры", "Partners", program_rules.partner_sentences),
    ("sharing", "Вместе", "Together", program_points.sharing_sentences),
    ("certificates", "Сертификаты", "Gift certificates", program_rules.certificate_sentences),
)
