"""Guard rails of a program as bodies and answers: findings, switches, drafts, rollouts, rules taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import In, Label, Moment, Out
from kopilka.api.schemas.programs import FindingOut, Source

Reason = Annotated[str, Meta(max_length=400)]
Inflation = Annotated[int, Meta(ge=0, le=100_000, description="Hundredths of a percent a year.")]
RulePath = Annotated[str, Meta(min_length=1, max_length=130, description="Its code, or such as `promotions.friday`.")]


class LintIn(In):
    """A rulebook to look through: `source` or `document`. `sample`: articles with prices and costs, as a text."""

    source: Source | None = None
    document: dict[str, Any] | None = None
    sample: Source | None = None
    inflation: Inflation = 0


class LintOut(Out):
    """`problems` are of the document itself: with an error among them nothing more was looked for."""

    problems: list[FindingOut]
    findings: list[FindingOut]


class SwitchIn(In):
    on: bool
    reason: Annotated[str, Meta(min_length=1, max_length=300)]


class SwitchesOut(Out):
    """`rules_off` by their paths. `rollout_number`: the version in force in `rollout_branches` alone (0: none)."""

    earning: bool
    spending: bool
    rules_off: list[str]
    rollout_number: int
    rollout_branches: list[str]


class SwitchedOut(Out):
    """`what`: earning, spending, or the path of the rule. `changed` false: it stood so already."""

    what: str
    earning: bool
    spending: bool
    rules_off: list[str]
    changed: bool


class DraftIn(In):
    """Exactly one of `source` and `document`."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    source: Source | None = None
    document: dict[str, Any] | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


class ApproveIn(In):
    """`fingerprint` of the text that was read: another text is not approved."""

    fingerprint: Annotated[str, Meta(max_length=64)] = ""


class DraftOut(Out):
    """`state`: open, approved, published (as `number`) or dropped."""

    id: UUID
    name: str
    fingerprint: str
    note: str
    state: str
    number: int
    saved_at: datetime
    saved_by: str
    approved_at: datetime | None
    approved_by: str


class DraftsOut(Out):
    """The newest first. `needs_approval`: a second person must approve a draft before it is published."""

    items: list[DraftOut]
    needs_approval: bool


class DraftTextOut(Out):
    draft: DraftOut
    source: str


class SentenceOut(Out):
    path: str
    text: str


class DraftDiffOut(Out):
    """What the draft says differently from the current version, in words."""

    differences: list[SentenceOut]


class RolloutIn(In):
    """Exactly one of `source` and `document`; codes of branches as receipts name them."""

    branches: Annotated[list[Label], Meta(min_length=1, max_length=1_000)]
    source: Source | None = None
    document: dict[str, Any] | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


class BranchesIn(In):
    branches: Annotated[list[Label], Meta(min_length=1, max_length=1_000)]


class ReasonIn(In):
    reason: Reason = ""


class RolledOutOut(Out):
    """`number` is in force in `branches`; none: everywhere when it is `current`, else nowhere any more."""

    number: int
    current: int
    branches: list[str]


class ReversalIn(In):
    """Everything `rule` gave in [from, until). With `dry_run` nothing is written."""

    rule: RulePath
    since: Moment
    until: Moment
    reason: Reason = ""
    dry_run: bool = False


class ReversalSumOut(Out):
    """Smallest units. `given` by the rule; `owed` and `forgotten` had been spent; `returned` by returns before."""

    currency: str
    given: int
    returned: int
    taken: int
    expired: int
    owed: int
    forgotten: int


class ReversalOut(Out):
    """`state`: preview, running (the worker goes on), done, undoing, undone."""

    id: UUID | None
    rule: str
    state: str
    members: int
    items: int
    sums: list[ReversalSumOut]
