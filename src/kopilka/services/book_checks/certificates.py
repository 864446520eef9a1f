"""The books of gift certificates: every operation sums to zero, every row is the sum of its entries (I22)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from kopilka.queries.certificates import certificates_unlike_their_entries, uneven_operations
from kopilka.services.book_checks.finding import Finding, finding


def certificates_add_up(program_id: UUID) -> Iterator[Finding]:
    for operation, total in uneven_operations(program_id):
        yield finding("certificate_operation_uneven", operation=operation, sum=total)
    for certificate_id, balance, held, summed, summed_held in certificates_unlike_their_entries(program_id):
        yield finding(
            "certificate_not_its_entries", certificate=certificate_id, cached=[balance, held],
            entries=[summed, summed_held],
        )  # fmt: skip
