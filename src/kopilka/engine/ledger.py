"""The books' moves: what each act does to entries, lots and balances. Every act sums to zero in each currency.

An `Act` changes the wallets and lots of a Standing in memory and remembers what it did; bookkeeping writes that down.
Signs: `pending`, `available`, `held` grow with the member's points; `debt` entries are negative while a debt grows;
the program's accounts take the other side: `expense` (granted), `liability` (paid with), `expired`, `adjusted`, `moved`
(from member to member: its sum is always zero).
For each active lot: remaining = amount - draws - expired; the sum of remaining over a wallet's active lots is its
`available`, over its inactive ones its `pending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.standing import Lot, Standing, WalletState


class Account(StrEnum):
    """Where an entry stands."""

    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    DEBT = "debt"
    EXPENSE = "expense"
    LIABILITY = "liability"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    MOVED = "moved"


OF_WALLET = frozenset({Account.PENDING, Account.AVAILABLE, Account.HELD, Account.DEBT})


class Kind(StrEnum):
    """What an operation is."""

    PURCHASE = "purchase"
    RETURN = "return"
    HOLD = "hold"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    RELEASE = "release"
    ADJUST = "adjust"
    ACTIVATE = "activate"
    EXPIRE = "expire"
    ENROL = "enrol"
    CHANGE = "change"
    PUBLISH = "publish"
    MOVE = "move"
    GRANT = "grant"
    SHARE = "share"
    EXTEND = "extend"
    NOTE = "note"
    REVERSE = "reverse"
    GIFT = "gift"
    GIFT_BACK = "gift_back"


@dataclass(slots=True)
class Posting:
    """One signed movement; `wallet` None for the program's own accounts."""

    account: Account
    currency: str
    units: int
    wallet: WalletState | None


@dataclass(slots=True)
class Drawn:
    """Units taken from a lot (positive) or given back to it (negative)."""

    lot: Lot
    units: int


def draw_order(lot: Lot) -> tuple[bool, datetime | bool, datetime, UUID]:
    """Soonest to expire first, those without end last, then the elder, then by id (reliability I5)."""
    return (lot.expires_at is None, lot.expires_at or False, lot.starts_at, lot.id)


