"""All mechanics at once: whatever is bought, brought back and delivered in whatever order, nothing appears or vanishes.

After everything was brought back, in whatever parts, everybody is as before: the buyer, who invited him and who invited
that one, his agent, the employee, the partner; tiers, counters, limits, privileges.
"""

from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.outbox import mark_handled, open_events
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.coupons import RuleCount
from kopilka.data.models.ledger import Lot, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.privileges import Privilege
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.money import line_amount
from kopilka.engine.receipt import Line, Receipt, SpendMode, SpendWish
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.books import check_books
from kopilka.services.deeds import do_due_deeds
from kopilka.services.members import enrol_member
from kopilka.services.outbox import hand_over, handle_events
from kopilka.services.profiles import MemberFacts
from kopilka.services.purchases import confirm_purchase
from kopilka.services.referral import issue_referral_code
from kopilka.services.returns import return_purchase
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_program
from tests.tills import request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Всё сразу
money: RUB
timezone: Europe/Moscow
points:
  bonus: {worth: "1.00", life: {days: 365}, starts_after: at_once}
  staff: {starts_after: at_once}
spending:
  bonus: {share_of_receipt: 50}
spending_proof: {by: none}
returns: {take_back: debt, tiers: review}
tiers:
  bronze: {earn: {percent: 3, in: bonus}}
  gold: {enter: {spent: {at_least: "300.00"}}, earn: {percent: 7, in: bonus}}
partners:
  coffee: {branches: coffee-1, gives: bonus, takes: bonus, fee: 2}
referral: {code: digits, levels: 2}
promotions:
  twice-only: {discount: {percent: 10}, lines: {category: cake}, limit: {times: 2}}
  plants: {locked: yes, lines: {category: plants}, discount: {percent: 20}}
automations:
  aquarium: {event: purchase, lines: {category: aquariums}, unlock: {plants: {times: 2}}}
shares:
  friend-extra: {to: buyer, when: {invited: yes}, first: 3, earn: {percent: 2, in: bonus}}
  inviter: {to: inviter, earn: {percent: 1.5, in: bonus}}
  inviter-2: {to: inviter, level: 2, earn: {percent: 0.7, in: bonus}}
  agent: {to: agent, earn: {percent: 10, in: bonus}}
  seller: {to: employee, earn: {percent: 2, in: staff}}
  partner: {to: partner, partner: coffee, branches: coffee-1, earn: {percent: 1, in: bonus}}
"""

NOTHING_UNLOCKED = RULES.replace("unlock: {plants: {times: 2}}", "mark: {add: fish}")

SHOP = (("CAKE", "cake"), ("FERN", "plants"), ("TANK", "aquariums"), ("BREAD", "bread"))

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""An example is a whole program in a database: making a failing one smaller would take minutes."""

lines = st.lists(
    st.tuples(st.integers(0, len(SHOP) - 1), st.integers(1, 40_000), st.integers(1, 4)), min_size=1, max_size=3
)
sales = st.lists(st.tuples(lines, st.booleans(), st.booleans()), min_size=1, max_size=4)
order = st.randoms(use_true_random=False)


numbers = count(1)
"""Every example has a program of its own in one database."""


