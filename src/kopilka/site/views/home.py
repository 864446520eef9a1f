"""/ : straight to the program where there is one, else a choice."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kopilka.queries.programs import list_programs
from kopilka.web.requests import PageRequest


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """Where only the demo is, to what can be tried."""
    programs = sorted(list_programs(), key=lambda one: (one.is_demo, one.name))
    if len(programs) == 1:
        only = programs[0]
        return HttpResponseRedirect(reverse("site-demo") if only.is_demo else reverse("site-landing", args=[only.slug]))
    return render(request, "site/home.html", {"programs": programs})
