"""Members by the last four digits of their phones, as a cashier may see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.data.models.members import Identifier, Profile
from kopilka.queries.scope import reading
from kopilka.wording.masking import masked_name, masked_phone

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class MaskedMember:
    """Enough to ask "is it you?", too little to take home."""

    member_id: UUID
    name: str
    phone: str


def members_by_tail(program_id: UUID, tail: str) -> list[MaskedMember]:
    """Those whose phone ends so, by name; one more than SHOWN_MAX where there are more."""
    with reading(program_id):
        known = Identifier.objects.of(program_id).filter(kind="phone", tail=tail)
        phones = dict(known.order_by("id").values_list("member_id", "value")[: SHOWN_MAX + 1])
        named = Profile.objects.of(program_id).filter(member_id__in=list(phones))
        names = dict(named.values_list("member_id", "name"))
    found = [MaskedMember(one, masked_name(names.get(one, "")), masked_phone(phone)) for one, phone in phones.items()]
    return sorted(found, key=lambda member: (member.name.casefold(), member.phone, str(member.member_id)))
