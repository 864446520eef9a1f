"""What a person can agree to."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("terms", "privacy", "ads")
REQUIRED = ("terms", "privacy")
"""Nobody can be a member without these; advertising is never a condition."""

CHANNELS = ("sms", "email", "messenger", "push")
"""Ways to reach a member with advertising, each agreed to by itself."""


@dataclass(frozen=True, slots=True)
class Given:
    """One consent: to advertising by one channel, to anything else as a whole.

    `version` of the text that was shown; None: the one that holds now.
    """

    kind: str
    channel: str = ""
    version: int | None = None

    @property
    def is_known(self) -> bool:
        return self.channel in CHANNELS if self.kind == "ads" else self.kind in KINDS and not self.channel


@dataclass(frozen=True, slots=True)
class Witness:
    """Where and how somebody agreed: the door (till, kiosk, card, site, api) and a few words for a person."""

    door: str
    evidence: str = ""
