"""What happens to this receipt: prices, points to pay with, points earned, lines to print, and why. The heart."""

from __future__ import annotations

from kopilka.engine.beyond import beyond_of
from kopilka.engine.bounds import decide_within, within_bounds
from kopilka.engine.claiming import claims_of
from kopilka.engine.compiling.book import Book, book_of
from kopilka.engine.coupons import accept_coupons
from kopilka.engine.decision import Decision, PricedLine, Reason, Totals, Why
from kopilka.engine.earning import Earned, Worked, earn
from kopilka.engine.fact_readers import MEMBER_FACTS, MOMENT, NO_TEXTS, UNLOCKED
from kopilka.engine.fiscal import fiscal_lines
from kopilka.engine.gifts import hand_out
from kopilka.engine.hints import tell_hints
from kopilka.engine.money import total_of
from kopilka.engine.privileges import open_promotions, use_privileges
from kopilka.engine.receipt import Receipt
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.spending import spend
from kopilka.engine.stacking import play
from kopilka.engine.standing import Standing
from kopilka.engine.tiers import tier_after, told_beyond

NO_RULES: frozenset[str] = frozenset()


def decide(
    rulebook: Rulebook, standing: Standing, receipt: Receipt, *, version: int = 0, brief: bool = False
) -> Decision:
    """Decide everything about a receipt; the same values give the same decision. Nothing that came in is changed.

    `brief` may leave out the lines, what is printed, the reasons and what is missing to the next tier, for whoever only
    adds up what many receipts come to.
    Raises `spend_limit` or `insufficient_points` when the member wants to pay with more points than possible.
    `docs/algorithms/quote.md` numbers the steps.
    """
    book = book_of(rulebook)
    if book.bounds:
        return decide_within(lambda over: _decide(book, standing, receipt, version, over), standing.uses, book.bounds)
    return _decide(book, standing, receipt, version, NO_RULES, brief=brief)


def _decide(
    book: Book, standing: Standing, receipt: Receipt, version: int, over: frozenset[str], *, brief: bool = False
) -> Decision:
    """`over`: promotions that would overstep their budgets on this receipt."""
    rulebook = book.rulebook
    sale = _open_sale(book, standing, receipt, brief=brief)
    named = accept_coupons(sale, book.coupons, rulebook.coupons) if receipt.codes or standing.issued else None
    _read_facts(sale, book)
    claims = claims_of(sale, book)
    if book.bounds:
        claims = within_bounds(sale, claims, over)
    worked = play(sale, claims, rulebook.groups)
    handed = hand_out(sale, book.beside, rulebook.digits) if book.beside else None
    if book.has_switches:
        _turn_switches(sale, worked)
    spent = spend(sale, book)
    if handed is not None:
        spent.plans.extend(handed.plans)
        spent.draws.extend(handed.draws)
    earned = earn(sale, book, worked)
    if book.beside:
        use_privileges(sale, worked)
        tell_hints(sale, book.beside, spent, earned)
    lines = [] if brief else _priced(sale, earned)
    totals = _totals(sale)
    used = _used_coupons(worked) if named else NO_RULES
    if named is not None:
        named.settle(used)
    moves = named or book.has_beyond or standing.stays or receipt.certificates
    beyond = beyond_of(sale, book, worked, named, used, over) if moves else None
    reached = tier_after(sale, book, net=totals.net, paid=totals.paid, lots=earned.lots, brief=brief)
    return Decision(
        version=version,
        fingerprint=rulebook.fingerprint,
        at=receipt.at,
        member=standing.member_id,
        tier=sale.tier,
        totals=totals,
        lines=lines,
        fiscal=fiscal_lines(lines, sale.floors, sale.gifts, rulebook.fiscal),
        spend=spent.plans,
        draws=spent.draws,
        lots=earned.lots,
        carry=earned.carry,
        coupons=sorted(used & sale.accepted),
        coupons_refused=named.in_order(receipt.codes) if named else [],
        prompts=[rule.code for rule, _, _ in worked if rule.has_prompt] if book.has_prompts else [],
        reasons=[] if brief else sale.told + sale.refused,
        tier_after=reached.tier,
        beyond=told_beyond(beyond, reached.hints),
    )


def wanted(rulebook: Rulebook) -> frozenset[str]:
    """The facts about a member that the rulebook asks for, so that loading reads no more than these."""
    return book_of(rulebook).asked & MEMBER_FACTS


def _open_sale(book: Book, standing: Standing, receipt: Receipt, *, brief: bool) -> Sale:
    """Steps 1 and 2: the lines in order, the till's own discounts taken; who buys, when by the program's clock."""
    tier = "" if standing.member_id is None else standing.tier or book.first_tier
    local = receipt.at.astimezone(book.zone)
    return Sale(standing, receipt, local=local, tier=tier, per_minor=book.per_minor, brief=brief)


def _read_facts(sale: Sale, book: Book) -> None:
    facts: Facts = [None] * (UNLOCKED + 1)
    sale.facts = facts
    facts[MOMENT] = sale.at
    facts[UNLOCKED] = open_promotions(sale) if sale.standing.unlocked else NO_TEXTS
    for slot, read in book.readers:
        facts[slot] = read(sale)


def _turn_switches(sale: Sale, worked: list[Worked]) -> None:
    """What promotions turn off or cap on the lines they touched."""
    for rule, _, touched in worked:
        if not rule.has_switches or not touched:
            continue
        number = sale.lines[touched[0]].number if len(touched) == 1 else 0
        if rule.no_earning:
            sale.earning_off.update(touched)
            sale.told.append(Reason(Why.EARNING_OFF, rule.code, number))
        if rule.share is not None:
            for i in touched:
                sale.shares[i] = min(sale.shares[i], rule.share)
            why = Why.SPENDING_CAPPED if rule.share else Why.SPENDING_OFF
            sale.told.append(Reason(why, rule.code, number))


def _used_coupons(worked: list[Worked]) -> frozenset[str]:
    """Coupons without which what has worked would not have."""
    return frozenset(code for rule, _, _ in worked for code in rule.coupons)


def _priced(sale: Sale, earned: Earned) -> list[PricedLine]:
    gifts = sale.gifts
    lines: list[PricedLine] = []
    for i, line in enumerate(sale.lines):
        quantity, net, points, offs = line.quantity, sale.nets[i], sale.points[i], sale.offs[i]
        given = (i in gifts and gifts[i] >= quantity > 0) or (net == 0 and len(offs) > 0)
        lines.append(
            PricedLine(
                line.number, line.sku, line.name, quantity, line.price, line.amount, sale.manual[i],
                net, points, net - points, line.vat, given, offs, sale.spent[i], earned.by_line[i],
            )
        )  # fmt: skip
    return lines


def _totals(sale: Sale) -> Totals:
    amount = 0
    for line in sale.lines:
        amount += line.amount
    manual, net, points = total_of(sale.manual), total_of(sale.nets), total_of(sale.points)
    return Totals(amount, manual, amount - manual - net, net, points, net - points)
