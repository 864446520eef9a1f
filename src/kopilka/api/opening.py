"""Opening a request as far as nothing has to be waited for: what its head says, and its body as a value.

Compiled with what a purchase passes; `calls` has the rest, which waits for the key's holder or for the body.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

from kopilka.api.desk import Desk
from kopilka.api.faults import Fault, Problem
from kopilka.api.reader import BODY_BYTES_MAX, ECHO_MAX, blame, read
from kopilka.bookkeeping.idempotency import Request
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import ProgramView
from kopilka.services.access import KeyHolder
from kopilka.wording.languages import Language, choose, language_of
from kopilka.wording.vocabulary import Vocabulary, vocabulary_of

QUERY_FIELDS_MAX = 32
KEY_LENGTH_MAX = 255

_PROCESS = secrets.token_hex(8)
_numbers = count(1)
"""Request ids are this process's random beginning and a number: the system's source of random bytes lets another
thread run first, and the loop would wait for it."""

HASHED_AT_ONCE = 2_000
"""Bytes. Given more (2,048), hashlib lets another thread run first, which costs more than any hash."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:+/=-]{1,64}")


class KeyUse(StrEnum):
    """Whether an operation asks for an Idempotency-Key."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operation asks of every request."""

    needs: Capability
    key: KeyUse = KeyUse.NONE
    body: bool = False
    query: type[msgspec.Struct] | None = None


@dataclass(slots=True)
class Call:
    """One opened request. `at` is read once; `fingerprint` tells a repetition from another request."""

    desk: Desk
    holder: KeyHolder
    language: Language
    request_id: str
    at: datetime
    key: str | None
    path: str
    fingerprint: bytes = b""

    @property
    def program(self) -> ProgramView:
        return self.holder.program

    @property
    def program_id(self) -> UUID:
        return self.holder.program.id

    @property
    def actor(self) -> Actor:
        return self.holder.actor

    @property
    def request(self) -> Request:
        """The request as the books remember it; without a key nothing is remembered."""
        return Request(self.holder.key_id if self.key else None, self.key, self.fingerprint)

    def decimals(self) -> Coroutine[Any, Any, dict[str, int]]:
        """Decimals of the program's points currencies; those in use never change."""
        return self.desk.decimals_of(self.holder.program)

    def rulebook(self) -> Coroutine[Any, Any, Rulebook | None]:
        """The version that was current when the key was looked up; for names, not for decisions."""
        return self.desk.rulebook_of(self.holder.program)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The program's own words for a refusal; None before its rules are published."""
        program = self.holder.program
        rulebook = self.desk.known_rulebook(program.id, program.rulebook_number)
        return vocabulary_of(rulebook, self.language) if rulebook is not None else None

    def once(self) -> AbstractContextManager[None]:
        """While this request is under way, another one with its key is told to wait."""
        return self.desk.once(self.holder.key_id, self.key)


_NONE: frozenset[bytes] = frozenset()


class Headers:
    """Request headers by lower-case name; a header sent twice is never resolved silently."""

    __slots__ = ("_values", "twice")

    def __init__(self, raw: Any) -> None:
        self._values: dict[bytes, bytes] = dict(raw)  # a server may send lists of lists
        self.twice: frozenset[bytes] = _NONE if len(self._values) == len(raw) else _repeated(raw)

    def get(self, name: bytes) -> bytes | None:
        return self._values.get(name)


def _repeated(raw: Any) -> frozenset[bytes]:
    counted = Counter([name for name, _ in raw])
    return frozenset([name for name, times in counted.items() if times > 1])


