"""An example of every refusal, and which of them any operation may answer with."""

from __future__ import annotations

from typing import Any

from kopilka.api.calls import KeyUse, Rule
from kopilka.api.errors import problem_document
from kopilka.api.faults import Fault
from kopilka.api.reader import BODY_BYTES_MAX, DEPTH_MAX, HEAD_BYTES_MAX
from kopilka.engine.refusal import Code
from kopilka.wording.languages import Language

REQUEST_ID = "5a2eb8192d6a4d085fac997a"
_PURCHASE_ID = "0192f3b2-77aa-7d10-8f3c-2b1a0c9d8e7f"

EXAMPLES: dict[Code | Fault, dict[str, Any]] = {
    Fault.JSON_INVALID: {},
    Fault.JSON_BOM: {},
    Fault.JSON_ENCODING: {},
    Fault.JSON_DUPLICATE_KEY: {"field": "price"},
    Fault.JSON_DEEP: {"maximum": DEPTH_MAX},
    Fault.JSON_CHARACTER: {"field": "lines[0].name"},
    Fault.MINUS_ZERO: {"field": "lines[0].price"},
    Fault.QUERY_DUPLICATE: {"field": "phone"},
    Fault.QUERY_ENCODING: {},
    Fault.CURSOR_INVALID: {},
    Fault.HTTP_INVALID: {},
    Fault.HEAD_TOO_LARGE: {"maximum": HEAD_BYTES_MAX},
    Fault.UNAUTHORIZED: {},
    Fault.PATH_UNKNOWN: {},
    Fault.METHOD_NOT_ALLOWED: {},
    Fault.MEDIA_TYPE: {},
    Fault.CONTENT_ENCODING: {},
    Fault.BODY_TOO_LARGE: {"maximum": BODY_BYTES_MAX},
    Fault.BODY_TIMEOUT: {},
    Fault.BODY_CUT: {},
    Fault.OVERLOADED: {},
    Fault.UNAVAILABLE: {},
    Fault.INTERNAL: {},
    Code.INVALID: {"field": "lines[0].price", "reason": "Expected `int`, got `str`"},
    Code.MISSING: {"field": "external_id"},
    Code.OUT_OF_RANGE: {"field": "lines[0].discount_minor", "minimum": 0, "maximum": 12000},
    Code.UNKNOWN_FIELD: {"field": "lines[0].colour"},
    Code.PHONE_INVALID: {},
    Code.CURRENCY_MISMATCH: {"expected": "RUB", "given": "USD"},
    Code.TOO_OLD: {"limit_days": 14},
    Code.IN_FUTURE: {"limit_minutes": 5},
    Code.HELD_FOR_REVIEW: {"reason": "too_much_offline"},
    Code.TOTAL_MISMATCH: {"expected": 87000, "given": 86999},
    Code.NOT_ALLOWED: {"capability": "spend"},
    Code.CONFIRMATION_REQUIRED: {},
    Code.CODE_WRONG: {"tries_left": 4},
    Code.CODE_EXPIRED: {},
    Code.TOO_MANY_CODES: {"retry_after_seconds": 1800},
    Code.TOO_MANY_TRIES: {"retry_after_seconds": 300},
    Code.DEVICE_CODE_WRONG: {},
    Code.OWN_CARD: {},
    Code.NOT_FOUND: {"what": "purchase"},
    Code.MEMBER_BLOCKED: {},
    Code.IDENTIFIER_TAKEN: {"kind": "phone"},
    Code.INSUFFICIENT_POINTS: {"currency": "bonus", "available": 40, "wanted": 100},
    Code.SPEND_LIMIT: {"currency": "bonus", "maximum": 238, "wanted": 500, "limited_by": "receipt_share"},
    Code.COUPON_UNUSABLE: {"coupon": "SPRING"},
    Code.CERTIFICATE_UNUSABLE: {"certificate": "…4821", "reason": "blocked"},
    Code.CERTIFICATE_SHORT: {"certificate": "…4821", "available_minor": 50000, "wanted_minor": 70000},
    Code.LINK_UNUSABLE: {"link": "youtube", "reason": "full"},
    Code.BIRTHDAY_FIXED: {"until": "2027-03-02"},
    Code.INVITER_REFUSED: {"reason": "himself"},
    Code.CLUB_ONLY: {"line": 2, "service": "express-repair"},
    Code.SERVICE_NOT_OPEN: {"service": "express-repair"},
    Code.SERVICE_USED_UP: {"service": "express-repair", "maximum": 2},
    Code.QUOTE_OUTDATED: {"differences": {"pay": [69500, 79500]}},
    Code.QUOTE_EXPIRED: {},
    Code.HOLD_EXPIRED: {},
    Code.GIFT_UNAVAILABLE: {"gift": "cake", "reason": "out_of_stock"},
    Code.GIFT_CLOSED: {"state": "collected"},
    Code.HOLD_CLOSED: {"state": "released"},
    Code.HOLD_OPEN: {},
    Code.TRANSFER_CLOSED: {"state": "declined"},
    Code.NOT_OFFERED: {"what": "transfer"},
    Code.PURCHASE_FINAL: {},
    Code.PURCHASE_OPEN: {},
    Code.PURCHASE_CANCELLED: {},
    Code.NOT_UNDOABLE: {"reason": "too_late", "limit_minutes": 15},
    Code.RECEIPT_EXISTS: {"purchase_id": _PURCHASE_ID},
    Code.RETURN_EXCEEDS: {"line": 2, "returnable": 1000},
    Code.LINE_UNKNOWN: {"line": 7},
    Code.KEY_REUSED: {},
    Code.KEY_IN_FLIGHT: {},
    Code.KEY_MISSING: {},
    Code.KEY_INVALID: {},
    Code.RULEBOOK_INVALID: {
        "problems": [{"path": "promotions.friday", "code": "missing_key", "params": {"key": "discount"}, "line": 12}]
    },
    Code.RULEBOOK_MISSING: {},
    Code.APPROVAL_NEEDED: {},
    Code.APPROVAL_BY_AUTHOR: {},
    Code.DRAFT_CLOSED: {"state": "published"},
    Code.ROLLOUT_OPEN: {"number": 3},
    Code.LEDGER_INTEGRITY: {"what": "an act does not sum to zero"},
    Code.BUSY: {},
}

