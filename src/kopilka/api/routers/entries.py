"""The books: a member's statement, one entry, and why it is what it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar.params import FromPath, FromQuery

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, read_id
from kopilka.api.examples import wallets as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, capped, make_cursor, read_cursor
from kopilka.api.schemas.entries import EntriesOut, EntryOut, ExplanationOut
from kopilka.api.schemas.fields import CurrencyCode
from kopilka.api.telling import entry_out
from kopilka.engine.actor import Capability
from kopilka.engine.ledger import Kind
from kopilka.queries.entries import EntryView, background_of_entry, statement_of_member
from kopilka.queries.holds import hold_for_door
from kopilka.services.explaining import explain
from kopilka.services.explanations import explain_entry


@operation("GET", "/members/{member_id:str}/entries", needs=Capability.READ, told=examples.ENTRIES)
async def get_entries(
    call: Opened,
    member_id: FromPath[str],
    currency: FromQuery[CurrencyCode | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[EntriesOut]:
    member = read_id(member_id, "member")
    listed = f"entries {member} {currency or ''}"
    before = None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID)
    page = await call.desk.read(
        statement_of_member,
        call.program_id,
        member,
        currency=currency or "",
        before=before,
        limit=capped(limit),
    )
    decimals = await call.decimals()
    following = None if page.next_cursor is None else make_cursor(call.program_id, listed, page.next_cursor)
    return answer_with(EntriesOut(items=[entry_out(one, decimals) for one in page.entries], next=following))


@operation("GET", "/entries/{entry_id:str}", needs=Capability.READ, told=examples.ENTRY)
async def get_entry(call: Opened, entry_id: FromPath[str]) -> Answer[EntryOut]:
    found = await call.desk.read(background_of_entry, call.program_id, read_id(entry_id, "entry"))
    return answer_with(entry_out(found.entry, await call.decimals()))


@operation("GET", "/entries/{entry_id:str}/explanation", needs=Capability.READ, told=examples.EXPLANATION)
async def get_explanation(call: Opened, entry_id: FromPath[str]) -> Answer[ExplanationOut]:
    found = await call.desk.read(
        explain_entry, program_id=call.program_id, entry_id=read_id(entry_id, "entry"), by=call.actor
    )
    if found.version is None:
        rulebook = await call.rulebook()
    else:
        rulebook = await call.desk.rulebook(call.program_id, found.version)
    text = explain(found, rulebook, call.language, held_until=await _held_until(call, found.entry))
    return answer_with(ExplanationOut(entry=entry_out(found.entry, await call.decimals()), text=text))


async def _held_until(call: Call, entry: EntryView) -> datetime | None:
    """When the points of a hold come back, for an entry that a hold made."""
    if entry.kind != Kind.HOLD or entry.subject_id is None:
        return None
    hold = await call.desk.read(hold_for_door, call.program_id, entry.subject_id)
    return hold.expires_at
