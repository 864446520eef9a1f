"""Both ends of every reference belong to one program, and members' counters are their purchases (I20)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from kopilka.queries import books
from kopilka.services.book_checks.finding import Finding, finding, side_by_side


def references_stay_inside(program_id: UUID) -> Iterator[Finding]:
    for model, field in books.references():
        for row, other in books.strays(program_id, model, field):
            yield finding("reference_astray", table=model.__name__, row=row, field=field.name, refers_to=other)


def members_are_their_purchases(program_id: UUID) -> Iterator[Finding]:
    for member, sums in side_by_side(books.members(program_id), books.purchase_sums_of_members(program_id)):
        if member is None:
            continue  # a purchase of no member of ours: the sweep of references names it
        expected = tuple(sums[1:]) if sums else (0, 0)
        if (member[1], member[2]) != expected:
            yield finding("member_not_his_purchases", member=member[0], cached=member[1:], purchases=expected)


def rows_have_programs() -> Iterator[Finding]:
    for table, program in books.unknown_programs():
        yield finding("row_without_program", table=table, program=program)
