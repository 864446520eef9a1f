"""The club, requests for goods and ambassadors, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import Id, In, Label, Out, Quantity, Title

Sku = Annotated[str, Meta(min_length=1, max_length=100, description="The article's code.")]


class ServiceUseIn(In):
    branch: Label = ""


class ServiceUseOut(Out):
    """One use of a service; `cost_minor` is what it cost the shop."""

    id: UUID
    member_id: UUID
    service: str
    at: datetime
    cost_minor: int


class ServiceOut(Out):
    """A service as it stands for one member; `left` null: as often as he likes."""

    code: str
    name: str
    is_open: bool
    left: int | None


class ServicesOut(Out):
    items: list[ServiceOut]


class GroupOut(Out):
    """`frequency` in hundredths: receipts per buyer; the margin is of lines whose cost the till has said."""

    members: int
    buyers: int
    receipts: int
    revenue_minor: int
    average_minor: int | None
    frequency: int | None
    margin_of_minor: int
    margin_minor: int
    margin_per_buyer_minor: int | None


class ServiceCostOut(Out):
    service: str
    uses: int
    cost_minor: int


class EconomicsOut(Out):
    """The club against the others; `more_*` in hundredths of a percent above them."""

    segment: str
    club: GroupOut
    others: GroupOut
    more_average: int | None
    more_frequency: int | None
    more_margin: int | None
    services: list[ServiceCostOut]
    services_minor: int
    margin_after_services_minor: int


class GoodsIn(In):
    """What a member asked for in vain; where, and whom."""

    member_id: Id
    sku: Sku
    name: Annotated[str, Meta(max_length=400)] = ""
    quantity: Quantity = 1
    branch: Label = ""
    staff: Label = ""
    note: Annotated[str, Meta(max_length=500)] = ""


class GoodsOut(Out):
    """`quantity` in thousandths; `state`: open, arrived, bought, withdrawn."""

    id: UUID
    member_id: UUID
    sku: str
    name: str
    quantity: int
    branch: str
    staff: str
    note: str
    state: str
    created_at: datetime
    arrived_at: datetime | None
    closed_at: datetime | None
    purchase_id: UUID | None


class AllGoodsOut(Out):
    items: list[GoodsOut]
    next: str | None


class ArrivalIn(In):
    """What has arrived, and where (empty: everywhere). `message` empty: an automation tells those who asked."""

    skus: Annotated[list[Sku], Meta(min_length=1, max_length=1_000)]
    branch: Label = ""
    message: Label = "goods-arrived"


class ArrivalOut(Out):
    """How many members were waiting for each article, and are told."""

    told: dict[str, int]


class AmbassadorOut(Out):
    member_id: UUID
    name: Title
    phone: str
    tier: str
    brought: int
    buyers: int
    receipts: int
    revenue_minor: int


class AmbassadorsOut(Out):
    items: list[AmbassadorOut]
