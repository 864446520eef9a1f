"""What each invite link has brought: views, members, buyers, receipts, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from kopilka.data.models.links import InviteLink, LinkView
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.data.scope import ProgramScoped
from kopilka.engine.mechanics_things import Link
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An invite link. `labels` are its source labels; `said` its rules, wherever they stand."""

    id: UUID
    said: Link
    slug: str
    labels: tuple[str, ...]
    in_rulebook: bool
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`after`: the code behind which the next page begins; None: this is the last one."""

    rows: list[LinkRow]
    after: str | None


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """A link in a period. Money in minor units, `conversion` in hundredths of a percent, rounded half up.

    `views` by different visitors; `enrolled` members; of these `buyers` with at least one of the `receipts` of the
    period that were not wholly brought back; `revenue` paid with money less returns. None: there is nothing to divide.
    """

    code: str
    labels: tuple[str, ...]
    partner: str
    views: int
    enrolled: int
    buyers: int
    receipts: int
    revenue_minor: int
    average_minor: int | None
    cost_minor: int
    conversion: int | None
    cost_per_buyer_minor: int | None


def list_links(program_id: UUID, rulebook: Rulebook, *, after: str | None, limit: int) -> LinkPage:
    """In the order of their codes, at most `limit` (1 to PAGE_MAX)."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        found = InviteLink.objects.of(program_id).order_by("code")
        if after is not None:
            found = found.filter(code__gt=after)
        rows = [link_row(rulebook, row) for row in found[: limit + 1]]
    return LinkPage(rows[:limit], rows[limit - 1].said.code if len(rows) > limit else None)


def link_row(rulebook: Rulebook, row: InviteLink) -> LinkRow:
    said = row.rules(rulebook.mechanics.links)
    return LinkRow(row.id, said, row.slug, tuple(row.labels.split()), row.in_rulebook, row.created_at, row.created_by)


def figures_of_links(
    program_id: UUID,
    rulebook: Rulebook,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    codes: Sequence[str] = (),
) -> list[LinkFigures]:
    """Of the links named (all when none is), in the order of their codes, for a period [since, until).

    Counted are those who enrolled in the period, and what they bought in it.
    """
    with reading(program_id):
        found = InviteLink.objects.of(program_id).order_by("code")
        links = [link_row(rulebook, row) for row in (found.filter(code__in=codes) if codes else found)]
        names = [link.said.code for link in links]
        views = _counted(_between(LinkView.objects.of(program_id), "at", since, until), "link__code")
        came = Member.objects.of(program_id).filter(link__in=names)
        enrolled = _counted(_between(came, "enrolled_at", since, until), "link")
        bought = _bought(program_id, names, since, until)
    return [_figures(link, views, enrolled, bought) for link in links]


def _between(rows: ProgramScoped, column: str, since: datetime | None, until: datetime | None) -> ProgramScoped:
    if since is not None:
        rows = rows.filter(**{f"{column}__gte": since})
    return rows if until is None else rows.filter(**{f"{column}__lt": until})


def _counted(rows: ProgramScoped, column: str) -> dict[str, int]:
    return dict(rows.order_by().values(column).annotate(counted=Count("pk")).values_list(column, "counted"))


def _bought(
    program_id: UUID, links: Sequence[str], since: datetime | None, until: datetime | None
) -> dict[str, tuple[int, int, int]]:
    """By link: buyers, receipts, revenue."""
    rows = Purchase.objects.of(program_id).filter(
        ~Q(paid_minor__gt=0, returned_minor=F("paid_minor")), state="confirmed", member__link__in=links
    )
    rows = _between(_between(rows, "at", since, until), "member__enrolled_at", since, until)
    summed = rows.order_by().values("member__link").annotate(
        buyers=Count("member", distinct=True), receipts=Count("pk"), money=Sum(F("paid_minor") - F("returned_minor"))
    )  # fmt: skip
    names = ("member__link", "buyers", "receipts", "money")
    return {link: (buyers, receipts, money) for link, buyers, receipts, money in summed.values_list(*names)}


def _figures(
    link: LinkRow, views: dict[str, int], enrolled: dict[str, int], bought: dict[str, tuple[int, int, int]]
) -> LinkFigures:
    code, cost = link.said.code, link.said.cost_minor
    members = enrolled.get(code, 0)
    buyers, receipts, revenue = bought.get(code, (0, 0, 0))
    return LinkFigures(
        code=code,
        labels=link.labels,
        partner=link.said.partner,
        views=views.get(code, 0),
        enrolled=members,
        buyers=buyers,
        receipts=receipts,
        revenue_minor=revenue,
        average_minor=per(revenue, receipts),
        cost_minor=cost,
        conversion=per(buyers * 10_000, members),
        cost_per_buyer_minor=per(cost, buyers),
    )


def per(total: int, count: int) -> int | None:
    """Rounded half up; None where there is nothing to divide by."""
    return (2 * total + count) // (2 * count) if count else None