def request_id_of(headers: Headers) -> str:
    """The caller's own id when it is harmless, else a new one."""
    given = headers.get(b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode("ascii")
    return f"{_PROCESS}{next(_numbers):08x}"


def language_asked(headers: Headers, default: str) -> Language:
    """By Accept-Language, else `default`, the program's own."""
    header = headers.get(b"accept-language")
    fallback = language_of(default)
    return choose(header.decode("latin-1"), fallback) if header else fallback


def open_known(desk: Desk, scope: Any, rule: Rule) -> Call | None:
    """Everything that can be said before the body is read; None where something must be asked of the database."""
    headers: Headers = scope["state"]["headers"]
    if b"authorization" in headers.twice:
        raise Problem(Fault.UNAUTHORIZED)
    holder: KeyHolder | None = desk.keys.known_holder(headers.get(b"authorization"))
    if holder is None or desk.known_rulebook(holder.program.id, holder.program.rulebook_number) is None:
        return None
    return open_for(holder, desk, scope, rule)


def open_for(holder: KeyHolder, desk: Desk, scope: Any, rule: Rule) -> Call:
    """The same once it is known who asks."""
    holder.actor.must(rule.needs)
    if rule.body:
        desk.committer.must_have_room()
    if scope["query_string"]:
        check_query(scope["query_string"], rule.query)
    state: dict[str, Any] = scope["state"]
    headers: Headers = state["headers"]
    if rule.body:
        _check_media_type(headers)
    _check_length(headers)
    path = f"{scope['method']} {scope['path']}"
    return Call(
        desk,
        holder,
        language_asked(headers, holder.program.language),
        state["request_id"],
        datetime.now(UTC),
        _key(headers, rule.key),
        path,
        b"" if rule.body else hashlib.sha256(path.encode()).digest(),
    )


def _key(headers: Headers, use: KeyUse) -> str | None:
    if use is KeyUse.NONE:
        return None
    given = headers.get(b"idempotency-key")
    if given is None:
        if use is KeyUse.REQUIRED:
            raise Refusal(Code.KEY_MISSING)
        return None
    key = given.decode("latin-1")
    visible = key.isascii() and key.isprintable() and " " not in key
    if not key or len(key) > KEY_LENGTH_MAX or not visible or b"idempotency-key" in headers.twice:
        raise Refusal(Code.KEY_INVALID)
    return key


def _check_media_type(headers: Headers) -> None:
    given = headers.get(b"content-type") or b""
    if b"content-type" in headers.twice:
        raise Problem(Fault.MEDIA_TYPE)
    if given != b"application/json":
        media_type, _, rest = given.partition(b";")
        parameter = rest.strip().lower().replace(b'"', b"")
        if media_type.strip().lower() != b"application/json" or parameter not in {b"", b"charset=utf-8"}:
            raise Problem(Fault.MEDIA_TYPE)
    if (headers.get(b"content-encoding") or b"identity").strip().lower() != b"identity":
        raise Problem(Fault.CONTENT_ENCODING)


def _check_length(headers: Headers) -> None:
    length = headers.get(b"content-length")
    if length is not None and length.isdigit() and int(length) > BODY_BYTES_MAX:
        raise Problem(Fault.BODY_TOO_LARGE, maximum=BODY_BYTES_MAX)


def check_query(raw: bytes, kind: type[msgspec.Struct] | None) -> None:
    """Every name known, none twice, all of it UTF-8 without NUL, every value within the bounds of its type.

    Litestar reads the values once more, without bounds and zones.
    """
    known = frozenset(kind.__struct_encode_fields__) if kind else frozenset()
    values = _query_values(raw, known)
    if kind is not None:
        try:
            msgspec.convert(values, kind, strict=False)
        except msgspec.ValidationError as error:
            blame(str(error))


def _query_values(raw: bytes, known: frozenset[str]) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=QUERY_FIELDS_MAX)
    except (UnicodeError, ValueError):
        raise Problem(Fault.QUERY_ENCODING) from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise Problem(Fault.QUERY_ENCODING)
        if name not in known:
            raise Problem(Fault.UNKNOWN_FIELD, field=name[:ECHO_MAX])
        if name in values:
            raise Problem(Fault.QUERY_DUPLICATE, field=name)
        values[name] = value
    return values


_canonical = msgspec.json.Encoder().encode


def read_data(call: Call, body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """The body's value; marks the call with the fingerprint of its method, path and meaning."""
    data = read(body, decoder)
    call.fingerprint = _digest(call.path.encode() + b"\n" + _canonical(data))
    return data


def _digest(text: bytes) -> bytes:
    """SHA-256, in pieces."""
    hashed = hashlib.sha256(text[:HASHED_AT_ONCE])
    for start in range(HASHED_AT_ONCE, len(text), HASHED_AT_ONCE):
        hashed.update(text[start : start + HASHED_AT_ONCE])
    return hashed.digest()
