"""How a program's pages look and behave: its colour, its logo, its own words, how long a cashier may undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.doors import PageSettings
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_lines, clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.page_settings import PageSettingsView, page_settings
from kopilka.services.pictures import draw_anew, drop_file, keep_picture

LOGO_SIDE_MAX = 512
LENGTHS = {"slogan_ru": 200, "slogan_en": 200, "phone": 40, "address": 300, "hours": 200}
ABOUT_MAX = 2_000
RANGES = {
    "undo_minutes": (0, 24 * 60), "idle_minutes": (1, 12 * 60), "offline_sales": (0, 10_000),
    "offline_worth": (0, 10**12), "kiosk_guests": (0, 1_000),
}  # fmt: skip

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class PageChange:
    """What shall be different; None stays, an empty text takes the value away. `logo` is the bytes of a picture."""

    accent: str | None = None
    logo: bytes | None = None
    slogan_ru: str | None = None
    slogan_en: str | None = None
    about_ru: str | None = None
    about_en: str | None = None
    phone: str | None = None
    address: str | None = None
    hours: str | None = None
    undo_minutes: int | None = None
    idle_minutes: int | None = None
    offline_sales: int | None = None
    offline_worth: int | None = None
    kiosk_guests: int | None = None


def change_pages(*, program_id: UUID, change: PageChange, by: Actor, at: datetime) -> PageSettingsView:
    """`invalid` (accent: not_a_colour; logo: not_a_picture …; texts: too_long …), `out_of_range` (figures)."""
    by.must(Capability.PUBLISH)
    values = {
        field.name: CLEANED.get(field.name, _clean_line)(field.name, given)
        for field in fields(PageChange)
        if field.name != "logo" and (given := getattr(change, field.name)) is not None
    }
    if change.logo is not None:
        values["logo"] = _draw(program_id, change.logo) if change.logo else ""
    try:
        replaced = _write(program_id, values, by, at)
    except BaseException:
        if values.get("logo"):
            drop_file(program_id, str(values["logo"]))
        raise
    if replaced:
        drop_file(program_id, replaced)
    return page_settings(program_id)


@transaction.atomic(durable=True)
def _write(program_id: UUID, values: dict[str, object], by: Actor, at: datetime) -> str:
    """The file of a logo that nobody needs any more."""
    enter_program(program_id)
    row, is_new = PageSettings.objects.of(program_id).get_or_create(
        program_id=program_id, defaults={"id": new_id(), "changed_at": at}
    )
    row = PageSettings.objects.of(program_id).select_for_update().get(id=row.id)
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = at
    row.save(update_fields=[*values, "changed_at"])
    record_audit(program_id, "pages_changed", row.id, by=by, at=at, before=None if is_new else before, after=values)
    return str(before["logo"]) if "logo" in values and before["logo"] != values["logo"] else ""


def _draw(program_id: UUID, data: bytes) -> str:
    try:
        return keep_picture(program_id, draw_anew(data, side_max=LOGO_SIDE_MAX))
    except Refusal as refusal:
        raise Refusal(refusal.code, **{**refusal.params, "field": "logo"}) from None


def _clean_colour(field: str, value: object) -> object:
    text = str(value).strip().lower()
    if text and _COLOUR.fullmatch(text) is None:
        raise Refusal(Code.INVALID, field=field, reason="not_a_colour")
    return text


def _clean_line(field: str, value: object) -> object:
    return clean_text(str(value), field=field, length_max=LENGTHS[field])


def _clean_about(field: str, value: object) -> object:
    return clean_lines(str(value), field=field, length_max=ABOUT_MAX)


def _clean_figure(field: str, value: object) -> object:
    minimum, maximum = RANGES[field]
    if not isinstance(value, int) or not minimum <= value <= maximum:
        raise Refusal(Code.OUT_OF_RANGE, field=field, minimum=minimum, maximum=maximum)
    return value


CLEANED: dict[str, Callable[[str, object], object]] = {
    "accent": _clean_colour,
    "about_ru": _clean_about,
    "about_en": _clean_about,
    "undo_minutes": _clean_figure,
    "idle_minutes": _clean_figure,
    "offline_sales": _clean_figure,
    "offline_worth": _clean_figure,
    "kiosk_guests": _clean_figure,
}
"""How each is read; all others are lines of text."""
