"""Where a page of a list begins, as the address says it; whatever else was written there is the first page."""

from __future__ import annotations

from uuid import UUID


def cursor_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
