"""In which order a window of receipts may be booked in large batches without changing anybody's history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from kopilka.services.imports.receipts import FileReceipt

T = TypeVar("T")


@dataclass(slots=True)
class Round:
    """Sales first, then returns; every member's receipts are in order over the rounds."""

    sales: list[FileReceipt] = field(default_factory=list)
    returns: list[FileReceipt] = field(default_factory=list)


def rounds(receipts: Iterable[FileReceipt]) -> list[Round]:
    """A member's sale after his return goes into the next round; receipts of others do not wait for it.

    Only a member's own receipts can change what another of his comes to, so their order alone is kept.
    """
    made: list[Round] = []
    reached: dict[str, tuple[int, bool]] = {}
    for one in receipts:
        number, after_return = reached.get(one.member, (0, False)) if one.member else (0, False)
        if after_return and not one.is_return:
            number += 1
        reached[one.member] = (number, one.is_return)
        while len(made) <= number:
            made.append(Round())
        (made[number].returns if one.is_return else made[number].sales).append(one)
    return made


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
