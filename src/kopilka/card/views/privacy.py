"""Taking one's data along, and leaving for good; both only for whoever has proven himself just now."""

from __future__ import annotations

import msgspec
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kopilka.card.access import CardRequest, signed_out, with_card
from kopilka.card.coming import keep_coming
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.freshness import FRESH, is_fresh, shares_card
from kopilka.queries.gifts import claims_of_member
from kopilka.queries.members import member_for_door
from kopilka.queries.wallets import wallets_of_member
from kopilka.services.erasure import erase_member
from kopilka.services.logins import ask_code, can_send_codes
from kopilka.services.member_export import MemberFile, export_member
from kopilka.services.member_sessions import end_session
from kopilka.web.problems import sentence_of
from kopilka.web.requests import network_of, rulebook_of, words_of
from kopilka.wording.masking import masked_phone

CONFLICT, FORBIDDEN, TOO_MANY = 409, 403, 429
MINUTES = FRESH.seconds // 60
PAGES = ("card-export", "card-delete", "card-email")


class LeaveForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, delete my card and everything that is known of me"))


@require_GET
@with_card
def export(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """What can be taken along; `as` names the kind of file."""
    kind = request.GET.get("as", "")
    if kind not in {"json", "html"}:
        return render(request, "card/export.html", _proof(request))
    if not _is_proven(request):
        return render(request, "card/export.html", _proof(request), status=FORBIDDEN)
    made = export_member(
        program_id=request.program.id, program=request.program.name, member_id=request.card.member_id,
        by=request.card.actor, at=request.at,
    )  # fmt: skip
    return _file(request, made, kind)


@require_http_methods(["GET", "POST"])
@with_card
def delete(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """What is lost is said first; then it is done at once."""
    form = LeaveForm(request.POST or None)
    status = None
    if request.method == "POST":
        if not _is_proven(request):
            return render(request, "card/delete.html", _lost(request) | {"form": form}, status=FORBIDDEN)
        if form.is_valid():
            try:
                erase_member(
                    program_id=request.program.id, member_id=request.card.member_id, by=request.card.actor,
                    at=request.at,
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, _told(request, refusal))
                status = CONFLICT
            else:
                return signed_out(request, render(request, "card/deleted.html"))
    return render(request, "card/delete.html", _lost(request) | {"form": form}, status=status)


@require_POST
@with_card
def prove(request: CardRequest, slug: str) -> HttpResponse:
    """Send a code to himself; with it the card opens anew, and he is led back."""
    page = request.POST.get("page", "")
    back = reverse(page if page in PAGES else "card-more", args=[slug])
    contact = _contact(request)
    if contact is None:
        return HttpResponseRedirect(back)
    kind, value = contact
    try:
        asked = ask_code(
            program=request.program, kind=kind, contact=value, network=network_of(request), language=request.language,
            at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        told = _lost(request) if page == "card-delete" else _proof(request)
        name = "card/delete.html" if page == "card-delete" else "card/export.html"
        told |= {"form": LeaveForm(), "refused": sentence_of(request, refusal)}
        return render(request, name, told, status=TOO_MANY)
    end_session(
        program_id=request.program.id, member_id=request.card.member_id, session_id=request.card.session_id,
        at=request.at,
    )  # fmt: skip
    answer = HttpResponseRedirect(f"{reverse('card-code', args=[slug])}?next={back}")
    return keep_coming(request, answer, kind, value, asked)


def _is_proven(request: CardRequest) -> bool:
    program_id, member_id = request.program.id, request.card.member_id
    if shares_card(program_id, member_id):
        return False
    return is_fresh(program_id, member_id, request.card.session_id, at=request.at)


def _proof(request: CardRequest) -> dict[str, object]:
    """What the page says of proving oneself."""
    contact = _contact(request)
    return {
        "is_proven": _is_proven(request),
        "is_shared": shares_card(request.program.id, request.card.member_id),
        "contact": (masked_phone(contact[1]) if contact[0] == "phone" else contact[1]) if contact else "",
        "minutes": MINUTES,
    }


def _lost(request: CardRequest) -> dict[str, object]:
    program_id, member_id = request.program.id, request.card.member_id
    wallets = wallets_of_member(program_id, member_id, at=request.at)
    claims, _after = claims_of_member(program_id, member_id, limit=50)
    return _proof(request) | {
        "balances": [(one.currency, one.available + one.pending) for one in wallets if one.available + one.pending],
        "gifts": [one for one in claims if one.state == "open"],
    }


def _contact(request: CardRequest) -> tuple[str, str] | None:
    """Where a code can be sent to the member himself."""
    member = member_for_door(request.program.id, request.card.member_id)
    for kind, value in (("phone", member.phone), ("email", member.email)):
        if value and can_send_codes(request.program, kind):
            return kind, value
    return None


def _told(request: CardRequest, refusal: Refusal) -> str:
    if refusal.code is Code.HOLD_OPEN:
        return str(_("Points of yours are set aside for a purchase that is not finished. Try again when it is."))
    return sentence_of(request, refusal)


def _file(request: CardRequest, made: MemberFile, kind: str) -> HttpResponse:
    name = f"{request.program.slug}-{request.at:%Y-%m-%d}.{kind}"
    if kind == "json":
        body = msgspec.json.format(msgspec.json.encode(made), indent=2)
        answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    else:
        rulebook = rulebook_of(request)
        names = dict(rulebook.mechanics.profile) if rulebook else {}
        told = {"file": made, "words": words_of(request), "questions": names, "program": request.program}
        page = render_to_string("card/member_file.html", told, request=request)
        answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
