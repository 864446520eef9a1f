"""An entry's background told in sentences, by what kind of act made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from kopilka.engine.ledger import Account, Kind
from kopilka.engine.rulebook import Rulebook
from kopilka.services.explanations import AUTOMATION, DeedTold, Explanation
from kopilka.wording.deeds import DeedWords, explain_deed
from kopilka.wording.explanation import (
    explain_activated,
    explain_adjusted,
    explain_earned,
    explain_expired,
    explain_gift,
    explain_held,
    explain_purchase,
    explain_released,
    explain_returned,
)
from kopilka.wording.languages import Language
from kopilka.wording.shares import ShareNames, explain_share
from kopilka.wording.vocabulary import Vocabulary, plain_vocabulary, vocabulary_of


def explain(
    found: Explanation, rulebook: Rulebook | None, language: Language, *, held_until: datetime | None = None
) -> list[str]:
    """The most important sentence first; never empty. `held_until` for an entry of a hold."""
    words = vocabulary_of(rulebook, language) if rulebook else plain_vocabulary(language)
    if held_until is not None:
        return explain_held(abs(found.entry.units), found.entry.currency, until=held_until, vocabulary=words)
    if found.deed is not None:
        return _of_deed(found, found.deed, rulebook, words)
    if found.entry.kind == Kind.SHARE:
        return _of_share(found, rulebook, words)
    teller = _TELLERS.get(found.entry.kind, _of_purchase)
    return teller(found, words) or [words.currency(found.entry.currency).units(found.entry.units)]


def _of_share(found: Explanation, rulebook: Rulebook | None, words: Vocabulary) -> list[str]:
    """The part of somebody else's purchase; its rule is the reason of the operation."""
    entry, beyond = found.entry, found.decision.beyond if found.decision else None
    plans = [
        plan
        for plan in (beyond.shares if beyond else ())
        if plan.rule == entry.reason and plan.currency == entry.currency
    ]
    said = rulebook.mechanics.shares.get(entry.reason) if rulebook else None
    russian = words.language is Language.RU
    share = ((said.name_ru if russian else said.name_en) or said.name_ru or said.name_en) if said else ""
    names = ShareNames(share or entry.reason, plans[0].split if plans else "")
    return explain_share(plans, entry.units, entry.currency, names, words)


def _of_purchase(found: Explanation, words: Vocabulary) -> list[str]:
    """One entry of the wallet may hold both what was spent and what was earned."""
    if found.decision is None:
        return []
    if found.entry.account == Account.PENDING:
        return explain_earned(found.decision, found.entry.currency, words)
    return explain_purchase(found.decision, found.entry.currency, words)


def _of_return(found: Explanation, words: Vocabulary) -> list[str]:
    return [text for one in found.returned for text in explain_returned(one, found.entry.currency, words)]


def _of_release(found: Explanation, words: Vocabulary) -> list[str]:
    return explain_released(abs(found.entry.units), found.entry.currency, words)


def _of_adjustment(found: Explanation, words: Vocabulary) -> list[str]:
    entry = found.entry
    return explain_adjusted(entry.units, entry.currency, actor=entry.actor_name, reason=entry.reason, vocabulary=words)


def _of_gift(found: Explanation, words: Vocabulary) -> list[str]:
    entry = found.entry
    return explain_gift(entry.units, entry.currency, entry.reason if entry.reason in words.gifts else "", words)


def _of_activation(found: Explanation, words: Vocabulary) -> list[str]:
    return [
        text
        for lot in found.lots
        if lot.currency == found.entry.currency
        for text in explain_activated(abs(lot.units), lot.currency, granted_at=_made_at(lot.id), vocabulary=words)
    ]


def _of_expiry(found: Explanation, words: Vocabulary) -> list[str]:
    return [
        text
        for lot in found.lots
        if lot.currency == found.entry.currency and lot.expires_at is not None
        for text in explain_expired(
            abs(lot.units),
            lot.currency,
            granted=lot.granted,
            starts_at=lot.starts_at,
            expires_at=lot.expires_at,
            vocabulary=words,
        )
    ]


def _of_deed(found: Explanation, deed: DeedTold, rulebook: Rulebook | None, words: Vocabulary) -> list[str]:
    """What a rule gave for an event, or took back with goods."""
    rule = rulebook.mechanics.automations.get(deed.rule) if rulebook else None
    segment = rulebook.mechanics.segments.get(deed.name) if rulebook and deed.name else None
    actions = tuple(one.action for one in rule.added) if rule and deed.kind == AUTOMATION else ()
    told = DeedWords(
        _name(rule.name_ru, rule.name_en, words) if rule else "",
        deed.event,
        _name(segment.name_ru, segment.name_en, words) if segment else "",
        deed.at,
        actions,
        is_taken=bool(actions),
    )
    told = replace(told, rule=told.rule or deed.rule, name=told.name or deed.name)
    return explain_deed(found.entry.units, found.entry.currency, told, words)


def _name(russian: str, english: str, words: Vocabulary) -> str:
    return (russian or english) if words.language is Language.RU else (english or russian)


def _made_at(lot_id: UUID) -> datetime:
    """A UUIDv7 carries the moment it was made."""
    return datetime.fromtimestamp((lot_id.int >> 80) // 1000, UTC)


_TELLERS: dict[str, Callable[[Explanation, Vocabulary], list[str]]] = {
    Kind.RETURN: _of_return,
    Kind.RELEASE: _of_release,
    Kind.CANCEL: _of_release,
    Kind.ADJUST: _of_adjustment,
    Kind.GIFT: _of_gift,
    Kind.GIFT_BACK: _of_gift,
    Kind.ACTIVATE: _of_activation,
    Kind.EXPIRE: _of_expiry,
}
