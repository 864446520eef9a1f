"""Friends and agents: codes, one inviter for ever, no circles, networks (S4.23 to S4.27, S4.36, S4.37).

Shows S4.25.
"""

from itertools import pairwise
from uuid import UUID

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.segments import Putting
from kopilka.data.models.events import Event
from kopilka.data.models.members import Member
from kopilka.engine.actor import SHOP, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import publish_rulebook
from kopilka.services.referral import (
    choose_split,
    issue_referral_code,
    name_agent,
    name_inviter,
    read_network,
    read_network_level,
)
from kopilka.services.segments.putting import put_member
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, balance, set_member, work
from tests.tills import buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

ASKING = Asking(SYSTEM_ACTOR, NOON)
SELLER = Actor(ActorKind.KEY, UUID(int=7), "касса 1", SHOP)


@pytest.fixture
def program():
    return make_program(rulebook=SHARING_RULES)


def code_of(program, member_id):
    return issue_referral_code(program_id=program.id, member_id=member_id, asking=ASKING).code


def invite(program, phone, code, **facts):
    typed = MemberFacts(phone=phone, invited_by=code, **facts)
    return enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SELLER, at=NOON).member.id


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def inviters(program):
    return dict(rows(program.id, Member, "id", "inviter_id"))


def test_a_code_for_friends_is_short_numeric_and_the_same_for_ever(program):
    member_id = make_member(program)

    codes = {code_of(program, member_id) for _ in range(3)}

    assert len(codes) == 1
    assert [(len(code), code.isdigit()) for code in codes] == [(6, True)]


def test_a_friend_comes_with_his_inviter_who_is_told_and_counted(program):
    alexander = make_member(program)
    code = code_of(program, alexander)

    artem = invite(program, "+79160000002", f"{code[:3]} {code[3:]}", door="kiosk", staff="olga")

    assert inviters(program) == {alexander: None, artem: alexander}
    assert dict(rows(program.id, Member, "id", "referrals"))[alexander] == 1
    told = {
        kind: (member, subject) for kind, member, subject in rows(program.id, Event, "kind", "member_id", "subject_id")
    }
    assert told["member_invited"] == (alexander, artem)
    (payload,) = [
        text for kind, text in rows(program.id, Event, "kind", "payload") if kind == "member_enrolled" and text
    ]
    assert payload == f'{{"door":"kiosk","staff":"olga","inviter":"{alexander}"}}'


def test_a_code_nobody_has_enrols_nobody(program):
    assert refused(invite, program, "+79160000002", "000000") == (Code.NOT_FOUND, {"what": "referral_code"})
    assert rows(program.id, Member, "id") == []


def test_nobody_invites_himself_by_phone_card_or_device(program):
    typed = MemberFacts(phone="+79161234567", card="77", device="telephone-1")
    alexander = enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SELLER, at=NOON).member.id
    code = code_of(program, alexander)

    by_phone = refused(invite, program, "8 916 123-45-67", code)
    by_card = refused(invite, program, "+79160000002", code, card="77")
    by_device = refused(invite, program, "+79160000002", code, device="telephone-1")
    himself = refused(name_inviter, program_id=program.id, member_id=alexander, invited_by=code, asking=ASKING)

    assert by_phone == (Code.IDENTIFIER_TAKEN, {"kind": "phone"})
    assert by_card == (Code.IDENTIFIER_TAKEN, {"kind": "card"})
    assert by_device == himself == (Code.INVITER_REFUSED, {"reason": "himself"})
    assert inviters(program) == {alexander: None}


def test_an_inviter_can_be_named_until_the_first_purchase_and_only_once(program):
    anna, alexander, artem = (make_member(program, f"+7916000000{n}") for n in range(3))
    facts = {"program_id": program.id, "asking": ASKING}

    done = name_inviter(member_id=artem, invited_by=code_of(program, alexander), **facts)
    again = refused(name_inviter, member_id=artem, invited_by=code_of(program, anna), **facts)
    buy(program.id, alexander, "100")
    late = refused(name_inviter, member_id=alexander, invited_by=code_of(program, anna), **facts)

    assert done.inviter_id == alexander
    assert again == (Code.INVITER_REFUSED, {"reason": "invited_before"})
    assert late == (Code.INVITER_REFUSED, {"reason": "bought_before"})


