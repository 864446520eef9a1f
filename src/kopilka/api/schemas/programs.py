"""The program and the versions of its rulebook, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import In, Out

SOURCE_CHARACTERS_MAX = 900_000

Source = Annotated[str, Meta(min_length=1, max_length=SOURCE_CHARACTERS_MAX, description="YAML 1.2 or JSON.")]


class VersionIn(In):
    """A rulebook to publish: as a text (`source`), or as a JSON object (`document`); exactly one of them.

    With `dry_run` everything is checked and nothing is written.
    """

    source: Source | None = None
    document: dict[str, Any] | None = None
    note: Annotated[str, Meta(max_length=500)] = ""
    dry_run: bool = False


class AdviceOut(Out):
    """Something its author should think about; `line` of the source."""

    path: str
    code: str
    text: str
    line: int


class FindingOut(Out):
    """`severity`: error, warning or advice. `receipt`: the one that shows it, in lines of text."""

    path: str
    line: int
    code: str
    severity: str
    text: str
    receipt: list[str]


class PublishedOut(Out):
    """`is_new` false: the very same text is the current version already. A dry run tells the number it would get."""

    number: int
    fingerprint: str
    is_new: bool
    dry_run: bool
    advice: list[AdviceOut]
    findings: list[FindingOut]


class VersionOut(Out):
    number: int
    fingerprint: str
    note: str
    published_at: datetime
    published_by: str
    is_current: bool


class VersionsOut(Out):
    """The newest first."""

    items: list[VersionOut]


class RulebookOut(Out):
    """`source` is the text as it was published."""

    number: int
    source: str


class DifferenceOut(Out):
    """null where the place is absent; `text` says it in a sentence."""

    path: str
    before: Any
    after: Any
    text: str


class DiffOut(Out):
    first: int
    second: int
    differences: list[DifferenceOut]


class CurrencyOut(Out):
    """A points currency: `worth_minor` is what one whole point pays, 0 when it cannot pay."""

    code: str
    name: str
    decimals: int
    worth_minor: int


class TierOut(Out):
    code: str
    name: str


class ProgramOut(Out):
    """`rulebook_number` 0: nothing is published yet, and nothing can be sold."""

    id: UUID
    slug: str
    name: str
    currency: str
    currency_digits: int
    timezone: str
    language: str
    country: str
    rulebook_number: int
    points: list[CurrencyOut]
    tiers: list[TierOut]
