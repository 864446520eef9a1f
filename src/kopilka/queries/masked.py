"""Several members as a cashier may see them, at one look."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kopilka.data.models.members import Identifier, Profile
from kopilka.queries.scope import reading
from kopilka.queries.tails import MaskedMember
from kopilka.wording.masking import masked_name, masked_phone


def masked_members(program_id: UUID, members: Collection[UUID]) -> dict[UUID, MaskedMember]:
    """By id, each with its masked name and phone; one of whom nothing is known has neither."""
    with reading(program_id):
        known = Identifier.objects.of(program_id).filter(kind="phone", member_id__in=members, owner__isnull=True)
        phones = dict(known.values_list("member_id", "value"))
        named = Profile.objects.of(program_id).filter(member_id__in=members)
        names = dict(named.values_list("member_id", "name"))
    return {
        one: MaskedMember(one, masked_name(names.get(one, "")), masked_phone(phones.get(one, ""))) for one in members
    }
