"""Inviting a friend: the code, the link, the picture of it; who came, and what it brought."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kopilka.bookkeeping.notes import Asking
from kopilka.card.access import CardRequest, with_card
from kopilka.card.cursors import cursor_of
from kopilka.engine.mechanics import Person, To
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.friends import code_of, friends_of
from kopilka.services.referral import issue_referral_code
from kopilka.web.names import names_of
from kopilka.web.requests import address_of, rulebook_of
from kopilka.wording.languages import language_of
from kopilka.wording.program_words import ProgramWords, program_words
from kopilka.wording.qr import qr_svg

ABOUT_FRIENDS = ("friends", "referral", "invite")


@require_GET
@with_card
def invite(request: CardRequest, slug: str) -> HttpResponse:
    rulebook = rulebook_of(request)
    after = cursor_of(request.GET.get("after", ""))
    page = friends_of(request.program.id, request.card.member_id, after=after)
    if rulebook is None or not (rulebook.mechanics.referral or invites(rulebook)):
        return render(request, "card/invite.html", {"page": page})
    code = code_of(request.program.id, request.card.member_id) or _first_code(request)
    link = _link(request, slug, code)
    words = program_words(rulebook, language_of(request.language.value), at=request.at, names=names_of(request))
    told = {
        "page": page, "is_later_page": after is not None, "code": code, "link": link, "qr": qr_svg(link),
        "rules": _rules(words, rulebook),
        "invitation": _("Here is my code %(code)s in “%(program)s”: %(link)s")
        % {"code": code, "program": request.program.name, "link": link},
    }  # fmt: skip
    return render(request, "card/invite.html", told)


def _rules(words: ProgramWords, rulebook: Rulebook) -> list[str]:
    """What both get; that there is a code of his own, which is said first, he sees below."""
    told = [one for section in words.sections if section.code in ABOUT_FRIENDS for one in section.sentences]
    return told[1:] if rulebook.mechanics.referral else told


def invites(rulebook: Rulebook) -> bool:
    """Do the rules give anything to whoever brings somebody?"""
    return any(
        grant.to is Person.INVITER for rule in rulebook.mechanics.automations.values() for grant in rule.grants
    ) or any(share.to is To.INVITER for share in rulebook.mechanics.shares.values())


def _first_code(request: CardRequest) -> str:
    asking = Asking(request.card.actor, request.at)
    return issue_referral_code(program_id=request.program.id, member_id=request.card.member_id, asking=asking).code


def _link(request: CardRequest, slug: str, code: str) -> str:
    try:
        return address_of(request, "site-invite", slug=slug, code=code)
    except NoReverseMatch:
        return f"{address_of(request, 'card-login', slug=slug)}?invited_by={code}"
