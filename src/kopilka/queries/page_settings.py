"""How a program's pages look and behave."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from kopilka.data.models.doors import PageSettings
from kopilka.data.prepared import Hole, Prepared
from kopilka.queries.scope import reading

_SETTINGS = Prepared(lambda: PageSettings.objects.of(Hole("program_id"))[:1])


@dataclass(frozen=True, slots=True)
class PageSettingsView:
    """Texts are the program's own words, empty where it said nothing; `changed_at` None: never set.

    `accent` #rrggbb, `logo` a picture's name in the media folder; `undo_minutes` a cashier may undo a sale,
    `idle_minutes` he stays signed in. `offline_sales` and `offline_worth` (minor units): how many sales made without a
    network, and with how many points, a till books by itself in a day. `kiosk_guests`: so many people get their cards
    at one kiosk in an hour.
    """

    accent: str = ""
    logo: str = ""
    slogan_ru: str = ""
    slogan_en: str = ""
    about_ru: str = ""
    about_en: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    undo_minutes: int = 15
    idle_minutes: int = 30
    offline_sales: int = 500
    offline_worth: int = 1_000_000
    kiosk_guests: int = 40
    changed_at: datetime | None = None


def page_settings(program_id: UUID) -> PageSettingsView:
    with reading(program_id):
        row = _SETTINGS.first(program_id=program_id)
    if row is None:
        return PageSettingsView()
    return PageSettingsView(**{field.name: getattr(row, field.name) for field in fields(PageSettingsView)})
