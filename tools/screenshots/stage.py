"""The demo program as a place to walk into: its people, and the cookies they come with."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from playwright.sync_api import Page

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.engine.refusal import Refusal
from kopilka.queries.devices import list_devices
from kopilka.queries.gifts import claims_of_member
from kopilka.queries.members import member_id_by
from kopilka.queries.programs import ProgramView
from kopilka.queries.purchases import list_purchases
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.devices import enrol_device, make_device_code
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.live_codes import secret_of
from kopilka.services.member_sessions import make_card_link, member_by_token, start_session
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.purchases import Proof
from kopilka.services.staff_access import give_access, sign_in

PHONE, GIFT, PIN = "+79000000001", "croissant", "4826"
PINS = {"manager": ("02", "2222")}
COLLEAGUES = {"ru": ("Рита", "Костя", "Дима", "Соня"), "en": ("Rita", "Kostya", "Dima", "Sonya")}
NAMES = {"ru": ("Касса у окна", "Планшет у входа"), "en": ("Till by the window", "Tablet at the door")}
NOBODY, TILL, CASHIER, MANAGER, TRAINEE, KIOSK, MEMBER, NEWCOMER, UNPROVEN = (
    "nobody", "till", "cashier", "manager", "trainee", "kiosk", "member", "newcomer", "unproven",
)  # fmt: skip
"""A newcomer has nothing yet; the unproven is the member whose card was not opened by a code just now."""


@dataclass
class Stage:
    """`browser` names the profile that comes, each with devices of its own: no two meet at one till."""

    address: str
    program: ProgramView
    known: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)

    @property
    def member_id(self) -> UUID:
        """The member of the demo who has bought most."""
        return member_id_by(self.program.id, "phone", PHONE)

    @property
    def purchase_id(self) -> UUID:
        """The last one of that member."""
        return list_purchases(self.program.id, member_id=self.member_id, limit=1).rows[0].id

    @property
    def claim_id(self) -> UUID:
        """A gift that waits for that member; he chooses one where none does."""
        return self._claim(has_code=False) or self._choose_gift()

    @property
    def claim_with_code_id(self) -> UUID:
        """One that is collected by its code."""
        return self._claim(has_code=True) or self._choose_gift()

    def live_code(self) -> str:
        """What the card of that member shows right now."""
        at = timezone.now()
        came = start_session(
            program_id=self.program.id, member_id=self.member_id, label="Chromium", came_by="code", at=at
        )
        card = member_by_token(program_id=self.program.id, token=came.token, at=at)
        assert card is not None, "his session has begun this very moment"
        return write_code(secret_of(card.session_id), card.live_number, slot_of(at))

    def gift_code(self) -> str:
        """The code of a gift that member has chosen himself; he chooses one where none waits."""
        waiting, _ = claims_of_member(self.program.id, self.member_id)
        if found := next((claim.code for claim in waiting if claim.state == "open" and claim.gift == GIFT), ""):
            return found
        self._choose_gift()
        return self.gift_code()

    @property
    def device_id(self) -> UUID:
        """A till that was let in for some picture."""
        return next(one.id for one in list_devices(self.program.id) if one.kind == "till" and one.revoked_at is None)

    def someone(self, phone: str, name: str) -> UUID:
        """A member of that phone, enrolled now where nobody has it."""
        try:
            return member_id_by(self.program.id, "phone", phone)
        except Refusal:
            facts = MemberFacts(phone=phone, name=name)
            made = enrol_member(
                program_id=self.program.id, facts=facts, request=NO_KEY, by=SYSTEM_ACTOR, at=timezone.now()
            )
            return made.member.id

    def link_token(self) -> str:
        """The link of a card whose owner has just been enrolled in a hurry and has agreed to nothing yet."""
        member_id = self._newcomer_id()
        return make_card_link(program_id=self.program.id, member_id=member_id, by=SYSTEM_ACTOR, at=timezone.now())

    def _claim(self, *, has_code: bool) -> UUID | None:
        waiting, _ = claims_of_member(self.program.id, self.member_id)
        return next((one.id for one in waiting if one.state == "open" and (one.code or not has_code)), None)

    def path(self, name: str, **parts: Any) -> str:
        """The address of a page; most need the program's slug, a page of the whole site does not."""
        try:
            return reverse(name, kwargs={"slug": self.program.slug, **parts})
        except NoReverseMatch:
            return reverse(name, kwargs=parts)

    def cookies(self, who: str, browser: str) -> list[dict[str, Any]]:
        key = who, browser
        if key not in self.known:
            self.known[key] = self._cookies(who, browser)
        return self.known[key]

    def _cookies(self, who: str, browser: str) -> list[dict[str, Any]]:
        if who == NOBODY:
            return []
        if who in {MEMBER, NEWCOMER, UNPROVEN}:
            came = start_session(
                program_id=self.program.id, member_id=self._newcomer_id() if who == NEWCOMER else self.member_id,
                label="Chromium", came_by="link" if who == UNPROVEN else "code", at=timezone.now(),
            )  # fmt: skip
            return [self._cookie("kopilka_card", came.token, "card")]
        return self._at_the_counter(who, browser)

    def _newcomer_id(self) -> UUID:
        facts = MemberFacts(phone=f"+7901{secrets.randbelow(10**7):07}", name="Анна")
        return enrol_member(
            program_id=self.program.id, facts=facts, request=NO_KEY, by=SYSTEM_ACTOR, at=timezone.now()
        ).member.id

    def _choose_gift(self) -> UUID:
        proof = Proof(vouched=True)
        request = ChooseRequest(self.member_id, GIFT, SYSTEM_ACTOR, timezone.now(), proof=proof)
        return choose_gift(program_id=self.program.id, request=request).claim_id

    def _at_the_counter(self, who: str, browser: str) -> list[dict[str, Any]]:
        till_name, kiosk_name = NAMES["en" if browser.endswith("en") else "ru"]
        till = self._enrol("till", till_name)
        if who == KIOSK:
            kiosk = self._enrol("kiosk", kiosk_name, till.device.id)
            return [self._cookie("kopilka_kiosk", kiosk.token, "kiosk")]
        cookies = [self._cookie("kopilka_till", till.token, "till")]
        if who == TILL:
            return cookies
        code, pin = PINS.get(who) or self._colleague(browser)
        came = sign_in(
            program_id=self.program.id, device=till.device, employee_code=code, pin=pin, training=who == TRAINEE,
            at=timezone.now(),
        )  # fmt: skip
        return [*cookies, self._cookie("kopilka_staff", came.token, "till")]

    def _colleague(self, browser: str) -> tuple[str, str]:
        """Code and PIN of a cashier of that browser's own: who looks for so many customers in a row has to wait."""
        if browser not in self.staff:
            names = COLLEAGUES["en" if browser.endswith("en") else "ru"]
            code, at = f"1{len(self.staff)}", timezone.now()
            new = NewBeneficiary("employee", code, names[len(self.staff) % len(names)], "", None)
            add_beneficiary(program_id=self.program.id, new=new, asking=Asking(SYSTEM_ACTOR, at))
            give_access(program_id=self.program.id, employee_code=code, role=CASHIER, pin=PIN, by=SYSTEM_ACTOR, at=at)
            self.staff[browser] = code
        return self.staff[browser], PIN

    def _enrol(self, kind: str, name: str, beside_id: UUID | None = None) -> Any:
        at = timezone.now()
        code = make_device_code(
            program_id=self.program.id, kind=kind, name=name, branch="centre", till="", beside_id=beside_id,
            by=SYSTEM_ACTOR, at=at,
        )  # fmt: skip
        return enrol_device(program_id=self.program.id, code=code.code, network="here", at=at)

    def _cookie(self, name: str, value: str, door: str) -> dict[str, Any]:
        host = self.address.removeprefix("http://").partition(":")[0]
        path = f"/{door}/{self.program.slug}/"
        return {"name": name, "value": value, "domain": host, "path": path, "httpOnly": True, "sameSite": "Lax"}


@dataclass
class Guest:
    """Somebody in front of one page."""

    stage: Stage
    page: Page

    def open(self, name: str, **parts: Any) -> None:
        self.page.goto(self.stage.address + self.stage.path(name, **parts))


@dataclass(frozen=True, slots=True)
class Shot:
    """One page to look at, named as its address; "till-sale~gift" is the same page in another state.

    `parts` are those of its address that only the stage knows. `go` brings a guest there where opening the address is
    not enough. `status`: what it answers; 404 and the like are pages too. `is_public`: the same for everybody, so
    browsers may keep it.
    """

    name: str
    who: str = NOBODY
    go: Callable[[Guest], None] | None = None
    parts: Callable[[Stage], dict[str, Any]] = lambda _stage: {}
    status: int = 200
    is_public: bool = False

    @property
    def page(self) -> str:
        """The name of its address."""
        return self.name.partition("~")[0]

    @property
    def door(self) -> str:
        return self.page.partition("-")[0]

    def path(self, stage: Stage) -> str:
        return stage.path(self.page, **self.parts(stage))

    def visit(self, guest: Guest) -> None:
        if self.go:
            self.go(guest)
        else:
            guest.page.goto(guest.stage.address + self.path(guest.stage))
