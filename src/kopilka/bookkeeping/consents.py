"""What a member agreed to, written down in the transaction of whatever he agreed at; and which version holds now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from kopilka.data.ids import new_id
from kopilka.data.models.card import Consent, ConsentText
from kopilka.engine.consents import KINDS, Given, Witness
from kopilka.engine.refusal import Code, Refusal

EVIDENCE_MAX = 300


def current_versions(program_id: UUID) -> dict[str, int]:
    """The version of each text that holds now; 0: the program has published none."""
    rows = ConsentText.objects.of(program_id).values_list("kind").annotate(last=Max("version"))
    return dict.fromkeys(KINDS, 0) | dict(rows)


def clean_consents(program_id: UUID, consents: Sequence[Given]) -> list[Given]:
    """Each once, with its version. `invalid` (consents): an unknown kind, channel or version."""
    versions = current_versions(program_id) if consents else {}
    found: dict[tuple[str, str], Given] = {}
    for one in consents:
        if not one.is_known:
            raise Refusal(Code.INVALID, field="consents", reason="unknown_value")
        version = versions[one.kind] if one.version is None else one.version
        if not 0 <= version <= versions[one.kind]:
            raise Refusal(Code.INVALID, field="consents", reason="unknown_value")
        found[one.kind, one.channel] = Given(one.kind, one.channel, version)
    return list(found.values())


def write_consents(
    program_id: UUID, member_id: UUID, consents: Sequence[Given], *, given: bool, witness: Witness, at: datetime
) -> None:
    """Add to his file, inside the transaction of the act; nothing that stands there is ever changed."""
    Consent.objects.bulk_create(
        Consent(
            id=new_id(), program_id=program_id, member_id=member_id, kind=one.kind, channel=one.channel,
            version=one.version or 0, given=given, at=at, door=witness.door[:10],
            evidence=witness.evidence[:EVIDENCE_MAX],
        )
        for one in clean_consents(program_id, consents)
    )  # fmt: skip
