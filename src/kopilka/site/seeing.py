"""What the public pages of a program have in common: its rules in words, its names, who looks."""

from __future__ import annotations

from django.http import HttpResponse

from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.web.names import names_of
from kopilka.web.requests import PageRequest, pages_of, rulebook_of
from kopilka.wording.languages import Language
from kopilka.wording.program_words import Section, program_words

VISITOR = Actor(ActorKind.MEMBER, None, "visitor", frozenset({Capability.READ}))
"""Somebody who has not said who he is."""


def rules_of(request: PageRequest) -> tuple[Section, ...]:
    """The rules as they are now; none before any were published."""
    rulebook = rulebook_of(request)
    if rulebook is None:
        return ()
    return program_words(rulebook, request.language, at=request.at, names=names_of(request)).sections


def said(request: PageRequest) -> dict[str, str]:
    """The program's own words in the reader's language, else in the other one."""
    pages, russian = pages_of(request), request.language is Language.RU
    return {
        "slogan": (pages.slogan_ru or pages.slogan_en) if russian else (pages.slogan_en or pages.slogan_ru),
        "about": (pages.about_ru or pages.about_en) if russian else (pages.about_en or pages.about_ru),
    }


def personal(answer: HttpResponse) -> HttpResponse:
    """Not for search engines; no other site is told the address of any page anyway."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
