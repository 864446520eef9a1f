"""Money in minor units (kopecks), prices in ten-thousandths of the unit, and dividing without losing a kopeck."""

from __future__ import annotations

from typing import Final

PRICE_SCALE = 10_000
"""A price is an integer of 1/10,000 of the currency unit, so that three decimals stay exact."""

QUANTITY_SCALE = 1_000
"""A quantity is an integer of thousandths: 1.500 kg is 1500."""

PERCENT_SCALE = 10_000
"""A percent is an integer of hundredths of a percent: 5 % is 500, the whole is 10000."""

CURRENCY_DIGITS = {
    "RUB": 2,
    "USD": 2,
    "EUR": 2,
    "GBP": 2,
    "KZT": 2,
    "BYN": 2,
    "UAH": 2,
    "AMD": 2,
    "GEL": 2,
    "JPY": 0,
}
"""Digits of the minor unit by ISO 4217 code of the currencies a program may count in."""

MAX_MINOR: Final = 10**12
"""No amount of a receipt exceeds this many minor units."""


FEW = 3
"""So many of the largest are found one by one; more of them by sorting."""


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero; `denominator` > 0."""
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def line_amount(price: int, quantity: int, digits: int = 2) -> int:
    """Minor units of a line: `price` (1/10,000 of the unit) times `quantity` (thousandths), rounded half up."""
    return half_up(price * quantity * 10**digits, PRICE_SCALE * QUANTITY_SCALE)


def share_of(amount: int, percent: int) -> int:
    """`percent` (hundredths of a percent) of `amount`, rounded half up."""
    return half_up(amount * percent, PERCENT_SCALE)


def total_of(numbers: list[int]) -> int:
    """Their sum. Written as a loop because a compiled one takes a tenth of what calling `sum` does."""
    total = 0
    for number in numbers:
        total += number
    return total


def common_divisor(one: int, other: int) -> int:
    """The greatest one (`other` > 0). Written out as the sum is: figures of a receipt take three or four turns."""
    while other:
        one, other = other, one % other
    return one


def lowest_terms(num: int, den: int) -> tuple[int, int]:
    """The fraction `num/den` in lowest terms."""
    common = common_divisor(num, den)
    return num // common, den // common


def split(amount: int, weights: list[int]) -> list[int]:
    """Spread `amount` over `weights` (>= 0) by largest remainder; ties go to the earlier part.

    The parts sum to `amount` exactly. With no weight at all, everything is put on the first part.
    """
    if len(weights) == 1:
        return [amount]
    total = total_of(weights)
    if total == 0:
        return [amount] + [0] * (len(weights) - 1) if weights else []
    parts: list[int] = []
    left: list[int] = []
    rest = amount
    for weight in weights:
        whole = amount * weight
        part = whole // total
        parts.append(part)
        left.append(whole - part * total)
        rest -= part
    if rest > FEW:
        for i in sorted(range(len(left)), key=left.__getitem__, reverse=True)[:rest]:
            parts[i] += 1
        return parts
    while rest:
        at = _largest(left)
        parts[at] = parts[at] + 1
        left[at] = -1
        rest -= 1
    return parts


def _largest(numbers: list[int]) -> int:
    """The place of the largest one, of the first of those."""
    at, most = 0, numbers[0]
    for i, number in enumerate(numbers):
        if number > most:
            at, most = i, number
    return at


def fill(amount: int, weights: list[int], caps: list[int]) -> list[int]:
    """Spread `amount` over `weights` like `split`, no part above its cap; the excess flows to the others.

    Requires 0 <= amount <= sum(caps). Deterministic; ties go to the earlier part (mission of the fiscal receipt:
    lines sum to the receipt exactly, no line falls under its minimum price).
    """
    parts = split(amount, weights)
    for i, part in enumerate(parts):
        if part > caps[i]:
            return _overflow(amount, weights, caps)
    return parts


def _overflow(amount: int, weights: list[int], caps: list[int]) -> list[int]:
    """Fill the parts that reach their caps, round after round, until the rest fits under the caps of the others."""
    parts = [0] * len(weights)
    open_parts = [i for i, cap in enumerate(caps) if cap > 0]
    rest = amount
    while rest and open_parts:
        shares = split(rest, [weights[i] for i in open_parts])
        over = {i for i, share in zip(open_parts, shares, strict=True) if share >= caps[i]}
        if not over:
            for i, share in zip(open_parts, shares, strict=True):
                parts[i] = share
            return parts
        for i in over:
            rest -= caps[i]
            parts[i] = caps[i]
        open_parts = [i for i in open_parts if i not in over]
    assert rest == 0, "amount exceeds the caps"
    return parts


def part_of(total: int, done: int, whole: int) -> int:
    """How much of `total` belongs to the first `done` of `whole` (rounded down).

    Differences of this function over a growing `done` give away `total` exactly, whatever the steps.
    """
    return total if done >= whole else total * done // whole