@dataclass(slots=True)
class Act:
    """One operation of one member being made at `at`; `new_id` supplies ids for what it creates."""

    standing: Standing
    at: datetime
    new_id: Callable[[], UUID]
    postings: list[Posting] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    made: list[Lot] = field(default_factory=list)
    touched: dict[UUID, Lot] = field(default_factory=dict)
    wallets: dict[str, WalletState] = field(default_factory=dict)

    def wallet(self, currency: str) -> WalletState:
        """The member's wallet, opened when this is its first move; it counts as changed by this act."""
        found = self.wallets.get(currency)
        if found is None:
            found = self.standing.wallets.get(currency)
            if found is None:
                found = self.standing.wallets[currency] = WalletState(currency, id=self.new_id(), is_new=True)
            self.wallets[currency] = found
        return found

    def keep_fraction(self, currency: str, num: int, den: int) -> None:
        """The wallet now keeps `num/den` of a unit for the next purchase."""
        wallet = self.wallet(currency)
        wallet.carry_num, wallet.carry_den = num, den

    def grant(
        self,
        currency: str,
        units: int,
        *,
        starts_at: datetime,
        expires_at: datetime | None,
        against: Account = Account.EXPENSE,
        purchase_id: UUID | None = None,
        grace: bool = False,
    ) -> Lot:
        """Give `units` as a new lot: at once into `available` (repaying debt first), or `pending` until it starts."""
        wallet = self.wallet(currency)
        active = starts_at <= self.at
        lot = Lot(
            self.new_id(), currency, units, units, starts_at, expires_at,
            active=active, purchase_id=purchase_id, grace=grace, is_new=True,
        )  # fmt: skip
        self.made.append(lot)
        self.standing.lots.setdefault(currency, []).append(lot)
        self._post(against, currency, -units, None)
        if active:
            self._credit(wallet, lot, units)
        else:
            self._post(Account.PENDING, currency, units, wallet)
        return lot

    def spend(self, currency: str, units: int) -> list[Drawn]:
        """Pay with `units` from usable lots, soonest to expire first; `insufficient_points` when they do not reach."""
        return self._take(currency, units, Account.LIABILITY)

    def adjust_down(self, currency: str, units: int) -> list[Drawn]:
        """Take `units` away by hand; `insufficient_points` when they are not there."""
        return self._take(currency, units, Account.ADJUSTED)

    def hold(self, currency: str, units: int) -> list[Drawn]:
        """Set `units` aside: they leave their lots and stand in `held`."""
        wallet = self.wallet(currency)
        drawn = self._draw(currency, units)
        self._post(Account.AVAILABLE, currency, -units, wallet)
        self._post(Account.HELD, currency, units, wallet)
        return drawn

    def capture(self, currency: str, units: int) -> None:
        """Pay with `units` that were held; their draws were made by the hold."""
        if units:
            self._post(Account.HELD, currency, -units, self.wallet(currency))
            self._post(Account.LIABILITY, currency, units, None)

    def release(self, currency: str, back: Iterable[tuple[Lot, int]]) -> None:
        """Give held units back to their lots; what has expired meanwhile expires now."""
        wallet = self.wallet(currency)
        for lot, units in back:
            self._post(Account.HELD, currency, -units, wallet)
            self._undraw(lot, units)
            self._credit(wallet, lot, units)
            if lot.is_over(self.at):
                self.expire(lot)

    def give_back(self, lot: Lot, units: int, *, grace_until: datetime | None) -> None:
        """Return spent `units` to the lot they came from, with its life.

        Where that life is over they live on in a grace lot until `grace_until` (None, or when the lot was itself a
        grace lot: they are expired at once, reliability I13).
        """
        if not lot.is_over(self.at):
            self._post(Account.LIABILITY, lot.currency, -units, None)
            self._undraw(lot, units)
            self._credit(self.wallet(lot.currency), lot, units)
        elif grace_until is not None and not lot.grace:
            self.grant(
                lot.currency, units, starts_at=self.at, expires_at=grace_until,
                against=Account.LIABILITY, grace=True,
            )  # fmt: skip
        else:
            self._post(Account.LIABILITY, lot.currency, -units, None)
            self._post(Account.EXPIRED, lot.currency, units, None)

    def take_back(self, lot: Lot, units: int, *, against: Account = Account.EXPENSE) -> None:
        """Take granted `units` away from a lot, pending or active (a return of what earned them)."""
        lot.remaining -= units
        assert lot.remaining >= 0, "a lot holds less than is taken back"
        self.touched[lot.id] = lot
        self.drawn.append(Drawn(lot, units))
        account = Account.AVAILABLE if lot.active else Account.PENDING
        self._post(account, lot.currency, -units, self.wallet(lot.currency))
        self._post(against, lot.currency, units, None)

    def restore(self, lot: Lot, units: int) -> None:
        """Undo `units` of an earlier take-back; what becomes available repays debt first."""
        self._post(Account.EXPENSE, lot.currency, -units, None)
        self._undraw(lot, units)
        if lot.active:
            self._credit(self.wallet(lot.currency), lot, units)
        else:
            self._post(Account.PENDING, lot.currency, units, self.wallet(lot.currency))

    def owe(self, currency: str, units: int, *, against: Account = Account.EXPENSE) -> None:
        """Change the debt by `units` (negative: forgive): what a return could not take back."""
        if units:
            self._post(Account.DEBT, currency, -units, self.wallet(currency))
            self._post(against, currency, units, None)

    def move_out(self, lot: Lot, units: int) -> None:
        """Hand `units` of a lot over to another member, whose `move_in` is the other half."""
        lot.remaining -= units
        assert lot.remaining >= 0, "a lot holds less than is handed over"
        self.touched[lot.id] = lot
        self.drawn.append(Drawn(lot, units))
        account = Account.AVAILABLE if lot.active else Account.PENDING
        self._post(account, lot.currency, -units, self.wallet(lot.currency))
        self._post(Account.MOVED, lot.currency, units, None)

    def move_in(self, currency: str, units: int, *, starts_at: datetime, expires_at: datetime | None) -> Lot:
        """Take over what another member handed out, with the life it had there."""
        return self.grant(currency, units, starts_at=starts_at, expires_at=expires_at, against=Account.MOVED)

    def move_balance(self, account: Account, currency: str, units: int) -> None:
        """Change a balance of the wallet by `units` against another member's, its lots (if any) going as they are."""
        if units:
            self._post(account, currency, units, self.wallet(currency))
            self._post(Account.MOVED, currency, -units, None)

    def repay(self, currency: str) -> None:
        """Pay a debt from points that are there; both can stand side by side only after two members became one."""
        wallet = self.wallet(currency)
        units = min(wallet.debt, sum(lot.remaining for lot in self._usable(currency)))
        if units:
            self._draw(currency, units)
            self._post(Account.AVAILABLE, currency, -units, wallet)
            self._post(Account.DEBT, currency, units, wallet)

    def activate(self, lot: Lot) -> None:
        """A pending lot's start has come: its points become available (repaying debt first)."""
        lot.active = True
        self.touched[lot.id] = lot
        if lot.remaining:
            wallet = self.wallet(lot.currency)
            self._post(Account.PENDING, lot.currency, -lot.remaining, wallet)
            self._credit(wallet, lot, lot.remaining)

    def expire(self, lot: Lot) -> None:
        """A lot's life is over: what remains of it expires, once."""
        units = lot.remaining
        lot.remaining = 0
        lot.expired += units
        self.touched[lot.id] = lot
        if units:
            account = Account.AVAILABLE if lot.active else Account.PENDING
            self._post(account, lot.currency, -units, self.wallet(lot.currency))
            self._post(Account.EXPIRED, lot.currency, units, None)

    def merged(self) -> list[Posting]:
        """The postings with those of one account and wallet added up, none of them zero; they sum to zero."""
        kept: list[Posting] = []
        for posting in self.postings:
            for at, known in enumerate(kept):
                if known.account is posting.account and known.currency == posting.currency:
                    kept[at] = Posting(known.account, known.currency, known.units + posting.units, known.wallet)
                    break
            else:
                kept.append(posting)
        kept = [posting for posting in kept if posting.units]
        balance: dict[str, int] = {}
        for posting in kept:
            balance[posting.currency] = balance.get(posting.currency, 0) + posting.units
        for units in balance.values():
            if units:
                raise Refusal(Code.LEDGER_INTEGRITY, what="an act does not sum to zero")
        return kept

    def _take(self, currency: str, units: int, against: Account) -> list[Drawn]:
        drawn = self._draw(currency, units)
        self._post(Account.AVAILABLE, currency, -units, self.wallet(currency))
        self._post(against, currency, units, None)
        return drawn

    def _draw(self, currency: str, units: int) -> list[Drawn]:
        lots = self._usable(currency)
        available = sum(lot.remaining for lot in lots)
        if units > available:
            raise Refusal(Code.INSUFFICIENT_POINTS, currency=currency, available=available, wanted=units)
        taken: list[Drawn] = []
        rest = units
        for lot in sorted(lots, key=draw_order):
            if not rest:
                break
            part = min(rest, lot.remaining)
            lot.remaining -= part
            rest -= part
            self.touched[lot.id] = lot
            taken.append(Drawn(lot, part))
        self.drawn += taken
        return taken

    def _usable(self, currency: str) -> list[Lot]:
        return [lot for lot in self.standing.lots.get(currency, ()) if lot.active and lot.usable(self.at)]

    def _undraw(self, lot: Lot, units: int) -> None:
        lot.remaining += units
        assert lot.remaining + lot.expired <= lot.amount, "a lot would hold more than was granted"
        self.touched[lot.id] = lot
        self.drawn.append(Drawn(lot, -units))

    def _credit(self, wallet: WalletState, lot: Lot, units: int) -> None:
        """Points that become available repay a debt first, out of this very lot."""
        repaid = min(wallet.debt, units)
        if repaid:
            lot.remaining -= repaid
            self.touched[lot.id] = lot
            self.drawn.append(Drawn(lot, repaid))
            self._post(Account.DEBT, wallet.currency, repaid, wallet)
        if units - repaid:
            self._post(Account.AVAILABLE, wallet.currency, units - repaid, wallet)

    def _post(self, account: Account, currency: str, units: int, wallet: WalletState | None) -> None:
        self.postings.append(Posting(account, currency, units, wallet))
        if wallet is None:
            return
        if account is Account.AVAILABLE:
            wallet.available += units
        elif account is Account.PENDING:
            wallet.pending += units
        elif account is Account.HELD:
            wallet.held += units
        else:
            wallet.debt -= units
