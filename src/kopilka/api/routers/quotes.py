"""Quotes: what a receipt would cost and earn, kept as a promise or not at all."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_of
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import purchases as examples
from kopilka.api.naming import bears_code, without_live_codes
from kopilka.api.operations import Opened, operation
from kopilka.api.rendering import quote_json
from kopilka.api.requests import quote_request
from kopilka.api.schemas.decisions import QuoteOut
from kopilka.api.schemas.receipts import QuoteIn
from kopilka.bookkeeping.documents import decision_from_text
from kopilka.engine.actor import Capability
from kopilka.queries.quotes import quote_for_door


@operation("POST", "/quotes", needs=Capability.EARN, key=KeyUse.OPTIONAL, told=examples.QUOTE)
async def create_quote(call: Opened, data: JSONBody[QuoteIn]) -> Answer[QuoteOut]:
    if bears_code(data):
        data = await without_live_codes(call, data)
    result = await call.desk.quote(call.program_id, quote_request(call, data))
    desk, version = call.desk, result.decision.version
    rulebook = desk.known_rulebook(call.program_id, version) or await desk.rulebook(call.program_id, version)
    return answer_of(
        quote_json(
            result.decision,
            rulebook,
            call.language.value,
            result.balances,
            quote_id=result.quote_id,
            expires_at=result.expires_at,
            explain=data.explain,
        )
    )


@operation("GET", "/quotes/{quote_id:str}", needs=Capability.READ, told=examples.QUOTE_READ)
async def get_quote(call: Opened, quote_id: FromPath[str]) -> Answer[QuoteOut]:
    found = await call.desk.read(quote_for_door, call.program_id, read_id(quote_id, "quote"), at=call.at)
    rulebook = await call.desk.rulebook(call.program_id, found.version)
    decision = decision_from_text(found.decision)
    body = quote_json(
        decision, rulebook, call.language.value, {}, quote_id=found.id, expires_at=found.expires_at, explain=True
    )
    return answer_of(body)
