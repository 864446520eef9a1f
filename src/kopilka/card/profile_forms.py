"""What a member may tell about himself: fixed fields, and one field or several for each question of the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kopilka.bookkeeping.answers import Answer
from kopilka.engine.mechanics_things import Question
from kopilka.web.once import OnceForm
from kopilka.wording.languages import Language

NAME_MAX, TEXT_MAX, ROWS_MAX = 200, 500, 20
DAYS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]


class AboutForm(OnceForm):
    """Name, birthday, gender and language of messages."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=NAME_MAX, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    birth_date = forms.DateField(
        label=gettext_lazy("Birthday"), required=False, input_formats=DAYS,
        help_text=gettext_lazy("Changed once a year at most, and not within 30 days before it."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday", "min": "1900-01-01"}),
    )  # fmt: skip
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"), required=False,
        choices=[("", gettext_lazy("not said")), ("f", gettext_lazy("woman")), ("m", gettext_lazy("man"))],
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), required=False,
        choices=[("", gettext_lazy("as the shop writes")), ("ru", "Русский"), ("en", "English")],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the rows of its answers: each a field for the answer and, where there may be several, a name."""

    question: Question
    title: str
    rows: list[tuple[forms.BoundField, forms.BoundField | None]]


class AnswersForm(OnceForm):
    """Fields are called q_<question>_<row> and n_<question>_<row>; an empty row is no answer."""

    def __init__(
        self,
        *args: object,
        questions: Sequence[Question],
        answers: Mapping[str, Sequence[Answer]],
        language: Language,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.questions = questions
        self.counts: dict[str, int] = {}
        for question in questions:
            known = answers.get(question.code, ())
            count = min(ROWS_MAX, max(len(known) + 1, self._typed(question.code))) if question.many else 1
            self.counts[question.code] = count
            for row in range(count):
                given = known[row] if row < len(known) else None
                self.fields[f"q_{question.code}_{row}"] = _field(question, given, language)
                if question.many:
                    self.fields[f"n_{question.code}_{row}"] = forms.CharField(
                        label=_("Name"), max_length=NAME_MAX, required=False, initial=given.name if given else "",
                        widget=forms.TextInput(attrs={"autocomplete": "off"}),
                    )  # fmt: skip
        self.language_of_titles = language

    def asked(self) -> Iterator[Asked]:
        for one in self.questions:
            rows = [
                (self[f"q_{one.code}_{row}"], self[f"n_{one.code}_{row}"] if one.many else None)
                for row in range(self.counts[one.code])
            ]
            yield Asked(one, title_of(one, self.language_of_titles), rows)

    def given(self) -> dict[str, list[Answer]]:
        """As the service takes them; a question all of whose rows are empty has no answer any more."""
        found: dict[str, list[Answer]] = {}
        for one in self.questions:
            rows = range(self.counts[one.code])
            said = [(self._said(one.code, row), self.cleaned_data.get(f"n_{one.code}_{row}", "")) for row in rows]
            found[one.code] = [Answer(value, name) for value, name in said if value]
        return found

    def _said(self, code: str, row: int) -> str:
        value = self.cleaned_data.get(f"q_{code}_{row}")
        return "" if value is None else str(value)

    def _typed(self, code: str) -> int:
        """Rows that came with the form, so that nothing typed is lost."""
        return sum(1 for row in range(ROWS_MAX) if self.data.get(f"q_{code}_{row}") is not None)


def title_of(question: Question, language: Language) -> str:
    names = (question.name_en, question.name_ru) if language is Language.EN else (question.name_ru, question.name_en)
    return next((name for name in names if name), question.code)


def _field(question: Question, given: Answer | None, language: Language) -> forms.Field:
    label, value = title_of(question, language), given.value if given else ""
    if question.many:  # the question stands above its rows
        label = _("Date") if question.kind == "date" else _("Answer")
    said: dict[str, Any] = {"label": label, "required": False, "initial": value}
    match question.kind:
        case "date":
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return forms.DateField(input_formats=DAYS, widget=widget, **said)
        case "number":
            return NumberField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **said)
        case "flag":
            choices = [("", _("not said")), ("yes", _("yes")), ("no", _("no"))]
            return forms.ChoiceField(choices=choices, **said)
        case "choice":
            choices = [("", _("not said")), *((one, one) for one in question.choices)]
            return forms.ChoiceField(choices=choices, **said)
    return forms.CharField(max_length=TEXT_MAX, **said)


class NumberField(forms.CharField):
    """2,5 and 2.5 alike."""

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace(",", ".").replace(" ", "").replace("\u00a0", "")
