"""How shares fit together: keys that go with the one who gets it, splits that give away no more than there is."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.engine.document.kinds import Place, written
from kopilka.engine.document.problems import ProblemCode

Record = Mapping[str, object]

GOES_WITH = {
    "level": frozenset({"inviter"}),
    "partner": frozenset({"partner"}),
    "splits": frozenset({"agent"}),
    "funded_by": frozenset({"inviter", "agent", "employee", "partner"}),
}
"""Keys of a share that mean something for these only."""


def check_shares(shares: Mapping[str, Record], place: Place) -> None:
    for code, share in shares.items():
        spot = place.into("shares").into(code)
        to = str(share.get("to", ""))
        for key, able in GOES_WITH.items():
            if key in share and to and to not in able:
                spot.into(key).wrong(ProblemCode.SHARE_KEY, key=key, to=to)
        if to != "buyer" and any("multiply" in earn for earn in _earns(share)):
            spot.into("earn").wrong(ProblemCode.SHARE_MULTIPLIES)
        splits = share.get("splits")
        for name, split in splits.items() if isinstance(splits, dict) else ():
            if isinstance(split, dict):
                _check_split(name, split, share, spot.into("splits").into(name))


def _check_split(name: str, split: Record, share: Record, place: Place) -> None:
    """What the buyer and the agent get together is never more than the share itself."""
    if any("multiply" in earn for earn in _earns(split)):
        place.into("earn").wrong(ProblemCode.SHARE_MULTIPLIES)
    whole, discount = _percent(share), split.get("buyer_discount", 0)
    given = (discount if isinstance(discount, int) else 0) + _percent(split)
    if given > whole:
        place.wrong(ProblemCode.SPLIT_TOO_MUCH, split=name, percent=written(given, 2), limit=written(whole, 2))


def _earns(record: Record) -> tuple[Record, ...]:
    found = record.get("earn")
    return tuple(one for one in found if isinstance(one, dict)) if isinstance(found, tuple) else ()


def _percent(record: Record) -> int:
    """Hundredths of a percent that a share or a split gives in points."""
    found = (earn.get("percent", 0) for earn in _earns(record))
    return sum(percent for percent in found if isinstance(percent, int))
