"""A form sent twice is one act: whose it is at this door."""

from __future__ import annotations

from typing import Any

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.notes import Asking
from kopilka.till.access import TillRequest
from kopilka.web.once import OnceForm, marked_by


def request_of(request: TillRequest, form: OnceForm, *content: Any) -> Request:
    """The request of a valid form, about `content` (plain values), by whoever is at the till."""
    return marked_by(request.staff.employee_id, form, *content)


def asking_of(request: TillRequest, form: OnceForm, *content: Any) -> Asking:
    """The same, for services that take an Asking."""
    return Asking(request.staff.actor, request.at, request_of(request, form, *content))
