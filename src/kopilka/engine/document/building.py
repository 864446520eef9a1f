"""From the values read out of a document to the Rulebook the engine plays. Called only when nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

from kopilka.engine.conditions import Op, Test
from kopilka.engine.document.building_mechanics import bounds_of, build_mechanics
from kopilka.engine.document.building_parts import Read, earns, names, units, window
from kopilka.engine.document.building_shares import promotions_of_shares
from kopilka.engine.document.checks import Values, section
from kopilka.engine.document.tier_spec import counting_of, keep_of, span_of
from kopilka.engine.mechanics_things import Series
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.period import Life
from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    Coupon,
    Discount,
    EarnBase,
    Fiscal,
    FixedPrice,
    GiftLine,
    NthFree,
    OnReturn,
    PercentOff,
    PointsAs,
    Promotion,
    Proof,
    Returns,
    Rulebook,
    Spending,
    SpendingProof,
    Stacking,
    TakeBack,
    Tier,
    TierBack,
    ZeroGift,
)

TIER_PREFIX = "tiers."
"""A tier's own earning and discount are promotions of this name; a dot cannot stand in a code of the document."""


def build(document: Values, fingerprint: str) -> Rulebook:
    read: Read = cast("Read", document)
    zone: ZoneInfo = read["timezone"]
    points = {code: _currency(code, cast("Read", values)) for code, values in section(document, "points").items()}
    tiers = section(document, "tiers")
    promotions = [
        *(_tier_promotion(code, cast("Read", tier), points) for code, tier in tiers.items()),
        *(_promotion(code, cast("Read", rule), points, zone) for code, rule in section(document, "promotions").items()),
    ]
    mechanics = build_mechanics(document, points)
    promotions += promotions_of_shares(mechanics.shares.values())
    return Rulebook(
        fingerprint=fingerprint,
        name=read["program"][0],
        currency=read["money"],
        zone=zone,
        digits=CURRENCY_DIGITS[read["money"]],
        points=points,
        spending={
            code: _spending(points[code], cast("Read", values))
            for code, values in section(document, "spending").items()
        },
        earn_base=EarnBase(read.get("earning", {}).get("base", EarnBase.PAID_WITH_MONEY)),
        tiers=tuple(_tier(code, cast("Read", values)) for code, values in tiers.items()),
        groups={code: Stacking(mode) for code, mode in read.get("groups", {}).items()},
        promotions=tuple(promotion for promotion in promotions if promotion),
        coupons={
            code: _coupon(code, cast("Read", values), zone) for code, values in section(document, "coupons").items()
        },
        returns=_returns(read.get("returns", {})),
        fiscal=_fiscal(read.get("fiscal", {})),
        proof=_proof(read.get("spending_proof", {})),
        quote_life_minutes=read.get("quote", {}).get("minutes", 15),
        branches=read.get("branches", ()),
        mechanics=mechanics,
        counting=counting_of(read.get("counting")),
    )


def _currency(code: str, values: Read) -> PointsCurrency:
    ru, en = names(values)
    return PointsCurrency(
        code=code,
        name_ru=ru,
        name_en=en,
        worth_minor=values.get("worth", 0),
        decimals=values.get("decimals", 0),
        rounding=Rounding(values.get("round", Rounding.DOWN)),
        carry=values.get("carry", False),
        life=values.get("life", Life()),
        starts_after=values.get("starts_after", Life()),
        spend_order=values.get("spend_order", 100),
        gift_sku=values.get("gift"),
        idle=values.get("idle", Life()),
        gift_whole=not values.get("partly", True),
    )


def _spending(currency: PointsCurrency, values: Read) -> Spending:
    return Spending(
        currency=currency.code,
        share_receipt=values.get("share_of_receipt", 10_000),
        share_line=values.get("share_of_line", 10_000),
        keep_price=values.get("keep_price", 0),
        cash_min=values.get("cash_min", 0),
        step=max(1, units(values.get("step", 0), currency)),
        units_min=units(values.get("at_least", 0), currency),
    )


def _tier(code: str, values: Read) -> Tier:
    ru, en = names(values)
    return Tier(
        code, ru, en, values.get("enter"), values.get("spending_share"),
        span_of(values.get("within")), keep_of(values.get("keep")),
    )  # fmt: skip


