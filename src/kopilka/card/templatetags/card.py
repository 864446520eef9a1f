"""What only the pages of the card say. Formatting only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from kopilka.card.gift_states import STATES
from kopilka.card.profile_forms import title_of as title_of_question
from kopilka.engine.mechanics_things import Question
from kopilka.queries.gifts import ClaimView
from kopilka.services.consents import ConsentView
from kopilka.wording.consent_texts import channel_name, consent_title
from kopilka.wording.history import history_title as title_of
from kopilka.wording.vocabulary import Vocabulary

FOUR = 4
register = template.Library()


@register.simple_tag(takes_context=True)
def history_title(context: Mapping[str, Any], kind: str) -> str:
    """Покупка, Возврат, Сгорело."""
    words: Vocabulary = context["words"]
    return title_of(kind, words.language)


@register.filter
def spaced(code: str) -> str:
    """2M5N C2SR: read out and typed by fours."""
    return " ".join(code[place : place + FOUR] for place in range(0, len(code), FOUR))


@register.simple_tag(takes_context=True)
def gift_name(context: Mapping[str, Any], claim: ClaimView) -> str:
    """As the rules call it today in the reader's language; else as it was called when it became his."""
    words: Vocabulary = context["words"]
    return words.gifts.get(claim.gift) or claim.name


@register.simple_tag(takes_context=True)
def tier_name(context: Mapping[str, Any], code: str) -> str:
    words: Vocabulary = context["words"]
    return words.tiers.get(code, code)


@register.filter
def gift_state(state: str) -> str:
    """Ждёт вас, выдан."""
    return str(STATES[state][0]) if state in STATES else state


@register.simple_tag(takes_context=True)
def consent_name(context: Mapping[str, Any], consent: ConsentView) -> str:
    """The title of its text, and for which way of writing."""
    language = context["words"].language
    title = consent_title(consent.kind, language)
    return f"{title}: {channel_name(consent.channel, language)}" if consent.channel else title


@register.simple_tag(takes_context=True)
def question_name(context: Mapping[str, Any], code: str, questions: Mapping[str, Question]) -> str:
    """One that the rules no longer ask is said by its code."""
    return title_of_question(questions[code], context["words"].language) if code in questions else code
