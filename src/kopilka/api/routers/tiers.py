"""A member's tier, read and set; thresholds proposed from the program's own history."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import tiers as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.schemas.tiers import (
    LackOut,
    MemberTierOut,
    ProposalOut,
    ProposedTierOut,
    TierChangeOut,
    TierIn,
    TierSetOut,
    WayOut,
)
from kopilka.api.told import decimal_text
from kopilka.engine.actor import Capability
from kopilka.engine.tiering.missing import Way
from kopilka.services.tier_progress import read_tier
from kopilka.services.tier_proposals import LEVELS, LEVELS_MAX, propose_tiers
from kopilka.services.tiers import TierRequest, set_tier
from kopilka.wording.tiers import progress_texts
from kopilka.wording.vocabulary import Vocabulary, vocabulary_of

Levels = Annotated[int, msgspec.Meta(ge=2, le=LEVELS_MAX)]


@operation("GET", "/members/{member_id:str}/tier", needs=Capability.READ, told=examples.READ)
async def get_tier(call: Opened, member_id: FromPath[str]) -> Answer[MemberTierOut]:
    told = await call.desk.read(
        read_tier, program_id=call.program_id, member_id=read_id(member_id, "member"), by=call.actor, at=call.at
    )
    words = vocabulary_of(told.rulebook, call.language)
    progress = told.progress
    return answer_with(
        MemberTierOut(
            member_id=told.member_id,
            tier=told.tier,
            name=words.tiers.get(told.tier, told.tier),
            since=told.since,
            until=told.until,
            for_ever=told.for_ever,
            next=_way(progress.next, words) if progress.next else None,
            keep=_way(progress.keep, words) if progress.keep else None,
            says=progress_texts(progress, words),
            history=[
                TierChangeOut(
                    id=one.id, before=one.before, after=one.after, at=one.at, why=one.why, cause_id=one.cause,
                    by=one.by, reason=one.reason,
                )
                for one in told.history
            ],
        )
    )  # fmt: skip


@operation("POST", "/members/{member_id:str}/tier", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.SET)
async def change_tier(call: Opened, member_id: FromPath[str], data: JSONBody[TierIn]) -> Answer[TierSetOut]:
    asked = TierRequest(
        read_id(member_id, "member"), data.tier, data.reason, call.actor, call.at, data.until, data.for_ever,
        call.request, call.language.value, call.request_id,
    )  # fmt: skip
    with call.once():
        done = await call.desk.write(set_tier, program_id=call.program_id, request=asked)
    told = TierSetOut(
        id=done.operation_id, member_id=done.member_id, before=done.before, tier=done.tier, since=done.since,
        until=done.until, for_ever=done.for_ever, reason=done.reason,
    )  # fmt: skip
    return answer_with(told, replayed=done.replayed)


@operation("GET", "/program/tier-proposal", needs=Capability.READ, told=examples.PROPOSE)
async def get_tier_proposal(call: Opened, levels: FromQuery[Levels] = LEVELS) -> Answer[ProposalOut]:
    found = await call.desk.read(propose_tiers, program_id=call.program_id, levels=levels, by=call.actor, at=call.at)
    return answer_with(
        ProposalOut(
            at=found.at,
            members=found.members,
            currency=found.currency,
            average_receipt_minor=found.average_receipt_minor,
            tiers=[
                ProposedTierOut(from_minor=one.from_minor, members=one.members, share=decimal_text(one.share, 2))
                for one in found.tiers
            ],
            text=found.text,
        )
    )


def _way(way: Way, words: Vocabulary) -> WayOut:
    ways = [
        [LackOut(fact=one.fact, currency=one.of, amount=one.amount, has=one.has, wanted=one.wanted) for one in lacks]
        for lacks in way.ways
    ]
    return WayOut(tier=way.tier, name=words.tiers.get(way.tier, way.tier), ways=ways, until=way.until)
