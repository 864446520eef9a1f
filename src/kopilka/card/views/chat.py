"""Letters to the shop, and its answers."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from kopilka.card.access import CardRequest, with_card
from kopilka.card.cursors import cursor_of
from kopilka.engine.refusal import Refusal
from kopilka.queries.chats import messages_of
from kopilka.services.chats import TEXT_MAX, note_read, write_to_shop
from kopilka.web.problems import tell_in_form

UNPROCESSABLE = 422


class LetterForm(forms.Form):
    text = forms.CharField(
        label=_("Your message"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": TEXT_MAX, "placeholder": _("Your message")}),
    )


@require_http_methods(["GET", "POST"])
@with_card
def chat(request: CardRequest, slug: str) -> HttpResponse:
    form = LetterForm(request.POST or None)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            write_to_shop(
                program_id=request.program.id, member_id=request.card.member_id, text=form.cleaned_data["text"],
                by=request.card.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            tell_in_form(request, form, refusal, at="text")
        else:
            return HttpResponseRedirect(reverse("card-chat", args=[slug]) + "#last")
    if form.errors:
        status = UNPROCESSABLE
    return render(request, "card/chat.html", _letters(request) | {"form": form}, status=status)


@require_GET
@with_card
def letters(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """The letters alone, asked for again and again while the page is open."""
    return render(request, "card/parts/letters.html", _letters(request))


def _letters(request: CardRequest) -> dict[str, object]:
    before = cursor_of(request.GET.get("before", ""))
    page = messages_of(request.program.id, request.card.member_id, before=before)
    if any(one.author == "shop" and one.read_at is None for one in page.messages):
        note_read(program_id=request.program.id, member_id=request.card.member_id, at=request.at)
    return {"page": page, "is_earlier_page": before is not None}
