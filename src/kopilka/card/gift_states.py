"""What has become of a gift, as its owner reads it, and how it looks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATES = {
    "open": (_("waits for you"), "good"),
    "set_aside": (_("is being handed over"), "info"),
    "collected": (_("collected"), ""),
    "cancelled": (_("called off"), ""),
    "expired": (_("its time is over"), "warn"),
}
