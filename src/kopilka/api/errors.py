"""Every refusal as an RFC 9457 problem document: one table of statuses, the sentences from `wording`."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException, ValidationException

from kopilka.api.answers import PROBLEM, Answer, Header, encode
from kopilka.api.faults import Fault, Problem
from kopilka.engine.refusal import Code, Refusal
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text
from kopilka.wording.refusals import detail, title
from kopilka.wording.vocabulary import Vocabulary

log = logging.getLogger("kopilka.api")

STATUSES: dict[str, int] = {
    Fault.JSON_INVALID: 400,
    Fault.JSON_BOM: 400,
    Fault.JSON_ENCODING: 400,
    Fault.JSON_DUPLICATE_KEY: 400,
    Fault.JSON_DEEP: 400,
    Fault.JSON_CHARACTER: 400,
    Fault.MINUS_ZERO: 422,
    Fault.QUERY_DUPLICATE: 400,
    Fault.QUERY_ENCODING: 400,
    Fault.CURSOR_INVALID: 400,
    Fault.HTTP_INVALID: 400,
    Fault.HEAD_TOO_LARGE: 431,
    Fault.UNAUTHORIZED: 401,
    Fault.PATH_UNKNOWN: 404,
    Fault.METHOD_NOT_ALLOWED: 405,
    Fault.MEDIA_TYPE: 415,
    Fault.CONTENT_ENCODING: 415,
    Fault.BODY_TOO_LARGE: 413,
    Fault.BODY_TIMEOUT: 408,
    Fault.BODY_CUT: 400,
    Fault.OVERLOADED: 503,
    Fault.UNAVAILABLE: 503,
    Fault.INTERNAL: 500,
    Code.INVALID: 422,
    Code.MISSING: 422,
    Code.OUT_OF_RANGE: 422,
    Code.UNKNOWN_FIELD: 422,
    Code.PHONE_INVALID: 422,
    Code.CURRENCY_MISMATCH: 422,
    Code.TOO_OLD: 422,
    Code.IN_FUTURE: 422,
    Code.HELD_FOR_REVIEW: 422,
    Code.TOTAL_MISMATCH: 422,
    Code.NOT_ALLOWED: 403,
    Code.CONFIRMATION_REQUIRED: 403,
    Code.CODE_WRONG: 403,
    Code.CODE_EXPIRED: 403,
    Code.TOO_MANY_CODES: 429,
    Code.TOO_MANY_TRIES: 429,
    Code.DEVICE_CODE_WRONG: 403,
    Code.OWN_CARD: 403,
    Code.NOT_FOUND: 404,
    Code.MEMBER_BLOCKED: 409,
    Code.IDENTIFIER_TAKEN: 409,
    Code.INSUFFICIENT_POINTS: 422,
    Code.SPEND_LIMIT: 422,
    Code.COUPON_UNUSABLE: 422,
    Code.CERTIFICATE_UNUSABLE: 422,
    Code.CERTIFICATE_SHORT: 422,
    Code.LINK_UNUSABLE: 422,
    Code.BIRTHDAY_FIXED: 409,
    Code.INVITER_REFUSED: 422,
    Code.CLUB_ONLY: 422,
    Code.SERVICE_NOT_OPEN: 422,
    Code.SERVICE_USED_UP: 409,
    Code.QUOTE_OUTDATED: 409,
    Code.QUOTE_EXPIRED: 409,
    Code.HOLD_EXPIRED: 409,
    Code.GIFT_UNAVAILABLE: 409,
    Code.GIFT_CLOSED: 409,
    Code.HOLD_CLOSED: 409,
    Code.HOLD_OPEN: 409,
    Code.TRANSFER_CLOSED: 409,
    Code.NOT_OFFERED: 422,
    Code.PURCHASE_FINAL: 409,
    Code.PURCHASE_OPEN: 409,
    Code.PURCHASE_CANCELLED: 409,
    Code.NOT_UNDOABLE: 409,
    Code.RECEIPT_EXISTS: 409,
    Code.RETURN_EXCEEDS: 422,
    Code.LINE_UNKNOWN: 422,
    Code.KEY_REUSED: 422,
    Code.KEY_IN_FLIGHT: 409,
    Code.KEY_MISSING: 400,
    Code.KEY_INVALID: 400,
    Code.RULEBOOK_INVALID: 422,
    Code.RULEBOOK_MISSING: 409,
    Code.APPROVAL_NEEDED: 409,
    Code.APPROVAL_BY_AUTHOR: 403,
    Code.DRAFT_CLOSED: 409,
    Code.ROLLOUT_OPEN: 409,
    Code.LEDGER_INTEGRITY: 500,
    Code.BUSY: 503,
}
"""422 or 409? Here and nowhere else."""

RETRY_SECONDS = {Code.KEY_IN_FLIGHT: 1, Code.BUSY: 1, Fault.OVERLOADED: 1, Fault.UNAVAILABLE: 5}
TYPE_PREFIX = "/api/docs/errors#"
"""Where a code is explained; a reference, resolved against the address of the request."""

PROBLEMS_MAX = 100
OWN_MEMBERS = frozenset({"type", "title", "status", "code", "detail", "request_id"})


def problem_document(
    code: str, params: Mapping[str, object], language: Language, request_id: str, words: Vocabulary | None = None
) -> dict[str, object]:
    """The document; the parameters stand in it under their own names. `words` of the program, where it is known."""
    params = _with_sentences(params, language)
    document: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": title(code, language),
        "status": STATUSES[code],
        "code": code,
        "detail": detail(code, _for_people(params), language, words),
    }
    document.update((name, value) for name, value in params.items() if name not in OWN_MEMBERS)
    document["request_id"] = request_id
    return document


def _for_people(params: Mapping[str, object]) -> Mapping[str, object]:
    problems = params.get("problems")
    if not isinstance(problems, list):
        return params
    return {
        **params,
        "problems": [" ".join(filter(None, (problem.get("path"), problem["text"]))) for problem in problems],
    }


def _with_sentences(params: Mapping[str, object], language: Language) -> Mapping[str, object]:
    """Problems of a rulebook get their sentences; the echo of any text is kept short."""
    problems = params.get("problems")
    if not isinstance(problems, list):
        return params
    told = [
        {**problem, "text": problem_text(problem["code"], problem.get("params", {}), language)}
        for problem in problems[:PROBLEMS_MAX]
    ]
    return {**params, "problems": told}


def refuse(
    refusal: Refusal | Problem,
    language: Language,
    request_id: str,
    headers: tuple[Header, ...] = (),
    *,
    words: Vocabulary | None = None,
) -> Answer[object]:
    """The answer to a refused request."""
    code = refusal.code.value
    document = problem_document(code, refusal.params, language, request_id, words)
    retry = refusal.params.get("retry_after_seconds", RETRY_SECONDS.get(refusal.code))
    extra: list[Header] = [PROBLEM, (b"content-language", language.value.encode()), *headers]
    if retry is not None:
        extra.append((b"retry-after", str(retry).encode()))
    if code == Fault.UNAUTHORIZED:
        extra.append((b"www-authenticate", b'Bearer realm="kopilka"'))
    if code in {Fault.BODY_TOO_LARGE, Fault.BODY_TIMEOUT}:
        extra.append((b"connection", b"close"))
    return Answer(STATUSES[code], encode(document), extra)


def answer_to(error: Exception, language: Language, request_id: str, words: Vocabulary | None = None) -> Answer[object]:
    """The answer to anything that was raised; what is no refusal is a fault of ours and is logged with its trace."""
    if isinstance(error, Refusal | Problem):
        if STATUSES[error.code.value] >= 500:  # noqa: PLR2004 - the classes of HTTP
            log.error("request %s: %s", request_id, error)
        return refuse(error, language, request_id, words=words)
    if isinstance(error, HTTPException):
        return _of_litestar(error, language, request_id)
    log.error("request %s failed", request_id, exc_info=error)
    return refuse(Problem(Fault.INTERNAL), language, request_id)


def _of_litestar(error: HTTPException, language: Language, request_id: str) -> Answer[object]:
    """What Litestar itself refuses: unknown paths, other methods, parameters of the query."""
    if isinstance(error, NotFoundException):
        return refuse(Problem(Fault.PATH_UNKNOWN), language, request_id)
    if isinstance(error, MethodNotAllowedException):
        named = {name.lower(): value for name, value in (error.headers or {}).items()}
        allow = ", ".join(sorted(named.get("allow", "").split(", "))).encode()
        return refuse(Problem(Fault.METHOD_NOT_ALLOWED), language, request_id, ((b"allow", allow),))
    if isinstance(error, ValidationException):
        first = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
        params = {"field": str(first.get("key", "")), "reason": str(first.get("message", ""))}
        return refuse(Problem(Fault.INVALID, **params), language, request_id)
    log.error("request %s failed", request_id, exc_info=error)
    return refuse(Problem(Fault.INTERNAL), language, request_id)
