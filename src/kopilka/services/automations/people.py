"""Who gets the points of an automation beside the member of its event (S4.26)."""

from __future__ import annotations

from uuid import UUID

from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.members import Member
from kopilka.engine.automations import Bought
from kopilka.engine.mechanics import Person
from kopilka.engine.rulebook import Rulebook

LEVELS_MAX = 10


def account_of(
    program_id: UUID, rulebook: Rulebook, who: tuple[Person, int], member_id: UUID | None, bought: Bought | None,
    staff: str = "",
) -> UUID | None:  # fmt: skip
    """The member whose wallets get it; None when there is nobody, or he is the very member (nobody pays himself)."""
    person, level = who
    match person:
        case Person.MEMBER:
            return member_id
        case Person.INVITER:
            return inviter_of(program_id, member_id, level)
        case Person.AGENT:
            code = (bought.receipt.agent if bought else "") or _column(program_id, member_id, "agent")
        case Person.EMPLOYEE:
            code = (bought.receipt.staff if bought else "") or staff
        case Person.PARTNER:
            branch = bought.receipt.branch if bought else ""
            code = _partner(rulebook, branch, _column(program_id, member_id, "link"))
    return _beneficiary(program_id, person, code, member_id)


def inviter_of(program_id: UUID, member_id: UUID | None, level: int) -> UUID | None:
    """Level 1 invited the member, level 2 invited him, and so on."""
    found = member_id
    for _ in range(min(level, LEVELS_MAX)):
        if found is None:
            return None
        found = Member.objects.of(program_id).filter(id=found).values_list("inviter_id", flat=True).first()
    return found


def _column(program_id: UUID, member_id: UUID | None, name: str) -> str:
    if member_id is None:
        return ""
    return Member.objects.of(program_id).filter(id=member_id).values_list(name, flat=True).first() or ""


def _partner(rulebook: Rulebook, branch: str, link: str) -> str:
    """Whose branch sold it, else whose link brought the member."""
    for partner in rulebook.mechanics.partners.values():
        if branch and branch in partner.branches:
            return partner.code
    said = rulebook.mechanics.links.get(link)
    return said.partner if said else ""


def _beneficiary(program_id: UUID, person: Person, code: str, member_id: UUID | None) -> UUID | None:
    if not code:
        return None
    rows = Beneficiary.objects.of(program_id).filter(kind=person.value, code=code, active=True)
    found = rows.values_list("account_id", "person_id").first()
    if found is None or (member_id is not None and found[1] == member_id):
        return None
    account: UUID = found[0]
    return account
