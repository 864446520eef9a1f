"""What shares give the buyer, as promotions: a friend's extra points, an agent's part given up as a discount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kopilka.engine.compiling.shares import SHARES
from kopilka.engine.conditions import All, Condition, Not, Op, Test
from kopilka.engine.mechanics import Share, Split, To
from kopilka.engine.rulebook import PercentOff, Promotion

HAS_AGENT = Test("has_agent", Op.ONE_OF, (True,))


def promotions_of_shares(shares: Iterable[Share]) -> Iterator[Promotion]:
    """One for each share to the buyer, one for each split that gives him a discount."""
    for share in shares:
        if share.to is To.BUYER:
            yield _extra(share)
        for place, split in enumerate(share.splits):
            if split.buyer_discount:
                yield _discount(share, split, share.splits[:place])


def _extra(share: Share) -> Promotion:
    first = [Test("purchases", Op.BELOW, share.first)] if share.first else []
    return Promotion(
        code=f"{SHARES}{share.code}",
        name_ru=share.name_ru or share.code,
        name_en=share.name_en or share.code,
        when=_all([share.when, *first]),
        lines=share.lines,
        window=share.window,
        branches=share.branches,
        earn=share.earns,
        bounds=share.bounds,
    )


def _discount(share: Share, split: Split, earlier: tuple[Split, ...]) -> Promotion:
    """Where the share itself would not hold, there is nothing to give up; of several splits the first is in force."""
    others = [Not(Test("segment", Op.ONE_OF, (one.segment,))) for one in earlier]
    of_segment = Test("segment", Op.ONE_OF, (split.segment,))
    first = [Test("purchases", Op.BELOW, share.first)] if share.first else []
    return Promotion(
        code=f"{SHARES}{share.code}.{split.code}",
        name_ru=share.name_ru or share.code,
        name_en=share.name_en or share.code,
        when=_all([of_segment, HAS_AGENT, *others, share.when, *first]),
        lines=share.lines,
        window=share.window,
        branches=share.branches,
        discount=PercentOff(split.buyer_discount),
    )


def _all(parts: Iterable[Condition | None]) -> Condition | None:
    known = tuple(part for part in parts if part is not None)
    return All(known) if len(known) > 1 else known[0] if known else None
