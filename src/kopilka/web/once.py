"""A form sent twice is one act: its key is drawn with the page and goes with what was asked."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django import forms

from kopilka.bookkeeping.idempotency import Request


class OnceForm(forms.Form):
    """`once` is drawn anew for every page; sent again with the same content it is the same act, changed a new one."""

    once = forms.Field(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean_once(self) -> str:
        """Whatever else was put there is replaced: then nothing is recognised, and nothing is lost."""
        try:
            return str(UUID(self.cleaned_data["once"] or ""))
        except ValueError:
            return str(uuid4())


def marked_by(owner: UUID, form: OnceForm, *content: Any) -> Request:
    """The request of a valid OnceForm, about `content` (plain values), by `owner`: an employee's or a member's id."""
    told = sha256(repr(content).encode()).digest()
    return Request(owner, f"{form.cleaned_data['once']} {told.hex()[:16]}", told)
