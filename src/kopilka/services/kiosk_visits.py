"""A customer's visit to a kiosk: begun, filled page by page, finished once, forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.answers import Answer, clean_answers
from kopilka.bookkeeping.locking import locks_are_on, reading_before_writing
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.kept_secrets import hide, show
from kopilka.data.models.doors import Device, PageSettings
from kopilka.data.models.kiosk import KioskGuest, KioskVisit
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.services.phones import WRITTEN_LENGTH_MAX, normalise_phone
from kopilka.services.profiles import clean_fields

LIFE = timedelta(minutes=10)
"""What nobody has touched for so long is nobody's any more, whatever the browser at the kiosk does."""
HOUR = timedelta(hours=1)
GUESTS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """What a customer told about himself: the answers by question."""

    name: str = ""
    birth_date: date | None = None
    answers: dict[str, list[Answer]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typed:
    """`typed` is the phone as it stands in the field, `phone` the number it was read as, empty until it is one."""

    typed: str = ""
    phone: str = ""
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class VisitView:
    """`state`: open, enrolling, done. `link_token` opens the card of a new member; empty for one known before.

    `on_receipt`: the receipt of the till beside is now for him.
    """

    id: UUID
    state: str
    typed: str
    phone: str
    person: Person | None
    link_token: str
    on_receipt: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Whose phone it was, and what he is shown."""

    member_id: UUID
    link_token: str
    on_receipt: bool


def visit_at(program_id: UUID, device_id: UUID, *, at: datetime) -> VisitView | None:
    """The visit that goes on at this kiosk now."""
    with reading(program_id):
        row = KioskVisit.objects.of(program_id).filter(device_id=device_id, seen_at__gt=at - LIFE).first()
    return _view(row) if row else None


@transaction.atomic(durable=True)
def begin_visit(*, program_id: UUID, device_id: UUID, at: datetime) -> VisitView:
    """Somebody new stands at the kiosk; whatever the last one left is gone. Two taps at once come one by one."""
    enter_program(program_id)
    with reading_before_writing():
        devices = Device.objects.of(program_id).filter(id=device_id)
        (devices.select_for_update(no_key=True) if locks_are_on() else devices).first()
        left = KioskVisit.objects.of(program_id).filter(device_id=device_id).first()
    if left is not None:
        left.delete()
    row = KioskVisit.objects.create(id=new_id(), program_id=program_id, device_id=device_id, started_at=at, seen_at=at)
    return _view(row)


@transaction.atomic(durable=True)
def end_visit(*, program_id: UUID, device_id: UUID) -> None:
    """Nothing of it is left at the kiosk. Where there is none, nothing happens."""
    enter_program(program_id)
    _forget(program_id, device_id)


@transaction.atomic(durable=True)
def keep_typed(*, program_id: UUID, device_id: UUID, visit_id: UUID, typed: str, at: datetime) -> None:
    """The field of the phone, while it is being typed on a kiosk whose browser runs no scripts."""
    enter_program(program_id)
    row = _open_row(program_id, device_id, visit_id, at)
    _keep(row, Typed(typed[:WRITTEN_LENGTH_MAX], "", _typed(row).person), at)


@transaction.atomic(durable=True)
def keep_phone(*, program: ProgramView, device_id: UUID, visit_id: UUID, typed: str, at: datetime) -> None:
    """`phone_invalid`; whether anybody is known by it is not asked here, so no answer depends on it (T7)."""
    phone = normalise_phone(typed, program.country)
    enter_program(program.id)
    row = _open_row(program.id, device_id, visit_id, at)
    _keep(row, Typed(typed[:WRITTEN_LENGTH_MAX], phone, _typed(row).person), at)


@transaction.atomic(durable=True)
def keep_person(*, program: ProgramView, device_id: UUID, visit_id: UUID, person: Person, at: datetime) -> None:
    """Cleaned as enrolment would: `invalid`, `out_of_range`, `missing` (field)."""
    cleaned = clean_fields(program, {"name": person.name, "birth_date": person.birth_date}, at=at)
    enter_program(program.id)
    row = _open_row(program.id, device_id, visit_id, at)
    answers = clean_answers(load_rulebook(program.id)[1], person.answers) if person.answers else {}
    known = _typed(row)
    kept = Person(str(cleaned["name"]), person.birth_date, answers)
    _keep(row, Typed(known.typed, known.phone, kept), at)


def rest_seconds(program_id: UUID, device_id: UUID, *, at: datetime) -> int:
    """So long this kiosk rests, for as many as it may serve have got their cards within an hour; 0: it does not."""
    with reading(program_id):
        return _rest(program_id, device_id, at)


@transaction.atomic(durable=True)
def claim_visit(*, program_id: UUID, device_id: UUID, visit_id: UUID, at: datetime) -> bool:
    """The last page was sent: True for the first of however many taps, who then enrols and finishes.

    `too_many_tries` (retry_after_seconds) while the kiosk rests. Whoever is known by his phone counts like a new
    member, so that the limit tells nobody apart (T7). A kiosk has one visit at a time, so nobody is counted beside it.
    """
    enter_program(program_id)
    rest = _rest(program_id, device_id, at)
    rows = KioskVisit.objects.of(program_id).filter(device_id=device_id, id=visit_id, state="open")
    if not rows.filter(seen_at__gt=at - LIFE).update(state="enrolling", seen_at=at):
        return False
    if rest:
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=rest)
    KioskGuest.objects.create(id=new_id(), program_id=program_id, device_id=device_id, visit_id=visit_id, at=at)
    return True


@transaction.atomic(durable=True)
def finish_visit(*, program_id: UUID, device_id: UUID, visit_id: UUID, done: Done | None, at: datetime) -> None:
    """What was claimed is done, or (None) could not be and is open again. Somebody else's visit is left alone."""
    enter_program(program_id)
    rows = KioskVisit.objects.of(program_id).filter(device_id=device_id, id=visit_id, state="enrolling")
    if done is None:
        rows.update(state="open", seen_at=at)
        KioskGuest.objects.of(program_id).filter(visit_id=visit_id).delete()
        return
    rows.update(
        state="done", document="", member_id=done.member_id, link=hide(done.link_token), on_receipt=done.on_receipt,
        seen_at=at,
    )  # fmt: skip


@transaction.atomic(durable=True)
def forget_left_visits(*, program_id: UUID, at: datetime) -> int:
    """Visits at kiosks that were switched off in the middle, and people no limit counts any more; how many visits."""
    enter_program(program_id)
    KioskGuest.objects.of(program_id).filter(at__lte=at - GUESTS_KEPT).delete()
    return int(KioskVisit.objects.of(program_id).filter(seen_at__lte=at - LIFE).delete()[0])


def _rest(program_id: UUID, device_id: UUID, at: datetime) -> int:
    limit = (PageSettings.objects.of(program_id).first() or PageSettings()).kiosk_guests
    lately = KioskGuest.objects.of(program_id).filter(device_id=device_id, at__gt=at - HOUR).order_by("-at")
    times = list(lately.values_list("at", flat=True)[: max(limit, 1)])
    if limit == 0:
        return int(HOUR.total_seconds())
    return max(1, int((times[-1] + HOUR - at).total_seconds()) + 1) if len(times) >= limit else 0


def _forget(program_id: UUID, device_id: UUID) -> None:
    KioskVisit.objects.of(program_id).filter(device_id=device_id).delete()


def _open_row(program_id: UUID, device_id: UUID, visit_id: UUID, at: datetime) -> KioskVisit:
    rows = KioskVisit.objects.of(program_id).select_for_update().filter(device_id=device_id, id=visit_id, state="open")
    row: KioskVisit | None = rows.filter(seen_at__gt=at - LIFE).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="visit")
    return row


def _typed(row: KioskVisit) -> Typed:
    return msgspec.json.decode(row.document, type=Typed) if row.document else Typed()


def _keep(row: KioskVisit, typed: Typed, at: datetime) -> None:
    row.document = msgspec.json.encode(typed).decode()
    row.seen_at = at
    row.save(update_fields=["document", "seen_at"])


def _view(row: KioskVisit) -> VisitView:
    known = _typed(row)
    return VisitView(row.id, row.state, known.typed, known.phone, known.person, show(row.link), row.on_receipt)