_ANY = (Fault.UNAUTHORIZED, Code.NOT_ALLOWED, Fault.UNKNOWN_FIELD, Fault.QUERY_ENCODING, Fault.INTERNAL)
_ANY_SERVER = (Fault.UNAVAILABLE, Code.BUSY)
_QUERY = (Fault.QUERY_DUPLICATE, Fault.INVALID)
_BODY = (
    Fault.JSON_INVALID,
    Fault.JSON_BOM,
    Fault.JSON_ENCODING,
    Fault.JSON_DUPLICATE_KEY,
    Fault.JSON_DEEP,
    Fault.JSON_CHARACTER,
    Fault.MINUS_ZERO,
    Fault.INVALID,
    Fault.MISSING,
    Fault.BODY_CUT,
    Fault.BODY_TIMEOUT,
    Fault.BODY_TOO_LARGE,
    Fault.MEDIA_TYPE,
    Fault.CONTENT_ENCODING,
    Fault.OVERLOADED,
)
_KEY = (Code.KEY_INVALID, Code.KEY_REUSED, Code.KEY_IN_FLIGHT, Code.LEDGER_INTEGRITY)


def problem_example(code: str, language: Language = Language.EN) -> dict[str, object]:
    params = next(params for known, params in EXAMPLES.items() if known == code)
    return problem_document(code, params, language, REQUEST_ID)


def always_possible(rule: Rule) -> list[str]:
    """Codes that have nothing to do with what the operation is about."""
    found: list[Code | Fault] = [*_ANY, *_ANY_SERVER]
    if rule.query is not None:
        found += _QUERY
    if rule.body:
        found += _BODY
    if rule.key is KeyUse.REQUIRED:
        found += [Code.KEY_MISSING, *_KEY]
    elif rule.key is KeyUse.OPTIONAL:
        found.append(Code.KEY_INVALID)
    return [code.value for code in found]
