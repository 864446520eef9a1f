"""What automations do with segments, inside the transaction of their deed."""

from __future__ import annotations

from dataclasses import replace

from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.segments import RULE, Putting, end_of_stay, must_be_put_together, put_into, take_out_of


def put_member_into(doing: Doing, segment: str) -> None:
    """An automation puts its member into a segment, for as long as the segment says."""
    must_be_put_together(doing.rulebook, segment)
    said = Putting(segment, source=RULE, by=doing.deed.rule)
    putting = replace(said, until=end_of_stay(doing.rulebook, said, doing.at))
    standing = doing.known.standing
    standing.stays, happened = put_into(doing.program_id, doing.deed.member_id, standing.stays, putting, at=doing.at)
    doing.outcome.events += happened


def take_member_out_of(doing: Doing, segment: str) -> None:
    """An automation takes its member out of a segment; nothing happens where he is not in it."""
    must_be_put_together(doing.rulebook, segment)
    standing = doing.known.standing
    standing.stays, happened = take_out_of(
        doing.program_id, doing.deed.member_id, standing.stays, [segment], at=doing.at
    )
    doing.outcome.events += happened
