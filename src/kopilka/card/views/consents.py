"""What the member agreed to, text by text and channel by channel; taken back as easily as given."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kopilka.card.access import CardRequest, with_card
from kopilka.engine.consents import CHANNELS, REQUIRED, Given
from kopilka.engine.refusal import Refusal
from kopilka.services.consents import consents_of, note_consents, text_of, texts
from kopilka.wording.consent_texts import channel_name


@require_http_methods(["GET", "POST"])
@with_card
def consents(request: CardRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        _change(request)
        return HttpResponseRedirect(reverse("card-consents", args=[slug]))
    held = {(one.kind, one.channel): one for one in consents_of(request.program.id, request.card.member_id)}
    now = {one.kind: one for one in texts(request.program, request.language)}
    told = {
        "required": [{"text": now[kind], "held": held.get((kind, ""))} for kind in REQUIRED],
        "ads": now["ads"],
        "channels": [
            {"code": code, "name": channel_name(code, request.language), "held": held.get(("ads", code))}
            for code in CHANNELS
        ],
        "newer": [
            now[kind] for kind in REQUIRED
            if (one := held.get((kind, ""))) is None or not one.given or one.version < now[kind].version
        ],
    }  # fmt: skip
    return render(request, "card/consents.html", told)


@require_GET
@with_card
def text(request: CardRequest, slug: str, kind: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """A text as it holds now, or the version he agreed to."""
    version = request.GET.get("version", "")
    try:
        number = int(version) if version.isascii() and version.isdecimal() and len(version) < 6 else None  # noqa: PLR2004
        found = text_of(request.program, kind, request.language, number)
    except Refusal:
        raise Http404 from None
    return render(request, "card/consent_text.html", {"text": found})


def _change(request: CardRequest) -> None:
    """One switch at a time; an unknown one changes nothing."""
    said = request.POST.get("give") or request.POST.get("withdraw") or ""
    kind, _sep, channel = said.partition(":")
    one = Given(kind, channel)
    if not one.is_known:
        raise Http404
    note_consents(
        program_id=request.program.id, member_id=request.card.member_id,
        given=[one] if "give" in request.POST else [], withdrawn=[] if "give" in request.POST else [one],
        door="card", evidence=_("on the page of consents"), by=request.card.actor, at=request.at,
    )  # fmt: skip
