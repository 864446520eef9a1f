"""Welcome points live neither too short nor too long: 7 to 14 days (S4.5, rule 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.subject import Subject
from kopilka.engine.mechanics import On, Person
from kopilka.engine.period import Life

DAYS_MIN, DAYS_MAX = 7, 14


def find(subject: Subject) -> Iterator[Finding]:
    for code, automation in subject.rulebook.mechanics.automations.items():
        if automation.trigger.on is not On.ENROLLED:
            continue
        for grant in automation.grants:
            own = subject.rulebook.points[grant.currency].life
            life = own if grant.life is None else grant.life
            if grant.to is Person.MEMBER and not _is_short(life, subject):
                params: dict[str, object] = {"minimum": DAYS_MIN, "maximum": DAYS_MAX}
                yield Finding(f"automations.{code}.grant", FindingCode.WELCOME_LIFE, Severity.ADVICE, params)


def _is_short(life: Life, subject: Subject) -> bool:
    if life.is_empty:
        return False
    start = datetime.combine(subject.today, datetime.min.time(), tzinfo=subject.rulebook.zone)
    return timedelta(days=DAYS_MIN) <= life.after(start, subject.rulebook.zone) - start <= timedelta(days=DAYS_MAX)
