"""A form sent twice is one act: whose it is at this door."""

from __future__ import annotations

from typing import Any

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.notes import Asking
from kopilka.card.access import CardRequest
from kopilka.web.once import OnceForm, marked_by


def request_of(request: CardRequest, form: OnceForm, *content: Any) -> Request:
    """The request of a valid form, about `content` (plain values), by the member himself."""
    return marked_by(request.card.member_id, form, *content)


def asking_of(request: CardRequest, form: OnceForm, *content: Any) -> Asking:
    """The same, for services that take an Asking."""
    return Asking(request.card.actor, request.at, request_of(request, form, *content))
