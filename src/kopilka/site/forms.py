"""What visitors type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from kopilka.services.calculator import AMOUNT_MAX
from kopilka.services.imports.cells import BadCell, read_number

TYPED_MAX = 30


class AmountForm(forms.Form):
    """A sum in whole units or with kopecks; `minor` after it was read."""

    amount = forms.CharField(
        label=_("A purchase for"),
        max_length=TYPED_MAX,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: object, digits: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.digits = digits
        self.minor = 0

    def clean_amount(self) -> str:
        typed = str(self.cleaned_data["amount"])
        try:
            plain = typed.replace(" ", "").replace("\u00a0", "").removesuffix("₽")
            self.minor = read_number(plain, self.digits, "amount", comma=True)
        except BadCell:
            raise forms.ValidationError(now("Type a sum, such as 3 000.")) from None
        if not 1 <= self.minor <= AMOUNT_MAX:
            raise forms.ValidationError(now("Type a sum above zero that somebody could pay."))
        return typed
