"""What a check of the books reports, and laying two streams side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kopilka.queries.books import Row


@dataclass(frozen=True, slots=True)
class Finding:
    """Something broken: `what` by a stable name, with the ids and figures that show it."""

    what: str
    details: dict[str, Any] = field(default_factory=dict)


def finding(what: str, **details: Any) -> Finding:
    return Finding(what, {name: _plain(value) for name, value in details.items()})


def side_by_side(left: Iterator[Row], right: Iterator[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Pairs of rows with the same first column from two streams ordered by it; None where one has no partner."""
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and _key(one) < _key(other)):
            yield one, None
            one = next(left, None)
        elif one is None or _key(other) < _key(one):
            yield None, other
            other = next(right, None)
        else:
            yield one, other
            one, other = next(left, None), next(right, None)


def gathered(rows: Iterator[Row]) -> Iterator[tuple[Any, list[Row]]]:
    """Rows of one stream gathered by their first column."""
    key: Any = None
    group: list[Row] = []
    for row in rows:
        if group and row[0] != key:
            yield key, group
            group = []
        key = row[0]
        group.append(row)
    if group:
        yield key, group


def _key(row: Row) -> int:
    return int(row[0].int)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | None) else str(value)
