from hashlib import sha256

import pytest

from kopilka.engine.raffles import Entrant, Win, draw_winners, hash_of, text_of

SECRET = "00" * 32
LIST = [Entrant("b", 2), Entrant("a", 1), Entrant("c", 7)]


def by_hand(secret: str, lines: list[tuple[str, int]], place: int, tries: int) -> tuple[int, str]:
    """The description of docs/algorithms/raffle.md once more, without our code."""
    text = "".join(f"{mark} {tickets}\n" for mark, tickets in lines)
    listed = sha256(text.encode()).hexdigest()
    number = int(sha256(f"{secret} {listed} {place} {tries}".encode()).hexdigest(), 16)
    tickets = [mark for mark, count in lines for _ in range(count)]
    return number % len(tickets) + 1, tickets[number % len(tickets)]


def test_the_list_is_hashed_in_the_order_of_its_marks():
    assert text_of(LIST) == "a 1\nb 2\nc 7\n"
    assert hash_of(text_of(LIST)) == "a9dcaf94cfae6d6d536664dd0d8b276f466809780ec290b5e638790e457fc730"


def test_winners_are_those_of_the_published_vector():
    wins = draw_winners(SECRET, LIST, ["car", "phone", "mug"], one_each=True)

    assert wins == [Win("car", 10, "c"), Win("phone", 1, "a"), Win("mug", 3, "b")]


def test_the_first_winner_can_be_computed_by_hand():
    (win,) = draw_winners(SECRET, LIST, ["car"], one_each=True)

    assert (win.ticket, win.mark) == by_hand(SECRET, [("a", 1), ("b", 2), ("c", 7)], 1, 1)


def test_the_order_in_which_the_list_is_given_changes_nothing():
    prizes = ["car", "phone"]

    assert draw_winners(SECRET, LIST[::-1], prizes, one_each=True) == draw_winners(SECRET, LIST, prizes, one_each=True)


@pytest.mark.parametrize(("one_each", "drawn"), [(True, 3), (False, 10)])
def test_no_more_prizes_are_drawn_than_there_are_winners(one_each, drawn):
    wins = draw_winners(SECRET, LIST, [str(number) for number in range(12)], one_each=one_each)

    assert len(wins) == drawn
    assert len({win.ticket for win in wins}) == drawn


def test_nobody_wins_where_there_are_no_tickets():
    assert draw_winners(SECRET, [], ["car"], one_each=True) == []


def test_more_tickets_win_more_often():
    wins = [draw_winners(f"{number:064x}", LIST, ["car"], one_each=True)[0].mark for number in range(2_000)]

    assert [round(wins.count(mark) / 200) for mark in "abc"] == [1, 2, 7]
