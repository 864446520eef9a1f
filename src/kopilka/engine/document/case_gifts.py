"""Gifts and privileges in the tests of a document: what the member has, and what a purchase leaves him."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.engine.cards import full_cards
from kopilka.engine.coupons import normal_word
from kopilka.engine.decision import Decision, Hint, Tell
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.money import QUANTITY_SCALE
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Claim, Standing, Unlocked


def lay_gifts(standing: Standing, member: dict[str, Any], rulebook: Rulebook) -> None:
    """The privileges that are open for the member of a test, and the gifts that wait for him.

    A gift's code at the till is its code in the catalogue.
    """
    for number, (code, said) in enumerate(member.get("unlocked", {}).items(), 1):
        until: datetime | None = said.get("until")
        end = until.replace(tzinfo=rulebook.zone) if until else None
        standing.unlocked[code] = [Unlocked(UUID(int=number), code, end, said.get("times"))]
    for number, code in enumerate(member.get("gifts", ()), 1):
        _claim(standing, rulebook.mechanics.gifts[code], UUID(int=number))


def keep_gifts(act: Act, decision: Decision, rulebook: Rulebook) -> None:
    """What a purchase of a test used, opened and filled, for the next receipt of the same member."""
    standing, beyond = act.standing, decision.beyond
    if beyond is not None:
        standing.claims = {word: one for word, one in standing.claims.items() if one.id not in beyond.claims}
        for one in (one for some in standing.unlocked.values() for one in some):
            if one.id in beyond.privileges and one.left is not None:
                one.left -= 1
        for hint in beyond.hints:
            if hint.tell is Tell.PRIVILEGE and hint.detail:
                opened = Unlocked(act.new_id(), hint.code, hint.until, hint.count or None)
                standing.unlocked.setdefault(hint.code, []).append(opened)
    for gift in full_cards(rulebook, standing, act.at):
        for currency, units in gift.prices.items():
            act.spend(currency, units)
        _claim(standing, gift, act.new_id())


def given_away(decision: Decision) -> dict[str, int]:
    """Whole pieces given away, by article."""
    found: dict[str, int] = {}
    for line in decision.fiscal:
        if line.gift:
            found[line.sku] = found.get(line.sku, 0) + line.quantity // QUANTITY_SCALE
    return found


def hints_in_short(decision: Decision, tells: set[str]) -> list[str]:
    """Hints of these kinds as tests write them: "privilege aqua-della 2"."""
    hints = decision.beyond.hints if decision.beyond else []
    return sorted(_in_short(hint) for hint in hints if hint.tell in tells or not tells)


def _in_short(hint: Hint) -> str:
    return f"{hint.tell.value} {hint.code}{f' {hint.count}' if hint.count else ''}"


def _claim(standing: Standing, gift: Gift, key: UUID) -> None:
    """The code of one that is the member's already is followed by a number."""
    word, number = normal_word(gift.code), 1
    while word in standing.claims:
        number += 1
        word = normal_word(f"{gift.code}-{number}")
    standing.claims[word if gift.code_needed else str(key)] = Claim(
        key, gift.code, gift.sku, gift.quantity, None, gift.name_ru or gift.name_en, gift.cash_minor, gift.code_needed
    )
