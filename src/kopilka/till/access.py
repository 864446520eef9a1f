"""Who may see a page of the till: a browser a manager has let in, and a person with his PIN."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import MANAGER, TILL, DeviceView
from kopilka.services.devices import device_at_work
from kopilka.services.staff_access import StaffAtTill, person_by_token
from kopilka.web.devices import STAFF_COOKIE, device_token, door_path
from kopilka.web.requests import PageRequest, pages_of

UNAUTHORISED = 401


class TillRequest(PageRequest):
    """A request of a till: `device` after `on_device`, `staff` too after `at_till` and `manager_only`."""

    device: DeviceView
    staff: StaffAtTill


P = ParamSpec("P")
View = Callable[Concatenate[TillRequest, P], HttpResponse]
"""A page as it is written; what Django calls instead takes any request."""
Shown = Callable[Concatenate[Any, P], HttpResponse]


def on_device(view: View[P]) -> Shown[P]:
    """The browser is a till of this program; another one is asked for a manager's code."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        mine = cast("TillRequest", request)
        if not _find_device(mine):
            return elsewhere(mine, reverse("till-enrol-device", args=[mine.program.slug]))
        return view(mine, *args, **kwargs)

    return seen


def at_till(view: View[P]) -> Shown[P]:
    """Somebody has signed in at this till; his being here counts as work. Otherwise he is asked to sign in."""
    return _signed_in(view, touches=True)


def at_till_quietly(view: View[P]) -> Shown[P]:
    """The same for what a page asks by itself: it does not keep an idle person signed in."""
    return _signed_in(view, touches=False)


def manager_only(view: View[P]) -> Shown[P]:
    """Somebody has signed in at this till and he is a manager; another one is refused."""

    def managed(request: TillRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.staff.role != MANAGER:
            raise Refusal(Code.NOT_ALLOWED, capability="devices")
        return view(request, *args, **kwargs)

    return at_till(wraps(view)(managed))


def find_staff(request: TillRequest, *, touches: bool = True) -> bool:
    """Note in `request.staff` who has signed in here; False when nobody has, or he has been idle for too long."""
    staff = person_by_token(
        program_id=request.program.id, device=request.device, token=request.COOKIES.get(STAFF_COOKIE, ""),
        idle_minutes=pages_of(request).idle_minutes, at=request.at, touches=touches,
    )  # fmt: skip
    if staff is not None:
        request.staff = staff
    return staff is not None


def elsewhere(request: TillRequest, place: str) -> HttpResponse:
    """Lead a page there, and tell a script that cannot follow: 401 with {"sign_in": address}."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=UNAUTHORISED, headers={"HX-Redirect": place})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"sign_in": place}, status=UNAUTHORISED)
    return HttpResponseRedirect(place)


def till_page(request: HttpRequest, address: str) -> str:
    """The address when it is a page of this program's till; empty for any other."""
    path = urlsplit(address).path
    mine = door_path(TILL, cast("TillRequest", request).program.slug)
    good = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith(mine)
    return path if good else ""


def _signed_in(view: View[P], *, touches: bool) -> Shown[P]:
    @wraps(view)
    def seen(request: TillRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not find_staff(request, touches=touches):
            return elsewhere(request, sign_in_address(request))
        return view(request, *args, **kwargs)

    return on_device(seen)


def sign_in_address(request: TillRequest) -> str:
    """Where to sign in, with the page to come back to: the one asked for, or the one that sent something."""
    asked = request.path if request.method == "GET" and not request.headers.get("HX-Request") else ""
    back = till_page(request, asked or request.headers.get("Referer", ""))
    place = reverse("till-sign-in", args=[request.program.slug])
    return f"{place}?{urlencode({'next': back})}" if back and back != place else place


def _find_device(request: Any) -> bool:
    device = device_at_work(program_id=request.program.id, token=device_token(request, TILL), at=request.at)
    if device is None or device.kind != TILL:
        return False
    request.device = device
    return True
