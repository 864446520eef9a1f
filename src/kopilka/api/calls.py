"""Opening a request: who asks, may he, in which language, under which idempotency key; then its body.

The order is the same for every operation of both lanes: key (401), capability (403), room for more work (503),
headers (400, 415), size and body (413, 408), JSON (400), fields (422).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections import Counter
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from litestar.types import HTTPScope, Receive
from litestar.types.asgi_types import ReceiveMessage

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

BODY_SECONDS_MAX = 20.0
QUERY_FIELDS_MAX = 32

_PROCESS = secrets.token_hex(8)
_numbers = count(1)
"""Request ids are this process's random beginning and a number: the system's source of random bytes lets another
thread run first, and the loop would wait for it."""

HASHED_AT_ONCE = 2_000
"""Bytes. Given more (2,048), hashlib lets another thread run first, which costs more than any hash."""

_KEY = re.compile(rb"[\x21-\x7e]{1,255}")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:+/=-]{1,64}")
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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
    fingerprint: bytes = field(default=b"")

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

    async def decimals(self) -> dict[str, int]:
        """Decimals of the program's points currencies; those in use never change."""
        rulebook = await self.rulebook()
        return {code: currency.decimals for code, currency in rulebook.points.items()} if rulebook else {}

    async def rulebook(self) -> Rulebook | None:
        """The version that was current when the key was looked up; for names, not for decisions."""
        number = self.program.rulebook_number
        return await self.desk.rulebook(self.program_id, number) if number else None

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The program's own words for a refusal; None before its rules are published."""
        rulebook = self.desk.known_rulebook(self.program_id, self.program.rulebook_number)
        return vocabulary_of(rulebook, self.language) if rulebook is not None else None

    def once(self) -> AbstractContextManager[None]:
        """While this request is under way, another one with its key is told to wait."""
        return self.desk.once(self.holder.key_id, self.key)


_NONE: frozenset[bytes] = frozenset()


class Headers:
    """Request headers by lower-case name; a header sent twice is never resolved silently."""

    __slots__ = ("_values", "twice")

    def __init__(self, raw: Any) -> None:
        named = [(name, value) for name, value in raw]  # a server may send lists
        self._values: dict[bytes, bytes] = dict(named)
        self.twice: frozenset[bytes] = _NONE if len(self._values) == len(named) else _repeated(named)

    def get(self, name: bytes) -> bytes | None:
        return self._values.get(name)


def _repeated(named: list[tuple[bytes, bytes]]) -> frozenset[bytes]:
    counted = Counter(name for name, _ in named)
    return frozenset(name for name, times in counted.items() if times > 1)


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


async def open_call(desk: Desk, scope: HTTPScope, rule: Rule) -> Call:
    """Everything that can be said before the body is read."""
    headers: Headers = scope["state"]["headers"]
    if b"authorization" in headers.twice:
        raise Problem(Fault.UNAUTHORIZED)
    key = headers.get(b"authorization")
    holder = desk.keys.known_holder(key) or await desk.keys.holder_of(key)
    holder.actor.must(rule.needs)
    if rule.body:
        desk.committer.must_have_room()
    if scope["query_string"]:
        check_query(scope["query_string"], rule.query)
    if rule.body:
        _check_media_type(headers)
    _check_length(headers)
    program = holder.program
    if desk.known_rulebook(program.id, program.rulebook_number) is None:
        await _learn_words(desk, program)
    path = f"{scope['method']} {scope['path']}"
    return Call(
        desk,
        holder,
        language_asked(headers, program.language),
        scope["state"]["request_id"],
        datetime.now(UTC),
        _key(headers, rule.key),
        path,
        b"" if rule.body else hashlib.sha256(path.encode()).digest(),
    )


async def _learn_words(desk: Desk, program: ProgramView) -> None:
    """Refusals are told in the program's words; its rules are read at its first request and known from then on."""
    if program.rulebook_number:
        with suppress(Refusal):  # rules that cannot be read are no reason to keep better ones out
            await desk.rulebook(program.id, program.rulebook_number)


