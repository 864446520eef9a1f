"""From the tests of a document to what the engine takes: a member's standing and a receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from kopilka.engine.document.kinds import written
from kopilka.engine.money import line_amount
from kopilka.engine.points import PointsCurrency
from kopilka.engine.receipt import ArticleKind, CertificateWish, Line, Origin, Receipt, SpendMode, SpendWish
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Bought, CouponState, Lot, Standing, WalletState
from kopilka.engine.stays import Stay

Read = dict[str, Any]
"""Values of a record of a test; what each key holds follows from its kind in the spec."""

MEMBER_ID = UUID(int=1)
INVITERS = tuple(UUID(int=number) for number in range(901, 911))
LONG_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
FRACTION_SCALE = 1_000_000


def units_of(hundredths: int, currency: PointsCurrency) -> int:
    return hundredths * currency.scale // 100


def points_text(units: int, currency: PointsCurrency) -> str:
    return written(units, currency.decimals)


def standing_of(member: Read | None, rulebook: Rulebook, at: datetime) -> Standing:
    """The member of a test as he stands before the receipt; without one, a buyer nobody knows."""
    if member is None:
        return Standing(member_id=None)
    zone = rulebook.zone
    last_at = member.get("last_purchase_at")
    enrolled: datetime | None = member.get("enrolled")
    lots = _lots(member, rulebook)
    bought = _bought(member, rulebook)
    since: datetime | None = member.get("tier_since")
    levels: int = member.get("inviters", 1 if member.get("invited") else 0)
    return Standing(
        member_id=MEMBER_ID,
        enrolled_at=enrolled.replace(tzinfo=zone) if enrolled else at - YEAR,
        tier=member.get("tier") or (rulebook.tiers[0].code if rulebook.tiers else ""),
        tags=frozenset(member.get("tags", ())),
        stays=tuple(map(Stay, member.get("segments", ()))),
        birth_date=member.get("birthday"),
        purchases=member.get("purchases", len(bought) or (1 if "last_purchase" in member else 0)),
        spent=member.get("spent", sum(one.paid for one in bought)),
        last_purchase_minor=member.get("last_purchase"),
        last_purchase_at=last_at.replace(tzinfo=zone) if last_at else None,
        referrals=member.get("referrals", 0),
        link=member.get("link", ""),
        inviter=INVITERS[0] if levels else None,
        inviters=INVITERS[:levels],
        agent=member.get("agent", ""),
        roles=frozenset((kind, member[f"is_{kind}"]) for kind in ("agent", "employee") if f"is_{kind}" in member),
        wallets=_wallets(member, rulebook, lots, at),
        lots=lots,
        coupons={code: CouponState(used, used) for code, used in member.get("coupons_used", {}).items()},
        bought=bought,
        tier_since=since.replace(tzinfo=zone) if since else None,
        earned={
            code: units_of(points, rulebook.points[code]) for code, points in member.get("ever_earned", {}).items()
        },
    )


def _bought(member: Read, rulebook: Rulebook) -> list[Bought]:
    found = (
        Bought(one["at"].replace(tzinfo=rulebook.zone), one["paid"], one["paid"]) for one in member.get("bought", ())
    )
    return sorted(found, key=lambda one: one.at)


def _lots(member: Read, rulebook: Rulebook) -> dict[str, list[Lot]]:
    found: dict[str, list[Lot]] = {}
    given: list[Read] = [{"in": code, "points": points} for code, points in member.get("points", {}).items()]
    for number, lot in enumerate([*given, *member.get("lots", ())], 1):
        units = units_of(lot["points"], rulebook.points[lot["in"]])
        start, end = lot.get("from"), lot.get("until")
        made = Lot(
            id=UUID(int=number),
            currency=lot["in"],
            amount=units,
            remaining=units,
            starts_at=start.replace(tzinfo=rulebook.zone) if start else LONG_SINCE,
            expires_at=end.replace(tzinfo=rulebook.zone) if end else None,
        )
        found.setdefault(lot["in"], []).append(made)
    return found


def _wallets(member: Read, rulebook: Rulebook, lots: dict[str, list[Lot]], at: datetime) -> dict[str, WalletState]:
    found: dict[str, WalletState] = {}
    carry: dict[str, int] = member.get("carry", {})
    for number, code in enumerate(rulebook.points, 1):
        wallet = WalletState(code, carry_num=carry.get(code, 0), carry_den=FRACTION_SCALE, id=UUID(int=number))
        for lot in lots.get(code, ()):
            lot.active = lot.starts_at <= at
            if lot.active:
                wallet.available += lot.remaining
            else:
                wallet.pending += lot.remaining
        found[code] = wallet
    return found


def receipt_of(said: Read, rulebook: Rulebook) -> Receipt:
    """The receipt of a test; its moment is local to the program."""
    at: datetime = said["at"]
    return Receipt(
        lines=tuple(line_of_case(number, line, rulebook) for number, line in enumerate(said["lines"], 1)),
        at=at.replace(tzinfo=rulebook.zone),
        branch=said.get("branch", ""),
        till=said.get("till", ""),
        staff=said.get("staff", ""),
        agent=said.get("agent", ""),
        brand=said.get("sold_brand", ""),
        origin=Origin(said.get("origin", Origin.TILL)),
        codes=said.get("codes", ()),
        spend=_wish(said.get("spend", "none"), rulebook),
        certificates=tuple(
            CertificateWish(number, None if asked == "max" else asked)
            for number, asked in said.get("certificates", {}).items()
        ),
    )


def line_of_case(number: int, said: Read, rulebook: Rulebook) -> Line:
    quantity = said.get("quantity", 1_000)
    return Line(
        number=number,
        sku=said["sku"],
        quantity=quantity,
        price=said["price"],
        amount=line_amount(said["price"], quantity, rulebook.digits),
        discount=said.get("discount", 0),
        name=said.get("name", ""),
        category=said.get("category", ""),
        brand=said.get("brand", ""),
        tags=said.get("line_tags", ()),
        kind=ArticleKind(said.get("article", ArticleKind.GOODS)),
        vat=said.get("vat"),
        cost=said.get("cost"),
        min_price=said.get("min_price"),
    )


def _wish(said: str | dict[str, int], rulebook: Rulebook) -> SpendWish:
    if isinstance(said, dict):
        code, hundredths = next(iter(said.items()))
        return SpendWish(SpendMode.AMOUNT, units_of(hundredths, rulebook.points[code]), code)
    return SpendWish(SpendMode(said))
