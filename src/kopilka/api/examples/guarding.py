"""What the document says about guard rails: findings, switches, drafts, rollouts, rules taken back."""

from __future__ import annotations

from kopilka.api.examples.programs import FINGERPRINT, SOURCE
from kopilka.api.operations import Told
from kopilka.engine.refusal import Code

DRAFT_ID = "0192f3b2-77aa-7d31-9a4d-3c2b1a0d9e8f"
REVERSAL_ID = "0192f3b2-77aa-7d32-9a4d-3c2b1a0d9e8f"

_DRAFT = {
    "id": DRAFT_ID,
    "name": "spring",
    "fingerprint": FINGERPRINT,
    "note": "Весна",
    "state": "open",
    "number": 0,
    "saved_at": "2026-03-01T09:00:00Z",
    "saved_by": "office",
    "approved_at": None,
    "approved_by": "",
}
_APPROVED = {**_DRAFT, "state": "approved", "approved_at": "2026-03-01T10:00:00Z", "approved_by": "owner"}
_PUBLISHED = {**_APPROVED, "state": "published", "number": 3}
_SWITCHED = {
    "what": "promotions.friday",
    "earning": True,
    "spending": True,
    "rules_off": ["promotions.friday"],
    "changed": True,
}
_ROLLED_OUT = {"number": 3, "current": 2, "branches": ["center"]}
_EVERYWHERE = {"number": 3, "current": 3, "branches": []}
_REVERSAL = {
    "id": REVERSAL_ID,
    "rule": "promotions.friday",
    "state": "done",
    "members": 112,
    "items": 140,
    "sums": [
        {
            "currency": "bonus",
            "given": 5600,
            "returned": 100,
            "taken": 5000,
            "expired": 0,
            "owed": 500,
            "forgotten": 0,
        }
    ],
}

