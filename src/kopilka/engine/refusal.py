"""How the house says no: one code for machines, parameters for the sentence."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Every reason for which the domain refuses; stable for ever, documented in docs/api/errors.md."""

    # the request itself
    INVALID = "invalid"  # field, reason
    MISSING = "missing"  # field
    OUT_OF_RANGE = "out_of_range"  # field, minimum, maximum
    UNKNOWN_FIELD = "unknown_field"  # field
    PHONE_INVALID = "phone_invalid"
    CURRENCY_MISMATCH = "currency_mismatch"  # expected, given
    TOO_OLD = "too_old"  # limit_days
    IN_FUTURE = "in_future"  # limit_minutes
    HELD_FOR_REVIEW = "held_for_review"  # reason
    TOTAL_MISMATCH = "total_mismatch"  # expected, given

    # who is asking
    NOT_ALLOWED = "not_allowed"  # capability
    CONFIRMATION_REQUIRED = "confirmation_required"
    CODE_WRONG = "code_wrong"  # tries_left
    CODE_EXPIRED = "code_expired"
    TOO_MANY_CODES = "too_many_codes"  # retry_after_seconds
    TOO_MANY_TRIES = "too_many_tries"  # retry_after_seconds
    DEVICE_CODE_WRONG = "device_code_wrong"
    OWN_CARD = "own_card"

    # what is asked for
    NOT_FOUND = "not_found"  # what
    MEMBER_BLOCKED = "member_blocked"
    IDENTIFIER_TAKEN = "identifier_taken"  # kind
    INSUFFICIENT_POINTS = "insufficient_points"  # currency, available, wanted
    SPEND_LIMIT = "spend_limit"  # currency, maximum, wanted, limited_by
    COUPON_UNUSABLE = "coupon_unusable"  # coupon
    CERTIFICATE_UNUSABLE = "certificate_unusable"  # certificate, reason
    CERTIFICATE_SHORT = "certificate_short"  # certificate, available_minor, wanted_minor
    LINK_UNUSABLE = "link_unusable"  # link, reason
    BIRTHDAY_FIXED = "birthday_fixed"  # until
    INVITER_REFUSED = "inviter_refused"  # reason
    CLUB_ONLY = "club_only"  # line, service
    SERVICE_NOT_OPEN = "service_not_open"  # service
    SERVICE_USED_UP = "service_used_up"  # service, maximum
    QUOTE_OUTDATED = "quote_outdated"  # differences
    QUOTE_EXPIRED = "quote_expired"
    HOLD_EXPIRED = "hold_expired"
    GIFT_UNAVAILABLE = "gift_unavailable"  # gift, reason
    GIFT_CLOSED = "gift_closed"  # state
    HOLD_OPEN = "hold_open"
    TRANSFER_CLOSED = "transfer_closed"  # state
    NOT_OFFERED = "not_offered"  # what
    HOLD_CLOSED = "hold_closed"  # state
    PURCHASE_FINAL = "purchase_final"
    PURCHASE_OPEN = "purchase_open"
    PURCHASE_CANCELLED = "purchase_cancelled"
    NOT_UNDOABLE = "not_undoable"  # reason, limit_minutes
    RECEIPT_EXISTS = "receipt_exists"  # purchase_id or return_id
    RETURN_EXCEEDS = "return_exceeds"  # line, returnable
    LINE_UNKNOWN = "line_unknown"  # line

    # repeating a request
    KEY_REUSED = "idempotency_key_reused"
    KEY_IN_FLIGHT = "idempotency_in_flight"
    KEY_MISSING = "idempotency_key_missing"
    KEY_INVALID = "idempotency_key_invalid"

    # the rulebook
    RULEBOOK_INVALID = "rulebook_invalid"  # problems
    RULEBOOK_MISSING = "rulebook_missing"
    APPROVAL_NEEDED = "approval_needed"
    APPROVAL_BY_AUTHOR = "approval_by_author"
    DRAFT_CLOSED = "draft_closed"  # state
    ROLLOUT_OPEN = "rollout_open"  # number

    # the books
    LEDGER_INTEGRITY = "ledger_integrity"  # what
    BUSY = "busy"


class Refusal(Exception):
    """The domain says no.

    `code` is stable and for machines; `params` are plain values (str, int, list, dict) from which a door
    forms the sentence in its reader's language. Nothing was changed when a Refusal is raised.
    """

    def __init__(self, code: Code, **params: object) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code.value}({told})"
