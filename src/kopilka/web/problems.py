"""A refusal as a person reads it: beside the field it is about, or on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from kopilka.engine.refusal import Code, Refusal
from kopilka.web.requests import PageRequest, words_of
from kopilka.wording.refusals import beside_field, detail, title

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_FOUND, FORBIDDEN, TOO_MANY, UNPROCESSABLE = 404, 403, 429, 422
STATUSES = {
    Code.NOT_FOUND: NOT_FOUND,
    Code.NOT_ALLOWED: FORBIDDEN,
    Code.CONFIRMATION_REQUIRED: FORBIDDEN,
    Code.TOO_MANY_CODES: TOO_MANY,
    Code.TOO_MANY_TRIES: TOO_MANY,
    Code.OWN_CARD: FORBIDDEN,
}


def sentence_of(request: PageRequest, refusal: Refusal) -> str:
    """What happened and what to do, in the reader's language, with the program's own words."""
    return detail(refusal.code, refusal.params, request.language, words_of(request))


def tell_in_form(
    request: PageRequest,
    form: Form,
    refusal: Refusal,
    *,
    fields: Mapping[str, str] | None = None,
    at: str | None = None,
) -> None:
    """Put the sentence beside the field it is about, or above the form where it is about none of them.

    `fields` names the form's field for a refusal's `field` parameter where they differ; `at`: put it there anyway.
    """
    about = str(refusal.params.get("field", ""))
    name = at or (fields or {}).get(about, about)
    if name in form.fields:
        form.add_error(name, beside_field(refusal.code, refusal.params, request.language, words_of(request)))
    else:
        form.add_error(None, sentence_of(request, refusal))


def refused_page(request: PageRequest, refusal: Refusal) -> HttpResponse:
    told = {"title": title(refusal.code, request.language), "sentence": sentence_of(request, refusal)}
    return render(request, "web/refused.html", told, status=STATUSES.get(refusal.code, UNPROCESSABLE))
