"""Batches are large and nobody's own receipts change places."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kopilka.services.imports.receipts import FileReceipt
from kopilka.services.imports.scheduling import in_batches, rounds

AT = datetime(2025, 3, 1, tzinfo=UTC)


def receipt(place, member, is_return):
    return FileReceipt(place, str(place), AT, member, is_return, (), 0)


def shown(made):
    return [([one.place for one in r.sales], [one.place for one in r.returns]) for r in made]


def test_a_sale_after_a_return_waits_for_it_and_others_do_not():
    history = [
        ("a", False),
        ("a", True),
        ("b", False),
        ("a", False),
        ("b", False),
        ("", True),
        ("", False),
        ("a", True),
    ]
    receipts = [receipt(place, member, back) for place, (member, back) in enumerate(history, start=1)]

    assert shown(rounds(receipts)) == [([1, 3, 5, 7], [2, 6]), ([4], [8])]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_everything_is_booked_once_in_the_members_own_order(history):
    receipts = [receipt(place, member, back) for place, (member, back) in enumerate(history)]

    booked = [one for r in rounds(receipts) for one in [*r.sales, *r.returns]]

    assert sorted(one.place for one in booked) == list(range(len(history)))
    for member in "abc":
        places = [one.place for one in booked if one.member == member]
        assert places == sorted(places)


def test_batches_have_a_size():
    assert list(in_batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
