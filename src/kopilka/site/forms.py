"""What visitors type."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kopilka.services.calculator import AMOUNT_MAX
from kopilka.services.imports.cells import BadCell, read_number

TYPED_MAX = 30
LEADS = {
    "card": _("To the card: whoever has none gets one"),
    "landing": _("To the page of the program: rules and calculator"),
    "invite": _("To an invite link: you will see who came by it"),
    "coupon": _("To a coupon"),
}
NEED_CODE = {"invite", "coupon"}
PAPERS = {"a4": "A4", "a5": "A5", "tent": _("Tent card")}


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
            raise forms.ValidationError(gettext("Type a sum, such as 3 000.")) from None
        if not 1 <= self.minor <= AMOUNT_MAX:
            raise forms.ValidationError(gettext("Type a sum above zero that somebody could pay."))
        return typed


class PosterForm(forms.Form):
    """What is printed: where the code leads, and on what paper. An invite link or a coupon has a code of its own."""

    to = forms.ChoiceField(label=_("Where does the code lead?"), choices=LEADS.items(), widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Code of the link or coupon"), help_text=_("Only for an invite link or a coupon."), required=False,
        validators=[RegexValidator(r"^[\w-]{1,64}$", _("Letters, digits and hyphens only, at most 64."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    size = forms.ChoiceField(label=_("Size"), choices=PAPERS.items(), widget=forms.RadioSelect)

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        if typed.get("to") in NEED_CODE and not typed.get("code") and "code" not in self.errors:
            self.add_error("code", gettext("Which one? Type its code."))
        return typed
