"""Figures, days, pictures and form fields as all pages show them. Formatting only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kopilka.web.icons import ICONS
from kopilka.wording import amounts
from kopilka.wording.languages import Language, language_of
from kopilka.wording.speaking import short_money
from kopilka.wording.vocabulary import Vocabulary

register = template.Library()
_RUSSIAN_PHONE = re.compile(r"(?:\+7|8)(\d{3})(\d{3})(\d{2})(\d{2})")
_BETWEEN_DIGITS = re.compile(r"[\s()-]")


@register.simple_tag(takes_context=True)
def money(context: Mapping[str, Any], minor: int) -> str:
    """Minor units of the program's currency: 1 234,56 ₽."""
    words: Vocabulary = context["words"]
    return words.money(minor)


@register.simple_tag(takes_context=True)
def round_money(context: Mapping[str, Any], minor: int) -> str:
    """Where kopecks are rare: 1 234,56 ₽, but 3 000 ₽."""
    return short_money(context["words"], minor)


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
def held(sentence: str) -> str:
    """A dash never begins a line: the space before it does not break."""
    return sentence.replace(" \u2014 ", f"{amounts.SPACE}\u2014 ")


@register.filter
def phone(contact: str) -> str:
    """+7 916 123-45-67 on one line, however it was typed; anything else as it is."""
    found = _RUSSIAN_PHONE.fullmatch(_BETWEEN_DIGITS.sub("", contact))
    if found is None:
        return contact
    town, first, second, third = found.groups()
    return format_html('<span class="nowrap">{}</span>', amounts.SPACE.join(("+7", town, f"{first}-{second}-{third}")))


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
    """A field with its label, its hint and its mistakes.

    Options: `hint`, `label_hidden`, `key` (of the keyboard), `look` (large, code, figure), `affix` (₽, %),
    `in_row` (radio buttons beside each other), `boxed` (a tick in a frame).
    """
    is_tick = isinstance(bound.field.widget, CheckboxInput)
    told = {"bound": bound, "is_tick": is_tick, "words": context.get("words"), **options}
    return render_to_string("web/components/field.html", told)


@register.simple_tag
def mistakes(form: BaseForm) -> SafeString:
    """What is wrong with the form as a whole, to stand above its fields."""
    return render_to_string("web/components/mistakes.html", {"mistakes": form.non_field_errors()})


@register.simple_tag(takes_context=True)
def language_switch(context: Mapping[str, Any]) -> SafeString:
    """A button to the other language that keeps the page; none where a page cannot be asked for again."""
    request = context.get("request")
    if request is None:
        return mark_safe("")
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    told = {"back": back, "csrf_token": context.get("csrf_token", "")}
    return render_to_string("web/components/language.html", told)


@register.simple_tag(takes_context=True)
def logo(context: Mapping[str, Any]) -> SafeString:
    """The program's own picture, or our pig on its colour. Decoration: the name stands beside it."""
    program, pages = context.get("program"), context.get("pages")
    if program and pages and pages.logo:
        return format_html('<img class="logo" src="{}" alt="">', reverse("media", args=[program.slug, pages.logo]))
    return format_html('<span class="logo logo-drawn">{}</span>', icon("pig"))
