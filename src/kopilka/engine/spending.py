"""Points as payment: how much may be paid, how it lies on the lines, and which lots it is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.coalition import takes_here
from kopilka.engine.compiling.book import Book, Payer
from kopilka.engine.decision import DrawPlan, Limit, Reason, SpendPlan, Why
from kopilka.engine.ledger import draw_order
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE, fill, split, total_of
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.sale import CERTIFICATE, FULL, Sale
from kopilka.engine.standing import WalletState


@dataclass(slots=True)
class Possible:
    """The most that a currency may pay: its units, the caps of the lines in minor units, and why not more."""

    units: int
    caps: list[int]
    limited_by: Limit


@dataclass(slots=True)
class Spent:
    """What each currency pays, and from which lots."""

    plans: list[SpendPlan]
    draws: list[DrawPlan]


def spend(sale: Sale, book: Book) -> Spent:
    """Pay with points as the member wishes, currency by currency, and tell what each of them could pay at most.

    Raises `spend_limit` or `insufficient_points` when the wish cannot be granted in full.
    """
    spent = Spent([], [])
    wish = sale.receipt.spend
    if sale.standing.member_id is None:
        _spend_nothing(sale, book, wish)
        return spent
    left = wish.units if wish.mode is SpendMode.AMOUNT else 0
    refusal: Refusal | None = None
    is_wished = wish.mode is not SpendMode.NONE
    for payer in book.payers:
        currency = payer.currency
        if book.restricted and not takes_here(book.restricted, sale.receipt.branch, currency):
            continue
        is_asked = is_wished and (wish.currency is None or wish.currency == currency)
        balance = _balance(sale, currency, is_asked=is_asked)
        if balance is None:
            continue
        possible = _possible(sale, book, payer, balance)
        units, limited_by = 0, possible.limited_by
        if is_asked and wish.mode is SpendMode.MAX:
            units = possible.units
        elif is_asked:
            units, limited_by = _granted(payer, left, possible)
            refusal = refusal or _refusal(currency, balance, possible.units, wish.units, limited_by)
            left -= units
        minor = payer.money(units)
        spent.plans.append(SpendPlan(currency, units, minor, possible.units, limited_by))
        if units:
            _pay(sale, currency, units, minor, possible.caps)
            spent.draws.extend(draws(sale, currency, units))
            sale.told.append(Reason(Why.SPENT, "", 0, units, f"{currency}:{limited_by}", minor, 1))
    if left:
        raise refusal or _refusal(wish.currency or "", 0, 0, wish.units, Limit.RULES)
    return spent


def draws(sale: Sale, currency: str, units: int) -> list[DrawPlan]:
    """Take `units` from the usable lots, soonest to expire first."""
    plans: list[DrawPlan] = []
    usable = [lot for lot in sale.standing.lots[currency] if lot.usable(sale.at)]
    for lot in sorted(usable, key=draw_order):
        if not units:
            break
        part = min(units, lot.remaining)
        plans.append(DrawPlan(lot.id, currency, part))
        units -= part
    assert not units, "the lots hold less than their sum"
    return plans


def _spend_nothing(sale: Sale, book: Book, wish: SpendWish) -> None:
    """Nobody's points cannot pay."""
    if wish.mode is SpendMode.NONE:
        return
    if wish.mode is SpendMode.AMOUNT and wish.units:
        currency = wish.currency or (book.payers[0].currency if book.payers else "")
        raise Refusal(Code.INSUFFICIENT_POINTS, currency=currency, available=0, wanted=wish.units)
    sale.refused.append(Reason(Why.ANONYMOUS))


def _balance(sale: Sale, currency: str, *, is_asked: bool) -> int | None:
    """Units that may be spent now: by the lots where they are loaded, else by the wallet; None: not known."""
    lots = sale.standing.lots.get(currency)
    if lots is not None:
        at = sale.at
        return sum(lot.remaining for lot in lots if lot.usable(at))
    wallet: WalletState | None = sale.standing.wallets.get(currency)
    if is_asked:
        assert wallet is None or wallet.available <= 0, f"the lots of {currency} are not loaded"
        return 0
    return None if wallet is None else max(0, wallet.available)


