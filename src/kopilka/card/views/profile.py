"""What the member tells about himself, and the address he can be reached at."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.card.access import CardRequest, with_card
from kopilka.card.coming import coming_of, forget_steps, keep_coming
from kopilka.card.forms import CodeForm, EmailForm
from kopilka.card.once import asking_of, request_of
from kopilka.card.profile_forms import AboutForm, AnswersForm
from kopilka.engine.mechanics import On, Person
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.freshness import is_fresh, shares_card
from kopilka.queries.members import MemberView, member_for_door
from kopilka.services.answers import give_answers, read_answers
from kopilka.services.logins import ask_code, can_send_codes, enter_code
from kopilka.services.members import MemberChange, change_member
from kopilka.web.problems import sentence_of, tell_in_form
from kopilka.web.requests import network_of, rulebook_of

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@with_card
def profile(request: CardRequest, slug: str) -> HttpResponse:
    """Two forms, each saved by itself."""
    what = request.POST.get("what", "") if request.method == "POST" else ""
    member = member_for_door(request.program.id, request.card.member_id)
    about, answers = _about(request, member, what), _answers(request, what)
    done = False
    if what == "about" and about.is_valid():
        done = _save_about(request, about)
    elif what == "answers" and answers is not None and answers.is_valid():
        done = _save_answers(request, answers)
    if done:
        return HttpResponseRedirect(f"{reverse('card-profile', args=[slug])}?done={what}")
    rulebook = rulebook_of(request)
    told = {
        "member": member, "about": about, "answers": answers, "done": request.GET.get("done", ""),
        "reward": _reward(rulebook) if rulebook else [], "missing": _missing(request),
        "can_change_email": can_send_codes(request.program, "email"),
    }  # fmt: skip
    return render(request, "card/profile.html", told, status=UNPROCESSABLE if what else None)


@require_http_methods(["GET", "POST"])
@with_card
def email(request: CardRequest, slug: str) -> HttpResponse:
    """First the address, then the code that came there; only for whoever has proven himself just now."""
    told: dict[str, object] = {"is_proven": _is_proven(request), "can_send": can_send_codes(request.program, "email")}
    kept = coming_of(request) if request.GET.get("step") == "code" else None
    coming = kept if kept is not None and kept.kind == "email" else None
    if not (told["is_proven"] and told["can_send"]):
        return render(request, "card/email.html", told)
    form: forms.Form = CodeForm(request.POST or None) if coming else EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if coming is None:
                return _ask(request, slug, form.cleaned_data["contact"])
            entered = enter_code(
                program=request.program, login_id=coming.login_id, kind=coming.kind, contact=coming.contact,
                code=form.cleaned_data["code"], network=network_of(request), at=request.at,
            )  # fmt: skip
            change_member(
                program_id=request.program.id, member_id=request.card.member_id, by=request.card.actor, at=request.at,
                change=MemberChange(email=entered.contact), request=NO_KEY,
            )  # fmt: skip
            answer = HttpResponseRedirect(f"{reverse('card-profile', args=[slug])}?done=email")
            return forget_steps(request, answer)
        except Refusal as refusal:
            form.add_error("code" if coming else "contact", _email_sentence(request, refusal))
    told |= {"form": form, "coming": coming}
    return render(request, "card/email.html", told, status=UNPROCESSABLE if form.errors else None)


def _ask(request: CardRequest, slug: str, contact: str) -> HttpResponse:
    asked = ask_code(
        program=request.program, kind="email", contact=contact, network=network_of(request), language=request.language,
        at=request.at,
    )  # fmt: skip
    answer = HttpResponseRedirect(f"{reverse('card-email', args=[slug])}?step=code")
    return keep_coming(request, answer, "email", contact, asked)


def _email_sentence(request: CardRequest, refusal: Refusal) -> str:
    if refusal.code is Code.IDENTIFIER_TAKEN:
        return str(_("This address belongs to another card."))
    if refusal.code is Code.CODE_EXPIRED:
        return str(_("This code is no longer good. Ask for a new one."))
    return sentence_of(request, refusal)


def _is_proven(request: CardRequest) -> bool:
    program_id, member_id = request.program.id, request.card.member_id
    return not shares_card(program_id, member_id) and is_fresh(
        program_id, member_id, request.card.session_id, at=request.at
    )


def _about(request: CardRequest, member: MemberView, what: str) -> AboutForm:
    known = {
        "name": member.name, "birth_date": member.birth_date, "gender": member.gender, "language": member.language,
    }  # fmt: skip
    return AboutForm(request.POST if what == "about" else None, initial=known)


def _answers(request: CardRequest, what: str) -> AnswersForm | None:
    rulebook = rulebook_of(request)
    if rulebook is None or not rulebook.mechanics.profile:
        return None
    known = read_answers(program_id=request.program.id, member_id=request.card.member_id, by=request.card.actor)
    return AnswersForm(
        request.POST if what == "answers" else None,
        questions=list(rulebook.mechanics.profile.values()), answers=known.answers, language=request.language,
    )  # fmt: skip


def _save_about(request: CardRequest, form: AboutForm) -> bool:
    said = form.cleaned_data
    change = MemberChange(
        name=said["name"], birth_date=said["birth_date"], gender=said["gender"], language=said["language"]
    )
    told = (said["name"], str(said["birth_date"]), said["gender"], said["language"])
    try:
        change_member(
            program_id=request.program.id, member_id=request.card.member_id, change=change,
            request=request_of(request, form, *told), by=request.card.actor, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="birth_date" if refusal.code is Code.BIRTHDAY_FIXED else None)
        return False
    return True


def _save_answers(request: CardRequest, form: AnswersForm) -> bool:
    given = form.given()
    told = [(code, [(one.value, one.name) for one in said]) for code, said in sorted(given.items())]
    try:
        give_answers(
            program_id=request.program.id, member_id=request.card.member_id, answers=given,
            asking=asking_of(request, form, *told),
        )  # fmt: skip
    except Refusal as refusal:
        code = str(refusal.params.get("field", "")).removeprefix("answers.")
        tell_in_form(request, form, refusal, at=f"q_{code}_0")
        return False
    return True


def _missing(request: CardRequest) -> int:
    if rulebook_of(request) is None:
        return 0
    known = read_answers(program_id=request.program.id, member_id=request.card.member_id, by=request.card.actor)
    return len(known.missing)


def _reward(rulebook: Rulebook) -> list[tuple[str, int]]:
    """Points that the rules give for a filled profile, by currency."""
    return [
        (grant.currency, grant.units)
        for rule in rulebook.mechanics.automations.values()
        if rule.trigger.on is On.PROFILE_FILLED
        for grant in rule.grants
        if grant.to is Person.MEMBER and grant.units
    ]
