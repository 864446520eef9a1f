"""Which column of a file holds what: the text of `--map` and the file's own header brought together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kopilka.engine.refusal import Code, Refusal

RECEIPT_FIELDS = (
    "receipt", "at", "member", "sku", "name", "quantity", "price", "amount", "discount",
    "category", "brand", "branch", "till", "staff",
)  # fmt: skip
LINE = -1
LINE_NAME = "@line"
"""In place of a receipt's column: every row is a receipt of its own, numbered by its line in the file."""

MEMBER_FIELDS = (
    "phone", "card", "email", "external", "name", "birth_date", "gender", "enrolled",
    "tier", "tier_since", "spent", "purchases", "balance",
)  # fmt: skip

MOVEMENT_FIELDS = ("member", "at", "earned", "spent", "receipt")


def parse_map(text: str, *, fields: Collection[str], required: Sequence[str]) -> dict[str, str]:
    """`receipt=Invoice,member=Customer ID` as a dict; refuses unknown, repeated and missing fields.

    A value may name several columns with + between them: their cells are joined (receipt, at) or added (discount,
    earned, spent).
    """
    chosen: dict[str, str] = {}
    for part in text.split(","):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not sign or not column or field not in fields or field in chosen:
            raise Refusal(Code.INVALID, field="map", reason="not_understood", given=part.strip(), known=sorted(fields))
        chosen[field] = column
    missing = [field for field in required if field not in chosen]
    if missing:
        raise Refusal(Code.MISSING, field="map", columns=missing)
    return chosen


def places_of(chosen: Mapping[str, str], header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Positions in a row by field. A header that is absent or stands twice is refused with what the file has."""
    return {
        field: (LINE,) if (field, column) == ("receipt", LINE_NAME) else _places(column, header)
        for field, column in chosen.items()
    }


def _places(column: str, header: Sequence[str]) -> tuple[int, ...]:
    named = [column] if _matches(column, header) else column.split("+")
    places = []
    for name in named:
        found = _matches(name, header)
        if len(found) != 1:
            reason = "column_repeated" if found else "column_missing"
            raise Refusal(Code.INVALID, field="map", reason=reason, given=name.strip(), known=list(header))
        places.append(found[0])
    return tuple(places)


def _matches(name: str, header: Sequence[str]) -> list[int]:
    """Exactly as written first, else without regard to case and spaces at the ends."""
    exact = [place for place, title in enumerate(header) if title == name]
    folded = name.strip().casefold()
    return exact or [place for place, title in enumerate(header) if title.strip().casefold() == folded]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the texts of a file are to be understood.

    `time_format` as of strptime (empty: ISO 8601, 20091231 and 31.12.2009 are recognised); `nobody` are texts in the
    member's column that mean no member; `unit_digits` are the digits of the program's money.
    """

    return_prefix: str = ""
    skip_prefix: str = ""
    timezone: str = "UTC"
    time_format: str = ""
    decimal_comma: bool = False
    nobody: frozenset[str] = frozenset()
    member_kind: str = "external"
    encoding: str = ""
    delimiter: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """Refused with `invalid` (timezone, unknown) when there is no such zone."""
        try:
            return ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            raise Refusal(Code.INVALID, field="timezone", reason="unknown") from None

    def __post_init__(self) -> None:
        if len(self.delimiter) > 1:
            raise Refusal(Code.INVALID, field="delimiter", reason="not_one_character")
