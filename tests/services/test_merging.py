"""Two records of one person become one in every table that names a member; the books are clean then and ever after."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.deeds import DeedKind, Planned, plan_deeds
from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.members import find_members
from kopilka.bookkeeping.merging import APART, STAY, references_to_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segments import Putting, put_into
from kopilka.data.models.automations import ProfileAnswer
from kopilka.data.models.balances import Transfer
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.coupons import CouponCode, RuleCount
from kopilka.data.models.deeds import Beneficiary, Deed
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.members import Identifier, Member
from kopilka.data.models.privileges import Privilege
from kopilka.data.models.publishing import ReversalItem
from kopilka.data.models.raffles import Raffle, RaffleEntrant
from kopilka.data.models.segments import SegmentMember
from kopilka.data.models.shares import ShareState
from kopilka.data.models.tiers import Opening, TierChange
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.stays import Stay, text_of
from kopilka.services.members import MemberChange, change_member
from kopilka.services.merging import merge_members
from kopilka.services.outbox import handle_events
from kopilka.services.reversals import reverse_rule, undo_reversal
from kopilka.services.tier_reviews import review_due_tiers
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import bring_back, live, points
from tests.services.test_reversals import books_are_clean
from tests.sharing import set_member
from tests.tills import buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
spending_proof: {by: none}
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
spending:
  bonus: {share_of_receipt: 100}
referral: {code: digits}
segments:
  friends: {by: hand}
  vip: {by: hand}
promotions:
  cashback: {earn: {percent: 10}}
shares:
  inviting: {to: inviter, earn: {percent: 10}}
automations:
  thanks: {event: purchase, grant: [{percent: 5}, {points: 2}]}
"""