class Street:
    """One program with everybody who takes part, and a worker that comes when it likes."""

    def __init__(self, rules: str = RULES) -> None:
        self.program = make_program(f"street-{next(numbers)}", rulebook=rules)
        self.id = self.program.id
        self.now = NOON
        for kind, code in (("employee", "olga"), ("agent", "petr"), ("partner", "coffee")):
            new = NewBeneficiary(kind, code)
            add_beneficiary(program_id=self.id, new=new, asking=Asking(SYSTEM_ACTOR, NOON))
        grandfather = self.enrol("+79161111111")
        father = self.enrol("+79162222222", invited_by=self.code(grandfather))
        self.buyer = self.enrol("+79163333333", invited_by=self.code(father), agent="petr")
        gift = AdjustRequest(self.buyer, "bonus", 120, "подарок", SYSTEM_ACTOR, NOON)
        adjust_points(program_id=self.id, request=gift)
        self.work()

    def enrol(self, phone, **facts):
        typed = MemberFacts(phone=phone, **facts)
        return enrol_member(program_id=self.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=NOON).member.id

    def code(self, member_id):
        return issue_referral_code(program_id=self.id, member_id=member_id, asking=Asking(SYSTEM_ACTOR, NOON)).code

    def tick(self):
        self.now += timedelta(minutes=1)
        return self.now

    def buy(self, number, sold, *, spend, at_partner):
        bought = tuple(
            Line(place, SHOP[kind][0], pieces * 1000, price * 100, line_amount(price * 100, pieces * 1000),
                 category=SHOP[kind][1])
            for place, (kind, price, pieces) in enumerate(sold, 1)
        )  # fmt: skip
        wish = SpendWish(SpendMode.MAX) if spend else SpendWish()
        branch = "coffee-1" if at_partner else "main"
        receipt = Receipt(bought, self.tick(), branch=branch, staff="olga", spend=wish)
        asked = request(self.buyer, receipt, str(number), at=self.now, by=SYSTEM_ACTOR)
        return confirm_purchase(program_id=self.id, request=asked)

    def bring_back(self, purchase, part, number):
        return return_purchase(
            program_id=self.id, purchase_id=purchase.purchase_id, lines=part, source="till:1",
            external_id=f"r{number}", by=SYSTEM_ACTOR, at=self.tick(),
        )  # fmt: skip

    def work(self):
        """Everything there is to do, until there is nothing more."""
        while handle_events(program_id=self.id, at=self.now) + do_due_deeds(program_id=self.id, at=self.now):
            pass

    def deliver(self, chance):
        """What happened reaches those who answer it in another order than it happened."""
        with transaction.atomic():
            enter_program(self.id)
            events = open_events(self.id, 500)
            chance.shuffle(events)
            if events:
                hand_over(self.id, events)
                mark_handled(self.id, events, self.now)
        do_due_deeds(program_id=self.id, at=self.now)

    def everybody(self):
        """What must be as before. An empty wallet is as good as none."""
        wallets = rows(self.id, Wallet, "member_id", "currency", "available", "pending", "held", "debt")
        members = rows(self.id, Member, "id", "tier", "purchases", "spent_minor", "referrals")
        lots = rows(self.id, Lot, "wallet__member_id", "remaining", "expires_at")
        return {
            "wallets": sorted(row for row in wallets if any(row[2:])),
            "members": sorted((key, tier or "bronze", *counts) for key, tier, *counts in members),
            "lots": sorted(row for row in lots if row[1]),
            "uses": [used for (used,) in rows(self.id, RuleUse, "used") if used],
            "counts": [row for row in rows(self.id, RuleCount, "rule", "uses", "minor", "units") if any(row[1:])],
            "privileges": [state for (state,) in rows(self.id, Privilege, "state") if state == "open"],
        }

    def findings(self):
        return [finding for result in check_books(program_id=self.id) for finding in result.findings]


@settings(
    max_examples=12,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bought=sales, chance=order)
def test_everything_brought_back_in_any_parts_leaves_everybody_as_before(bought, chance, transactional_db):
    street = Street()
    before = street.everybody()
    purchases = []
    for number, (sold, spend, at_partner) in enumerate(bought):
        purchases.append(street.buy(number, sold, spend=spend, at_partner=at_partner))
        if chance.random() < 0.5:
            street.deliver(chance)
    parts = []
    for purchase, (sold, _, _) in zip(purchases, bought, strict=True):
        for place, (_, _, pieces) in enumerate(sold, 1):
            cut = chance.randint(0, pieces * 1000)
            parts += [(purchase, {place: piece}) for piece in (cut, pieces * 1000 - cut) if piece]
    chance.shuffle(parts)
    for number, (purchase, part) in enumerate(parts):
        street.bring_back(purchase, part, number)
        if chance.random() < 0.3:
            street.deliver(chance)
    street.deliver(chance)
    street.work()

    assert street.findings() == []
    assert street.everybody() == before


@settings(
    max_examples=8,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bought=sales, chance=order)
def test_order_of_delivery_changes_nothing_in_the_books(bought, chance, transactional_db):
    """The same sales and returns, delivered at once and late in any order: the same points for everybody.

    Nothing is unlocked here: a privilege that opens later changes the price of what is bought meanwhile.
    """
    ends = []
    for late in (False, True):
        street = Street(NOTHING_UNLOCKED)
        for number, (sold, spend, at_partner) in enumerate(bought):
            purchase = street.buy(number, sold, spend=spend, at_partner=at_partner)
            if not late:
                street.work()
            if number % 2:
                street.bring_back(purchase, {1: sold[0][2] * 1000}, number)
        if late:
            street.deliver(chance)
        street.work()
        owners = {key: place for place, (key,) in enumerate(rows(street.id, Member, "id"))}
        assert street.findings() == []
        ends.append(sorted((owners[row[0]], *row[1:]) for row in street.everybody()["wallets"]))

    assert ends[0] == ends[1]
