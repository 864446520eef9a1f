"""A coalition: which points a partner's branches give and take, and whose branch it is."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.engine.mechanics_things import Partner
from kopilka.engine.rulebook import Rulebook


def partner_at(rulebook: Rulebook, branch: str) -> Partner | None:
    """The partner whose branch it is; None: the owner of the program."""
    if not branch:
        return None
    return next((one for one in rulebook.mechanics.partners.values() if branch in one.branches), None)


def restricted_branches(rulebook: Rulebook) -> dict[str, Partner]:
    """Branches of partners who give or take some kinds of points only."""
    some = [one for one in rulebook.mechanics.partners.values() if one.gives or one.takes]
    return {branch: one for one in some for branch in one.branches}


def takes_here(restricted: Mapping[str, Partner], branch: str, currency: str) -> bool:
    """Can these points be spent in this branch?"""
    partner = restricted.get(branch)
    return partner is None or not partner.takes or currency in partner.takes


def gives_here(restricted: Mapping[str, Partner], branch: str, currency: str) -> bool:
    """Can these points be earned in this branch?"""
    partner = restricted.get(branch)
    return partner is None or not partner.gives or currency in partner.gives
