"""What is sent: a purchase or a quote of five lines, for a member drawn at random; and what the first one stored."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass

from tools.bench.loading import MARK, NUMBER
from tools.bench.rules import lines
from tools.bench.seed import Seeded, member_id


@dataclass(frozen=True, slots=True)
class Stored:
    """The texts that our purchase keeps, so that the other side writes the same bytes."""

    receipt: str
    decision: str


def purchase_body(member: str) -> dict[str, object]:
    return {"external_id": f"{MARK}{NUMBER}", **_receipt(member)}


def quote_body(member: str, *, keep: bool) -> dict[str, object]:
    return {"keep": keep, **_receipt(member)}


def _receipt(member: str) -> dict[str, object]:
    return {"member": {"id": member}, "branch": "main", "currency": "RUB", "lines": lines(), "spend": {"mode": "none"}}


def first_purchase(port: int, seeded: Seeded) -> Stored:
    """Send one purchase and read back what it stored."""
    from kopilka.data.models.purchases import Purchase
    from kopilka.queries.scope import reading

    body = {**purchase_body(str(member_id(1))), "external_id": "first"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/purchases",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {seeded.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": "first",
        },
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        purchase = json.loads(answer.read())["id"]
    with reading(seeded.program):
        row = Purchase.objects.of(seeded.program).get(id=purchase)
    return Stored(row.receipt, row.decision)
