"""/till/ : straight to the till where there is one program, else a choice."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.queries.devices import TILL
from kopilka.queries.programs import list_programs
from kopilka.web.devices import door_path
from kopilka.web.requests import PageRequest


@require_GET
def start(request: PageRequest) -> HttpResponse:
    programs = [(one, door_path(TILL, one.slug)) for one in list_programs()]
    if len(programs) == 1:
        return HttpResponseRedirect(programs[0][1])
    return render(request, "till/start.html", {"programs": programs})
