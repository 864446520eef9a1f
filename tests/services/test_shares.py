"""What others get from a sale is posted after it, once, in any order with its returns (S4.24 to S4.37)."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.data.models.shares import ShareState
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.entries import statement_of_member
from kopilka.services.books import check_books
from kopilka.services.deeds import do_due_deeds
from kopilka.services.explaining import explain
from kopilka.services.explanations import explain_entry
from kopilka.services.outbox import handle_events
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase
from kopilka.services.returns import ALL, return_purchase
from kopilka.wording.languages import Language
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, balance, set_member, work
from tests.tills import TILL_1, bread, buy, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(days=3)


@pytest.fixture
def program():
    return make_program(rulebook=SHARING_RULES)


@pytest.fixture
def friends(program):
    """Artem, whom Alexander invited, whom Anna invited."""
    anna, alexander, artem = (make_member(program, f"+7916000000{n}") for n in range(3))
    set_member(program, alexander, inviter_id=anna)
    set_member(program, artem, inviter_id=alexander)
    return anna, alexander, artem


def bring(program, purchase_id, lines=ALL, number="r1"):
    return return_purchase(
        program_id=program.id, purchase_id=purchase_id, lines=lines, external_id=number, at=LATER, by=TILL_1,
        source="till:1",
    )  # fmt: skip


def findings(program):
    return [finding for result in check_books(program_id=program.id) for finding in result.findings]


def test_inviters_get_their_parts_after_the_sale_and_only_once(program, friends):
    anna, alexander, artem = friends

    bought = buy(program.id, artem, "1000")
    before = (balance(program.id, alexander), balance(program.id, anna))
    work(program.id)
    work(program.id)

    assert before == ((0, 0, 0), (0, 0, 0))
    assert (balance(program.id, alexander), balance(program.id, anna)) == ((10, 0, 0), (5, 0, 0))
    assert rows(
        program.id, ShareState, "purchase_id", "rule", "member_id", "to", "level", "units", "taken", order="rule"
    ) == [
        (bought.purchase_id, "above", anna, "inviter", 2, 5, 0),
        (bought.purchase_id, "inviter", alexander, "inviter", 1, 10, 0),
    ]
    assert findings(program) == []


def test_a_return_takes_all_of_them_back(program, friends):
    anna, alexander, artem = friends
    bought = buy(program.id, artem, "1000")
    work(program.id)

    bring(program, bought.purchase_id)
    work(program.id, LATER)

    assert [balance(program.id, one) for one in (anna, alexander, artem)] == [(0, 0, 0)] * 3
    assert rows(program.id, ShareState, "units", "taken", order="rule") == [(5, 5), (10, 10)]
    assert findings(program) == []


def test_a_share_and_its_take_back_may_come_in_either_order(program, friends):
    _, alexander, artem = friends
    sold = receipt(("TEA", "300", 1), ("SOAP", "700", 1))
    bought = confirm_purchase(program_id=program.id, request=request(artem, sold))
    bring(program, bought.purchase_id, {2: 1000})
    handle_events(program_id=program.id, at=LATER)
    deeds = rows(program.id, Deed, "id", "cause", "due_at")
    with_return = [key for key, cause, _ in deeds if cause != str(bought.purchase_id)]
    postpone(program, [key for key, cause, _ in deeds if cause == str(bought.purchase_id)])

    do_due_deeds(program_id=program.id, at=LATER)
    first = balance(program.id, alexander)
    do_due_deeds(program_id=program.id, at=LATER + timedelta(days=2))

    assert len(with_return) == 2
    assert first == balance(program.id, alexander) == (3, 0, 0)
    assert sorted(rows(program.id, Deed, "state", order="id")) == [("done",), ("done",), ("nothing",), ("nothing",)]
    assert findings(program) == []


def test_who_has_spent_his_share_owes_it_and_repays_with_the_next(program, friends):
    _, alexander, artem = friends
    bought = buy(program.id, artem, "1000")
    work(program.id)
    buy(program.id, alexander, "100", spend=10)

    bring(program, bought.purchase_id)
    work(program.id, LATER)
    owing = balance(program.id, alexander)
    buy(program.id, artem, "2000", at=LATER)
    work(program.id, LATER)

    assert owing == (0, 0, 6)
    assert balance(program.id, alexander) == (14, 0, 0)
    assert findings(program) == []


def test_an_open_purchase_shares_nothing_until_it_is_final(program, friends):
    _, alexander, artem = friends
    opened = confirm_purchase(program_id=program.id, request=request(artem, bread("1000"), "1", final=False))
    cancelled = confirm_purchase(program_id=program.id, request=request(artem, bread("1000"), "2", final=False))
    work(program.id)
    before = balance(program.id, alexander)

    confirm_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)
    cancel_open(program_id=program.id, purchase_id=cancelled.purchase_id, by=TILL_1, at=NOON)
    work(program.id)

    assert (before, balance(program.id, alexander)) == ((0, 0, 0), (10, 0, 0))


def test_a_bounded_share_is_given_so_often_and_no_more(program, friends):
    _, alexander, artem = friends
    source = SHARING_RULES.replace("{to: inviter, earn:", "{to: inviter, limit: {times: 2}, earn:")
    publish_rulebook(program_id=program.id, source=source, by=SYSTEM_ACTOR, at=NOON)

    bought = [buy(program.id, artem, "1000") for _ in range(3)]
    work(program.id)
    given = balance(program.id, alexander)
    bring(program, bought[0].purchase_id)
    buy(program.id, artem, "1000", at=LATER)
    work(program.id, LATER)

    assert (given, balance(program.id, alexander)) == ((20, 0, 0), (20, 0, 0))


def test_an_entry_of_a_share_is_explained(program, friends):
    _, alexander, artem = friends
    buy(program.id, artem, "1050")
    work(program.id)
    (page,) = [statement_of_member(program.id, alexander).entries]

    found = explain_entry(program_id=program.id, entry_id=page[0].id, by=SYSTEM_ACTOR)

    told = explain(found, load_version(program, found.version), Language.RU)
    assert [text.replace("\u00a0", " ") for text in told][:2] == [
        "Доля с покупки приглашённого вами участника по правилу «inviter»: +10 бонусов.",
        "10,5, округлено вниз до 10 бонусов.",
    ]


def load_version(program, number):
    with transaction.atomic():
        enter_program(program.id)
        return load_rulebook_version(program.id, number)


def postpone(program, deed_ids):
    with transaction.atomic():
        enter_program(program.id)
        Deed.objects.of(program.id).filter(id__in=deed_ids).update(due_at=LATER + timedelta(days=1))
