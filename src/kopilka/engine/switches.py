"""Switches that act at once: earning, spending or single rules off; and rules that some branches try before others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kopilka.engine.rulebook import Promotion, Rulebook

EARNING = "switches.earning"
SPENDING = "switches.spending"
"""Promotions that stand for a switched-off program; a dot cannot stand in a code of the document."""

STAND_INS = {
    EARNING: Promotion(EARNING, name_ru="Начисление выключено", name_en="Earning is off", no_earning=True),
    SPENDING: Promotion(SPENDING, name_ru="Списание выключено", name_en="Spending is off", no_spending=True),
}

PROMOTIONS = "promotions"


@dataclass(frozen=True, slots=True)
class Rollout:
    """A version in force in some branches only; the receipts of all others go on with the current one."""

    version: int
    branches: frozenset[str]


@dataclass(frozen=True, slots=True)
class Switches:
    """How a program's switches stand. `rules_off`: paths such as `promotions.friday`, `tiers.gold`, `shares.seller`.

    `number` grows with every change; 0: nothing was ever switched.
    """

    number: int = 0
    earning: bool = True
    spending: bool = True
    rules_off: frozenset[str] = frozenset()
    rollout: Rollout | None = None

    @property
    def change_rules(self) -> bool:
        """Is anything off?"""
        return not (self.earning and self.spending) or bool(self.rules_off)


NO_SWITCHES = Switches()


def path_of(promotion: Promotion) -> str:
    """Where a promotion stands in the document; what a tier or a share gives the buyer stands with it."""
    return ".".join(promotion.code.split(".")[:2]) if "." in promotion.code else f"{PROMOTIONS}.{promotion.code}"


def switched(rulebook: Rulebook, switches: Switches) -> Rulebook:
    """The rulebook with these switches: its very self when nothing is off.

    What is off stays in it and is told in the trace. A switched-off program is a promotion over all lines that turns
    earning or spending off.
    """
    if not switches.change_rules:
        return rulebook
    promotions = [
        replace(one, is_off=True) if path_of(one) in switches.rules_off else one for one in rulebook.promotions
    ]
    if not switches.earning:
        promotions.append(STAND_INS[EARNING])
    if not switches.spending:
        promotions.append(STAND_INS[SPENDING])
    return replace(
        rulebook,
        fingerprint=f"{rulebook.fingerprint}+{switches.number}",
        promotions=tuple(promotions),
        rules_off=switches.rules_off,
    )


def version_for(branch: str, current: int, switches: Switches) -> int:
    """The version by which a receipt of this branch is played."""
    rollout = switches.rollout
    return rollout.version if rollout is not None and branch in rollout.branches else current
