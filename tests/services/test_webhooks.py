"""Webhooks: signed, in order for each member, tried again, never to private addresses unless allowed."""

import hmac
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.scope import enter_program
from kopilka.connectors.posting import post
from kopilka.data.models.automations import WebhookCall
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.webhooks.delivering import deliver_calls, wait_after
from kopilka.services.webhooks.endpoints import change_webhook, create_webhook, list_webhooks, replay_call
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import happen, live, rules
from tests.tills import rows, with_key

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver:
    """A real HTTP server that keeps what it hears and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict, bytes]] = []
        self.answers: list[tuple[int, dict]] = []

    def handler(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_args):
                pass

        return Handler

    @property
    def events(self) -> list[str]:
        return [json.loads(body)["event"] for _, body in self.heard]


@pytest.fixture
def receiver():
    made = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), made.handler())
    made.url = f"http://127.0.0.1:{server.server_port}/hook?shop=1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def program():
    return make_program(rulebook=rules("vip: {event: enrolled, grant: {points: 5}, call: crm}"))


def register(program, url, *events, code="crm", request=None):
    asking = Asking(SYSTEM_ACTOR, NOON, *([request] if request else []))
    return create_webhook(program_id=program.id, code=code, url=url, events=list(events), private=True, asking=asking)


def deliver(program, at=NOON, *, private=True):
    return deliver_calls(program_id=program.id, at=at, private=private)


def calls(program):
    return rows(program.id, WebhookCall, "state", "tries", "status")


@contextmanager
def refused(code):
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code is code


def test_call_of_a_rule_is_signed_and_arrives_once(program, receiver):
    hook = register(program, receiver.url)
    member_id = make_member(program)
    live(program.id)

    assert [deliver(program), deliver(program)] == [1, 0]

    ((headers, body),) = receiver.heard
    told = json.loads(body)
    assert (told["event"], told["member_id"]) == ("rule", str(member_id))
    assert (told["facts"]["rule"], told["facts"]["points"]) == ("vip", {"bonus": 5})
    signature = hmac.new(hook.secret.encode(), headers["Kopilka-Timestamp"].encode() + b"." + body, "sha256")
    assert headers["Kopilka-Signature"] == f"v1={signature.hexdigest()}"
    assert (headers["Kopilka-Id"], headers["Kopilka-Timestamp"]) == (told["id"], str(int(NOON.timestamp())))
    assert calls(program) == [("delivered", 1, 204)]


def test_endpoint_is_told_of_the_events_it_asked_for(program, receiver):
    register(program, receiver.url, "custom", code="events")
    member_id = make_member(program)
    happen(program.id, EventKind.CUSTOM, member_id, name="review")
    live(program.id)

    deliver(program)

    assert receiver.events == ["custom"]


def test_failed_call_is_tried_again_and_later_ones_of_the_member_wait_for_it(program, receiver):
    register(program, receiver.url, "custom", code="events")
    member_id = make_member(program)
    for name in ("one", "two"):
        happen(program.id, EventKind.CUSTOM, member_id, name=name)
    live(program.id)
    receiver.answers = [(500, {})]

    came = [deliver(program, NOON + timedelta(seconds=second)) for second in (0, 5, 10)]

    assert came == [0, 0, 2]
    assert [json.loads(body)["facts"]["name"] for _, body in receiver.heard] == ["one", "one", "two"]
    assert calls(program) == [("delivered", 2, 204), ("delivered", 1, 204)]


def test_call_is_given_up_after_three_days_and_sent_again_by_hand(program, receiver):
    register(program, receiver.url, "custom", code="events")
    happen(program.id, EventKind.CUSTOM, make_member(program), name="one")
    live(program.id)
    receiver.answers = [(503, {})] * 30
    at, tries = NOON, 0
    while calls(program)[0][0] == "due":
        deliver(program, at)
        at += wait_after(tries)
        tries += 1
    (call_id,) = rows(program.id, WebhookCall, "id")[0]
    given_up, heard = calls(program), len(receiver.heard)
    receiver.answers = []

    replay_call(program_id=program.id, call_id=call_id, asking=Asking(SYSTEM_ACTOR, at))
    deliver(program, at)

    assert given_up == [("dead", heard, 503)]
    assert timedelta(days=2.7) < at - NOON < timedelta(days=3.3)
    assert calls(program) == [("delivered", 1, 204)]


def test_redirect_is_not_followed(program, receiver):
    register(program, receiver.url, "custom", code="events")
    happen(program.id, EventKind.CUSTOM, make_member(program), name="one")
    live(program.id)
    receiver.answers = [(302, {"Location": receiver.url})]

    deliver(program)

    assert len(receiver.heard) == 1
    assert calls(program) == [("due", 1, 302)]


def test_private_addresses_are_not_called_unless_allowed(program, receiver):
    register(program, receiver.url, "custom", code="events")
    happen(program.id, EventKind.CUSTOM, make_member(program), name="one")
    live(program.id)

    deliver(program, private=False)

    assert receiver.heard == []
    assert calls(program) == [("due", 1, 0)]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
     "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://2130706433/", "http://example.com/"],
)  # fmt: skip
def test_no_way_to_a_private_address(url):
    came = post(url, b"{}", {}, private=False, seconds=1)

    assert (came.status, came.told.split(":")[0]) == (0, "refused")


def test_dead_receiver_costs_one_timeout_in_a_turn(program, receiver):
    register(program, "http://127.0.0.1:9/", "custom", code="dead")
    register(program, receiver.url, "custom", code="alive")
    for number in range(5):
        happen(program.id, EventKind.CUSTOM, make_member(program, f"+7916000000{number}"), name="one")
    live(program.id)

    assert deliver(program) == 5
    assert sorted(tries for state, tries, _ in calls(program) if state == "due") == [0, 0, 0, 0, 1]


def test_call_of_a_worker_that_died_is_due_again(program, receiver):
    register(program, receiver.url, "custom", code="events")
    happen(program.id, EventKind.CUSTOM, make_member(program), name="one")
    live(program.id)
    with transaction.atomic():
        enter_program(program.id)
        WebhookCall.objects.of(program.id).update(due_at=NOON + timedelta(minutes=6))

    assert [deliver(program), deliver(program, NOON + timedelta(minutes=6))] == [0, 1]


def test_secret_is_shown_once_and_repeating_the_request_does_not_make_another(program, receiver):
    made = register(program, receiver.url, request=with_key("k1"))
    again = register(program, receiver.url, request=with_key("k1"))

    assert len(made.secret) == 64
    assert (again.secret, again.replayed) == ("", True)
    assert [hook.secret for hook in list_webhooks(program_id=program.id)] == [""]
    with refused(Code.IDENTIFIER_TAKEN):
        register(program, receiver.url)


def test_stopped_endpoint_hears_nothing(program, receiver):
    register(program, receiver.url, "custom", code="events")
    change_webhook(
        program_id=program.id, code="events", url=None, events=None, active=False, private=True,
        asking=Asking(SYSTEM_ACTOR, NOON),
    )  # fmt: skip
    happen(program.id, EventKind.CUSTOM, make_member(program), name="one")
    live(program.id)

    assert (deliver(program), receiver.heard) == (0, [])


@pytest.mark.parametrize(
    ("url", "private"),
    [("http://example.com/", False), ("https://user:secret@example.com/", False), ("ftp://example.com/", True),
     ("https://", False), ("/hook", True)],
)  # fmt: skip
def test_address_must_be_one(program, url, private):
    with refused(Code.INVALID):
        create_webhook(
            program_id=program.id, code="x", url=url, events=[], private=private, asking=Asking(SYSTEM_ACTOR, NOON)
        )


def test_unknown_events_are_refused(program, receiver):
    with refused(Code.INVALID):
        register(program, receiver.url, "everything")
