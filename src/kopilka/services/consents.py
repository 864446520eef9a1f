"""What members are asked to agree to, what each has agreed to, and taking it back as easily as it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.consents import current_versions, write_consents
from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import Consent, ConsentText
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.consents import CHANNELS, KINDS, REQUIRED, Given, Witness
from kopilka.engine.contacts import clean_lines
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.page_settings import page_settings
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.wording.amounts import SPACE
from kopilka.wording.consent_texts import consent_title, package_text
from kopilka.wording.languages import Language

TEXT_MAX = 50_000
HISTORY_MAX = 500


@dataclass(frozen=True, slots=True)
class ConsentTextView:
    """A text as a person reads it; `version` 0 and no time: the one of the package."""

    kind: str
    version: int
    title: str
    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Whether a consent is given, since when, to which version, and how it was."""

    kind: str
    channel: str
    given: bool
    version: int
    at: datetime
    door: str
    evidence: str


def texts(program: ProgramView, language: Language) -> tuple[ConsentTextView, ...]:
    """What holds now: terms, privacy, advertising."""
    return tuple(text_of(program, kind, language) for kind in KINDS)


def text_of(program: ProgramView, kind: str, language: Language, version: int | None = None) -> ConsentTextView:
    """One text; an earlier version by its number; `not_found`."""
    if kind not in KINDS:
        raise Refusal(Code.NOT_FOUND, what="text")
    with reading(program.id):
        rows = ConsentText.objects.of(program.id).filter(kind=kind).order_by("-version")
        row = (rows if version is None else rows.filter(version=version)).first()
    title = consent_title(kind, language)
    if row is not None:
        text = row.text_en if language is Language.EN else row.text_ru
        return ConsentTextView(kind, row.version, title, text, row.published_at)
    if version:
        raise Refusal(Code.NOT_FOUND, what="text")
    pages = page_settings(program.id)
    contacts = ", ".join(part for part in (pages.phone.replace(" ", SPACE), pages.address) if part)
    return ConsentTextView(kind, 0, title, package_text(kind, language, program.name, contacts))


@transaction.atomic(durable=True)
def publish_text(*, program_id: UUID, kind: str, text_ru: str, text_en: str, by: Actor, at: datetime) -> int:
    """A new version from now on; what members agreed to before stays as it was. Its number; `invalid`, `missing`."""
    by.must(Capability.PUBLISH)
    if kind not in KINDS:
        raise Refusal(Code.INVALID, field="kind", reason="unknown_value")
    cleaned = {
        field: clean_lines(text, field=field, length_max=TEXT_MAX)
        for field, text in (("text_ru", text_ru), ("text_en", text_en))
    }
    for field, text in cleaned.items():
        if not text:
            raise Refusal(Code.MISSING, field=field)
    enter_program(program_id)
    version = current_versions(program_id)[kind] + 1
    made = ConsentText.objects.create(
        id=new_id(), program_id=program_id, kind=kind, version=version, published_at=at, **cleaned
    )
    record_audit(program_id, "text_published", made.id, by=by, at=at, after={"kind": kind, "version": version})
    return version


@transaction.atomic(durable=True)
def note_consents(
    *,
    program_id: UUID,
    member_id: UUID,
    given: Sequence[Given] = (),
    withdrawn: Sequence[Given] = (),
    door: str,
    evidence: str = "",
    by: Actor,
    at: datetime,
) -> list[ConsentView]:
    """Write down what he gives and takes back; what holds already is not written again. What holds now.

    `not_found` (member), `invalid` (consents). Terms and privacy are taken back by deleting the card only.
    """
    by.must(Capability.ENROL)
    if any(one.kind in REQUIRED for one in withdrawn):
        raise Refusal(Code.INVALID, field="consents", reason="needed_to_be_a_member")
    enter_program(program_id)
    lock_members(program_id, [member_id])
    return add_consents(program_id, member_id, given, withdrawn, witness=Witness(door, evidence), at=at)


def add_consents(
    program_id: UUID,
    member_id: UUID,
    given: Sequence[Given],
    withdrawn: Sequence[Given] = (),
    *,
    witness: Witness,
    at: datetime,
) -> list[ConsentView]:
    """The same inside the transaction of another act, which has locked the member."""
    held = {(one.kind, one.channel): one for one in _last(program_id, member_id)}
    versions = current_versions(program_id)
    new = [one for one in given if not _is_held(held, one, versions)]
    gone = [one for one in withdrawn if (one.kind, one.channel) in held and held[one.kind, one.channel].given]
    write_consents(program_id, member_id, new, given=True, witness=witness, at=at)
    write_consents(program_id, member_id, gone, given=False, witness=witness, at=at)
    if new or gone:
        record(program_id, EventKind.MEMBER_CHANGED, member_id=member_id, subject_id=member_id, at=at)
    return _last(program_id, member_id)


def consents_of(program_id: UUID, member_id: UUID) -> list[ConsentView]:
    """The last word on each, in the order of KINDS and CHANNELS; what he was never asked is absent."""
    with reading(program_id):
        return _last(program_id, member_id)


def lacking_consents(program_id: UUID, member_id: UUID) -> tuple[str, ...]:
    """Kinds nobody can be a member without that he has given in no version, in the order of REQUIRED."""
    given = {one.kind for one in consents_of(program_id, member_id) if one.given}
    return tuple(kind for kind in REQUIRED if kind not in given)


def consent_history(program_id: UUID, member_id: UUID) -> list[ConsentView]:
    """Everything he ever gave or took back, the newest first."""
    with reading(program_id):
        rows = Consent.objects.of(program_id).filter(member_id=member_id).order_by("-at", "-id")[:HISTORY_MAX]
        return [_view(row) for row in rows]


def _last(program_id: UUID, member_id: UUID) -> list[ConsentView]:
    rows = Consent.objects.of(program_id).filter(member_id=member_id).order_by("at", "id")
    last = {(row.kind, row.channel): _view(row) for row in rows}
    places = [(kind, channel) for kind in KINDS for channel in (CHANNELS if kind == "ads" else ("",))]
    return [last[place] for place in places if place in last]


def _is_held(held: dict[tuple[str, str], ConsentView], one: Given, versions: dict[str, int]) -> bool:
    known = held.get((one.kind, one.channel))
    wanted = versions.get(one.kind, 0) if one.version is None else one.version
    return known is not None and known.given and known.version >= wanted


def _view(row: Consent) -> ConsentView:
    return ConsentView(row.kind, row.channel, row.given, row.version, row.at, row.door, row.evidence)