def _goods(sale: Sale) -> int:
    """What the receipt costs without the certificates it sells: those are money paid beforehand, no goods."""
    if len(sale.live) == len(sale.lines):
        return total_of(sale.nets)
    return total_of([net for line, net in zip(sale.lines, sale.nets, strict=True) if line.kind is not CERTIFICATE])


def _possible(sale: Sale, book: Book, payer: Payer, balance: int) -> Possible:
    """The least of all limits; a limit that changes nothing is not named."""
    caps, limited_by = _caps(sale, payer, book.digits)
    money = total_of(caps)
    net = _goods(sale)
    most = net * book.tier_shares.get(sale.tier, payer.share_receipt) // FULL
    if most < money:
        money, limited_by = most, Limit.RECEIPT_SHARE
    most = max(0, net - total_of(sale.points) - payer.cash_min)
    if most < money:
        money, limited_by = most, Limit.CASH_MIN
    units = payer.units(money)
    if balance < units:
        units, limited_by = payer.units(payer.money(balance)), Limit.BALANCE
    if units % payer.step:
        units, limited_by = units - units % payer.step, Limit.STEP
    if units < payer.units_min:
        units, limited_by = 0, Limit.UNITS_MIN
    return Possible(units, caps, limited_by)


def _caps(sale: Sale, payer: Payer, digits: int) -> tuple[list[int], Limit]:
    """Minor units that may still be paid on each line, and what keeps most from being paid."""
    nets, points, shares, floors = sale.nets, sale.points, sale.shares, sale.floors
    share_line, keep_price = payer.share_line, payer.keep_price
    caps = [0] * len(nets)
    by_rules = by_share = by_price = 0
    for i in sale.live:
        net, paid, share, keep = nets[i], points[i], shares[i], floors[i]
        left = net - paid
        allowed = left if share == FULL else net * share // FULL - paid
        shared = net if share_line == FULL else net * share_line // FULL
        if paid or share < share_line:
            shared = min(shared, allowed)
        if keep_price:
            keep = max(keep, _keep_minor(keep_price, sale.lines[i].quantity, digits))
        cap = min(shared, left - keep)
        if cap > 0:
            caps[i] = cap
        by_rules += left - allowed
        by_share += allowed - shared
        by_price += shared - cap
    if by_rules <= 0 and by_share <= 0 and by_price <= 0:
        return caps, Limit.NOTHING
    if by_rules >= by_share and by_rules >= by_price:
        return caps, Limit.RULES
    return caps, Limit.LINE_SHARE if by_share >= by_price else Limit.KEEP_PRICE


def _keep_minor(price: int, quantity: int, digits: int) -> int:
    """Minor units that so much must still cost at `price`, rounded up."""
    return int(-(-price * quantity * 10**digits // (PRICE_SCALE * QUANTITY_SCALE)))


def _granted(payer: Payer, wanted: int, possible: Possible) -> tuple[int, Limit]:
    """What can be granted of a wish for `wanted` units, and what it stops at."""
    if wanted > possible.units:
        return possible.units, possible.limited_by
    if 0 < wanted < payer.units_min:
        return 0, Limit.UNITS_MIN
    if wanted % payer.step:
        return wanted - wanted % payer.step, Limit.STEP
    return wanted, Limit.WISH


def _refusal(currency: str, balance: int, maximum: int, wanted: int, limit: Limit) -> Refusal:
    if limit is Limit.BALANCE:
        return Refusal(Code.INSUFFICIENT_POINTS, currency=currency, available=balance, wanted=wanted)
    return Refusal(Code.SPEND_LIMIT, currency=currency, maximum=maximum, wanted=wanted, limited_by=limit.value)


def _pay(sale: Sale, currency: str, units: int, minor: int, caps: list[int]) -> None:
    """Lay the payment on the lines by their price, none above its cap; the units follow the money."""
    parts = fill(minor, sale.nets, caps)
    of_lines = split(units, parts)
    for i, part in enumerate(parts):
        sale.points[i] += part
        if of_lines[i]:
            sale.spent[i][currency] = of_lines[i]
