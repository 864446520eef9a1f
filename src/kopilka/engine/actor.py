"""Who acts in a request and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kopilka.engine.refusal import Code, Refusal


class Capability(StrEnum):
    """What an API key, a staff member or a job may be allowed to do."""

    READ = "read"
    ENROL = "enrol"
    EARN = "earn"
    SPEND = "spend"
    RETURN = "return"
    ADJUST = "adjust"
    PUBLISH = "publish"
    ISSUE_CODES = "issue_codes"
    BACKDATE = "backdate"
    DEVICES = "devices"
    """Let tills and kiosks in, take them away, give cashiers their PINs."""


TILL = frozenset({Capability.READ, Capability.ENROL, Capability.EARN, Capability.SPEND, Capability.RETURN})
SHOP = TILL | {Capability.ISSUE_CODES}
MANAGER = SHOP | {Capability.DEVICES}
ADMIN = SHOP | {Capability.ADJUST, Capability.PUBLISH, Capability.DEVICES}
MEMBER = frozenset({Capability.READ, Capability.SPEND, Capability.ENROL, Capability.ISSUE_CODES})
"""A member at his own card: every service he reaches is called with his own id only."""
SYSTEM = frozenset(Capability)

BUNDLES = {"till": TILL, "shop": SHOP, "admin": ADMIN}
"""Named sets of capabilities an API key may be created with."""


class ActorKind(StrEnum):
    KEY = "key"
    STAFF = "staff"
    MEMBER = "member"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: an API key of a till, a person, an import, the clock.

    `id` is the key's or the person's id (None for the system); `till` is the till a key belongs to, which is
    the source of its receipts; `name` is what the books show.
    """

    kind: ActorKind
    id: UUID | None
    name: str
    capabilities: frozenset[Capability]
    till: str = ""
    branch: str = ""

    def may(self, capability: Capability) -> bool:
        return capability in self.capabilities

    def must(self, capability: Capability) -> None:
        """Refuse with `not_allowed` unless this actor has the capability."""
        if capability not in self.capabilities:
            raise Refusal(Code.NOT_ALLOWED, capability=capability.value)


SYSTEM_ACTOR = Actor(ActorKind.SYSTEM, None, "system", SYSTEM)
IMPORT_ACTOR = Actor(ActorKind.IMPORT, None, "import", SYSTEM)
