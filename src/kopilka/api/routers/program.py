"""The program: what it is, its rulebook, publishing the next one, what changed between two."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with, encode
from kopilka.api.calls import Call, KeyUse
from kopilka.api.examples import programs as examples
from kopilka.api.faults import Fault, Problem
from kopilka.api.findings import findings_out, sentences
from kopilka.api.operations import Opened, operation
from kopilka.api.schemas.programs import (
    AdviceOut,
    CurrencyOut,
    DifferenceOut,
    DiffOut,
    ProgramOut,
    PublishedOut,
    RulebookOut,
    TierOut,
    VersionIn,
    VersionOut,
    VersionsOut,
)
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.engine.actor import Capability
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import ProgramView, list_versions, program_by_id, rulebook_source
from kopilka.queries.scope import reading
from kopilka.services.linting import lint_source
from kopilka.services.programs import diff_sources, publish_rulebook
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text

VERSION_MAX = 2**31 - 1


@operation("GET", "/program", needs=Capability.READ, told=examples.PROGRAM)
async def get_program(call: Opened) -> Answer[ProgramOut]:
    program, rulebook = await call.desk.read(_program, call)
    return answer_with(_program_out(program, rulebook, call.language))


@operation("GET", "/program/rulebook", needs=Capability.READ, told=examples.RULEBOOK)
async def get_rulebook(call: Opened) -> Answer[RulebookOut]:
    number, source = await call.desk.read(rulebook_source, call.program_id)
    return answer_with(RulebookOut(number=number, source=source))


@operation("GET", "/program/versions", needs=Capability.READ, told=examples.VERSIONS)
async def get_versions(call: Opened) -> Answer[VersionsOut]:
    found = await call.desk.read(list_versions, call.program_id)
    return answer_with(
        VersionsOut(
            items=[
                VersionOut(
                    number=view.number,
                    fingerprint=view.fingerprint,
                    note=view.note,
                    published_at=view.published_at,
                    published_by=view.published_by,
                    is_current=view.is_current,
                )
                for view in found
            ]
        )
    )


@operation(
    "POST",
    "/program/versions",
    needs=Capability.PUBLISH,
    key=KeyUse.REQUIRED,
    status=201,
    also=(200,),
    told=examples.PUBLISH,
)
async def publish_version(call: Opened, data: JSONBody[VersionIn]) -> Answer[PublishedOut]:
    if (data.source is None) == (data.document is None):
        raise Problem(Fault.INVALID, field="source", reason="exactly_one_of_source_document")
    source = encode(data.document).decode() if data.source is None else data.source
    with call.once():
        done = await call.desk.write(
            publish_rulebook, program_id=call.program_id, source=source, note=data.note, dry_run=data.dry_run,
            request=call.request, by=call.actor, at=call.at, request_id=call.request_id,
        )  # fmt: skip
    linted = await call.desk.read(lint_source, source=source, program_id=call.program_id, at=call.at)
    told = PublishedOut(
        number=done.number,
        fingerprint=done.fingerprint,
        is_new=done.is_new,
        dry_run=data.dry_run,
        advice=[_advice(problem, call.language) for problem in done.advice],
        findings=findings_out(linted, call.language),
    )
    return answer_with(told, status=200 if data.dry_run else 201, replayed=done.replayed)


@operation("GET", "/program/versions/{number:str}", needs=Capability.READ, told=examples.VERSION)
async def get_version(call: Opened, number: FromPath[str]) -> Answer[RulebookOut]:
    found, source = await call.desk.read(rulebook_source, call.program_id, version_number(number))
    return answer_with(RulebookOut(number=found, source=source))


@operation("GET", "/program/versions/{first:str}/diff/{second:str}", needs=Capability.READ, told=examples.DIFF)
async def compare_versions(call: Opened, first: FromPath[str], second: FromPath[str]) -> Answer[DiffOut]:
    numbers = version_number(first), version_number(second)
    _, before = await call.desk.read(rulebook_source, call.program_id, numbers[0])
    _, after = await call.desk.read(rulebook_source, call.program_id, numbers[1])
    found = await call.desk.read(diff_sources, before, after)
    told = sentences(found, call.language)
    return answer_with(
        DiffOut(
            first=numbers[0],
            second=numbers[1],
            differences=[
                DifferenceOut(path=one.path, before=one.before, after=one.after, text=words.text)
                for one, words in zip(found.differences, told, strict=True)
            ],
        )
    )


def version_number(text: str) -> int:
    """A version's number in a path; what cannot be one is not found."""
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or not 0 < int(text) <= VERSION_MAX:  # noqa: PLR2004
        raise Refusal(Code.NOT_FOUND, what="rulebook")
    return int(text)


def _program(call: Call) -> tuple[ProgramView, Rulebook | None]:
    """The program as it is now, not as it was when the key was read."""
    program = program_by_id(call.program_id)
    if not program.rulebook_number:
        return program, None
    with reading(program.id):
        return program, load_rulebook_version(program.id, program.rulebook_number)


def _program_out(program: ProgramView, rulebook: Rulebook | None, language: Language) -> ProgramOut:
    russian = language is Language.RU
    return ProgramOut(
        id=program.id,
        slug=program.slug,
        name=program.name,
        currency=program.currency,
        currency_digits=CURRENCY_DIGITS[program.currency],
        timezone=program.timezone,
        language=program.language,
        country=program.country,
        rulebook_number=program.rulebook_number,
        points=[
            CurrencyOut(
                code=one.code,
                name=(one.name_ru if russian else one.name_en) or one.name_ru or one.name_en or one.code,
                decimals=one.decimals,
                worth_minor=one.worth_minor,
            )
            for one in (rulebook.points.values() if rulebook else ())
        ],
        tiers=[
            TierOut(code=one.code, name=(one.name_ru if russian else one.name_en) or one.code)
            for one in (rulebook.tiers if rulebook else ())
        ],
    )


def _advice(problem: dict[str, Any], language: Language) -> AdviceOut:
    return AdviceOut(
        path=str(problem.get("path", "")),
        code=str(problem["code"]),
        text=problem_text(str(problem["code"]), problem.get("params", {}), language),
        line=int(problem.get("line", 0)),
    )
