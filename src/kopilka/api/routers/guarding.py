"""Guard rails: findings, switches that act at once, drafts, rollouts by branch, the way back, rules taken back."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with, encode
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import guarding as examples
from kopilka.api.faults import Fault, Problem
from kopilka.api.findings import findings_out, problems_out, sentences
from kopilka.api.operations import Opened, operation
from kopilka.api.routers.program import version_number
from kopilka.api.schemas.guarding import (
    ApproveIn,
    BranchesIn,
    DraftDiffOut,
    DraftIn,
    DraftOut,
    DraftsOut,
    DraftTextOut,
    LintIn,
    LintOut,
    ReasonIn,
    ReversalIn,
    ReversalOut,
    ReversalSumOut,
    RolledOutOut,
    RolloutIn,
    SwitchedOut,
    SwitchesOut,
    SwitchIn,
)
from kopilka.engine.actor import Capability
from kopilka.queries.drafts import DraftView, draft_of, list_drafts, needs_approval, switches_now
from kopilka.queries.programs import rulebook_source
from kopilka.services.drafts import Drafted, approve_draft, drop_draft, publish_draft, save_draft
from kopilka.services.linting import lint_source
from kopilka.services.programs import diff_sources
from kopilka.services.reversals import Reversed, preview_reversal, reversal_view, reverse_rule, undo_reversal
from kopilka.services.rollouts import (
    RolledOut,
    finish_rollout,
    roll_back,
    start_rollout,
    widen_rollout,
    withdraw_rollout,
)
from kopilka.services.switches import switch

MEMBERS_AT_ONCE = 200
"""Of so many members a request takes a rule back; the worker does the rest."""


@operation("POST", "/program/lint", needs=Capability.READ, told=examples.LINT)
async def lint_rulebook(call: Opened, data: JSONBody[LintIn]) -> Answer[LintOut]:
    linted = await call.desk.read(
        lint_source, source=_source(data.source, data.document), sample=data.sample, inflation=data.inflation,
        program_id=call.program_id, at=call.at,
    )  # fmt: skip
    return answer_with(
        LintOut(problems=problems_out(linted, call.language), findings=findings_out(linted, call.language))
    )


@operation("GET", "/program/switches", needs=Capability.READ, told=examples.SWITCHES)
async def get_switches(call: Opened) -> Answer[SwitchesOut]:
    now = await call.desk.read(switches_now, call.program_id)
    return answer_with(
        SwitchesOut(
            earning=now.earning,
            spending=now.spending,
            rules_off=list(now.rules_off),
            rollout_number=now.rollout_number,
            rollout_branches=list(now.rollout_branches),
        )
    )


@operation(
    "PATCH", "/program/switches/{what:str}", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.SWITCH
)  # fmt: skip
async def throw_switch(call: Opened, what: FromPath[str], data: JSONBody[SwitchIn]) -> Answer[SwitchedOut]:
    with call.once():
        done = await call.desk.write(
            switch, program_id=call.program_id, what=what[:130], on=data.on, reason=data.reason, **_who(call)
        )
    told = SwitchedOut(
        what=done.what, earning=done.earning, spending=done.spending, rules_off=done.rules_off, changed=done.changed
    )
    return answer_with(told, replayed=done.replayed)


@operation("GET", "/program/drafts", needs=Capability.READ, told=examples.DRAFTS)
async def get_drafts(call: Opened) -> Answer[DraftsOut]:
    found = await call.desk.read(list_drafts, call.program_id)
    needed = await call.desk.read(needs_approval, call.program_id)
    return answer_with(DraftsOut(items=[_draft(one) for one in found], needs_approval=needed))


@operation(
    "POST", "/program/drafts", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.SAVE_DRAFT
)  # fmt: skip
async def create_draft(call: Opened, data: JSONBody[DraftIn]) -> Answer[DraftOut]:
    source = _source(data.source, data.document)
    with call.once():
        done = await call.desk.write(
            save_draft, program_id=call.program_id, name=data.name, source=source, note=data.note, **_who(call)
        )
    return _drafted(done, status=201)


@operation("GET", "/program/drafts/{draft_id:str}", needs=Capability.READ, told=examples.DRAFT)
async def get_draft(call: Opened, draft_id: FromPath[str]) -> Answer[DraftTextOut]:
    view, source = await call.desk.read(draft_of, call.program_id, read_id(draft_id, "draft"))
    return answer_with(DraftTextOut(draft=_draft(view), source=source))


@operation("GET", "/program/drafts/{draft_id:str}/diff", needs=Capability.READ, told=examples.DRAFT_DIFF)
async def compare_draft(call: Opened, draft_id: FromPath[str]) -> Answer[DraftDiffOut]:
    _, source = await call.desk.read(draft_of, call.program_id, read_id(draft_id, "draft"))
    _, current = await call.desk.read(rulebook_source, call.program_id)
    found = await call.desk.read(diff_sources, current, source)
    return answer_with(DraftDiffOut(differences=sentences(found, call.language)))


@operation(
    "POST", "/program/drafts/{draft_id:str}/approve", needs=Capability.PUBLISH, key=KeyUse.REQUIRED,
    told=examples.APPROVE,
)  # fmt: skip
async def approve(call: Opened, draft_id: FromPath[str], data: JSONBody[ApproveIn]) -> Answer[DraftOut]:
    with call.once():
        done = await call.desk.write(
            approve_draft, program_id=call.program_id, draft_id=read_id(draft_id, "draft"),
            fingerprint=data.fingerprint, **_who(call),
        )  # fmt: skip
    return _drafted(done)


@operation(
    "POST", "/program/drafts/{draft_id:str}/publish", needs=Capability.PUBLISH, key=KeyUse.REQUIRED,
    told=examples.PUBLISH_DRAFT,
)  # fmt: skip
async def publish_saved(call: Opened, draft_id: FromPath[str]) -> Answer[DraftOut]:
    with call.once():
        done = await call.desk.write(
            publish_draft, program_id=call.program_id, draft_id=read_id(draft_id, "draft"), **_who(call)
        )
    return _drafted(done)


@operation(
    "POST", "/program/drafts/{draft_id:str}/drop", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.DROP
)  # fmt: skip
async def drop(call: Opened, draft_id: FromPath[str]) -> Answer[DraftOut]:
    with call.once():
        done = await call.desk.write(
            drop_draft, program_id=call.program_id, draft_id=read_id(draft_id, "draft"), **_who(call)
        )
    return _drafted(done)


@operation(
    "POST", "/program/rollout", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.ROLLOUT
)  # fmt: skip
async def create_rollout(call: Opened, data: JSONBody[RolloutIn]) -> Answer[RolledOutOut]:
    source = _source(data.source, data.document)
    with call.once():
        done = await call.desk.write(
            start_rollout, program_id=call.program_id, source=source, branches=data.branches, note=data.note,
            **_who(call),
        )  # fmt: skip
    return _rolled_out(done, status=201)


@operation(
    "POST", "/program/rollout/branches", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.WIDEN
)  # fmt: skip
async def widen(call: Opened, data: JSONBody[BranchesIn]) -> Answer[RolledOutOut]:
    with call.once():
        done = await call.desk.write(widen_rollout, program_id=call.program_id, branches=data.branches, **_who(call))
    return _rolled_out(done)


@operation(
    "POST", "/program/rollout/finish", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.FINISH
)  # fmt: skip
async def finish(call: Opened) -> Answer[RolledOutOut]:
    with call.once():
        done = await call.desk.write(finish_rollout, program_id=call.program_id, **_who(call))
    return _rolled_out(done)


@operation(
    "POST", "/program/rollout/withdraw", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.WITHDRAW
)  # fmt: skip
async def withdraw(call: Opened, data: JSONBody[ReasonIn]) -> Answer[RolledOutOut]:
    with call.once():
        done = await call.desk.write(withdraw_rollout, program_id=call.program_id, reason=data.reason, **_who(call))
    return _rolled_out(done)


@operation(
    "POST", "/program/versions/{number:str}/publish", needs=Capability.PUBLISH, key=KeyUse.REQUIRED,
    told=examples.ROLL_BACK,
)  # fmt: skip
async def publish_again(call: Opened, number: FromPath[str], data: JSONBody[ReasonIn]) -> Answer[RolledOutOut]:
    with call.once():
        done = await call.desk.write(
            roll_back, program_id=call.program_id, number=version_number(number), reason=data.reason, **_who(call)
        )
    return _rolled_out(done)


@operation(
    "POST", "/program/reversals", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, also=(200,),
    told=examples.REVERSE,
)  # fmt: skip
async def create_reversal(call: Opened, data: JSONBody[ReversalIn]) -> Answer[ReversalOut]:
    if data.dry_run:
        told = await call.desk.write(
            preview_reversal, program_id=call.program_id, rule=data.rule, since=data.since, until=data.until,
            by=call.actor, at=call.at,
        )  # fmt: skip
        return answer_with(_reversal(told), status=200)
    with call.once():
        done = await call.desk.write(
            reverse_rule, program_id=call.program_id, rule=data.rule, since=data.since, until=data.until,
            reason=data.reason, members_max=MEMBERS_AT_ONCE, **_who(call),
        )  # fmt: skip
    return answer_with(_reversal(done), status=201, replayed=done.replayed)


@operation("GET", "/program/reversals/{reversal_id:str}", needs=Capability.READ, told=examples.REVERSAL)
async def get_reversal(call: Opened, reversal_id: FromPath[str]) -> Answer[ReversalOut]:
    view = await call.desk.write(reversal_view, call.program_id, read_id(reversal_id, "reversal"))
    return answer_with(_reversal(view))


@operation(
    "POST", "/program/reversals/{reversal_id:str}/undo", needs=Capability.ADJUST, key=KeyUse.REQUIRED,
    told=examples.UNDO,
)  # fmt: skip
async def undo(call: Opened, reversal_id: FromPath[str], data: JSONBody[ReasonIn]) -> Answer[ReversalOut]:
    with call.once():
        done = await call.desk.write(
            undo_reversal, program_id=call.program_id, reversal_id=read_id(reversal_id, "reversal"),
            reason=data.reason, members_max=MEMBERS_AT_ONCE, **_who(call),
        )  # fmt: skip
    return answer_with(_reversal(done), replayed=done.replayed)


def _who(call: Call) -> dict[str, Any]:
    """Who asks, when, under which key."""
    return {"request": call.request, "by": call.actor, "at": call.at, "request_id": call.request_id}


def _source(source: str | None, document: dict[str, Any] | None) -> str:
    if (source is None) == (document is None):
        raise Problem(Fault.INVALID, field="source", reason="exactly_one_of_source_document")
    return encode(document).decode() if source is None else source


def _draft(view: DraftView) -> DraftOut:
    return DraftOut(
        id=view.id,
        name=view.name,
        fingerprint=view.fingerprint,
        note=view.note,
        state=view.state,
        number=view.number,
        saved_at=view.saved_at,
        saved_by=view.saved_by,
        approved_at=view.approved_at,
        approved_by=view.approved_by,
    )


def _drafted(done: Drafted, *, status: int = 200) -> Answer[DraftOut]:
    return answer_with(_draft(done.draft), status=status, replayed=done.replayed)


def _rolled_out(done: RolledOut, *, status: int = 200) -> Answer[RolledOutOut]:
    told = RolledOutOut(number=done.number, current=done.current, branches=done.branches)
    return answer_with(told, status=status, replayed=done.replayed)


def _reversal(done: Reversed) -> ReversalOut:
    return ReversalOut(
        id=done.reversal_id,
        rule=done.rule,
        state=done.state,
        members=done.members,
        items=done.items,
        sums=[
            ReversalSumOut(
                currency=currency,
                given=one.given,
                returned=one.returned,
                taken=one.taken,
                expired=one.expired,
                owed=one.owed,
                forgotten=one.forgotten,
            )
            for currency, one in sorted(done.sums.items())
        ],
    )
