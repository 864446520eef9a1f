"""What the document says about gift certificates."""

from __future__ import annotations

from kopilka.api.examples.decisions import PURCHASE_ID
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

_ONE = {
    "number": "4815162342108421",
    "kind": "gift",
    "state": "active",
    "asks_pin": False,
    "balance_minor": 70000,
    "held_minor": 0,
    "issued_at": "2026-03-01T10:15:00Z",
    "valid_until": "2027-03-01T10:15:00Z",
    "purchase_id": PURCHASE_ID,
    "line": 1,
}

SELL = Told(
    summary="Make a gift certificate",
    description=(
        "Beside any receipt, as for one sold elsewhere. At a till it is sold by a line of kind `certificate`, and read"
        " by `GET /purchases/{purchase_id}/certificates`."
    ),
    request={"kind": "gift", "amount_minor": 100000, "reason": "Продан на выставке"},
    response={
        "number": "4815162342108421",
        "pin": "",
        "kind": "gift",
        "amount_minor": 100000,
        "valid_until": "2027-03-01T10:15:00Z",
    },
    errors=(Code.NOT_FOUND, Code.OUT_OF_RANGE, Code.RULEBOOK_MISSING),
)
READ = Told(
    summary="Read a gift certificate",
    description="What is on it. Whoever names too many unknown numbers is told to wait.",
    response=_ONE,
    errors=(Code.NOT_FOUND, Code.TOO_MANY_CODES),
)
SOLD = Told(
    summary="Certificates a purchase has sold",
    description="By line, with the PIN where their kind asks for one: to be printed for the buyer.",
    response={"items": [_ONE | {"pin": ""}]},
    errors=(Code.NOT_FOUND,),
)
TOP_UP = Told(
    summary="Top a certificate up",
    description="Where its kind allows it.",
    request={"amount_minor": 50000, "reason": "Пополнен на кассе"},
    response={"number": "…8421", "amount_minor": 50000, "balance_minor": 120000},
    errors=(Code.CERTIFICATE_UNUSABLE, Code.NOT_FOUND, Code.OUT_OF_RANGE, Code.RULEBOOK_MISSING),
)
PAY_OUT = Told(
    summary="Pay a certificate out",
    description="All that is left goes back in money, where its kind allows it; it is closed then.",
    request={"reason": "Покупатель вернул сертификат"},
    response={"number": "…8421", "amount_minor": 70000, "balance_minor": 0},
    errors=(Code.CERTIFICATE_UNUSABLE, Code.NOT_FOUND, Code.RULEBOOK_MISSING),
)
BLOCK = Told(
    summary="Block or unblock a certificate",
    description="Nobody can pay with a blocked one. Unblocking forgives the wrong PINs.",
    request={"blocked": True, "reason": "Потерян"},
    response=_ONE | {"state": "blocked"},
    errors=(Code.CERTIFICATE_UNUSABLE, Code.NOT_FOUND),
)
