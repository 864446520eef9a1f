"""What is typed to get into a card."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kopilka.engine.consents import CHANNELS, REQUIRED, Given
from kopilka.services.consents import ConsentTextView
from kopilka.wording.consent_texts import channel_name
from kopilka.wording.languages import Language

TYPED_MAX = 300
NAME_MAX = 200
CODE_MAX = 40


class PhoneForm(forms.Form):
    contact = forms.CharField(
        label=_("Phone number"),
        max_length=TYPED_MAX,
        widget=forms.TelInput(attrs={"autocomplete": "tel", "autofocus": True}),
    )


class EmailForm(forms.Form):
    contact = forms.CharField(
        label=_("E-mail address"),
        max_length=TYPED_MAX,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the message"),
        max_length=CODE_MAX,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "data-digits": "6",
                "pattern": r"[\d\s\-]*",
            }
        ),
    )  # fmt: skip


class AgreeForm(forms.Form):
    """Each consent by itself; only those asked for as `required` are needed."""

    def __init__(
        self,
        *args: object,
        texts: Sequence[ConsentTextView],
        language: Language,
        required: Sequence[str] = REQUIRED,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.texts = {one.kind: one for one in texts}
        self.required = tuple(required)
        for kind in self.required:
            needed = _("Without this nobody can be a member.")
            self.fields[kind] = forms.BooleanField(label=_AGREE[kind], error_messages={"required": needed})
        for channel in CHANNELS:
            self.fields[f"ads_{channel}"] = forms.BooleanField(
                label=capfirst(channel_name(channel, language)), required=False
            )

    def required_consents(self) -> list[tuple[forms.BoundField, ConsentTextView]]:
        return [(self[kind], self.texts[kind]) for kind in self.required]

    def ads(self) -> list[forms.BoundField]:
        return [self[f"ads_{channel}"] for channel in CHANNELS]

    def given(self) -> tuple[Given, ...]:
        """What was ticked, with the versions of the texts that stood beside it."""
        asked = [(Given(kind, version=self.texts[kind].version), kind) for kind in self.required]
        version = self.texts["ads"].version
        asked += [(Given("ads", channel, version), f"ads_{channel}") for channel in CHANNELS]
        return tuple(one for one, name in asked if self.cleaned_data.get(name))


class JoinForm(AgreeForm):
    """A name, the code of whoever brought him, and his consents."""

    name = forms.CharField(
        label=_("What shall we call you?"),
        error_messages={"required": _("Type your name, or what your friends call you.")},
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    friend = forms.CharField(
        label=_("Code of a friend"),
        help_text=_("If somebody has invited you."),
        max_length=CODE_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


_AGREE = {
    "terms": _("I agree to the terms of the program"),
    "privacy": _("I agree that my data is kept and used for this card"),
}
