"""A counter of a shop in tests: tills and kiosks let in, people with PINs, browsers that are signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.test import Client
from playwright.sync_api import Page

from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import CASHIER, KIOSK, MANAGER, TILL
from kopilka.queries.programs import ProgramView
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.devices import Enrolled, enrol_device, make_device_code
from kopilka.services.staff_access import give_access
from tests.browser import Visitor
from tests.factories import NOON

PIN = "4826"
HERE = "203.0.113.7"


def let_in(
    program: ProgramView, kind: str = TILL, *, name: str = "Касса у входа", till: str = "", branch: str = "",
    beside: UUID | None = None, at: datetime = NOON,
) -> Enrolled:  # fmt: skip
    """A device, by a code as a manager makes it."""
    made = make_device_code(
        program_id=program.id, kind=kind, name=name, branch=branch, till=till, beside_id=beside, by=SYSTEM_ACTOR, at=at
    )
    return enrol_device(program_id=program.id, code=made.code, network=HERE, at=at)


def make_cashier(
    program: ProgramView, code: str = "01", *, name: str = "Оля", role: str = CASHIER, pin: str = PIN,
    branch: str = "", person: UUID | None = None, at: datetime = NOON,
) -> None:  # fmt: skip
    """An employee with a PIN; `person` is his own membership."""
    new = NewBeneficiary("employee", code, name, branch, person)
    add_beneficiary(program_id=program.id, new=new, asking=Asking(SYSTEM_ACTOR, at))
    give_access(program_id=program.id, employee_code=code, role=role, pin=pin, by=SYSTEM_ACTOR, at=at)


def make_manager(program: ProgramView, code: str = "02", *, name: str = "Мира", pin: str = "9073") -> None:
    make_cashier(program, code, name=name, role=MANAGER, pin=pin)


def till_client(program: ProgramView, enrolled: Enrolled | None = None, *, language: str = "ru") -> Client:
    """A browser that is a till; nobody has signed in."""
    return _browser(program, enrolled or let_in(program), language)


def signed_in_client(
    program: ProgramView, code: str = "01", pin: str = PIN, *, enrolled: Enrolled | None = None, training: bool = False,
    language: str = "ru",
) -> Client:  # fmt: skip
    """A browser that is a till at which this employee works."""
    client = till_client(program, enrolled, language=language)
    given = {"person": code, "pin": pin, **({"training": "on"} if training else {})}
    answer = client.post(f"/till/{program.slug}/sign-in/", given)
    assert answer.status_code == 302, answer.content.decode()
    return client


def kiosk_client(program: ProgramView, beside: UUID | None = None, *, language: str = "ru") -> Client:
    return _browser(program, let_in(program, KIOSK, name="Киоск", beside=beside), language)


def _browser(program: ProgramView, enrolled: Enrolled, language: str) -> Client:
    kind = enrolled.device.kind
    client = Client(headers={"accept-language": language})
    client.cookies[f"kopilka_{kind}"] = enrolled.token
    client.cookies[f"kopilka_{kind}"]["path"] = f"/{kind}/{program.slug}/"
    return client


def till_page(visitor: Visitor, program: ProgramView, enrolled: Enrolled | None = None, *, code: str = "01") -> Page:
    """A browser that is a till, with the employee of this code at it (empty: the page that asks for a PIN)."""
    _tell(visitor, program, enrolled or let_in(program))
    page = visitor.page(f"/till/{program.slug}/sign-in/")
    if code:
        page.check(f"input[name=person][value='{code}']", force=True)
        page.fill("#id_pin", PIN)
        page.press("#id_pin", "Enter")
        page.wait_for_url(f"**/till/{program.slug}/")
        page.wait_for_load_state("networkidle")  # keys typed sooner would be lost
    return page


def kiosk_page(visitor: Visitor, program: ProgramView, beside: UUID | None = None) -> Page:
    """A browser that is a kiosk, on its welcome page."""
    _tell(visitor, program, let_in(program, KIOSK, name="Киоск", beside=beside))
    return visitor.page(f"/kiosk/{program.slug}/")


def _tell(visitor: Visitor, program: ProgramView, enrolled: Enrolled) -> None:
    kind = enrolled.device.kind
    cookie = {"name": f"kopilka_{kind}", "value": enrolled.token, "url": f"{visitor.address}/{kind}/{program.slug}/"}
    visitor.context.add_cookies([cookie])