TIERS = """\
tiers:
  start: {}
  silver: {enter: {spent: {at_least: "100.00"}}}
  gold: {enter: {spent: {at_least: "900.00"}}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def kept(program):
    return make_member(program, "+79161111111")


@pytest.fixture
def gone(program):
    return make_member(program, "+79162222222")


def merge(program, kept, gone, at=LATER):
    return merge_members(program_id=program.id, kept=kept, gone=gone, reason="один человек", by=SYSTEM_ACTOR, at=at)


def put(program, model, **columns):
    with transaction.atomic():
        enter_program(program.id)
        return model.objects.create(program_id=program.id, **columns)


def column(program, member_id, name):
    with transaction.atomic():
        enter_program(program.id)
        return Member.objects.of(program.id).filter(id=member_id).values_list(name, flat=True).get()


def test_every_table_that_names_a_member_is_decided_about():
    named = {f"{model.__name__}.{name}" for model, name in references_to_members()}

    assert named == {
        "Beneficiary.account", "Beneficiary.person", "CardLink.member", "ChatMessage.member", "ClubUse.member",
        "Consent.member", "CouponCode.member", "EnrolledBy.member", "GiftClaim.member", "GoodsRequest.member",
        "Hold.member", "KioskVisit.member", "MemberPin.member", "MemberSession.member", "OpenReceipt.member",
        "Privilege.member", "Purchase.member", "Quote.member", "RaffleEntrant.member", "Return.member",
        "ReversalItem.member", "ShareState.member",
        "Transfer.giver", "Transfer.taker",
    }  # fmt: skip
    assert {
        "operation", "wallet", "tierchange", "member", "profile", "identifier", "ruleuse", "membercode", "lot", "deed",
        "opening", "profileanswer", "segmentmember", "segmentdue",
    } == STAY | APART  # fmt: skip


def test_purchases_of_both_are_returned_to_the_one_who_stays(program, kept, gone):
    sold = [buy(program.id, one, "100") for one in (kept, gone)]
    live(program.id)
    before = points(program.id, kept) + points(program.id, gone)
    merge(program, kept, gone)
    live(program.id, LATER)
    merged = points(program.id, kept), books_are_clean(program)

    for number, one in enumerate(sold):
        bring_back(program.id, one.purchase_id, f"r{number}", None, LATER)
    live(program.id, LATER)

    assert (before, merged) == (34, (34, []))
    assert (points(program.id, kept), points(program.id, gone)) == (4, 0)  # what was no part of the goods
    assert column(program, kept, "spent_minor") == 0
    assert books_are_clean(program) == []


def test_due_deeds_of_the_merged_are_done_for_the_other_once(program, kept, gone):
    buy(program.id, gone, "100")
    handle_events(program_id=program.id, at=NOON)
    merge(program, kept, gone)

    live(program.id, LATER)

    assert points(program.id, kept) == 17
    assert rows(program.id, Deed, "state", "units", "member_id") == [("done", 7, kept)]
    assert books_are_clean(program) == []


def test_event_that_is_handled_after_the_merge_gives_to_the_other(program, kept, gone):
    sold = buy(program.id, gone, "100")
    merge(program, kept, gone)

    live(program.id, LATER)
    given = points(program.id, kept), points(program.id, gone)
    bring_back(program.id, sold.purchase_id, "r1", None, LATER)
    live(program.id, LATER)

    assert given == (17, 0)
    assert points(program.id, kept) == 2
    assert books_are_clean(program) == []


@pytest.mark.parametrize("states", [("due", "due"), ("done", "due"), ("due", "done")])
def test_what_is_owed_to_both_for_one_moment_is_owed_once(program, kept, gone, states):
    with transaction.atomic():
        enter_program(program.id)
        plan_deeds(
            program.id,
            [Planned(DeedKind.AUTOMATION, "birthday", "birthday:2026", one, NOON + DAY) for one in (kept, gone)],
            at=NOON,
        )
        for one, state in zip((kept, gone), states, strict=True):
            Deed.objects.of(program.id).filter(member_id=one).update(state=state)

    merge(program, kept, gone)

    left = rows(program.id, Deed, "member_id", "state", "told")
    assert {member_id for member_id, _, _ in left} == {kept}
    assert sorted(state for _, state, _ in left) == sorted(["nothing", "done" if "done" in states else "due"])
    assert [told for _, state, told in left if state == "nothing"] == ["merged"]


def test_share_of_an_inviter_who_was_merged_is_taken_back_from_the_other(program, kept, gone):
    friend = make_member(program, "+79163333333")
    set_member(program, friend, inviter_id=gone)
    sold = buy(program.id, friend, "100")
    unposted = buy(program.id, friend, "200")
    live(program.id)
    late = buy(program.id, friend, "300")
    merge(program, kept, gone)
    live(program.id, LATER)
    given = points(program.id, kept), points(program.id, gone), column(program, friend, "inviter_id")

    for number, one in enumerate((sold, unposted, late)):
        bring_back(program.id, one.purchase_id, f"r{number}", {1: 400}, LATER)
        live(program.id, LATER)
        bring_back(program.id, one.purchase_id, f"s{number}", {1: 600}, LATER)
    live(program.id, LATER)

    assert given == (60, 0, kept)
    assert (points(program.id, kept), points(program.id, gone)) == (0, 0)
    states = rows(program.id, ShareState, "member_id", "units", "taken")
    assert {(member_id, units == taken) for member_id, units, taken in states} == {(kept, True)}
    assert books_are_clean(program) == []


@pytest.mark.parametrize("rule", ["cashback", "thanks", "inviting"])
def test_reversal_and_its_undoing_find_the_one_who_stays(program, kept, gone, rule):
    friend = make_member(program, "+79163333333")
    set_member(program, friend, inviter_id=gone)
    buy(program.id, gone, "100")
    buy(program.id, friend, "100")
    live(program.id)
    asked = {"program_id": program.id, "reason": "ошибка", "by": SYSTEM_ACTOR}
    window = {"since": NOON, "until": LATER}
    first = reverse_rule(rule=rule, at=LATER, **asked, **window)
    merge(program, kept, gone)

    undo_reversal(reversal_id=first.reversal_id, at=LATER, **asked)
    undone = points(program.id, kept)
    reverse_rule(rule=rule, at=LATER, **asked, **window)

    assert undone == 27
    assert points(program.id, kept) == {"cashback": 17, "thanks": 20, "inviting": 17}[rule]
    assert gone not in {member_id for (member_id,) in rows(program.id, ReversalItem, "member_id")}
    assert books_are_clean(program) == []


@pytest.mark.parametrize(
    ("links", "after"),
    [
        ({"kept": "gone"}, None),
        ({"gone": "kept"}, None),
        ({"kept": "gone", "gone": "anna"}, "anna"),
        ({"gone": "anna"}, "anna"),
        ({"kept": "boris", "gone": "anna"}, "boris"),
        ({"kept": "boris", "boris": "gone"}, None),
        ({"kept": "boris", "boris": "gone", "gone": "anna"}, "anna"),
        ({"gone": "boris", "boris": "kept"}, None),
        ({"gone": "boris", "boris": "kept", "kept": "anna"}, "anna"),
    ],
)
def test_nobody_is_above_himself_after_a_merge(program, kept, gone, links, after):
    who = {"kept": kept, "gone": gone, "anna": make_member(program, "+79163333333")}
    who["boris"] = make_member(program, "+79164444444")
    for friend, inviter in links.items():
        set_member(program, who[friend], inviter_id=who[inviter])

    merge(program, kept, gone)

    assert column(program, kept, "inviter_id") == (who[after] if after else None)
    assert column(program, who["boris"], "inviter_id") in {None, kept}
    for one in who.values():
        seen, above = {one}, column(program, one, "inviter_id")
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = column(program, above, "inviter_id")
    assert books_are_clean(program) == []


def test_who_invited_himself_is_no_friend_any_more(program, kept, gone):
    set_member(program, gone, inviter_id=kept)
    set_member(program, kept, referrals=3)

    merge(program, kept, gone)

    assert column(program, kept, "referrals") == 2


def test_sums_from_elsewhere_are_added(program, kept, gone):
    buy(program.id, kept, "50")
    for member_id, spent in ((kept, 10_000), (gone, 700)):
        put(program, Opening, member_id=member_id, spent_minor=spent, purchases=2, operation_id=member_id, at=NOON)
        set_member(
            program, member_id, purchases=2 + (member_id == kept), spent_minor=spent + 5_000 * (member_id == kept)
        )

    merge(program, kept, gone)

    assert rows(program.id, Opening, "member_id", "spent_minor", "purchases") == [(kept, 10_700, 4)]
    assert books_are_clean(program) == []


def test_stays_in_segments_are_joined_and_the_row_repeats_them(program, kept, gone):
    for member_id, segment, until in (
        (kept, "friends", NOON + DAY), (gone, "friends", NOON + 9 * DAY), (gone, "vip", None),
    ):  # fmt: skip
        with transaction.atomic():
            enter_program(program.id)
            put_into(program.id, member_id, [], Putting(segment, until), at=NOON)
    set_member(program, gone, segments="friends@1 vip")

    merge(program, kept, gone)

    open_ = rows(program.id, SegmentMember, "member_id", "segment", "until", "ended_at")
    assert [row[:3] for row in open_ if row[3] is None] == [
        (kept, "friends", NOON + 9 * DAY), (kept, "vip", None),
    ]  # fmt: skip
    assert column(program, kept, "segments") == text_of([Stay("friends", NOON + 9 * DAY), Stay("vip")])
    assert column(program, gone, "segments") == ""


def test_answers_of_the_one_who_stays_win_and_the_others_do_not_linger(program, kept, gone):
    for member_id, question, text in (
        (kept, "child", "Оля"), (gone, "child", "Пётр"), (gone, "child", "Ира"), (gone, "pet", "кот"),
    ):  # fmt: skip
        number = 1 + (text == "Ира")
        put(program, ProfileAnswer, member_id=member_id, question=question, number=number, text=text)

    merge(program, kept, gone)

    answers = rows(program.id, ProfileAnswer, "member_id", "question", "text", order="question")
    assert answers == [(kept, "child", "Оля"), (kept, "pet", "кот")]


def test_tier_comes_over_with_its_terms_and_is_looked_at():
    program = make_program(rulebook=RULES + TIERS)
    kept, gone = make_member(program, "+79161111111"), make_member(program, "+79162222222")
    until = NOON + 90 * DAY
    set_member(program, kept, tier="silver", tier_since=NOON)
    set_member(program, gone, tier="gold", tier_since=NOON - DAY, tier_until=until, tier_review_at=until)

    merge(program, kept, gone)
    review_due_tiers(program_id=program.id, at=LATER)

    assert [column(program, kept, name) for name in ("tier", "tier_since", "tier_until")] == ["gold", NOON - DAY, until]
    assert column(program, gone, "tier_review_at") is None
    assert rows(program.id, TierChange, "member_id", "before", "after", "why") == [(kept, "silver", "gold", "hand")]


def test_gifts_privileges_codes_tickets_and_persons_go_over(program, kept, gone):
    put(program, GiftClaim, member_id=gone, gift="cup", sku="CUP", pieces=1, origin="granted", chosen_at=NOON,
        changed_at=NOON)  # fmt: skip
    put(program, Privilege, member_id=gone, promotion="cashback", opened_at=NOON)
    put(program, CouponCode, member_id=gone, coupon="spring", word="A1", state="bound", issued_at=NOON, changed_at=NOON)
    raffle = put(program, Raffle, code="car", currency="bonus", prizes="[]", secret="s", secret_hash="h",
                 announced_at=NOON)  # fmt: skip
    put(program, RaffleEntrant, raffle=raffle, member_id=gone, mark="m", tickets=3)
    put(program, Beneficiary, kind="employee", code="1", account_id=make_member(program, "+79165555555"),
        person_id=gone, created_at=NOON)  # fmt: skip

    merge(program, kept, gone)

    for model in (GiftClaim, Privilege, CouponCode, RaffleEntrant):
        assert rows(program.id, model, "member_id") == [(kept,)]
    assert rows(program.id, Beneficiary, "person_id") == [(kept,)]
    assert books_are_clean(program) == []


def test_what_both_had_is_not_there_twice(program, kept, gone):
    for one in (kept, gone):
        put(program, GoodsRequest, member_id=one, sku="TEA", created_at=NOON)
        put(program, RuleCount, rule="gift:cup", whose=f"m:{one}", uses=2, units=5)
    put(program, RuleCount, rule="gift:pen", whose=f"m:{gone}", uses=1)
    put(program, Transfer, giver_id=gone, taker_id=kept, currency="bonus", units=5, created_at=NOON, expires_at=LATER)

    merge(program, kept, gone)

    assert sorted(rows(program.id, GoodsRequest, "member_id", "state")) == sorted([(kept, "open"), (kept, "withdrawn")])
    assert rows(program.id, RuleCount, "rule", "whose", "uses", "units", order="rule") == [
        ("gift:cup", f"m:{kept}", 4, 10), ("gift:pen", f"m:{kept}", 1, 0),
    ]  # fmt: skip
    assert rows(program.id, Transfer, "state") == [("declined",)]


def test_closed_record_cannot_be_opened_again_nor_recognised(program, kept, gone):
    merge(program, kept, gone)

    for changes in (MemberChange(status="active"), MemberChange(phone="+79169999999")):
        with pytest.raises(Refusal) as refused:
            change_member(
                program_id=program.id, member_id=gone, change=changes, request=NO_KEY, by=SYSTEM_ACTOR, at=LATER
            )
        assert (refused.value.code, refused.value.params["reason"]) == (Code.INVALID, "merged_already")
    assert {member_id for (member_id,) in rows(program.id, Identifier, "member_id")} == {kept}
    assert column(program, gone, "status") == "merged"


def test_member_of_a_family_is_not_merged(program, kept, gone):
    set_member(program, gone, status="in_family")

    with pytest.raises(Refusal) as refused:
        merge(program, kept, gone)

    assert refused.value.params == {"field": "gone", "reason": "in_family"}


def test_imports_find_the_one_who_stays_and_enrol_nobody_anew(program, kept, gone):
    merge(program, kept, gone)

    with transaction.atomic():
        enter_program(program.id)
        assert find_members(program.id, "phone", ["+79161111111", "+79162222222"]) == {
            "+79161111111": kept, "+79162222222": kept,
        }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        make_member(program, "+79162222222")
    assert refused.value.code is Code.IDENTIFIER_TAKEN


def test_head_of_a_family_changes_his_phone_and_the_others_keep_theirs(program, kept, gone):
    with transaction.atomic():
        enter_program(program.id)
        Identifier.objects.of(program.id).filter(member_id=gone).update(member_id=kept, owner_id=gone)

    change = MemberChange(phone="+79169999999")
    change_member(program_id=program.id, member_id=kept, change=change, request=NO_KEY, by=SYSTEM_ACTOR, at=LATER)

    phones = rows(program.id, Identifier, "value", "member_id", "owner_id", order="value")
    assert phones == [("+79162222222", kept, gone), ("+79169999999", kept, None)]
