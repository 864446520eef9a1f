"""The catalogue of bad inputs (B1 to B60, B74 to B77) as far as it concerns this API: a clear no, nothing changed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.shop import receipt, table_counts
from tests.tills import RULES

PHONE = "+79161234567"


def line(**facts) -> dict:
    return {"sku": "BREAD", "price": 10000} | facts


def with_line(**facts) -> dict:
    return receipt("R-1", lines=[line(**facts)])


def at(**shift) -> str:
    return (datetime.now(UTC) + timedelta(**shift)).isoformat()


def points(wish) -> dict:
    return receipt("R-1", member={"phone": PHONE}, spend={"mode": "amount", "points": wish})


def refused(shop, method, path, body, status, code, field=None, **headers):
    before = table_counts()

    answer = shop.send(method, path, body, **headers)

    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    if field is not None:
        assert told["field"] == field, told
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["request_id"] == answer.headers["x-request-id"]
    assert table_counts() == before


NUMBERS = {
    "B1 10^18 points": (points(10**18), "spend.points"),
    "B1 2^63-1 points": (points(2**63 - 1), "spend.points"),
    "B1 2^63 points": (points(2**63), "spend.points"),
    "B1 2^64 points": (points(2**64), "spend.points"),
    "B1 10^308 points": (points(10**308), "spend.points"),
    "B4 NaN as a text": (with_line(price="NaN"), "lines[0].price"),
    "B4 inf as a quantity": (with_line(quantity="inf"), "lines[0].quantity"),
    "B6 negative price": (with_line(price=-1), "lines[0].price"),
    "B6 negative quantity": (with_line(quantity=-1), "lines[0].quantity"),
    "B6 negative text": (with_line(quantity="-1"), "lines[0].quantity"),
    "B7 0 points": (points(0), "spend.points"),
    "B8 half a kopeck": (with_line(price=1000.5), "lines[0].price"),
    "B9 a float": (with_line(price=0.30000000000000004), "lines[0].price"),
    "B10 comma": (with_line(quantity="10,50"), "lines[0].quantity"),
    "B10 space": (with_line(quantity="10 500"), "lines[0].quantity"),
    "B10 no-break space": (with_line(quantity="10\u00a0500"), "lines[0].quantity"),
    "B10 apostrophe": (with_line(quantity="1'000"), "lines[0].quantity"),
    "B11 underscore": (with_line(quantity="1_000"), "lines[0].quantity"),
    "B11 wide digits": (with_line(quantity="１２３"), "lines[0].quantity"),
    "B11 Arabic digit": (with_line(quantity="٣"), "lines[0].quantity"),
    "B11 Roman numeral": (with_line(quantity="Ⅷ"), "lines[0].quantity"),
    "B11 superscript": (with_line(quantity="²"), "lines[0].quantity"),
    "B12 1.0": (with_line(price=1.0), "lines[0].price"),
    "B12 true": (with_line(price=True), "lines[0].price"),
    "B12 text": (with_line(price="5"), "lines[0].price"),
    "B12 list": (with_line(price=[5]), "lines[0].price"),
    "B12 object": (with_line(price={"v": 5}), "lines[0].price"),
    "B12 null": (with_line(price=None), "lines[0].price"),
    "B13 four decimals": (with_line(quantity="0.0001"), "lines[0].quantity"),
    "B13 tiny quantity": (with_line(quantity="1e-9"), "lines[0].quantity"),
    "B14 RUR": (receipt("R-1", currency="rub"), "currency"),
    "B15 too many lines": (receipt("R-1", lines=[line()] * 2_001), "lines"),
    "B16 VAT over 100": (with_line(vat=101), "lines[0].vat"),
    "B16 negative VAT": (with_line(vat=-5), "lines[0].vat"),
    "B16 VAT in words": (with_line(vat="ten"), "lines[0].vat"),
    "B16 VAT with three places": (with_line(vat="7.555"), "lines[0].vat"),
    "B16 VAT with a line break": (with_line(vat="20\n"), "lines[0].vat"),
    "B16 VAT in Arabic digits": (with_line(vat="٢٠"), "lines[0].vat"),
    "long text": (with_line(name="x" * 201), "lines[0].name"),
    "long number": (receipt("x" * 101), "external_id"),
    "empty number": (receipt(""), "external_id"),
    "unknown origin": (receipt("R-1", origin="fax"), "origin"),
    "unknown mode": (receipt("R-1", spend={"mode": "all"}), "spend.mode"),
    "unknown kind": (with_line(kind="thing"), "lines[0].kind"),
    "code of letters": (receipt("R-1", code="12345x"), "code"),
    "B52 no zone": (receipt("R-1", occurred_at="2025-03-30T02:30:00"), "occurred_at"),
    "B54 leap second": (receipt("R-1", occurred_at="2025-12-31T23:59:60Z"), "occurred_at"),
    "B55 year 10000": (receipt("R-1", occurred_at="10000-01-01T00:00:00Z"), "occurred_at"),
    "B55 seconds": (receipt("R-1", occurred_at=1700000000), "occurred_at"),
    "B55 negative": (receipt("R-1", occurred_at=-1), "occurred_at"),
    "B59 a date": (receipt("R-1", occurred_at="29.02.24"), "occurred_at"),
    "31 April": (receipt("R-1", occurred_at="2026-04-31T00:00:00Z"), "occurred_at"),
    "B12 final as a text": (receipt("R-1", final="no"), "final"),
    "a text for lines": (receipt("R-1", lines="x"), "lines"),
    "a line is a text": (receipt("R-1", lines=["x"]), "lines[0]"),
}


@pytest.mark.parametrize("path", ["purchases", "quotes"])
@pytest.mark.parametrize(("body", "field"), NUMBERS.values(), ids=NUMBERS.keys())
def test_values_of_the_wrong_kind(shop, body, field, path):
    if path == "quotes":
        body = {name: value for name, value in body.items() if name not in {"external_id", "final"}}
        if field in {"external_id", "final"}:
            pytest.skip("only on purchases")

    refused(shop, "POST", path, body, 422, "invalid", field)


MEANING = {
    "B13 total off by a kopeck": (receipt("R-1", total_minor=9999), 422, "total_mismatch", None),
    "B13 discount over the price": (with_line(discount_minor=10001), 422, "out_of_range", "lines[0].discount_minor"),
    "B6 quantity 0": (with_line(quantity="0"), 422, "out_of_range", "lines[0].quantity"),
    "B6 quantity 0.000": (with_line(quantity="0.000"), 422, "out_of_range", "lines[0].quantity"),
    "B14 other currency": (receipt("R-1", currency="USD"), 422, "currency_mismatch", None),
    "B14 unknown currency": (receipt("R-1", currency="XXX"), 422, "currency_mismatch", None),
    "B15 a line too dear": (with_line(price=10**12, quantity=2), 422, "out_of_range", "lines[0].price"),
    "B16 VAT over 100 as a text": (with_line(vat="100.01"), 422, "out_of_range", "lines[0].vat"),
    "no lines": (receipt("R-1", lines=[]), 422, "missing", "lines"),
    "one number twice": (receipt("R-1", lines=[line(line=1), line(line=1)]), 422, "invalid", "lines"),
    "empty sku": (with_line(sku=" "), 422, "invalid", "sku"),
    "B27 unknown field": (receipt("R-1", tenant_id=1), 422, "unknown_field", "tenant_id"),
    "B27 __proto__": (receipt("R-1", __proto__={}), 422, "unknown_field", "__proto__"),
    "B27 in a line": (with_line(_connector="and"), 422, "unknown_field", "lines[0]._connector"),
    "B42 bidi": (with_line(name="x\u202ey"), 422, "invalid", "name"),
    "B42 line break": (with_line(name="x\r\ny"), 422, "invalid", "name"),
    "B42 zero width": (with_line(sku="x\u200by"), 422, "invalid", "sku"),
    "B42 escape": (receipt("R\u001b[31m"), 422, "invalid", "external_id"),
    "no member named": (receipt("R-1", member={}), 422, "invalid", "member"),
    "two members named": (receipt("R-1", member={"phone": PHONE, "card": "1"}), 422, "invalid", "member"),
    "B37 phone with letters": (receipt("R-1", member={"phone": "+7-916-FLOWERS"}), 422, "phone_invalid", None),
    "B39 phone too short": (receipt("R-1", member={"phone": "123"}), 422, "phone_invalid", None),
    "unknown member": (receipt("R-1", member={"card": "404"}), 404, "not_found", None),
    "not an id": (receipt("R-1", member={"id": "1 OR 1=1"}), 404, "not_found", None),
    "B45 quotes in a card": (receipt("R-1", member={"external": "'; DROP TABLE"}), 404, "not_found", None),
    "B57 from the future": (receipt("R-1", occurred_at=at(minutes=90)), 422, "in_future", None),
    "B57 too old": (receipt("R-1", occurred_at=at(days=-15)), 422, "too_old", None),
    "B55 year 9999": (receipt("R-1", occurred_at="9999-12-31T23:59:59-12:00"), 422, "in_future", None),
    "B55 year 1": (receipt("R-1", occurred_at="0001-01-01T00:00:00+14:00"), 422, "too_old", None),
    "points without amount": (receipt("R-1", spend={"mode": "max", "points": 5}), 422, "invalid", "spend.points"),
    "amount without points": (receipt("R-1", spend={"mode": "amount"}), 422, "missing", "spend.points"),
    "unknown quote": ({"external_id": "R-1", "quote_id": "0" * 36}, 404, "not_found", None),
    "quote and lines": (receipt("R-1", quote_id="0" * 36), 422, "invalid", "lines"),
    "two codes": (receipt("R-1", member={"code": "111111"}, code="222222"), 422, "invalid", "code"),
    "B74 more than the balance": (points(11), 422, "insufficient_points", None),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code", "field"), MEANING.values(), ids=MEANING.keys())
def test_values_that_make_no_sense(shop, body, status, code, field):
    anna = shop.member(PHONE)
    shop.sell("R-0", anna)

    refused(shop, "POST", "purchases", body, status, code, field)


def test_b17_paying_more_than_the_rules_allow_names_the_most(shop):
    anna = shop.member(PHONE)
    for number in range(10):
        shop.sell(f"R-0{number}", anna)

    answer = shop.post("purchases", points(60))

    told = answer.json()
    assert (answer.status_code, told["code"], told["maximum"]) == (422, "spend_limit", 50)


def test_b74_the_whole_balance_may_be_spent_once(shop):
    anna = shop.member(PHONE)
    shop.sell("R-0", anna)

    assert shop.post("purchases", points(10)).status_code == 201
    assert shop.post("purchases", points(10) | {"external_id": "R-2"}).status_code == 422


HEADERS = {
    "B23 text": ({"content_type": "text/plain"}, 415, "unsupported_media_type"),
    "B23 missing": ({"content_type": None}, 415, "unsupported_media_type"),
    "B23 XML": ({"content_type": "application/xml"}, 415, "unsupported_media_type"),
    "B23 cp1251": ({"content_type": "application/json; charset=cp1251"}, 415, "unsupported_media_type"),
    "B23 multipart": ({"content_type": "multipart/form-data"}, 415, "unsupported_media_type"),
    "B24 gzip": ({"content_encoding": "gzip"}, 415, "unsupported_content_encoding"),
    "B24 brotli": ({"content_encoding": "br"}, 415, "unsupported_content_encoding"),
    "B24 gzip twice": ({"content_encoding": "gzip, gzip"}, 415, "unsupported_content_encoding"),
    "B29 missing key": ({"idempotency_key": None}, 400, "idempotency_key_missing"),
    "B29 empty key": ({"idempotency_key": ""}, 400, "idempotency_key_invalid"),
    "B29 256 characters": ({"idempotency_key": "k" * 256}, 400, "idempotency_key_invalid"),
    "B29 not ASCII": ({"idempotency_key": "ключ".encode()}, 400, "idempotency_key_invalid"),
    "B29 space": ({"idempotency_key": "a b"}, 400, "idempotency_key_invalid"),
}


@pytest.mark.parametrize(("headers", "status", "code"), HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("path", ["purchases", "members"])
def test_headers_that_are_refused(shop, path, headers, status, code):
    body = receipt("R-1") if path == "purchases" else {"phone": PHONE}

    refused(shop, "POST", path, body, status, code, **headers)


def test_b29_two_idempotency_keys(shop):
    headers = [
        ("authorization", f"Bearer {shop.keys['admin']}"),
        ("content-type", "application/json"),
        ("idempotency-key", "a"),
        ("idempotency-key", "a"),
    ]

    answer = shop.loop.send("POST", "/api/v1/members", content=b'{"phone":"+79161234567"}', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


def test_b25_body_over_a_megabyte(shop):
    body = b'{"external_id":"' + b"x" * 1_000_001 + b'"}'

    refused(shop, "POST", "purchases", body, 413, "body_too_large")
    refused(shop, "POST", "members", body, 413, "body_too_large")


METHODS = {
    "PUT purchases": ("PUT", "purchases"),
    "DELETE purchases": ("DELETE", "purchases"),
    "PATCH purchases": ("PATCH", "purchases"),
    "HEAD purchases": ("HEAD", "purchases"),
    "TRACE purchases": ("TRACE", "purchases"),
    "GET adjustments": ("GET", f"members/{'0' * 36}/adjustments"),
    "PUT members": ("PUT", "members"),
    "POST program": ("POST", "program"),
}


@pytest.mark.parametrize(("method", "path"), METHODS.values(), ids=METHODS.keys())
def test_b28_methods_that_do_not_fit(shop, method, path):
    answer = shop.send(method, path, receipt("R-1"), x_http_method_override="POST")

    assert answer.status_code == 405
    assert answer.headers["allow"]
    assert method == "HEAD" or answer.json()["code"] == "method_not_allowed"


QUERIES = {
    "B22 NUL": ("members?card=%00", 400, "query_encoding"),
    "not UTF-8": ("members?card=%ff", 400, "query_encoding"),
    "unknown": ("members?name=x", 422, "unknown_field"),
    "twice": ("members?card=1&card=2", 400, "query_duplicate"),
    "nothing asked": ("members", 422, "invalid"),
    "two things asked": ("members?card=1&phone=2", 422, "invalid"),
    "B30 limit 0": ("purchases?limit=0", 422, "invalid"),
    "B30 limit -1": ("purchases?limit=-1", 422, "invalid"),
    "B30 limit of letters": ("purchases?limit=ten", 422, "invalid"),
    "B30 broken cursor": ("purchases?cursor=x", 400, "cursor_invalid"),
    "B30 cursor of nonsense": ("purchases?cursor=AAAAAAAAAAAAAAAA", 400, "cursor_invalid"),
    "B30 page": ("purchases?page=1", 422, "unknown_field"),
    "B52 from without zone": ("purchases?from=2026-01-01T00:00:00", 422, "invalid"),
    "B55 from the year 1": ("purchases?from=0001-01-01T00:00:00%2B14:00", 422, "out_of_range"),
    "B55 until the year 9999": ("returns?until=9999-12-31T23:59:59-12:00", 422, "out_of_range"),
    "many parameters": ("purchases?" + "&".join(f"a{n}=1" for n in range(1_000)), 400, "query_encoding"),
    "on the hot lane": (f"members/{'0' * 36}/wallets?x=1", 422, "unknown_field"),
}


@pytest.mark.parametrize(("path", "status", "code"), QUERIES.values(), ids=QUERIES.keys())
def test_queries_that_are_refused(shop, path, status, code):
    refused(shop, "GET", path, None, status, code)


def test_b30_a_large_limit_is_capped(shop):
    shop.sell("R-1")

    assert len(shop.get("purchases?limit=1000000000").json()["items"]) == 1


def test_b30_cursor_of_another_program_or_list_does_not_fit(shop, other_shop):
    for number in range(2):
        shop.sell(f"R-{number}")
    cursor = shop.get("purchases?limit=1").json()["next"]

    assert other_shop.get(f"purchases?cursor={cursor}").json()["code"] == "cursor_invalid"
    assert shop.get(f"returns?cursor={cursor}").json()["code"] == "cursor_invalid"
    assert shop.get(f"purchases?cursor={cursor[:-2]}AA").json()["code"] == "cursor_invalid"


PATHS = {
    "B22 NUL": "members/%00",
    "not UTF-8": "members/%ff",
    "not an id": "purchases/1",
    "braces": "members/%7B00000000-0000-7000-8000-000000000000%7D",
    "without hyphens": "members/00000000000070008000000000000000",
    "dots": "members/..%2f..%2fetc%2fpasswd",
    "hot, not an id": "members/x/wallets",
    "very long": "members/" + "x" * 3_000,
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_paths_that_name_nothing(shop, path):
    answer = shop.get(path)

    assert (answer.status_code, answer.json()["code"]) in {(404, "not_found"), (404, "path_unknown")}


@pytest.mark.parametrize("header", ["*" * 100_000, "ru;q=x", "\x7f", ",,,", "xx", "en;q=0,ru;q=0"])
def test_b31_accept_language_of_any_kind_is_survived(shop, header):
    assert shop.get("program", accept_language=header).status_code == 200


@pytest.mark.parametrize("given", ["x" * 65, "a b", "a\tb", "<script>", "é".encode("latin-1")])
def test_request_id_that_is_not_harmless_is_replaced(shop, given):
    answer = shop.get("program", x_request_id=given)

    assert len(answer.headers["x-request-id"]) == 24


def test_harmless_request_id_is_echoed(shop):
    assert shop.get("program", x_request_id="till-1:2026/7").headers["x-request-id"] == "till-1:2026/7"


MEMBERS = {
    "B37 letters": ({"phone": "+7-916-FLOWERS"}, "phone_invalid"),
    "B37 extension": ({"phone": "+7 916 123-45-67 доб. 5"}, "phone_invalid"),
    "B37 tel:": ({"phone": "tel:+79161234567"}, "phone_invalid"),
    "B38 no such number": ({"phone": "+7 (000) 000-00-00"}, "phone_invalid"),
    "B39 emoji": ({"phone": "📞"}, "phone_invalid"),
    "B39 30 digits": ({"phone": "7" * 30}, "phone_invalid"),
    "nothing to be known by": ({"name": "Анна"}, "missing"),
    "B40 long name": ({"phone": PHONE, "name": "я" * 10_000}, "invalid"),
    "B40 zalgo": ({"phone": PHONE, "name": "Я" + "\u0301" * 300}, "invalid"),
    "B40 only zero width": ({"phone": PHONE, "name": "\u200b"}, "invalid"),
    "B40 only spaces": ({"phone": PHONE, "name": "   "}, "invalid"),
    "B42 bidi": ({"phone": PHONE, "name": "Анна\u202eлаб"}, "invalid"),
    "B42 line break": ({"phone": PHONE, "name": "a\r\nBcc: x"}, "invalid"),
    "B47 no domain": ({"email": "a@b"}, "invalid"),
    "B47 header": ({"email": "a@b.ru\r\nBcc: c@d.ru"}, "invalid"),
    "B47 two @": ({"email": "a@b@c.ru"}, "invalid"),
    "B47 long": ({"email": "a" * 250 + "@b.ru"}, "invalid"),
    "B51 29.02.2023": ({"phone": PHONE, "birth_date": "2023-02-29"}, "invalid"),
    "B51 year 0": ({"phone": PHONE, "birth_date": "0000-01-01"}, "invalid"),
    "B51 1899": ({"phone": PHONE, "birth_date": "1899-12-31"}, "out_of_range"),
    "B51 tomorrow": ({"phone": PHONE, "birth_date": "2999-01-01"}, "out_of_range"),
    "unknown gender": ({"phone": PHONE, "gender": "x"}, "invalid"),
    "unknown language": ({"phone": PHONE, "language": "de"}, "invalid"),
    "B27 id": ({"phone": PHONE, "id": "1"}, "unknown_field"),
    "B39 null phone": ({"phone": None}, "invalid"),
}


@pytest.mark.parametrize(("body", "code"), MEMBERS.values(), ids=MEMBERS.keys())
def test_members_that_are_refused(shop, body, code):
    refused(shop, "POST", "members", body, 422, code)


NAMES = ["O'Brien", "Д’Артаньян", "Анна-Мария", "ЁЖ", "Łukasz", "李", "محمد", "Я", "null", "None", "NaN", "-"]
NAMES += ["<script>alert(1)</script>", "{{7*7}}", "${7*7}", "{0.__class__}", "%s%s%n", "'; DROP TABLE", "=HYPERLINK(1)"]


def test_names_are_kept_as_they_are(shop):
    told = [
        shop.post("members", {"phone": f"+7916{number:07}", "name": name}).json()["name"]
        for number, name in enumerate(NAMES)
    ]

    assert told == NAMES


@pytest.mark.parametrize("typed", ["8 (916) 123-45-67", "79161234567", "9161234567", "+7 916\u00a0123–45–67"])
def test_b35_spellings_of_one_phone_find_one_member(shop, typed):
    anna = shop.member(PHONE)

    (found,) = shop.loop.send(
        "GET", "/api/v1/members", params={"phone": typed}, headers={"authorization": f"Bearer {shop.keys['till']}"}
    ).json()["items"]

    assert found["id"] == str(anna)


def test_identifier_of_another_member_is_taken(shop):
    shop.member(PHONE)

    refused(shop, "POST", "members", {"phone": "8 916 123-45-67"}, 409, "identifier_taken")


RETURNS = {
    "B75 more than bought": ({"lines": [{"line": 1, "quantity": 3}]}, 422, "return_exceeds"),
    "B75 line not in the receipt": ({"lines": [{"line": 9}]}, 422, "line_unknown"),
    "no lines": ({"lines": []}, 422, "invalid"),
    "line twice": ({"lines": [{"line": 1}, {"line": 1}]}, 422, "invalid"),
    "quantity 0": ({"lines": [{"line": 1, "quantity": 0}]}, 422, "invalid"),
    "articles too": ({"articles": [{"sku": "A", "amount_minor": 1}]}, 422, "invalid"),
    "B75 unknown purchase": ({"purchase_id": "0" * 36}, 404, "not_found"),
    "from the future": ({"occurred_at": at(minutes=90)}, 422, "in_future"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), RETURNS.values(), ids=RETURNS.keys())
def test_returns_that_are_refused(shop, body, status, code):
    bought = shop.sell("R-1", shop.member(PHONE), lines=[line(quantity=2)])

    refused(shop, "POST", "returns", {"external_id": "B-1", "purchase_id": bought["id"]} | body, status, code)


def test_b76_final_purchase_is_not_cancelled(shop):
    bought = shop.sell("R-1")

    refused(shop, "POST", f"purchases/{bought['id']}/cancel", None, 409, "purchase_final")


def test_b77_released_twice_is_answered_alike(shop):
    anna = shop.member(PHONE)
    shop.sell("R-1", anna)
    hold = shop.post("holds", {"member": {"id": str(anna)}, "points": 5}).json()

    first, second = (shop.post(f"holds/{hold['id']}/release") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["state"] == second.json()["state"] == "released"


HOLDS = {
    "0 points": ({"points": 0}, 422, "invalid"),
    "more than there is": ({"points": 11}, 422, "insufficient_points"),
    "no member": ({"member": {}}, 422, "invalid"),
    "unknown currency": ({"currency": "gold"}, 422, "invalid"),
    "no life": ({"life_minutes": 0}, 422, "invalid"),
}


@pytest.mark.parametrize(("body", "status", "code"), HOLDS.values(), ids=HOLDS.keys())
def test_holds_that_are_refused(shop, body, status, code):
    shop.sell("R-1", shop.member(PHONE))

    refused(shop, "POST", "holds", {"member": {"phone": PHONE}, "points": 1} | body, status, code)


ADJUSTMENTS = {
    "0": {"points": 0},
    "more than a billion": {"points": 10**9 + 1},
    "2^63": {"points": 2**63},
    "no reason": {"reason": ""},
    "only spaces": {"reason": "  "},
    "unknown currency": {"currency": "gold"},
    "B56 life of 51 years": {"life_days": 18_251},
    "more than there is": {"points": -1},
}


@pytest.mark.parametrize("body", ADJUSTMENTS.values(), ids=ADJUSTMENTS.keys())
def test_adjustments_that_are_refused(shop, body):
    anna = shop.member(PHONE)
    before = table_counts()

    answer = shop.post(f"members/{anna}/adjustments", {"currency": "bonus", "points": 1, "reason": "x"} | body)

    assert answer.status_code == 422, answer.text
    assert table_counts() == before


RULEBOOKS = {
    "neither": ({}, "invalid"),
    "both": ({"source": RULES, "document": {}}, "invalid"),
    "nonsense": ({"source": "hello"}, "rulebook_invalid"),
    "an empty object": ({"document": {}}, "rulebook_invalid"),
    "other money": ({"source": RULES.replace("RUB", "USD")}, "rulebook_invalid"),
    "YAML bomb": ({"source": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"}, "rulebook_invalid"),
}


@pytest.mark.parametrize(("body", "code"), RULEBOOKS.values(), ids=RULEBOOKS.keys())
def test_rulebooks_that_are_refused(shop, body, code):
    refused(shop, "POST", "program/versions", body, 422, code)


def test_problems_of_a_rulebook_are_told_with_place_and_sentence(shop):
    told = shop.post("program/versions", {"source": "rulebook: 1\nmoney: RUB\n"}, accept_language="en").json()

    assert {(one["path"], one["code"]) for one in told["problems"]} >= {("", "missing_key")}
    assert all(one["text"] for one in told["problems"])


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "²", "9" * 20])
def test_versions_that_do_not_exist(shop, number):
    assert shop.get(f"program/versions/{number}").status_code == 404
    assert shop.get(f"program/versions/1/diff/{number}").status_code == 404
