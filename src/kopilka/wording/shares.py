"""Why somebody got a share of a sale that was not his: for him to read, without what another person bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kopilka.engine.decision import SharePlan
from kopilka.wording.amounts import MINUS, moment
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted
from kopilka.wording.reasons import rounding_text
from kopilka.wording.vocabulary import Vocabulary

_WHOSE = {
    "inviter": ("Доля с покупки приглашённого вами участника", "Your part of a purchase of somebody you invited"),
    "above": (
        "Доля с покупки участника {}-го уровня вашей сети",
        "Your part of a purchase at level {} of your network",
    ),
    "agent": ("Доля агента с покупки его клиента", "The agent's part of a purchase of his customer"),
    "employee": ("Доля сотрудника с продажи", "The employee's part of a sale"),
    "partner": ("Доля партнёра с продажи", "The partner's part of a sale"),
}


@dataclass(frozen=True, slots=True)
class ShareNames:
    """What the owner calls a share and the split that was in force; empty: he has no name for it."""

    share: str
    split: str = ""


def explain_share(
    plans: Sequence[SharePlan], units: int, currency: str, names: ShareNames, vocabulary: Vocabulary
) -> list[str]:
    """`units` of this entry: below zero where goods were brought back. `plans` of the rule in this currency."""
    russian = vocabulary.language is Language.RU
    words = vocabulary.currency(currency)
    by = f"по правилу {quoted(names.share, vocabulary.language)}" if russian else (
        f"by rule {quoted(names.share, vocabulary.language)}"
    )  # fmt: skip
    if not plans:
        return [f"{_signed(units, words.units(abs(units)))} {by}."]
    told = [f"{_whose(plans[0], russian=russian)} {by}: {_signed(units, words.units(abs(units)))}."]
    if units < 0:
        begun = (
            "Товары вернули; всего за покупку было" if russian else "Goods were brought back; for all of it there were"
        )
        return [*told, f"{begun}: {words.units(sum(plan.units for plan in plans))}."]
    told += [
        f"{rounding_text(currency, plan.num, plan.den, plan.units, vocabulary)}."
        for plan in plans
        if plan.num != plan.units * plan.den
    ]
    if names.split:
        force = "Действовало деление" if russian else "The split in force was"
        told.append(f"{force} {quoted(names.split, vocabulary.language)}.")
    return told + [text for plan in plans for text in _life(plan, vocabulary)]


def _whose(plan: SharePlan, *, russian: bool) -> str:
    key = "above" if plan.to == "inviter" and plan.level > 1 else plan.to
    ru, en = _WHOSE[key]
    return (ru if russian else en).format(plan.level)


def _signed(units: int, told: str) -> str:
    return f"{MINUS}{told}" if units < 0 else f"+{told}"


def _life(plan: SharePlan, vocabulary: Vocabulary) -> list[str]:
    """From when and until when, as far as either is bounded."""
    russian = vocabulary.language is Language.RU
    starts = moment(plan.starts_at, vocabulary.zone, vocabulary.language)
    said = [("Доступны с {}." if russian else "Available from {}.").format(starts)]
    if plan.expires_at is not None:
        ends = moment(plan.expires_at, vocabulary.zone, vocabulary.language)
        said.append(("Действуют до {}." if russian else "Good until {}.").format(ends))
    return said