def _key(headers: Headers, use: KeyUse) -> str | None:
    if use is KeyUse.NONE:
        return None
    given = headers.get(b"idempotency-key")
    if given is None:
        if use is KeyUse.REQUIRED:
            raise Refusal(Code.KEY_MISSING)
        return None
    if b"idempotency-key" in headers.twice or _KEY.fullmatch(given) is None:
        raise Refusal(Code.KEY_INVALID)
    return given.decode("ascii")


def _check_media_type(headers: Headers) -> None:
    media_type, _, rest = (headers.get(b"content-type") or b"").partition(b";")
    if media_type.strip().lower() != b"application/json" or b"content-type" in headers.twice:
        raise Problem(Fault.MEDIA_TYPE)
    parameter = rest.strip().lower().replace(b'"', b"")
    if parameter not in {b"", b"charset=utf-8"}:
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


class _Patience:
    """Who is reading a body, and until when. One clock for all: a timer for each would cost more than the reading."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._clock: asyncio.TimerHandle | None = None

    def begin(self, task: asyncio.Task[Any]) -> None:
        loop = asyncio.get_running_loop()
        self._until[task] = loop.time() + BODY_SECONDS_MAX
        if self._clock is None:
            self._clock = loop.call_later(BODY_SECONDS_MAX / 16, self._look, loop)

    def end(self, task: asyncio.Task[Any]) -> None:
        del self._until[task]
        self._late.discard(task)

    def was_late(self, task: asyncio.Task[Any]) -> bool:
        """Did the clock run out for this task? Asked once, when it was cancelled."""
        if task not in self._late:
            return False
        self._late.remove(task)
        return task.uncancel() == 0

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, until in self._until.items():
            if until <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._clock = loop.call_later(BODY_SECONDS_MAX / 16, self._look, loop) if self._until else None


_patience: WeakKeyDictionary[asyncio.AbstractEventLoop, _Patience] = WeakKeyDictionary()


async def read_body(receive: Receive) -> bytes:
    """The whole body; Problem when it is too large, cut off, or takes longer than BODY_SECONDS_MAX."""
    task = asyncio.current_task()
    assert task is not None, "a body is read inside a task"
    loop = asyncio.get_running_loop()
    patience = _patience.get(loop) or _patience.setdefault(loop, _Patience())
    patience.begin(task)
    try:
        message = await receive()
        if message["type"] != "http.request" or message.get("more_body", False):
            return await _collect(receive, message)
        return _within(message.get("body", b""), BODY_BYTES_MAX)
    except asyncio.CancelledError:
        if patience.was_late(task):
            raise Problem(Fault.BODY_TIMEOUT) from None
        raise
    finally:
        patience.end(task)


async def drop_body(headers: Headers, receive: Receive) -> None:
    """Read what a client sends to an operation that wants nothing, such as an empty JSON object.

    Left unread it would stand before the next request of the same connection, and the server would close it.
    """
    length = headers.get(b"content-length")
    if (length is not None and length != b"0") or headers.get(b"transfer-encoding") is not None:
        await read_body(receive)


async def _collect(receive: Receive, message: ReceiveMessage) -> bytes:
    """A body that comes in parts, of which `message` is the first."""
    parts: list[bytes] = []
    left = BODY_BYTES_MAX
    while True:
        if message["type"] != "http.request":
            raise Problem(Fault.BODY_CUT)
        part = _within(message.get("body", b""), left)
        parts.append(part)
        left -= len(part)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def _within(part: bytes, left: int) -> bytes:
    if len(part) > left:
        raise Problem(Fault.BODY_TOO_LARGE, maximum=BODY_BYTES_MAX)
    return part


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


def read_id(text: str, what: str) -> UUID:
    """An id of a path. One that could never be an id is simply not found, as an unknown one is."""
    if _ID.fullmatch(text) is None:
        raise Refusal(Code.NOT_FOUND, what=what)
    return UUID(text)
