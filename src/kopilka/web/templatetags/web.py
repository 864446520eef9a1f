"""Figures, days, pictures and form fields as all pages show them. Formatting only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kopilka.web.icons import ICONS
from kopilka.wording import amounts
from kopilka.wording.languages import Language, language_of
from kopilka.wording.vocabulary import Vocabulary

register = template.Library()


@register.simple_tag(takes_context=True)
def money(context: Mapping[str, Any], minor: int) -> str:
    """Minor units of the program's currency: 1 234,56 ₽."""
    words: Vocabulary = context["words"]
    return words.money(minor)


@register.simple_tag(takes_context=True)
def points(context: Mapping[str, Any], units: int, currency: str) -> str:
    """Smallest units of a points currency with their word in its right form: 37 баллов."""
    words: Vocabulary = context["words"]
    return words.currency(currency).units(units)


@register.simple_tag(takes_context=True)
def plain_points(context: Mapping[str, Any], units: int, currency: str) -> str:
    """The same without the word: 37."""
    words: Vocabulary = context["words"]
    return words.currency(currency).plain(units)


@register.simple_tag(takes_context=True)
def points_name(context: Mapping[str, Any], currency: str) -> str:
    words: Vocabulary = context["words"]
    return words.currency(currency).name


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], on: date | datetime) -> str:
    """31.12.2026, in the program's time zone."""
    words: Vocabulary = context["words"]
    return (
        amounts.day_of(on, words.zone, words.language) if isinstance(on, datetime) else amounts.day(on, words.language)
    )


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], at: datetime) -> str:
    """31.12.2026 14:05, in the program's time zone."""
    words: Vocabulary = context["words"]
    return amounts.moment(at, words.zone, words.language)


@register.filter
def number(value: int) -> str:
    """1 250."""
    return amounts.whole(value, language_of((get_language() or "")[:2], Language.RU))


@register.filter
def quantity(thousandths: int) -> str:
    """1,5 of 1500 thousandths."""
    return amounts.quantity(thousandths, language_of((get_language() or "")[:2], Language.RU))


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """One of our own drawings. Without a title it is decoration and hidden from screen readers."""
    label = f'role="img" aria-label="{template.defaultfilters.force_escape(title)}"' if title else 'aria-hidden="true"'
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" {label}>{ICONS[name]}</svg>')  # noqa: S308 - ours


@register.simple_tag(takes_context=True)
def field(context: Mapping[str, Any], bound: BoundField, **options: Any) -> SafeString:
    """A field with its label, its hint and its mistakes. Options: `hint`, `label_hidden`, `key` (of the keyboard)."""
    return render_to_string("web/components/field.html", {"bound": bound, "words": context.get("words"), **options})
