"""An id nobody has and an id of another program are answered alike on every page that takes one, by nothing at all."""

import re
from uuid import uuid4

import pytest
from django.urls import get_resolver
from django.utils import timezone

from kopilka.card.access import COOKIE
from kopilka.data.models.club import GoodsRequest
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import list_devices
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.member_sessions import start_session
from kopilka.services.open_receipts import How, name_member
from kopilka.services.returns import ALL, return_purchase
from tests.counter import let_in, make_cashier, make_manager, signed_in_client
from tests.factories import make_member, make_program
from tests.till.desk import RULES, give_points
from tests.tills import TILL_1, VOUCHED, buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

DOORS = ("till", "card", "kiosk")
OTHERWISE = {"till-sent": "tells a browser of a receipt nobody knows that it was not booked"}


def addresses(door):
    """Name and parameters of every address of a door with an id in it."""
    reverses = get_resolver().reverse_dict
    found = {}
    for name in {one for one in reverses if isinstance(one, str) and one.startswith(f"{door}-")}:
        ((path, names),) = reverses.getlist(name)[0][0]
        ids = [one for one in names if one != "slug"]
        if ids:
            found[name] = (path, ids)
    return found


@pytest.fixture
def stranger():
    """Everything another program has, by what an address calls it."""
    other = make_program("other", rulebook=RULES)
    make_cashier(other)
    member = make_member(other)
    give_points(other, member, 500)
    bought = buy(other.id, member, "100", at=timezone.now()).purchase_id
    returned = return_purchase(
        program_id=other.id, purchase_id=bought, lines=ALL, source="till:1", external_id="R1", by=TILL_1,
        at=timezone.now(),
    )  # fmt: skip
    chosen = ChooseRequest(member, "mug", SYSTEM_ACTOR, timezone.now(), proof=VOUCHED)
    device = let_in(other).device
    receipt = name_member(
        program_id=other.id, device_id=device.id, member_id=member, how=How.PHONE, at=timezone.now()
    )  # fmt: skip
    return {
        "member_id": member, "purchase_id": bought, "return_id": returned.return_id, "receipt": receipt.id,
        "claim_id": choose_gift(program_id=other.id, request=chosen).claim_id, "device": device.id,
    }  # fmt: skip


def seen(client, path, values):
    """Of both methods: status and page, without what is drawn anew and the id itself."""
    address = "/" + path % {"slug": "lavka", **values}
    answers = [client.get(address), client.post(address, {})]
    told = []
    for answer in answers:
        text = re.sub(r'value="[^"]{30,}"|X-CSRFToken[^}]*', "", answer.content.decode())
        for value in values.values():
            text = text.replace(str(value), "")
        told.append((answer.status_code, text))
    return told


def check(client, door, stranger):
    looked = 0
    for name, (path, ids) in addresses(door).items():
        if name in OTHERWISE or not set(ids) & set(stranger):
            continue
        fixed = {one: "bonus" for one in ids if one not in stranger}
        foreign = seen(client, path, {**fixed, **{one: stranger[one] for one in ids if one in stranger}})
        unknown = seen(client, path, {**fixed, **{one: uuid4() for one in ids if one in stranger}})
        assert foreign == unknown, name
        assert {status for status, _ in foreign} <= {404, 405}, name
        looked += 1
    return looked


def test_till_knows_nothing_of_another_program(stranger):
    program = make_program(rulebook=RULES)
    make_manager(program)

    assert check(signed_in_client(program, "02", "9073"), "till", stranger) >= 12
    assert rows(program.id, GoodsRequest, "id") == []
    assert len(list_devices(program.id)) == 1


def test_card_knows_nothing_of_another_program(stranger, client):
    program = make_program(rulebook=RULES)
    session = start_session(
        program_id=program.id, member_id=make_member(program), label="", came_by="code", at=timezone.now()
    )
    client.cookies[COOKIE] = session.token

    assert check(client, "card", stranger) >= 1
