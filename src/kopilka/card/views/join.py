"""The last step for somebody new: his contact is proven, now a name and his consents make him a member."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.card.access import private
from kopilka.card.coming import Proven, device_of, proven_of
from kopilka.card.forms import JoinForm
from kopilka.card.views.login import let_in
from kopilka.engine.actor import MEMBER, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.consents import texts
from kopilka.services.members import enrol_member, find_member
from kopilka.services.profiles import MemberFacts
from kopilka.web.invitations import forget_invitation, invitation_of
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import PageRequest

NEWCOMER = Actor(ActorKind.MEMBER, None, "member", MEMBER)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: PageRequest, slug: str) -> HttpResponse:
    proven = proven_of(request)
    if proven is None:
        return private(HttpResponseRedirect(reverse("card-login", args=[slug])))
    invitation = invitation_of(request)
    form = JoinForm(
        request.POST or None, initial={"friend": invitation.friend},
        texts=texts(request.program, request.language), language=request.language,
    )  # fmt: skip
    if form.is_valid():
        try:
            member_id = _enrol(request, form, proven, invitation.link)
        except Refusal as refusal:
            tell_in_form(request, form, refusal, fields={"referral_code": "friend"}, at=_beside(refusal))
        else:
            return forget_invitation(request, let_in(request, member_id, came_by="enrol"))
    told = {"form": form, "contact": proven.contact, "invitation": invitation}
    return private(render(request, "card/join.html", told, status=422 if form.errors else None))


def _enrol(request: PageRequest, form: JoinForm, proven: Proven, link: str) -> UUID:
    """A new member. Whoever became one with this contact in the meantime, at a till, is let in as he is.

    An invite link that has ended since keeps nobody from becoming a member.
    """
    typed = form.cleaned_data
    facts = MemberFacts(
        phone=proven.contact if proven.kind == "phone" else "", email=proven.contact if proven.kind == "email" else "",
        name=typed["name"], language=request.language.value, invited_by=typed["friend"], link=link, door="card",
        device=device_of(request), consents=form.given(), evidence=f"{proven.kind} proven by a code, ticked by himself",
    )  # fmt: skip
    try:
        return enrol_member(
            program_id=request.program.id, facts=facts, request=NO_KEY, by=NEWCOMER, at=request.at
        ).member.id
    except Refusal as refusal:
        if link and (refusal.code is Code.LINK_UNUSABLE or refusal.params.get("what") == "link"):
            return _enrol(request, form, proven, link="")
        if refusal.code is not Code.IDENTIFIER_TAKEN:
            raise
    kind, contact = proven.kind, proven.contact
    return find_member(program=request.program, kind=kind, value=contact, by=NEWCOMER, at=request.at).id


def _beside(refusal: Refusal) -> str | None:
    """The field a refusal is about where it does not name it."""
    about_friend = refusal.code is Code.INVITER_REFUSED or refusal.params.get("what") == "referral_code"
    return "friend" if about_friend else None
