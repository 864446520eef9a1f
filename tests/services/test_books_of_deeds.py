"""`books check` names what rules gave by deeds, wherever it is not what was decided (I20, I23, I24)."""

import pytest

from tests.factories import make_member, make_program
from tests.services.automations.town import bring_back, live
from tests.services.test_books import every, found, one, tamper
from tests.services.test_merging import LATER, RULES
from tests.sharing import set_member
from tests.tills import buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    """A friend's two purchases with shares and thanks, of one a part came back."""
    made = make_program(rulebook=RULES)
    anna, artem = make_member(made, "+79160000001"), make_member(made, "+79160000002")
    set_member(made, artem, inviter_id=anna)
    sold = buy(made.id, artem, "1000")
    buy(made.id, artem, "500")
    live(made.id)
    bring_back(made.id, sold.purchase_id, "r1", {1: 400}, LATER)
    live(made.id, LATER)
    return made


def test_whole_books_with_deeds_are_clean(program):
    assert found(program) == set()


def test_what_is_still_to_come_is_not_missed(program):
    bring_back(program.id, buy(program.id, make_member(program, "+79160000003"), "10").purchase_id, "r2", None, LATER)

    assert found(program) == set()

    live(program.id, LATER)  # a share is given and taken in one act: nothing moved, and there is an operation

    assert found(program) == set()


BREAKS = [
    ("I20", "reference_astray", one("deed", "member_id = {nobody}")),
    ("I23", "share_not_as_decided", one("sharestate", "units = units + 1")),
    ("I23", "share_not_its_returns", one("sharestate", "taken = taken - 1", "taken > 0")),
    ("I23", "share_not_its_returns", one("sharestate", "taken = taken + 1", "taken = 0")),
    ("I23", "share_not_its_lots", one("sharestate", "lots = '[]'")),
    ("I23", "share_of_nothing", one("sharestate", "purchase_id = {nobody}")),
    ("I23", "share_not_posted", "DELETE FROM kopilka_sharestate"),
    ("I24", "deed_without_operation", one("deed", "operation_id = NULL", "units > 0")),
    ("I24", "deed_without_operation", one("deed", "operation_id = {nobody}", "units > 0")),
    ("I24", "deed_without_operation", every("deed", "operation_id = NULL", "kind = 'share'")),
    ("I24", "deed_not_done", one("deed", "state = 'refused'", "units > 0")),
]


@pytest.mark.parametrize(("invariant", "what", "statement"), BREAKS)
def test_changed_row_is_named(program, invariant, what, statement):
    tamper(program, statement)

    assert (invariant, what) in found(program)
