"""What the door itself refuses, before any service is asked: faults of HTTP, of JSON, of the key."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Codes of the door; stable for ever, as those of `kopilka.engine.refusal.Code` are."""

    # the JSON itself
    JSON_INVALID = "json_invalid"
    JSON_BOM = "json_bom"
    JSON_ENCODING = "json_encoding"
    JSON_DUPLICATE_KEY = "json_duplicate_key"  # field
    JSON_DEEP = "json_too_deep"  # maximum
    JSON_CHARACTER = "json_character"  # field

    # fields of the body or of the query
    INVALID = "invalid"  # field, reason
    MISSING = "missing"  # field
    UNKNOWN_FIELD = "unknown_field"  # field
    MINUS_ZERO = "minus_zero"  # field
    QUERY_DUPLICATE = "query_duplicate"  # field
    QUERY_ENCODING = "query_encoding"
    CURSOR_INVALID = "cursor_invalid"

    # the request
    HTTP_INVALID = "http_invalid"
    HEAD_TOO_LARGE = "head_too_large"  # maximum
    UNAUTHORIZED = "unauthorized"
    PATH_UNKNOWN = "path_unknown"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    MEDIA_TYPE = "unsupported_media_type"
    CONTENT_ENCODING = "unsupported_content_encoding"
    BODY_TOO_LARGE = "body_too_large"  # maximum
    BODY_TIMEOUT = "body_timeout"
    BODY_CUT = "body_cut"

    # the server
    OVERLOADED = "overloaded"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal_error"


class Problem(Exception):
    """The door says no. `params` as in a Refusal: plain values for machines and for the sentence."""

    def __init__(self, code: Fault, **params: object) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params = params