LINT = Told(
    summary="Look a rulebook through",
    description=(
        "What its owner should know before it meets customers: stacks of discounts over 100 %, losses, levels nobody"
        " reaches, rules that never or always work, rates, arithmetic nobody does in his head, old thresholds. Each"
        " finding names its place; where a receipt shows it, the receipt stands beside. Nothing is written."
    ),
    request={"source": SOURCE, "inflation": 800},
    response={
        "problems": [],
        "findings": [
            {
                "path": "promotions.sale.discount.percent",
                "line": 14,
                "code": "odd_percent",
                "severity": "advice",
                "text": "7% is hard to work out in one's head. People take 1, 2, 3, 5, 10, 15, 20, 25, 50.",
                "receipt": [],
            }
        ],
    },
    errors=(Code.RULEBOOK_INVALID, Code.OUT_OF_RANGE),
)
SWITCHES = Told(
    summary="Read the switches",
    description="Whether earning and spending are on, which rules are off, and which branches are ahead.",
    response={
        "earning": True,
        "spending": True,
        "rules_off": ["promotions.friday"],
        "rollout_number": 0,
        "rollout_branches": [],
    },
)
SWITCH = Told(
    summary="Throw a switch",
    description=(
        "`what` is `earning`, `spending`, or a rule by its code or path. It acts on the very next quote and purchase,"
        " outlives the next version of the rules, and is told in the trace. The reason is kept."
    ),
    request={"on": False, "reason": "Ошибка в цене"},
    response=_SWITCHED,
    errors=(Code.NOT_FOUND, Code.MISSING, Code.INVALID),
)
DRAFTS = Told(
    summary="List the drafts",
    description="Rules being written, the newest first.",
    response={"items": [_DRAFT], "needs_approval": True},
)
SAVE_DRAFT = Told(
    summary="Save a draft",
    description="Under its name, in place of the open draft of that name; an approval of other text is gone.",
    request={"name": "spring", "source": SOURCE, "note": "Весна"},
    response=_DRAFT,
    errors=(Code.RULEBOOK_INVALID, Code.MISSING, Code.INVALID),
)
DRAFT = Told(
    summary="Read a draft",
    description="A draft with its text.",
    response={"draft": _DRAFT, "source": SOURCE},
    errors=(Code.NOT_FOUND,),
)
DRAFT_DIFF = Told(
    summary="Compare a draft in words",
    description="What it says differently from the current version, a sentence for each place.",
    response={
        "differences": [
            {
                "path": "promotions.friday.discount.percent",
                "text": "The discount of promotion friday: 20% instead of 15%.",
            }
        ]
    },
    errors=(Code.NOT_FOUND, Code.RULEBOOK_INVALID),
)
APPROVE = Told(
    summary="Approve a draft",
    description="As the second person: whoever saved its text may not. With `fingerprint` only that very text.",
    request={"fingerprint": FINGERPRINT},
    response=_APPROVED,
    errors=(Code.NOT_FOUND, Code.APPROVAL_BY_AUTHOR, Code.DRAFT_CLOSED, Code.INVALID),
)
PUBLISH_DRAFT = Told(
    summary="Publish a draft",
    description="As the next version; its tests are played first. Needs the second person where the owner wants two.",
    response=_PUBLISHED,
    errors=(
        Code.NOT_FOUND, Code.APPROVAL_NEEDED, Code.DRAFT_CLOSED, Code.ROLLOUT_OPEN, Code.RULEBOOK_INVALID
    ),
)  # fmt: skip
DROP = Told(
    summary="Put a draft away",
    description="It stays readable, and its name is free again.",
    response={**_DRAFT, "state": "dropped"},
    errors=(Code.NOT_FOUND, Code.DRAFT_CLOSED),
)
ROLLOUT = Told(
    summary="Put rules in force in some branches",
    description=(
        "The next version, for the receipts of these branches; all others go on with the current one. Until it is"
        " finished or withdrawn nothing else is published."
    ),
    request={"branches": ["center"], "source": SOURCE, "note": "Весна"},
    response=_ROLLED_OUT,
    errors=(
        Code.RULEBOOK_INVALID, Code.RULEBOOK_MISSING, Code.ROLLOUT_OPEN, Code.APPROVAL_NEEDED, Code.MISSING,
        Code.INVALID,
    ),
)  # fmt: skip
WIDEN = Told(
    summary="Put them in force in further branches",
    description="The version that is being tried.",
    request={"branches": ["north"]},
    response={"number": 3, "current": 2, "branches": ["center", "north"]},
    errors=(Code.NOT_FOUND, Code.MISSING, Code.INVALID),
)
FINISH = Told(
    summary="Put them in force everywhere",
    description="The version that was tried becomes the current one.",
    response=_EVERYWHERE,
    errors=(Code.NOT_FOUND, Code.RULEBOOK_INVALID),
)
WITHDRAW = Told(
    summary="Withdraw a rollout",
    description="All branches go back to the current version; what was decided stays decided.",
    request={"reason": "Очереди"},
    response={"number": 3, "current": 2, "branches": []},
    errors=(Code.NOT_FOUND,),
)
ROLL_BACK = Told(
    summary="Publish an earlier version again",
    description="As the next one, at once; a rollout that is under way ends.",
    request={"reason": "Слишком щедро"},
    response={"number": 4, "current": 4, "branches": []},
    errors=(Code.NOT_FOUND, Code.RULEBOOK_INVALID, Code.INVALID),
)
REVERSE = Told(
    summary="Take back what a rule gave",
    description=(
        "All points that `rule` gave in [since, until), exactly and once, also where goods were returned before or"
        " will be. What was spent is owed or forgotten as the rules on returns say. With many members the worker goes"
        " on; `dry_run` tells what would happen, with status 200."
    ),
    request={
        "rule": "friday",
        "since": "2026-03-06T00:00:00+03:00",
        "until": "2026-03-07T00:00:00+03:00",
        "reason": "Ошибка в проценте",
    },
    response=_REVERSAL,
    errors=(Code.NOT_FOUND, Code.MISSING, Code.INVALID),
)
REVERSAL = Told(
    summary="Read a reversal",
    description="How far it is, and what it took.",
    response=_REVERSAL,
    errors=(Code.NOT_FOUND,),
)
UNDO = Told(
    summary="Undo a reversal",
    description="The points go back to the very lots they were taken from; a debt it made is forgiven.",
    request={"reason": "Правило было верным"},
    response={**_REVERSAL, "state": "undone"},
    errors=(Code.NOT_FOUND,),
)
