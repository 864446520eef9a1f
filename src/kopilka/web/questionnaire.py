"""The questions of a program's profile as a form: name and birthday, then whatever the rulebook asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kopilka.bookkeeping.answers import TEXT_MAX, Answer
from kopilka.engine.contacts import NAME_LENGTH_MAX
from kopilka.engine.mechanics_things import Question
from kopilka.wording.days import read_day
from kopilka.wording.languages import Language

ROWS = 4
"""So many children or pets have a row to be written into."""
RADIOS_MAX = 6
OFF = {"autocomplete": "off", "spellcheck": "false"}


class DayField(forms.CharField):
    """A day as people type it: 1.2.1990, 01021990, 1990-02-01."""

    default_error_messages = {"day": _("This is no day. Type it like 31.12.1990.")}

    def __init__(self, **options: Any) -> None:
        attrs = {**OFF, "inputmode": "numeric", "placeholder": _("dd.mm.yyyy"), "data-day": ""}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        day = read_day(text) if text else None
        if text and day is None:
            raise forms.ValidationError(self.error_messages["day"], code="day")
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its fields: `rows` of one field, or of a name and an answer; `more` are further rows."""

    title: str
    rows: list[list[forms.BoundField]]
    more: list[list[forms.BoundField]]
    is_named: bool


class Questionnaire(forms.Form):
    """`asked` is for the page, `answers` for the services."""

    def __init__(
        self, data: Any = None, *, questions: Sequence[Question], language: Language,
        answers: Mapping[str, Sequence[Answer]] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **options)
        self.questions = {one.code: one for one in questions}
        self.language = language
        for one in questions:
            self._add(one, list((answers or {}).get(one.code, ())))

    @property
    def asked(self) -> list[Asked]:
        found = []
        for one in self.questions.values():
            rows = [[self[name] for name in names] for names in self._names(one)]
            filled = max((place + 1 for place, row in enumerate(rows) if any(_is_used(one) for one in row)), default=1)
            found.append(Asked(self._title(one), rows[:filled], rows[filled:], is_named=_in_rows(one)))
        return found

    def answers(self) -> dict[str, list[Answer]]:
        """Of a valid form, by question; one left empty has an empty list."""
        return {one.code: list(self._given(one)) for one in self.questions.values()}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for one in self.questions.values():
            if one.required and _in_rows(one) and not self.errors and not list(self._given(one)):
                self.add_error(self._names(one)[0][1], _("This question needs an answer."))
        return given

    def _add(self, one: Question, known: list[Answer]) -> None:
        if not _in_rows(one):
            (name,) = self._names(one)[0]
            values = [answer.value for answer in known]
            initial = values if one.many else next(iter(values), "")
            self.fields[name] = _field(one, self._title(one), required=one.required, initial=initial)
            return
        for place, (name, value) in enumerate(self._names(one)):
            answer = known[place] if place < len(known) else Answer("")
            self.fields[name] = forms.CharField(
                label=_("Name"), max_length=NAME_LENGTH_MAX, required=False, initial=answer.name,
                widget=forms.TextInput(attrs={**OFF, "autocapitalize": "words"}),
            )  # fmt: skip
            label = _("Date") if one.kind == "date" else _("Answer")
            self.fields[value] = _field(one, label, required=False, initial=answer.value)

    def _names(self, one: Question) -> list[tuple[str, ...]]:
        """The names of its fields, row by row."""
        start = f"q-{one.code}"
        return [(f"{start}-{n}-name", f"{start}-{n}") for n in range(ROWS)] if _in_rows(one) else [(start,)]

    def _given(self, one: Question) -> Iterator[Answer]:
        for names in self._names(one):
            value = self.cleaned_data.get(names[-1])
            name = self.cleaned_data.get(names[0], "") if len(names) > 1 else ""
            for each in value if isinstance(value, list) else [value]:
                if each not in (None, ""):
                    yield Answer(each.isoformat() if isinstance(each, date) else str(each), name)

    def _title(self, one: Question) -> str:
        names = {Language.RU: one.name_ru or one.name_en, Language.EN: one.name_en or one.name_ru}
        return names[self.language] or one.code


def _in_rows(one: Question) -> bool:
    """Several children, each with a name; several of a choice are ticked instead."""
    return one.many and one.kind != "choice"


def _is_used(bound: forms.BoundField) -> bool:
    return bool(bound.value() or bound.errors)


def _field(one: Question, label: Any, *, required: bool, initial: Any) -> forms.Field:
    told: dict[str, Any] = {"label": label, "required": required, "initial": initial}
    match one.kind:
        case "date":
            told["initial"] = date.fromisoformat(initial) if initial else None
            return DayField(**told)
        case "number":
            return forms.CharField(max_length=20, widget=forms.TextInput(attrs={**OFF, "inputmode": "decimal"}), **told)
        case "flag":
            return forms.ChoiceField(
                choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **told
            )  # fmt: skip
        case "choice":
            return _choice(one, told)
    return forms.CharField(max_length=TEXT_MAX, widget=forms.TextInput(attrs=OFF), **told)


def _choice(one: Question, told: dict[str, Any]) -> forms.Field:
    choices = [(choice, choice) for choice in one.choices]
    if one.many:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **told)
    if len(choices) <= RADIOS_MAX:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    return forms.ChoiceField(choices=[("", "—"), *choices], **told)
