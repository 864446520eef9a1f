"""Programs: created, given a rulebook, given the next one; what changed between two of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.publishing import (
    add_version,
    lock_program,
    must_be_approved,
    must_fit_books,
    must_not_roll_out,
    next_number,
    put_in_force,
)
from kopilka.bookkeeping.rulebooks import as_params, check_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.programs import Branch, Program, Till
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Kind
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView, program_view, rulebook_source
from kopilka.services.rulebook_cases import must_pass

LANGUAGES = ("ru", "en")

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
_RESERVED = frozenset({"admin", "api", "app", "healthz", "kopilka", "readyz", "static", "www"})
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Published:
    """`is_new` is False when the very same text is already the current version. `advice` are warnings.

    `replayed`: this very request was done before, and this is what it answered then.
    """

    number: int
    fingerprint: str
    is_new: bool
    advice: list[dict[str, object]] = field(default_factory=list)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; None where the place is absent. `path` as in `promotions.friday.discount.percent`."""

    path: str
    before: object
    after: object


@transaction.atomic(durable=True)
def create_program(
    *,
    slug: str,
    name: str,
    currency: str = "RUB",
    timezone: str = "Europe/Moscow",
    language: str = "ru",
    country: str = "RU",
    is_demo: bool = False,
    by: Actor,
    at: datetime,
) -> ProgramView:
    """An empty program; it can do nothing until a rulebook is published. `invalid` (slug, taken) when it exists.

    `is_demo`: for trying out; what would be sent to members is shown on a page instead.
    """
    by.must(Capability.PUBLISH)
    if not _SLUG.fullmatch(slug) or slug in _RESERVED or slug.startswith("xn--"):
        raise Refusal(Code.INVALID, field="slug", reason="not_a_slug")
    _must_fit(currency, timezone, language, country)
    title = clean_text(name, field="name", length_max=200) or slug
    program = Program(
        id=new_id(), slug=slug, name=title, currency=currency, timezone=timezone,
        language=language, country=country, is_demo=is_demo, created_at=at,
    )  # fmt: skip
    enter_program(program.id)
    try:
        with transaction.atomic():
            program.save(force_insert=True)
    except IntegrityError:
        raise Refusal(Code.INVALID, field="slug", reason="taken") from None
    record_audit(program.id, "program_created", program.id, by=by, at=at, after={"slug": slug})
    return program_view(program)


@transaction.atomic(durable=True)
def publish_rulebook(
    *,
    program_id: UUID,
    source: str,
    note: str = "",
    dry_run: bool = False,
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> Published:
    """The next version of the program's rules, in force for every receipt from now on.

    `rulebook_invalid` (problems) when the document has errors, fails its own tests or does not fit the program's
    books: money must stay the same, a points currency that members hold can neither go nor change its decimals. The
    very text that is current already is not published again. `dry_run` checks all this and writes nothing.
    """
    by.must(Capability.PUBLISH)
    reading = check_rulebook(source)
    must_pass(reading)
    program = lock_program(program_id)
    if done := find_answered(program_id, request):
        return replace(msgspec.json.decode(done.answer or "", type=Published), replayed=True)
    advice = [as_params(problem) for problem in reading.advice]
    if dry_run:
        must_fit_books(program, reading.rulebook)
        return Published(next_number(program), reading.rulebook.fingerprint, is_new=True, advice=advice)
    must_be_approved(program)
    must_not_roll_out(program)
    if program.rulebook_number and rulebook_source(program_id)[1] == source:
        number, is_new = program.rulebook_number, False
    else:
        must_fit_books(program, reading.rulebook)
        version = add_version(program, source, reading, note, by, at)
        put_in_force(program, version, reading.rulebook, by=by, at=at, request_id=request_id)
        number, is_new = version.number, True
    published = Published(number, reading.rulebook.fingerprint, is_new, advice)
    written = Written(
        Kind.PUBLISH, None, program_id, at, at, by, request=request, request_id=request_id,
        status=DONE, answer=msgspec.json.encode(published).decode() if request.key else None,
    )  # fmt: skip
    write_acts(program_id, [written])
    return published


def diff_versions(*, program_id: UUID, first: int, second: int, by: Actor) -> list[Difference]:
    """What the second version says differently from the first, in the order of paths."""
    by.must(Capability.READ)
    before, after = (check_rulebook(rulebook_source(program_id, number)[1]).tree for number in (first, second))
    return diff_trees(before, after)


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences of two documents, and their plain trees."""

    differences: list[Difference]
    before: object
    after: object


def diff_sources(before: str, after: str) -> Compared:
    """What the second text says differently from the first; `rulebook_invalid` where one cannot be read."""
    first, second = (check_rulebook(source).tree for source in (before, after))
    return Compared(diff_trees(first, second), first, second)


def diff_trees(before: object, after: object, path: str = "") -> list[Difference]:
    """Mappings are compared key by key, lists and texts as wholes; of the tiers the order counts too."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [] if before == after else [Difference(path, before, after)]
    found: list[Difference] = []
    if path == "tiers" and [key for key in before if key in after] != [key for key in after if key in before]:
        found.append(Difference(path, list(before), list(after)))
    for key in sorted({*before, *after}):
        place = f"{path}.{key}" if path else str(key)
        if key in before and key in after:
            found += diff_trees(before[key], after[key], place)
        else:
            found.append(Difference(place, before.get(key), after.get(key)))
    return found


@transaction.atomic(durable=True)
def add_branch(
    *, program_id: UUID, code: str, name: str = "", tills: tuple[str, ...] = (), by: Actor, at: datetime
) -> UUID:
    """A place of sale with its tills; existing ones with these codes stay as they are."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    code = clean_text(code, field="code", length_max=64)
    branch, is_new = Branch.objects.of(program_id).get_or_create(
        program_id=program_id, code=code, defaults={"name": clean_text(name, field="name", length_max=200)}
    )
    for till in tills:
        Till.objects.of(program_id).get_or_create(
            program_id=program_id,
            code=clean_text(till, field="till", length_max=64),
            defaults={"branch": branch},
        )
    if is_new:
        record_audit(program_id, "branch_added", branch.id, by=by, at=at, after={"code": code})
    branch_id: UUID = branch.id
    return branch_id


def _must_fit(currency: str, timezone: str, language: str, country: str) -> None:
    if currency not in CURRENCY_DIGITS:
        raise Refusal(Code.INVALID, field="currency", reason="unknown")
    if language not in LANGUAGES:
        raise Refusal(Code.INVALID, field="language", reason="unknown")
    if not _COUNTRY.fullmatch(country):
        raise Refusal(Code.INVALID, field="country", reason="unknown")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(Code.INVALID, field="timezone", reason="unknown") from None
