"""Two records of one person become one: every lot, purchase and identifier goes over and keeps what it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.merging_rows import (
    close_between,
    merge_answers,
    merge_counts,
    merge_deeds,
    merge_openings,
    merge_stays,
)
from kopilka.data.models.ledger import Lot, Wallet
from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.data.models.rulebooks import RuleUse
from kopilka.data.scope import ProgramModel
from kopilka.engine.ledger import Account, Act
from kopilka.engine.rulebook import Rulebook

STAY = frozenset({"operation", "wallet", "tierchange"})
"""Tables whose rows stay with the member they were written for: the history of the books."""

APART = frozenset(
    {
        "member", "profile", "identifier", "ruleuse", "membercode", "lot", "deed", "opening", "profileanswer",
        "segmentmember", "segmentdue",
    }
)  # fmt: skip
"""Tables that `merge_rows` treats by rules of their own."""

Reference = tuple[type[models.Model], str]


def references_to_members() -> list[Reference]:
    """Every column of a program's table that names a member and goes over to the member who stays."""
    found: list[Reference] = []
    for model in apps.get_app_config("kopilka").get_models():
        if issubclass(model, ProgramModel) and model._meta.model_name not in STAY | APART:
            found += [
                (model, one.name)
                for one in model._meta.concrete_fields
                if isinstance(one, models.ForeignKey) and one.related_model is Member and one.name != "merged_into"
            ]
    return found


def merge_rows(program_id: UUID, gone: UUID, kept: UUID, *, at: datetime) -> None:
    """Hand everything that names `gone` over to `kept`, but for the wallets; a row `kept` has already stays behind."""
    close_between(program_id, gone, kept, at=at)
    for model, column in references_to_members():
        rows = model.objects.of(program_id).filter(**{f"{column}_id": gone})  # type: ignore[attr-defined]
        _hand_over(rows, column, kept)
    identifiers = Identifier.objects.of(program_id)
    _hand_over(identifiers.filter(member_id=gone), "member", kept)
    merge_deeds(program_id, gone, kept, at=at)
    merge_openings(program_id, gone, kept)
    merge_counts(program_id, gone, kept)
    merge_answers(program_id, gone, kept)
    merge_stays(program_id, gone, kept, at=at)
    _add_uses(program_id, gone, kept)
    _fill_profile(program_id, gone, kept)


def _hand_over(rows: Any, column: str, kept: UUID) -> None:
    """All at once, or one by one where a constraint says that `kept` has one of these."""
    try:
        with transaction.atomic():
            rows.update(**{f"{column}_id": kept})
    except IntegrityError:
        for key in list(rows.values_list("id", flat=True)):
            try:
                with transaction.atomic():
                    rows.filter(id=key).update(**{f"{column}_id": kept})
            except IntegrityError:
                continue


