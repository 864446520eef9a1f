"""/demo/ : everything there is to try, with the phone, the PINs and the codes it takes. Only where there is a demo."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import KIOSK, TILL, DeviceView, list_devices
from kopilka.queries.programs import ProgramView, list_programs
from kopilka.services.demo_content import COUPON, FLYER, LINK, PHONE_OF_ANNA, STAFF
from kopilka.services.devices import enrol_device, make_device_code
from kopilka.site.seeing import personal
from kopilka.web.devices import door_path, remember_device
from kopilka.web.requests import PageRequest, network_of

BRANCH = "centre"


@require_GET
def demo(request: PageRequest) -> HttpResponse:
    program = next((one for one in list_programs() if one.is_demo), None)
    if program is None:
        raise Http404
    request.program = program
    told = {
        "program": program, "phone": PHONE_OF_ANNA, "staff": STAFF, "coupon": COUPON, "flyer": FLYER, "link": LINK,
        "has_till": _till(program) is not None,
    }  # fmt: skip
    return personal(render(request, "site/demo.html", told))


@require_POST
def device(request: PageRequest, slug: str) -> HttpResponse:
    """This browser becomes a till or a kiosk at once: the code a manager would make is made and typed for him."""
    program = request.program
    kind = request.POST.get("kind", "")
    if not program.is_demo or kind not in {TILL, KIOSK}:
        raise Http404
    beside = _till(program) if kind == KIOSK else None
    if kind == KIOSK and beside is None:
        return HttpResponseRedirect(reverse("site-demo"))
    name = _("Kiosk of the demo") if beside else _("Till of the demo")
    made = make_device_code(
        program_id=program.id, kind=kind, name=name, branch=BRANCH, till="", beside_id=beside.id if beside else None,
        by=SYSTEM_ACTOR, at=request.at,
    )  # fmt: skip
    enrolled = enrol_device(program_id=program.id, code=made.code, network=network_of(request), at=request.at)
    answer = HttpResponseRedirect(door_path(kind, slug))
    remember_device(answer, slug, enrolled)
    return answer


def _till(program: ProgramView) -> DeviceView | None:
    """The till that was let in last: a kiosk stands beside one."""
    return next((one for one in list_devices(program.id) if one.kind == TILL and one.revoked_at is None), None)
