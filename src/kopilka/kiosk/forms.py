"""What a customer types at a kiosk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kopilka.engine.consents import CHANNELS, REQUIRED, Given
from kopilka.engine.contacts import NAME_LENGTH_MAX
from kopilka.services.consents import ConsentTextView
from kopilka.services.kiosk_visits import Person
from kopilka.services.phones import WRITTEN_LENGTH_MAX
from kopilka.web.questionnaire import OFF, DayField, Questionnaire
from kopilka.wording.consent_texts import channel_name
from kopilka.wording.languages import Language


class PhoneForm(forms.Form):
    """The field's name says nothing a browser could fill in by itself."""

    typed = forms.CharField(
        label=_("Your phone number"),
        max_length=WRITTEN_LENGTH_MAX,
        error_messages={"required": _("Type your phone number.")},
        widget=forms.TextInput(attrs={**OFF, "inputmode": "tel", "placeholder": "8 900 000-00-00"}),
    )


class PersonForm(Questionnaire):
    """Name, birthday and the questions of the program."""

    name = forms.CharField(
        label=_("What shall we call you?"),
        max_length=NAME_LENGTH_MAX,
        error_messages={"required": _("Type your name.")},
        widget=forms.TextInput(attrs={**OFF, "autocapitalize": "words"}),
    )
    birth_date = DayField(label=_("Your birthday"), required=False, help_text=_("If you like: there may be a gift."))

    def __init__(self, data: Any, *, known: Person | None, **options: Any) -> None:
        initial = {"name": known.name, "birth_date": known.birth_date} if known else {}
        super().__init__(data, answers=known.answers if known else None, initial=initial, **options)

    def person(self) -> Person:
        answers = {code: given for code, given in self.answers().items() if given}
        return Person(self.cleaned_data["name"], self.cleaned_data["birth_date"], answers)


class ConsentsForm(forms.Form):
    """Each consent by itself, none ticked beforehand; only terms and privacy are needed."""

    def __init__(self, data: Any, *, texts: Sequence[ConsentTextView], language: Language) -> None:
        super().__init__(data)
        self.texts = {one.kind: one for one in texts}
        for kind in REQUIRED:
            needed = _("Without this there is no card.")
            self.fields[kind] = forms.BooleanField(label=_AGREE[kind], error_messages={"required": needed})
        for channel in CHANNELS:
            self.fields[f"ads_{channel}"] = forms.BooleanField(label=channel_name(channel, language), required=False)

    def needed(self) -> list[tuple[forms.BoundField, ConsentTextView]]:
        return [(self[kind], self.texts[kind]) for kind in REQUIRED]

    def ads(self) -> list[forms.BoundField]:
        return [self[f"ads_{channel}"] for channel in CHANNELS]

    def given(self) -> tuple[Given, ...]:
        """What was ticked, with the versions of the texts that stood beside it."""
        plain = [Given(kind, version=self.texts[kind].version) for kind in REQUIRED if self.cleaned_data[kind]]
        version = self.texts["ads"].version
        ads = [Given("ads", one, version) for one in CHANNELS if self.cleaned_data[f"ads_{one}"]]
        return (*plain, *ads)


_AGREE = {
    "terms": _("I agree to the terms of the program"),
    "privacy": _("I agree that my data is kept and used for this card"),
}
