"""What the engine costs: µs per receipt of 5 lines under 50 rules, beside a bare loop over the same lines.

Both sides alternate within one run, in CPU time of the thread; the median of the turns counts, and on a busy machine
the least. `python -m tools.bench_engine --json`.
"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import thread_time_ns
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.engine.conditions import All, Condition, Op, Test
from kopilka.engine.period import Hours, Life
from kopilka.engine.points import PointsCurrency
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.rulebook import (
    AmountOff,
    Discount,
    FixedPrice,
    NthFree,
    PercentOff,
    Promotion,
    Rulebook,
    Spending,
    Stacking,
    Tier,
)
from kopilka.engine.rulebook_earn import Earn
from kopilka.engine.standing import Standing, WalletState

MOMENT = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
CATEGORIES = tuple(f"shelf/{number}" for number in range(10))
BRANDS = tuple(f"brand-{number}" for number in range(10))


def make_rulebook(rules: int = 50) -> Rulebook:
    """So many promotions of every common kind; about 20 of 50 do something on `make_receipt`."""
    return Rulebook(
        fingerprint=f"bench-{rules}",
        name="Bench",
        currency="RUB",
        zone=ZoneInfo("Europe/Moscow"),
        points={"bonus": PointsCurrency("bonus", "Бонусы", "Points", life=Life(days=365))},
        spending={"bonus": Spending("bonus", share_line=2_500)},
        tiers=(
            Tier("bronze"),
            Tier("gold", enter=Test("spent", Op.ABOVE, 1_000_000)),
            Tier("platinum", enter=Test("spent", Op.AT_LEAST, 3_000_000)),
        ),
        groups={"price": Stacking.BEST, "extra": Stacking.ALL},
        promotions=tuple(_promotion(number) for number in range(rules)),
    )


def make_receipt() -> Receipt:
    lines = tuple(
        Line(
            number=number + 1,
            sku=f"sku-{number}",
            quantity=1_000 * (1 + number % 3),
            price=899_000 + 10_000 * number,
            amount=(8_990 + 100 * number) * (1 + number % 3),
            name=f"Article {number}",
            category=CATEGORIES[number],
            brand=BRANDS[number],
            vat=2_000,
        )
        for number in range(5)
    )
    return Receipt(lines=lines, at=MOMENT, branch="centre", till="1")


def make_standing() -> Standing:
    return Standing(
        member_id=UUID(int=1),
        tier="gold",
        purchases=12,
        spent=1_500_000,
        wallets={"bonus": WalletState("bonus", available=350)},
    )


def _promotion(number: int) -> Promotion:
    discount, earn = _gives(number)
    return Promotion(
        code=f"rule-{number:02}",
        when=_when(number),
        lines=_lines(number),
        discount=discount,
        earn=earn,
        group=("", "price", "extra")[number % 3] if discount else "",
        priority=number,
    )


def _when(number: int) -> Condition:
    """Two conditions each; every fifth rule fails on its hours, every seventh on its branch."""
    asked = (
        Test("total", Op.AT_LEAST, 10_000 * (number % 4)),
        Test("tier", Op.ONE_OF, ("gold", "platinum")),
        Test("branch", Op.ONE_OF, ("suburb",) if number % 7 == 0 else ("centre", "north")),
        Test("hours", Op.WITHIN, Hours(540, 600) if number % 5 == 0 else Hours(1_020, 1_260)),
    )
    return All((asked[number % 2], asked[2 + number % 2]))


def _lines(number: int) -> Condition | None:
    if number % 10 == 9:
        return None
    if number % 2:
        return Test("brand", Op.ONE_OF, (BRANDS[number % 9],))
    return Test("category", Op.ONE_OF, (CATEGORIES[number % 9],))


def _gives(number: int) -> tuple[Discount | None, tuple[Earn, ...]]:
    kinds: tuple[tuple[Discount | None, tuple[Earn, ...]], ...] = (
        (PercentOff(500), ()),
        (AmountOff(1_000), ()),
        (None, (Earn("bonus", percent=200),)),
        (FixedPrice(799_000), ()),
        (None, (Earn("bonus", multiply=200),)),
        (NthFree(3, 5_000), ()),
        (PercentOff(1_000), (Earn("bonus", units=5),)),
        (None, (Earn("bonus", percent=500),)),
    )
    return kinds[number % len(kinds)]


def bare_loop(receipt: Receipt) -> int:
    """What cannot be avoided: looking at every line once and adding up."""
    total = 0
    for line in receipt.lines:
        total += line.price * line.quantity // 100_000 - line.discount
    return total


def microseconds(work: Callable[[], object], times: int) -> float:
    """Of one turn, per call."""
    started = thread_time_ns()
    for _ in range(times):
        work()
    return (thread_time_ns() - started) / times / 1_000


def measure(*, rules: int = 50, turns: int = 9, times: int = 1_000) -> dict[str, float | int]:
    """Alternate the engine and the bare loop; medians in µs, their ratio, and what the decision holds."""
    rulebook, standing, receipt = make_rulebook(rules), make_standing(), make_receipt()
    decision = decide(rulebook, standing, receipt)
    engine, bare = [], []
    for _ in range(turns):
        engine.append(microseconds(lambda: decide(rulebook, standing, receipt), times))
        bare.append(microseconds(lambda: bare_loop(receipt), times * 10))
    return {
        "rules": rules,
        "lines": len(receipt.lines),
        "effects": sum(reason.rule != "" and reason.why.value in DID for reason in decision.reasons),
        "reasons": len(decision.reasons),
        "engine_us": round(median(engine), 2),
        "engine_us_least": round(min(engine), 2),
        "bare_us": round(median(bare), 3),
        "ratio": round(median(a / b for a, b in zip(engine, bare, strict=True)), 1),
    }


DID = {"discounted", "earned", "multiplied", "gift_added", "earning_off", "spending_off"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    said = parser.parse_args()
    found = measure(rules=said.rules, turns=said.turns, times=said.times)
    if said.json:
        print(json.dumps(found))
        return
    print(f"{found['rules']} rules, {found['lines']} lines: {found['effects']} effects, {found['reasons']} reasons")
    print(f"engine {found['engine_us']} µs per receipt (least {found['engine_us_least']})")
    print(f"bare loop {found['bare_us']} µs; ratio {found['ratio']}")


if __name__ == "__main__":
    main()
