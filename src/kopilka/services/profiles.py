"""What is written down about a person: cleaned, bounded, in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kopilka.bookkeeping.answers import Answers
from kopilka.engine.consents import Given
from kopilka.engine.contacts import clean_card, clean_email, clean_external, clean_name
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView
from kopilka.services.phones import normalise_phone

IDENTIFIERS = ("phone", "card", "email", "external")
BORN_MIN = date(1900, 1, 1)
TAGS_MAX = 50
GENDERS = ("", "f", "m")
LANGUAGES = ("", "ru", "en")

_TAG = re.compile(r"[\w.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A person as typed at a door; empty is unknown. At least one of phone, card, email, external is needed.

    How he came: `invited_by` the code of a member, `link` of an invite link, `agent` and `staff` by their codes, `door`
    the door he enrolled at (till, kiosk, card, api), `device` the id of his own telephone or browser.
    `answers` to the questions of the rulebook's profile. `consents` he gave, and `evidence`: how, for a person.
    """

    phone: str = ""
    card: str = ""
    email: str = ""
    external: str = ""
    name: str = ""
    birth_date: date | None = None
    gender: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    invited_by: str = ""
    link: str = ""
    agent: str = ""
    staff: str = ""
    door: str = ""
    device: str = ""
    answers: Answers = field(default_factory=dict)
    consents: tuple[Given, ...] = ()
    evidence: str = ""


def clean_identifier(program: ProgramView, kind: str, text: str) -> str:
    """The one form in which a phone, card, email or external id is stored and looked for."""
    match kind:
        case "phone":
            return normalise_phone(text, program.country)
        case "card":
            return clean_card(text)
        case "email":
            return clean_email(text)
        case "external":
            return clean_external(text)
    raise Refusal(Code.INVALID, field="kind", reason="unknown")


def clean_identifiers(program: ProgramView, typed: Mapping[str, str]) -> dict[str, str]:
    """By kind; those typed empty stay empty."""
    return {kind: clean_identifier(program, kind, text) if text else "" for kind, text in typed.items()}


def clean_fields(program: ProgramView, typed: Mapping[str, object], *, at: datetime) -> dict[str, object]:
    """Name, birth date, gender, language and tags, as far as they are among `typed`."""
    return {field: _clean_field(program, field, value, at) for field, value in typed.items()}


def _clean_field(program: ProgramView, field: str, value: object, at: datetime) -> object:
    match field, value:
        case "name", str():
            return clean_name(value) if value else ""
        case "birth_date", date():
            return _clean_birth_date(value, at.astimezone(ZoneInfo(program.timezone)).date())
        case "birth_date", None:
            return None
        case "tags", tuple():
            return _clean_tags(value)
        case "gender", str() if value in GENDERS:
            return value
        case "language", str() if value in LANGUAGES:
            return value
    raise Refusal(Code.INVALID, field=field, reason="unknown_value")


def _clean_birth_date(value: date, today: date) -> date:
    if not BORN_MIN <= value <= today:
        raise Refusal(Code.OUT_OF_RANGE, field="birth_date", minimum=BORN_MIN.isoformat(), maximum=today.isoformat())
    return value


def _clean_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    if len(tags) > TAGS_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="tags", minimum=0, maximum=TAGS_MAX)
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise Refusal(Code.INVALID, field="tags", reason="not_a_code")
    return tuple(sorted(set(tags)))
