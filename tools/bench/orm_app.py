"""The other side of goal 4: the same commit as a view of a page framework with an ORM, on the same server over WSGI.

A measuring script: no engine, no validation worth the name, no idempotency; what it leaves out is in its favour.
"""

# ruff: noqa: E501 - a measuring script: commands and bodies stand on one line, chance is no secret

from __future__ import annotations

import json
import os
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from kopilka.bookkeeping.scope import enter_program  # noqa: E402
from kopilka.data.ids import new_id  # noqa: E402
from kopilka.data.models.events import Event  # noqa: E402
from kopilka.data.models.ledger import LedgerEntry, Lot, Operation, Wallet  # noqa: E402
from kopilka.data.models.members import Member  # noqa: E402
from kopilka.data.models.purchases import Purchase  # noqa: E402

PROGRAM = UUID(os.environ["BENCH_PROGRAM"])
DECISION = os.environ["BENCH_DECISION"]


def purchase(request: HttpRequest) -> JsonResponse:
    body = json.loads(request.body)
    at = timezone.now()
    with transaction.atomic(durable=True):
        enter_program(PROGRAM)
        member = Member.objects.of(PROGRAM).select_for_update().get(id=body["member"]["id"])
        wallet = Wallet.objects.of(PROGRAM).get(member=member, currency="bonus")
        made = Purchase.objects.create(
            program_id=PROGRAM, member=member, source="till:1", external_id=body["external_id"], fingerprint=b"x" * 32,
            branch="main", till="1", at=at, recorded_at=at, version=1, net_minor=100_000, paid_minor=100_000,
            receipt=request.body.decode(), decision=DECISION,
        )  # fmt: skip
        operation = Operation.objects.create(
            program_id=PROGRAM, kind="purchase", member=member, subject_id=made.id, at=at, recorded_at=at,
            actor_kind="key", actor_name="bench", key_owner=PROGRAM, key=str(new_id()), fingerprint=b"x" * 32, status=201,
        )  # fmt: skip
        Lot.objects.create(
            program_id=PROGRAM, wallet=wallet, operation=operation, purchase=made, amount=50, remaining=50, starts_at=at
        )
        LedgerEntry.objects.create(
            program_id=PROGRAM,
            operation=operation,
            wallet=wallet,
            account="available",
            currency="bonus",
            units=50,
            at=at,
        )
        LedgerEntry.objects.create(
            program_id=PROGRAM, operation=operation, account="expense", currency="bonus", units=-50, at=at
        )
        wallet.available += 50
        wallet.save(update_fields=["available"])
        member.purchases += 1
        member.spent_minor += 100_000
        member.last_purchase_minor, member.last_purchase_at = 100_000, at
        member.save(update_fields=["purchases", "spent_minor", "last_purchase_minor", "last_purchase_at"])
        Event.objects.create(
            program_id=PROGRAM, kind="purchase_confirmed", member_id=member.id, subject_id=made.id, at=at
        )
    answer = JsonResponse({"id": str(made.id)}, status=201)
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns = [path("api/v1/purchases", purchase)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = get_wsgi_application()