def _add_uses(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """What both used of a limited rule, one person has used."""
    uses = RuleUse.objects.of(program_id)
    for use in uses.filter(member_id=gone).order_by("kind", "code"):
        twin = uses.filter(member_id=kept, kind=use.kind, code=use.code)
        if twin.update(used=models.F("used") + use.used):
            use.delete()
        else:
            uses.filter(id=use.id).update(member_id=kept)


def _fill_profile(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """What only the other record knew is known now; its own personal data go."""
    profiles = {one.member_id: one for one in Profile.objects.of(program_id).filter(member_id__in=[gone, kept])}
    old, new = profiles.get(gone), profiles.get(kept)
    if old is None:
        return
    if new is not None:
        for name in ("name", "search", "gender", "language", "birth_date"):
            setattr(new, name, getattr(new, name) or getattr(old, name))
        new.save(update_fields=["name", "search", "gender", "language", "birth_date"])
    old.name = old.search = old.gender = old.language = ""
    old.birth_date = None
    old.save(update_fields=["name", "search", "gender", "language", "birth_date"])


def merge_points(gone: Act, kept: Act, rulebook: Rulebook) -> None:
    """Balances and lots of all wallets go over; kept fractions are added, and a debt is paid from what is there.

    The lots themselves change hands after both acts are written: `hand_over_lots`.
    """
    for currency, wallet in sorted(gone.standing.wallets.items()):
        target = kept.wallet(currency)
        for account, units in (
            (Account.AVAILABLE, wallet.available),
            (Account.PENDING, wallet.pending),
            (Account.DEBT, -wallet.debt),
        ):
            gone.move_balance(account, currency, -units)
            kept.move_balance(account, currency, units)
        kept.standing.lots.setdefault(currency, []).extend(gone.standing.lots.get(currency, ()))
        _add_fractions(kept, currency, wallet.carry_num, wallet.carry_den, rulebook)
        gone.keep_fraction(currency, 0, 1)
        if target.debt:
            kept.repay(currency)


def _add_fractions(kept: Act, currency: str, num: int, den: int, rulebook: Rulebook) -> None:
    wallet = kept.wallet(currency)
    both = Fraction(wallet.carry_num, wallet.carry_den) + Fraction(num, den)
    whole = int(both) if both > 0 else 0
    rest = both - whole
    kept.keep_fraction(currency, rest.numerator, rest.denominator)
    said = rulebook.points.get(currency)
    if whole and said is not None:
        expires_at = None if said.life.is_empty else said.life.after(kept.at, rulebook.zone)
        kept.grant(currency, whole, starts_at=kept.at, expires_at=expires_at)


def hand_over_lots(program_id: UUID, gone: UUID, kept: UUID) -> None:
    """The lots of the wallets of `gone`, spent ones too, now belong to the wallets of `kept`."""
    wallets = Wallet.objects.of(program_id)
    targets = dict(wallets.filter(member_id=kept).values_list("currency", "id"))
    for wallet_id, currency in list(wallets.filter(member_id=gone).values_list("id", "currency")):
        Lot.objects.of(program_id).filter(wallet_id=wallet_id).update(wallet_id=targets[currency])


def write_counters(program_id: UUID, members: Iterable[Known]) -> None:
    """Write the counters, tags, tiers and where they came from of these members as they stand."""
    for known in members:
        one = known.standing
        Member.objects.of(program_id).filter(id=one.member_id).update(
            purchases=one.purchases, spent_minor=one.spent, referrals=one.referrals, tags=" ".join(sorted(one.tags)),
            last_purchase_at=one.last_purchase_at, last_purchase_minor=one.last_purchase_minor,
            tier=one.tier, tier_since=known.tier_since, tier_until=one.tier_until, tier_lowered_at=one.tier_lowered_at,
            agent=one.agent, link=one.link,
        )  # fmt: skip


def add_counters(gone: Known, kept: Known, tiers: Iterable[str]) -> None:
    """What both bought was bought by one; of two tiers the higher one is kept, with its terms."""
    old, new = gone.standing, kept.standing
    new.purchases += old.purchases
    new.spent += old.spent
    new.referrals += old.referrals
    new.tags |= old.tags
    new.agent, new.link = new.agent or old.agent, new.link or old.link
    if old.last_purchase_at and (new.last_purchase_at is None or old.last_purchase_at > new.last_purchase_at):
        new.last_purchase_at, new.last_purchase_minor = old.last_purchase_at, old.last_purchase_minor
    _keep_tier(gone, kept, list(tiers))
    old.purchases = old.spent = old.referrals = 0
    old.last_purchase_at = old.last_purchase_minor = None


def _keep_tier(gone: Known, kept: Known, ladder: list[str]) -> None:
    old, new = gone.standing, kept.standing
    if old.tier in ladder and (new.tier not in ladder or ladder.index(old.tier) > ladder.index(new.tier)):
        new.tier, kept.tier_since = old.tier, gone.tier_since
        new.tier_until, new.tier_lowered_at = old.tier_until, old.tier_lowered_at
    elif old.tier == new.tier:
        new.tier_until = max((end for end in (old.tier_until, new.tier_until) if end), default=None)
        new.tier_lowered_at = max((at for at in (old.tier_lowered_at, new.tier_lowered_at) if at), default=None)
    old.tier_until = None
