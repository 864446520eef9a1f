"""Where sales noted without a network arrive, and the page of those that wait (T38, T39)."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest

from kopilka.data.models.doors import QueuedSale
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.queued_sales import waiting_sales
from kopilka.services.devices import revoke_device
from tests.counter import let_in, make_cashier, make_manager, signed_in_client, till_client
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, rows

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/till/lavka/queue/"
JSON = {"accept": "application/json"}


@pytest.fixture
def program():
    made = make_program(rulebook=RULES)
    make_cashier(made)
    make_manager(made)
    return made


@pytest.fixture
def till(program):
    return let_in(program)


@pytest.fixture
def client(program, till):
    return signed_in_client(program, enrolled=till)


def noted(client, member="89161234567", minor=10_000, number=1):
    """What the browser signs and sends."""
    told = client.get(f"{QUEUE}key/", headers=JSON).json()
    body = {
        "key": f"{number:032}", "session": told["session"], "member": member, "amount_minor": minor,
        "occurred_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    text = json.dumps(body)
    signature = hmac.digest(b64decode(told["key"]), text.encode(), "sha256")
    return {"document": text, "signature": b64encode(signature).decode()}


def bring(client, *sales):
    return client.post(QUEUE, {"sales": list(sales)}, content_type="application/json", headers=JSON)


def test_noted_sales_arrive_and_are_answered_one_by_one(program, client):
    make_member(program)
    good, unknown = noted(client), noted(client, "89990000001", number=2)
    forged = good | {"signature": b64encode(bytes(32)).decode()}

    answer = bring(client, good, unknown, forged)

    told = answer.json()
    assert (answer.status_code, told["states"], told["waiting"]) == (200, ["booked", "waiting", "forged"], 1)
    assert bring(client, good, unknown).json()["states"] == ["booked", "waiting"]
    assert len(rows(program.id, Purchase, "id")) == 1


def test_sales_arrive_when_nobody_is_signed_in_any_more(program, till, client):
    make_member(program)
    sale = noted(client)
    client.post("/till/lavka/sign-out/")

    assert bring(till_client(program, till), sale).json()["states"] == ["booked"]


def test_key_is_given_to_whoever_is_signed_in_only(program, till):
    answer = till_client(program, till).get(f"{QUEUE}key/", headers=JSON)

    assert (answer.status_code, answer.json()["sign_in"].split("?")[0]) == (401, "/till/lavka/sign-in/")


def test_browser_that_is_no_till_any_more_brings_nothing(program, till, client):
    make_member(program)
    sale = noted(client)
    revoke_device(program_id=program.id, device_id=till.device.id, by=SYSTEM_ACTOR, at=NOON)

    assert bring(client, sale).status_code == 401
    assert rows(program.id, QueuedSale, "id") == []


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", '{"sales": 1}', '{"sales": [{}]}', '{"sales": [{"document": "{}", "signature": "я"}]}',
     '{"sales": [], "more": 1}', '{"sales": [' + ",".join(['{"document": "", "signature": ""}'] * 51) + "]}"],
)  # fmt: skip
def test_unreadable_batch_is_refused(client, body):
    answer = client.post(QUEUE, body, content_type="application/json", headers=JSON)

    assert (answer.status_code, answer.json()) == (400, {"error": "unreadable"})


def test_huge_batch_is_refused(client):
    body = json.dumps({"sales": [{"document": "x" * 300_000, "signature": ""}]})

    assert client.post(QUEUE, body, content_type="application/json", headers=JSON).status_code == 413


def test_page_and_its_worker_know_nobody(client):
    page, worker = client.get("/till/lavka/offline/"), client.get("/till/lavka/sw.js")

    assert "Оля" not in page.content.decode()
    assert worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert '"page": "/till/lavka/offline/"' in worker.content.decode()


# --- those that wait ----------------------------------------------------------------------------------------------
def of(sale, name):
    return f"{sale.id}-{name}"


def test_list_is_empty_at_first(client):
    assert "Ничего не ждёт" in client.get("/till/lavka/waiting/").content.decode()


def test_waiting_sale_is_mended(program, client):
    make_member(program)
    bring(client, noted(client, "8916123456"))
    (sale,) = waiting_sales(program.id)

    page = client.get("/till/lavka/waiting/").content.decode()
    wrong = client.post(f"/till/lavka/waiting/{sale.id}/book/", {of(sale, "member"): "8 916 12"})
    done = client.post(f"/till/lavka/waiting/{sale.id}/book/", {of(sale, "member"): "89161234567"})

    assert ("8916123456" in page, "100,00" in page) == (True, True)
    assert (wrong.status_code, "8 916 12" in wrong.content.decode()) == (422, True)
    assert (done.status_code, waiting_sales(program.id)) == (302, [])
    assert len(rows(program.id, Purchase, "id")) == 1


def test_waiting_sale_is_dropped_with_a_reason_only(program, client):
    bring(client, noted(client, "89990000001"))
    (sale,) = waiting_sales(program.id)

    silent = client.post(f"/till/lavka/waiting/{sale.id}/drop/", {of(sale, "reason"): ""})
    done = client.post(f"/till/lavka/waiting/{sale.id}/drop/", {of(sale, "reason"): "Ошибся"})

    assert (silent.status_code, done.status_code) == (422, 302)
    assert rows(program.id, QueuedSale, "state", "reason", "settled_by") == [("dropped", "Ошибся", "Оля")]


def test_training_settles_nothing(program, till, client):
    bring(client, noted(client, "89990000001"))
    (sale,) = waiting_sales(program.id)
    trainee = signed_in_client(program, enrolled=till, training=True)

    trainee.post(f"/till/lavka/waiting/{sale.id}/drop/", {of(sale, "reason"): "Ошибся"})

    assert [one.id for one in waiting_sales(program.id)] == [sale.id]


def test_scanner_page_is_there(client):
    assert "Проверка сканера" in client.get("/till/lavka/scanner/").content.decode()
