"""Friends and agents of members; employees, agents and partners; what the staff reaches and is paid."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import shares as examples
from kopilka.api.faults import Fault, Problem
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.schemas.fields import Moment
from kopilka.api.schemas.shares import (
    AgentIn,
    BeneficiariesOut,
    BeneficiaryChangeIn,
    BeneficiaryIn,
    BeneficiaryOut,
    GoalProgressOut,
    InviterIn,
    Kind,
    NetworkLevelOut,
    NetworkMemberOut,
    NetworkMembersOut,
    NetworkOut,
    PayoutIn,
    PremiumOut,
    PremiumsOut,
    ReferralCodeOut,
    RelationOut,
    SplitIn,
    StaffBalanceOut,
    StaffFiguresOut,
    StaffOut,
    StaffReportOut,
    StaffReportsOut,
)
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import Capability
from kopilka.engine.goals import StaffFigures
from kopilka.services.beneficiaries import (
    NOBODY,
    BeneficiaryAnswer,
    BeneficiaryChange,
    NewBeneficiary,
    add_beneficiary,
    beneficiaries_of_program,
    change_beneficiary,
)
from kopilka.services.referral import (
    Relation,
    choose_split,
    issue_referral_code,
    name_agent,
    name_inviter,
    read_network,
    read_network_level,
)
from kopilka.services.staff import Progress, goals_to_pay, pay_out_goal, read_staff, report_on_staff
from kopilka.wording.languages import Language

Levels = Annotated[int, Meta(ge=1, le=10, description="How many levels down.")]


@operation(
    "POST", "/members/{member_id:str}/referral-code", needs=Capability.ENROL, key=KeyUse.REQUIRED,
    told=examples.REFERRAL_CODE,
)  # fmt: skip
async def create_referral_code(call: Opened, member_id: FromPath[str]) -> Answer[ReferralCodeOut]:
    with call.once():
        done = await call.desk.write(
            issue_referral_code, program_id=call.program_id, member_id=read_id(member_id, "member"),
            asking=_asking(call),
        )  # fmt: skip
    told = ReferralCodeOut(member_id=done.member_id, code=done.code, link=done.link)
    return answer_with(told, replayed=done.replayed)


@operation(
    "POST", "/members/{member_id:str}/inviter", needs=Capability.ENROL, key=KeyUse.REQUIRED, told=examples.INVITER
)
async def create_inviter(call: Opened, member_id: FromPath[str], data: JSONBody[InviterIn]) -> Answer[RelationOut]:
    with call.once():
        done = await call.desk.write(
            name_inviter, program_id=call.program_id, member_id=read_id(member_id, "member"),
            invited_by=data.invited_by, device=data.device, asking=_asking(call),
        )  # fmt: skip
    return _relation(done)


@operation("POST", "/members/{member_id:str}/agent", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.AGENT)
async def set_agent(call: Opened, member_id: FromPath[str], data: JSONBody[AgentIn]) -> Answer[RelationOut]:
    with call.once():
        done = await call.desk.write(
            name_agent, program_id=call.program_id, member_id=read_id(member_id, "member"), agent=data.agent,
            asking=_asking(call),
        )  # fmt: skip
    return _relation(done)


@operation("POST", "/members/{member_id:str}/splits", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.SPLIT)
async def create_split(call: Opened, member_id: FromPath[str], data: JSONBody[SplitIn]) -> Answer[RelationOut]:
    with call.once():
        done = await call.desk.write(
            choose_split, program_id=call.program_id, member_id=read_id(member_id, "member"), share=data.share,
            split=data.split, asking=_asking(call),
        )  # fmt: skip
    return _relation(done)


@operation("GET", "/members/{member_id:str}/network", needs=Capability.READ, told=examples.NETWORK)
async def get_network(call: Opened, member_id: FromPath[str], levels: FromQuery[Levels] = 3) -> Answer[NetworkOut]:
    member = read_id(member_id, "member")
    found = await call.desk.read(
        read_network, program_id=call.program_id, member_id=member, levels=levels, by=call.actor
    )
    return answer_with(NetworkOut(member_id=member, levels=[NetworkLevelOut(**asdict(one)) for one in found]))


@operation("GET", "/members/{member_id:str}/network/members", needs=Capability.READ, told=examples.NETWORK_MEMBERS)
async def get_network_members(
    call: Opened,
    member_id: FromPath[str],
    level: FromQuery[Levels] = 1,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[NetworkMembersOut]:
    member = read_id(member_id, "member")
    listed = f"network {member} {level}"
    after = None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID)
    page, following = await call.desk.read(
        read_network_level, program_id=call.program_id, member_id=member, level=level, by=call.actor, after=after,
        limit=capped(limit),
    )  # fmt: skip
    told = None if following is None else make_cursor(call.program_id, listed, following)
    return answer_with(NetworkMembersOut(items=[NetworkMemberOut(**asdict(one)) for one in page], next=told))


@operation("POST", "/beneficiaries", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, told=examples.ADD)
async def create_beneficiary(call: Opened, data: JSONBody[BeneficiaryIn]) -> Answer[BeneficiaryOut]:
    new = NewBeneficiary(data.kind, data.code, data.name, data.branch, data.person_id)
    with call.once():
        done = await call.desk.write(add_beneficiary, program_id=call.program_id, new=new, asking=_asking(call))
    return _beneficiary(done, 201)


@operation("GET", "/beneficiaries", needs=Capability.READ, told=examples.BENEFICIARIES)
async def get_beneficiaries(
    call: Opened,
    kind: FromQuery[Kind | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[BeneficiariesOut]:
    listed = f"beneficiaries {kind or ''}"
    after = "" if cursor is None else read_cursor(call.program_id, listed, cursor, str)
    page, following = await call.desk.read(
        beneficiaries_of_program, program_id=call.program_id, by=call.actor, kind=kind or "", after=after,
        limit=capped(limit),
    )  # fmt: skip
    told = None if following is None else make_cursor(call.program_id, listed, following)
    return answer_with(BeneficiariesOut(items=[BeneficiaryOut(**asdict(one)) for one in page], next=told))


@operation(
    "PATCH", "/beneficiaries/{kind:str}/{code:str}", needs=Capability.ADJUST, key=KeyUse.REQUIRED,
    told=examples.CHANGE_BENEFICIARY,
)  # fmt: skip
async def change_beneficiary_data(
    call: Opened, kind: FromPath[str], code: FromPath[str], data: JSONBody[BeneficiaryChangeIn]
) -> Answer[BeneficiaryOut]:
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
    if "person_id" in given:
        given["person"] = given.pop("person_id") or NOBODY
    with call.once():
        done = await call.desk.write(
            change_beneficiary, program_id=call.program_id, kind=kind, code=code, change=BeneficiaryChange(**given),
            asking=_asking(call),
        )  # fmt: skip
    return _beneficiary(done, 200)


@operation("GET", "/staff", needs=Capability.READ, told=examples.STAFF_REPORT)
async def get_staff_report(
    call: Opened, since: FromQuery[Moment | None] = None, until: FromQuery[Moment | None] = None
) -> Answer[StaffReportsOut]:
    if since is None or until is None:
        raise Problem(Fault.INVALID, field="since", reason="since_and_until")
    found = await call.desk.read(
        report_on_staff, program_id=call.program_id, by=call.actor, since=_moment(since, "since"),
        until=_moment(until, "until"),
    )  # fmt: skip
    items = [
        StaffReportOut(code=one.code, name=one.name, figures=_figures(one.figures), points=one.points) for one in found
    ]
    return answer_with(StaffReportsOut(items=items))


@operation("GET", "/staff/{code:str}", needs=Capability.READ, told=examples.STAFF)
async def get_staff(call: Opened, code: FromPath[str]) -> Answer[StaffOut]:
    found = await call.desk.read(read_staff, program_id=call.program_id, code=code, by=call.actor, at=call.at)
    decimals = await call.decimals()
    return answer_with(
        StaffOut(
            code=found.employee.code,
            name=found.employee.name,
            branch=found.employee.branch,
            active=found.employee.active,
            today=_figures(found.today),
            balances=[
                StaffBalanceOut(
                    currency=currency, decimals=decimals.get(currency, 0), available=available, pending=pending,
                    debt=debt,
                )
                for currency, (available, pending, debt) in found.balances.items()
            ],
            goals=[_progress(call, one) for one in found.goals],
            premiums=[PremiumOut(**asdict(one)) for one in found.reached],
        )
    )  # fmt: skip


@operation(
    "POST", "/staff/{code:str}/payouts", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, told=examples.PAYOUT
)
async def create_payout(call: Opened, code: FromPath[str], data: JSONBody[PayoutIn]) -> Answer[PremiumOut]:
    with call.once():
        done = await call.desk.write(
            pay_out_goal, program_id=call.program_id, code=code, goal=data.goal, period=data.period,
            paid_minor=data.paid_minor, note=data.note, asking=_asking(call),
        )  # fmt: skip
    return answer_with(PremiumOut(**asdict(done.reached)), status=201, replayed=done.replayed)


@operation("GET", "/premiums", needs=Capability.READ, told=examples.PREMIUMS)
async def get_premiums(call: Opened) -> Answer[PremiumsOut]:
    found = await call.desk.read(goals_to_pay, program_id=call.program_id, by=call.actor)
    return answer_with(PremiumsOut(items=[PremiumOut(**asdict(one)) for one in found]))


def _asking(call: Call) -> Asking:
    return Asking(call.actor, call.at, call.request, call.request_id)


def _relation(done: Relation) -> Answer[RelationOut]:
    told = RelationOut(
        member_id=done.member_id, inviter_id=done.inviter_id, agent=done.agent, split=done.split, segment=done.segment,
        until=done.until or None,
    )  # fmt: skip
    return answer_with(told, replayed=done.replayed)


def _beneficiary(done: BeneficiaryAnswer, status: int) -> Answer[BeneficiaryOut]:
    return answer_with(BeneficiaryOut(**asdict(done.beneficiary)), status=status, replayed=done.replayed)


def _figures(one: StaffFigures) -> StaffFiguresOut:
    return StaffFiguresOut(
        receipts=one.receipts, named=one.named, named_share=one.named_share, turnover_minor=one.net_minor,
        returned_minor=one.returned_minor, enrolments=one.enrolments,
    )  # fmt: skip


def _progress(call: Call, one: Progress) -> GoalProgressOut:
    goal = one.goal
    name = (goal.name_ru if call.language is Language.RU else goal.name_en) or goal.name_ru or goal.name_en
    return GoalProgressOut(
        goal=goal.code, name=name or goal.code, period=one.period.day, ends_at=one.period.end,
        premium_minor=goal.premium_minor, currency=goal.currency, points=one.figures.units, points_needed=goal.units,
        enrolments=one.figures.enrolments, enrolments_needed=goal.enrolments, named_share=one.figures.named_share,
        named_share_needed=goal.named_share, is_reached=one.is_reached,
    )  # fmt: skip


def _moment(moment: datetime, field: str) -> datetime:
    found = bounded(moment, field)
    assert found is not None, "it was given"
    return found
