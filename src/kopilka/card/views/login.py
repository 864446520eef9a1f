"""Getting in: a code sent to a phone or an address, or a link shown at the till; and getting out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kopilka.card.access import card_of, next_of, private, signed_in, signed_out
from kopilka.card.coming import (
    Coming,
    coming_of,
    device_of,
    forget_steps,
    keep_coming,
    keep_device,
    keep_proven,
)
from kopilka.card.forms import AgreeForm, CodeForm, EmailForm, PhoneForm
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.consents import lacking_consents, texts
from kopilka.services.logins import KINDS, ask_code, can_send_codes, enter_code
from kopilka.services.member_sessions import end_session, member_of_link, open_card_link, start_session
from kopilka.web.problems import sentence_of
from kopilka.web.requests import PageRequest, network_of

GONE, TOO_MANY, UNPROCESSABLE = 410, 429, 422
FORMS = {"phone": PhoneForm, "email": EmailForm}
LIMITS = frozenset({Code.TOO_MANY_CODES, Code.TOO_MANY_TRIES})
MINUTE, HOUR = 60, 3600


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: PageRequest, slug: str) -> HttpResponse:
    """The first step: whose card. What is answered says nothing about who is known here."""
    if card_of(request) is not None:
        return private(HttpResponseRedirect(_onward(request)))
    kind = request.GET.get("by", "phone")
    if kind not in KINDS or not can_send_codes(request.program, kind):
        return private(render(request, "card/no_codes.html"))
    form = FORMS[kind](request.POST or None)
    status = None
    if form.is_valid():
        contact = form.cleaned_data["contact"]
        try:
            asked = ask_code(
                program=request.program, kind=kind, contact=contact, network=network_of(request),
                language=request.language, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("contact", _sentence(request, refusal))
            status = TOO_MANY if refusal.code in LIMITS else UNPROCESSABLE
        else:
            step = HttpResponseRedirect(_step("card-code", slug, request))
            return private(keep_coming(request, step, kind, contact, asked))
    told = {"form": form, "kind": kind, "next": request.GET.get("next", "")}
    return private(render(request, "card/login.html", told, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PageRequest, slug: str) -> HttpResponse:
    """The second step: the code. Right, it opens the card, or leads on to become a member."""
    coming = coming_of(request)
    if coming is None:
        return private(HttpResponseRedirect(_step("card-login", slug, request)))
    form = CodeForm(request.POST or None)
    status = None
    if form.is_valid():
        try:
            found = enter_code(
                program=request.program, login_id=coming.login_id, kind=coming.kind, contact=coming.contact,
                code=form.cleaned_data["code"], network=network_of(request), at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("code", _sentence(request, refusal))
            status = TOO_MANY if refusal.code in LIMITS else UNPROCESSABLE
        else:
            if found.member_id is not None:
                return let_in(request, found.member_id, came_by="code")
            step = HttpResponseRedirect(_step("card-join", slug, request))
            return private(keep_proven(request, step, found.kind, found.contact))
    return private(_code_page(request, form, coming, status))


@require_POST
def again(request: PageRequest, slug: str) -> HttpResponse:
    """Another code to the same contact."""
    coming = coming_of(request)
    if coming is None:
        return private(HttpResponseRedirect(_step("card-login", slug, request)))
    try:
        asked = ask_code(
            program=request.program, kind=coming.kind, contact=coming.contact, network=network_of(request),
            language=request.language, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        form = CodeForm({"code": ""})
        form.errors.clear()
        form.add_error(None, _sentence(request, refusal))
        return private(_code_page(request, form, coming, TOO_MANY))
    step = HttpResponseRedirect(_step("card-code", slug, request))
    return private(keep_coming(request, step, coming.kind, coming.contact, asked))


@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """A link from the till. Looking at it uses nothing up, as messengers look at every link; the button does.

    Whoever was enrolled in a hurry agrees here first; a missing tick leaves the link as it is.
    """
    try:
        form = _consents_first(request, token)
        if request.method != "POST" or (form is not None and not form.is_valid()):
            mistaken = form is not None and form.is_bound
            told = {"form": form}
            return private(render(request, "card/open_link.html", told, status=UNPROCESSABLE if mistaken else None))
        session = open_card_link(
            program_id=request.program.id, token=token, label=request.headers.get("User-Agent", ""),
            consents=form.given() if form else (), evidence=_("ticked by himself at the first opening"), at=request.at,
        )  # fmt: skip
    except Refusal:
        return private(render(request, "card/open_link.html", {"is_gone": True}, status=GONE))
    return signed_in(request, session, HttpResponseRedirect(reverse("card-home", args=[slug])))


@require_POST
def logout(request: PageRequest, slug: str) -> HttpResponse:
    """Ends the session on the server, and what the browser kept of the card goes."""
    found = card_of(request)
    if found is not None:
        end_session(
            program_id=request.program.id, member_id=found.member_id, session_id=found.session_id, at=request.at
        )
    return signed_out(request, HttpResponseRedirect(reverse("card-login", args=[slug])))


def let_in(request: PageRequest, member_id: UUID, *, came_by: str) -> HttpResponse:
    """A session with a token of its own, whatever token the browser had before; then where he wanted to go."""
    device = device_of(request)
    session = start_session(
        program_id=request.program.id, member_id=member_id, label=request.headers.get("User-Agent", ""),
        came_by=came_by, device=device, at=request.at,
    )  # fmt: skip
    answer = signed_in(request, session, HttpResponseRedirect(_onward(request)))
    return keep_device(forget_steps(request, answer), device)


def _code_page(request: PageRequest, form: CodeForm, coming: Coming, status: int | None) -> HttpResponse:
    wait = max(0, int((coming.resend_at - request.at).total_seconds()))
    told = {"form": form, "coming": coming, "wait": wait, "next": request.GET.get("next", "")}
    return render(request, "card/code.html", told, status=status)


def _consents_first(request: PageRequest, token: str) -> AgreeForm | None:
    """What he has still to agree to before this link opens his card; None: nothing."""
    member_id = member_of_link(program_id=request.program.id, token=token, at=request.at)
    lacking = lacking_consents(request.program.id, member_id)
    if not lacking:
        return None
    return AgreeForm(
        request.POST if request.method == "POST" else None, texts=texts(request.program, request.language),
        language=request.language, required=lacking,
    )  # fmt: skip


def _onward(request: PageRequest) -> str:
    return next_of(request, request.GET.get("next", ""), "card-home")


def _step(name: str, slug: str, request: PageRequest) -> str:
    """The next page, with the way back kept."""
    query = request.GET.copy()
    query.pop("by", None)
    return f"{reverse(name, args=[slug])}{'?' if query else ''}{query.urlencode()}"


def _sentence(request: PageRequest, refusal: Refusal) -> str:
    """What is refused, as somebody at home with his phone should read it."""
    if refusal.code is Code.CODE_EXPIRED:
        return _("This code is no longer good. Ask for a new one.")
    if refusal.code is Code.CODE_WRONG:
        left = int(str(refusal.params["tries_left"]))
        told = ngettext("The code is wrong. %(n)s try is left.", "The code is wrong. %(n)s tries are left.", left)
        return told % {"n": left}
    if refusal.code in LIMITS:
        return _pause(int(str(refusal.params["retry_after_seconds"])))
    return sentence_of(request, refusal)


def _pause(seconds: int) -> str:
    minutes = max(1, -(-(seconds - 1) // MINUTE))
    if seconds > HOUR:
        hours = -(-seconds // HOUR)
        told = ngettext(
            "That was too often in a row. Try again in %(n)s hour.",
            "That was too often in a row. Try again in %(n)s hours.", hours,
        )  # fmt: skip
        return told % {"n": hours}
    told = ngettext(
        "That was too often in a row. Try again in %(n)s minute.",
        "That was too often in a row. Try again in %(n)s minutes.", minutes,
    )  # fmt: skip
    return told % {"n": minutes}
