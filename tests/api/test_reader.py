"""Strict JSON (B2, B3, B6, B18 to B22): what two readers could understand differently is refused."""

import json
import random
import timeit
from collections.abc import Callable

import msgspec
import pytest

from kopilka.api import reader
from kopilka.api.faults import Fault, Problem
from kopilka.api.reader import check_json, read, read_strictly
from kopilka.api.schemas.receipts import PurchaseIn

DECODER = msgspec.json.Decoder(PurchaseIn)
LINE = '{"sku":"A","price":100}'


def refused(body: bytes) -> tuple[str, dict]:
    with pytest.raises(Problem) as caught:
        read(body, DECODER)
    return caught.value.code, caught.value.params


BROKEN = {
    "empty": b"",
    "trailing comma": b'{"external_id":"1",}',
    "comment": b'{"external_id":"1"} // x',
    "single quotes": b"{'external_id':'1'}",
    "two values": b"{} {}",
    "cut": b'{"external_id":"1"',
    "bare control character": b'{"external_id":"a\nb"}',
    "bare NUL": b'{"external_id":"a\x00b"}',
    "NaN": b'{"total_minor":NaN}',
    "Infinity": b'{"total_minor":-Infinity}',
    "5000 digits": b'{"total_minor":' + b"9" * 5000 + b"}",
    "leading zero": b'{"total_minor":01}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_broken_json_is_refused(body):
    assert refused(body)[0] == Fault.JSON_INVALID


BYTES = {
    "BOM": (b'\xef\xbb\xbf{"external_id":"1"}', Fault.JSON_BOM),
    "UTF-16": ('{"external_id":"1"}'.encode("utf-16"), Fault.JSON_ENCODING),
    "cp1251": ('{"external_id":"чек"}'.encode("cp1251"), Fault.JSON_ENCODING),
    "overlong": (b'{"external_id":"\xc0\xaf"}', Fault.JSON_ENCODING),
    "raw surrogate": (b'{"external_id":"\xed\xa0\x80"}', Fault.JSON_ENCODING),
    "lone surrogate": (b'{"external_id":"\\ud800"}', Fault.JSON_CHARACTER),
    "lone low surrogate": (b'{"external_id":"\\uDC00x"}', Fault.JSON_CHARACTER),
    "NUL in a value": (b'{"external_id":"a\\u0000b"}', Fault.JSON_CHARACTER),
    "NUL in a key": (b'{"external\\u0000id":"1"}', Fault.JSON_CHARACTER),
    "NUL in a key of an object": (b'{"member":{"\\u0000":{}}}', Fault.JSON_CHARACTER),
}


@pytest.mark.parametrize(("body", "code"), BYTES.values(), ids=BYTES.keys())
def test_bytes_that_are_no_text_are_refused(body, code):
    assert refused(body)[0] == code


def test_pair_of_surrogates_is_a_character():
    assert read(b'{"external_id":"\\ud83d\\ude00"}', DECODER).external_id == "\U0001f600"


def test_escaped_backslash_before_u0000_is_a_text():
    assert read(b'{"external_id":"\\\\u0000"}', DECODER).external_id == "\\u0000"


DUPLICATES = {
    "at the top": (b'{"external_id":"1","external_id":"2"}', "external_id"),
    "with a space before the colon": (b'{"external_id":"1","external_id" :"2"}', "external_id"),
    "spelt by an escape": (b'{"external_id":"1","\\u0065xternal_id":"2"}', "external_id"),
    "in a line": (b'{"external_id":"1","lines":[{"sku":"A","price":1,"price":1000}]}', "price"),
    "of an unknown field": (b'{"x":1,"x":2}', "x"),
}


@pytest.mark.parametrize(("body", "field"), DUPLICATES.values(), ids=DUPLICATES.keys())
def test_duplicate_keys_are_refused(body, field):
    assert refused(body) == (Fault.JSON_DUPLICATE_KEY, {"field": field})


@pytest.mark.parametrize("depth", [33, 1_000, 100_000])
def test_deep_nesting_is_refused(depth):
    assert refused(b'{"tags":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}")[0] == Fault.JSON_DEEP


def test_depth_of_32_is_read():
    check_json(b"[" * 32 + b"]" * 32)


MINUS_ZEROS = {
    "integer": (b'{"total_minor":-0}', "total_minor"),
    "fraction": (b'{"total_minor":-0.0}', "total_minor"),
    "exponent": (b'{"total_minor": -0e5}', "total_minor"),
    "in a line": (b'{"external_id":"1","lines":[{"sku":"A","price":5},{"sku":"B","price":-0}]}', "lines[1].price"),
}


@pytest.mark.parametrize(("body", "field"), MINUS_ZEROS.values(), ids=MINUS_ZEROS.keys())
def test_minus_zero_is_refused_with_its_field(body, field):
    assert refused(body) == (Fault.MINUS_ZERO, {"field": field})


def test_text_that_looks_like_minus_zero_is_read():
    assert read(b'{"external_id":"x: -0, [-0"}', DECODER).external_id == "x: -0, [-0"


FIELDS = {
    "text for a number": ('{"external_id":"1","lines":[{"sku":"A","price":"5"}]}', Fault.INVALID, "lines[0].price"),
    "fraction": ('{"external_id":"1","lines":[{"sku":"A","price":1.0}]}', Fault.INVALID, "lines[0].price"),
    "truth for a number": ('{"external_id":"1","total_minor":true}', Fault.INVALID, "total_minor"),
    "list for a number": ('{"external_id":"1","total_minor":[5]}', Fault.INVALID, "total_minor"),
    "null for a number": ('{"external_id":"1","lines":[{"sku":"A","price":null}]}', Fault.INVALID, "lines[0].price"),
    "2^63": ('{"external_id":"1","total_minor":9223372036854775808}', Fault.INVALID, "total_minor"),
    "1e400": ('{"external_id":"1","total_minor":1e400}', Fault.INVALID, "total_minor"),
    "unknown field": ('{"external_id":"1","__proto__":{}}', Fault.UNKNOWN_FIELD, "__proto__"),
    "unknown in a line": ('{"lines":[{"sku":"A","price":1,"id":1}]}', Fault.UNKNOWN_FIELD, "lines[0].id"),
    "missing field": ("{}", Fault.MISSING, "external_id"),
    "missing field of a line": ('{"external_id":"1","lines":[{"sku":"A"}]}', Fault.MISSING, "lines[0].price"),
    "a list": ("[]", Fault.INVALID, "body"),
    "null": ("null", Fault.INVALID, "body"),
    "a text": ('"x"', Fault.INVALID, "body"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code", "field"), FIELDS.values(), ids=FIELDS.keys())
def test_wrong_fields_are_named(body, code, field):
    found, params = refused(body.encode())

    assert (found, params["field"]) == (code, field)


def receipt_of(lines: int) -> bytes:
    """About 150 bytes a line."""
    line = {"sku": "SKU-1", "name": "Молоко 3,2 % 1 л", "category": "food/milk", "quantity": "1.5", "price": 12345}
    return json.dumps({"external_id": "R-1", "lines": [line] * lines}, ensure_ascii=False).encode()


def best_of(body: bytes, times: int) -> float:
    """Seconds for one reading, undisturbed."""
    return min(timeit.repeat(lambda: check_json(body), number=times, repeat=15)) / times


def test_looking_at_a_receipt_of_one_kilobyte_takes_microseconds():
    body = receipt_of(8)

    assert 900 < len(body) < 1_300
    assert best_of(body, 100) < 60e-6


def test_looking_at_a_receipt_is_linear():
    small, large = receipt_of(20), receipt_of(1_000)

    assert best_of(large, 1) < 4 * 50 * best_of(small, 20)


@pytest.mark.parametrize("filling", [b"-0 ", b"\\\\u0000", b'\\"', b"[[", b"{}"])
def test_hostile_text_is_looked_at_in_linear_time(filling):
    body = b'{"external_id":"' + filling * (500_000 // len(filling)) + b'"}'

    assert best_of(body, 1) < 0.5


PIECES = (
    b'"', b":", b",", b"{", b"}", b"[", b"]", b"0", b"-0", b"-0.0", b"1e5", b"01", b"9" * 25, b"\\u0041", b"\\u0000",
    b"\\/", b"\x01", b"\xff", b"\xed\xa0\x80", b" ", b"null", b'"branch":"x",', b'"sku":"b",',
)  # fmt: skip


def told(by: Callable[..., object], body: bytes) -> object:
    try:
        return by(body, DECODER)
    except Problem as problem:
        return problem.code, problem.params


def test_the_short_way_through_plain_texts_refuses_the_same():
    chance = random.Random(7)
    good = b'{"external_id":"a:1","branch":"m","lines":[' + LINE.encode() + b'],"codes":["x:y"]}'
    bodies = [good]
    for _ in range(3_000):
        body = bytearray(good)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(body))
            body[place : place + chance.randint(0, 1)] = chance.choice(PIECES)
        bodies.append(bytes(body))

    assert [told(read, body) for body in bodies] == [told(read_strictly, body) for body in bodies]
    assert sum(reader._plain(body) is not reader._NOT_PLAIN for body in bodies) > 300
