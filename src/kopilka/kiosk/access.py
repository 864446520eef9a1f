"""Who may see a page of the kiosk: a tablet a manager has let in. And the customer who stands at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.queries.devices import KIOSK, DeviceView
from kopilka.services.devices import device_at_work
from kopilka.services.kiosk_visits import VisitView, visit_at
from kopilka.web.devices import device_token
from kopilka.web.requests import PageRequest

UNAUTHORISED = 401
MAY = frozenset({Capability.READ, Capability.ENROL})
"""A kiosk enrols; it earns, spends and returns nothing (T56)."""


class KioskRequest(PageRequest):
    """`device` after `on_kiosk`; `visit` too after `in_visit`."""

    device: DeviceView
    visit: VisitView


P = ParamSpec("P")
View = Callable[Concatenate[KioskRequest, P], HttpResponse]
Shown = Callable[Concatenate[Any, P], HttpResponse]


def on_kiosk(view: View[P]) -> Shown[P]:
    """The browser is a kiosk of this program; another one is asked for a manager's code."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        mine = cast("KioskRequest", request)
        token = device_token(mine, KIOSK)
        device = device_at_work(program_id=mine.program.id, token=token, at=mine.at)
        if device is None or device.kind != KIOSK:
            return _go(mine, "kiosk-enrol-device", whole=True)
        mine.device = device
        response = view(mine, *args, **kwargs)
        response["HX-Push-Url"] = "false"  # pages that a script puts in come into no history
        return response

    return seen


def in_visit(view: View[P]) -> Shown[P]:
    """Somebody has begun at this kiosk and what he sent is his own; otherwise it starts from the welcome page.

    A page of an earlier customer, sent again by the back button, names a visit that is over.
    """

    @wraps(view)
    def seen(request: KioskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visit = visit_at(request.program.id, request.device.id, at=request.at)
        if visit is None or (request.method == "POST" and request.POST.get("visit") != str(visit.id)):
            return _go(request, "kiosk-home")
        request.visit = visit
        return view(request, *args, **kwargs)

    return on_kiosk(seen)


def actor_of(device: DeviceView) -> Actor:
    return Actor(ActorKind.KEY, device.id, device.name, MAY, till=device.till, branch=device.branch)


def to_page(request: KioskRequest, name: str) -> HttpResponse:
    """On to another page of the kiosk."""
    return _go(request, name)


def _go(request: KioskRequest, name: str, *, whole: bool = False) -> HttpResponse:
    """`whole`: the page as a whole is another one, so a script that swaps parts must not follow by itself."""
    place = reverse(name, args=[request.program.slug])
    if whole and request.headers.get("HX-Request"):
        return HttpResponse(status=UNAUTHORISED, headers={"HX-Redirect": place})
    return HttpResponseRedirect(place)