def test_where_the_rules_do_not_allow_it_an_inviter_is_named_at_enrolment_only(program):
    source = SHARING_RULES.replace(", until_first_purchase: true", "")
    publish_rulebook(program_id=program.id, source=source, by=SYSTEM_ACTOR, at=NOON)
    alexander, artem = make_member(program), make_member(program, "+79160000002")

    told = refused(
        name_inviter, program_id=program.id, member_id=artem, invited_by=code_of(program, alexander), asking=ASKING
    )

    assert told == (Code.INVITER_REFUSED, {"reason": "at_enrolment_only"})


def test_nobody_is_invited_by_those_he_brought_himself(program):
    members = [make_member(program, f"+791600000{n:02}") for n in range(12)]
    for above, below in pairwise(members):
        name_inviter(program_id=program.id, member_id=below, invited_by=code_of(program, above), asking=ASKING)

    told = refused(
        name_inviter, program_id=program.id, member_id=members[0], invited_by=code_of(program, members[-1]),
        asking=ASKING,
    )  # fmt: skip

    assert told == (Code.INVITER_REFUSED, {"reason": "circle"})


def test_a_network_is_told_level_by_level(program):
    anna, alexander, artem, boris = (make_member(program, f"+7916000000{n}", name=f"N{n}") for n in range(4))
    set_member(program, alexander, inviter_id=anna)
    set_member(program, artem, inviter_id=alexander)
    set_member(program, boris, inviter_id=alexander)
    buy(program.id, artem, "1000")
    buy(program.id, alexander, "200")
    work(program.id)

    levels = read_network(program_id=program.id, member_id=anna, levels=3, by=SELLER)
    first, after = read_network_level(program_id=program.id, member_id=anna, level=2, by=SELLER, limit=1)
    second, end = read_network_level(program_id=program.id, member_id=anna, level=2, by=SELLER, limit=1, after=after)

    assert [(one.level, one.members, one.buyers, one.turnover_minor, one.rewards) for one in levels] == [
        (1, 1, 1, 20_000, {"bonus": 2}),
        (2, 2, 1, 100_000, {"bonus": 5}),
    ]
    assert [(one.member_id, one.name, one.spent_minor) for one in first + second] == [
        (artem, "N2", 100_000),
        (boris, "N3", 0),
    ]
    assert end is None


def test_an_agent_splits_his_share_for_the_next_sale_and_the_base_scheme_returns(program):
    """S4.36, S4.37: 15 %; customer 10, me 5; 15 again."""
    petr = add_beneficiary(program_id=program.id, new=NewBeneficiary("agent", "petr"), asking=ASKING).beneficiary
    customer = make_member(program)
    name_agent(program_id=program.id, member_id=customer, agent="petr", asking=ASKING)

    buy(program.id, customer, "1000")
    work(program.id)
    at_first = balance(program.id, petr.account_id)
    choose_split(program_id=program.id, member_id=customer, share="designer", split="client-10-agent-5", asking=ASKING)
    sold = buy(program.id, customer, "1000")
    work(program.id)
    at_second = balance(program.id, petr.account_id)
    usual = buy(program.id, customer, "1000")
    work(program.id)

    assert (sold.decision.totals.paid, usual.decision.totals.paid) == (90_000, 100_000)
    assert [at_first, at_second, balance(program.id, petr.account_id)] == [(150, 0, 0), (195, 0, 0), (345, 0, 0)]


def test_the_segment_named_for_a_split_holds_for_the_next_sale_however_it_was_given(program):
    """S4.37: the operator assigns the segment, the split does the rest."""
    petr = add_beneficiary(program_id=program.id, new=NewBeneficiary("agent", "petr"), asking=ASKING).beneficiary
    customer = make_member(program)
    name_agent(program_id=program.id, member_id=customer, agent="petr", asking=ASKING)
    put_member(program_id=program.id, member_id=customer, putting=Putting("ten-five"), asking=ASKING)

    paid = [buy(program.id, customer, "1000").decision.totals.paid for _ in range(2)]
    work(program.id)

    assert paid == [90_000, 100_000]
    assert balance(program.id, petr.account_id) == (45 + 150, 0, 0)


def test_an_agent_who_is_not_there_any_more_is_nobodys(program):
    facts = {"program_id": program.id, "asking": ASKING}

    anna = make_member(program)
    told = refused(name_agent, member_id=anna, agent="petr", **facts)
    nothing = refused(choose_split, member_id=anna, share="designer", split="x", **facts)

    assert told == (Code.NOT_FOUND, {"what": "agent"})
    assert nothing == (Code.NOT_FOUND, {"what": "split"})