def _tier_promotion(code: str, values: Read, points: dict[str, PointsCurrency]) -> Promotion | None:
    """What a tier gives by itself, as a promotion for its members."""
    if "earn" not in values and "discount" not in values:
        return None
    ru, en = names(values)
    return Promotion(
        code=f"{TIER_PREFIX}{code}",
        name_ru=ru,
        name_en=en,
        when=Test("tier", Op.ONE_OF, (code,)),
        discount=PercentOff(values["discount"]) if "discount" in values else None,
        earn=earns(values, points),
        group=values.get("group", ""),
    )


def _promotion(code: str, values: Read, points: dict[str, PointsCurrency], zone: ZoneInfo) -> Promotion:
    ru, en = names(values)
    prompt_ru, prompt_en = values.get("prompt", ("", ""))
    off = values.get("turn_off", ())
    discount: Read = values.get("discount", {})
    return Promotion(
        code=code,
        name_ru=ru,
        name_en=en,
        when=values.get("when"),
        lines=values.get("lines"),
        window=window(values, zone),
        branches=values.get("branches", ()),
        discount=_discount(discount) if discount else None,
        earn=earns(values, points),
        no_earning="earning" in off,
        no_spending="spending" in off,
        spending_share=values.get("spending_share"),
        discount_max=discount.get("at_most"),
        group=values.get("group", ""),
        priority=values.get("priority", 100),
        coupon=values.get("coupon", ""),
        locked=values.get("locked", False),
        prompt_ru=prompt_ru,
        prompt_en=prompt_en,
        bounds=bounds_of(values, points),
    )


def _discount(values: Read) -> Discount:
    kind = next(key for key in values if key in DISCOUNTS)
    return DISCOUNTS[kind](values[kind], values)


DISCOUNTS: dict[str, Callable[[Any, Read], Discount]] = {
    "percent": lambda percent, _: PercentOff(percent),
    "amount": lambda minor, beside: AmountOff(minor, each=beside.get("per") == "unit"),
    "price": lambda price, _: FixedPrice(price),
    "cheapest": lambda said, _: NthFree(said["of"], said.get("percent", 10_000), said.get("times", 0)),
    "buy_get": lambda said, _: BuyGet(
        said["buy"], said["get"], said.get("get_lines"), said.get("percent", 10_000), said.get("times", 0)
    ),
    "bundle": lambda said, _: Bundle(said["parts"], said.get("price"), said.get("percent", 0), said.get("times", 0)),
    "gift": lambda said, _: GiftLine(
        said["sku"], said.get("quantity", 1_000), said.get("price", 0), said.get("name", "")
    ),
}
"""How each kind of discount is made of what stands under its key, and of what stands beside it."""


def _coupon(code: str, values: Read, zone: ZoneInfo) -> Coupon:
    said: Read | None = values.get("series")
    series = None
    if said is not None:
        series = Series(
            said["count"], said.get("prefix", ""), said.get("length", 8), said.get("letters", True),
            said.get("life", Life()),
        )  # fmt: skip
    bind: bool = values.get("bind", False)
    prompt_ru, prompt_en = values.get("prompt", ("", ""))
    return Coupon(
        code, values.get("words", ()), values.get("uses", 0), values.get("uses_each", 0), window(values, zone),
        series, bind, values.get("by_itself", bind), OnReturn(values.get("on_return", OnReturn.GIVE_BACK)),
        *names(values), prompt_ru, prompt_en,
    )  # fmt: skip


def _returns(values: Read) -> Returns:
    policy = TakeBack(values.get("take_back", TakeBack.DEBT))
    return Returns(
        policy, values.get("give_back", True), values.get("grace", Life()), TierBack(values.get("tiers", TierBack.KEEP))
    )


def _fiscal(values: Read) -> Fiscal:
    points_as = PointsAs(values.get("points_as", PointsAs.DISCOUNT))
    return Fiscal(points_as, ZeroGift(values.get("zero_gift", ZeroGift.ZERO)))


def _proof(values: Read) -> SpendingProof:
    return SpendingProof(
        Proof(values.get("by", Proof.CODE)), values.get("free_up_to", 0), pin=bool(values.get("pin", True))
    )
