"""Drafts of rules: saved, approved by a second person where the owner wants two, published."""

import pytest

from kopilka.data.ids import new_id
from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.drafts import draft_named, list_drafts, needs_approval
from kopilka.queries.programs import list_versions, rulebook_source
from kopilka.queries.scope import reading
from kopilka.services.drafts import approve_draft, ask_for_approval, drop_draft, publish_draft, save_draft
from kopilka.services.programs import publish_rulebook
from kopilka.services.rollouts import start_rollout
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

FIVE = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  cashback: {earn: {percent: 5}}
"""
TEN = FIVE.replace("percent: 5", "percent: 10")
FAILING = TEN + (
    "tests:\n  ten percent:\n    member: {}\n"
    '    receipt: {at: "2026-03-02 12:00", lines: [[X, "100.00"]]}\n    expect: {earned: {bonus: 9}}\n'
)
ANNA = Actor(ActorKind.KEY, new_id(), "Анна", ADMIN)
BORIS = Actor(ActorKind.KEY, new_id(), "Борис", ADMIN)


@pytest.fixture
def program():
    return make_program(rulebook=FIVE)


def save(program, source=TEN, by=ANNA, name="весна"):
    return save_draft(program_id=program.id, name=name, source=source, by=by, at=NOON).draft


def act(service, program, draft, by):
    return service(program_id=program.id, draft_id=draft.id, by=by, at=NOON).draft


def refused(service, program, draft, by):
    with pytest.raises(Refusal) as caught:
        act(service, program, draft, by)
    return caught.value.code


def test_draft_is_saved_listed_and_changes_nothing(program):
    draft = save(program)

    assert (draft.state, draft.saved_by, draft.number) == ("open", "Анна", 0)
    assert [one.name for one in list_drafts(program.id)] == ["весна"]
    assert draft_named(program.id, "весна")[1] == TEN
    assert rulebook_source(program.id) == (1, FIVE)


def test_draft_saved_again_under_its_name_replaces_its_text(program):
    first = save(program)

    second = save(program, source=FIVE)

    assert second.id == first.id
    assert draft_named(program.id, "весна")[1] == FIVE


def test_draft_with_errors_is_not_saved(program):
    with pytest.raises(Refusal) as caught:
        save(program, source=TEN.replace("percent: 10", "percent: -10"))

    found = [(one["path"], one["code"]) for one in caught.value.params["problems"] if one["code"] == "out_of_range"]
    assert found == [("promotions.cashback.earn.percent", "out_of_range")]
    assert list_drafts(program.id) == []


def test_draft_is_published_as_the_next_version(program):
    draft = act(publish_draft, program, save(program), ANNA)

    assert (draft.state, draft.number) == ("published", 2)
    assert rulebook_source(program.id) == (2, TEN)
    assert refused(publish_draft, program, draft, ANNA) is Code.DRAFT_CLOSED


def test_draft_that_fails_its_own_tests_is_not_published(program):
    draft = save(program, source=FAILING)

    assert refused(publish_draft, program, draft, ANNA) is Code.RULEBOOK_INVALID
    assert rulebook_source(program.id)[0] == 1


def test_two_persons_are_needed_where_the_owner_wants_them(program):
    ask_for_approval(program_id=program.id, needed=True, by=SYSTEM_ACTOR, at=NOON)
    draft = save(program)

    assert needs_approval(program.id)
    assert refused(publish_draft, program, draft, ANNA) is Code.APPROVAL_NEEDED
    assert refused(publish_draft, program, draft, BORIS) is Code.APPROVAL_NEEDED
    assert refused(approve_draft, program, draft, ANNA) is Code.APPROVAL_BY_AUTHOR
    approved = act(approve_draft, program, draft, BORIS)
    published = act(publish_draft, program, draft, ANNA)

    assert (approved.state, approved.approved_by) == ("approved", "Борис")
    assert (published.state, published.number) == ("published", 2)


def test_nobody_goes_round_the_second_person(program):
    ask_for_approval(program_id=program.id, needed=True, by=SYSTEM_ACTOR, at=NOON)

    with pytest.raises(Refusal) as straight:
        publish_rulebook(program_id=program.id, source=TEN, by=ANNA, at=NOON)
    with pytest.raises(Refusal) as branch:
        start_rollout(program_id=program.id, source=TEN, branches=["first"], by=ANNA, at=NOON)

    assert straight.value.code is Code.APPROVAL_NEEDED
    assert branch.value.code is Code.APPROVAL_NEEDED
    assert [one.number for one in list_versions(program.id)] == [1]


def test_approval_is_of_one_text_and_gone_with_the_next(program):
    ask_for_approval(program_id=program.id, needed=True, by=SYSTEM_ACTOR, at=NOON)
    draft = save(program)
    act(approve_draft, program, draft, BORIS)

    changed = save(program, source=FIVE.replace("percent: 5", "percent: 50"), by=BORIS)

    assert (changed.state, changed.approved_by) == ("open", "")
    assert refused(approve_draft, program, draft, BORIS) is Code.APPROVAL_BY_AUTHOR
    assert refused(publish_draft, program, draft, ANNA) is Code.APPROVAL_NEEDED


def test_approval_of_a_text_that_changed_meanwhile_is_refused(program):
    draft = save(program)
    save(program, source=FIVE)

    with pytest.raises(Refusal) as caught:
        approve_draft(program_id=program.id, draft_id=draft.id, fingerprint=draft.fingerprint, by=BORIS, at=NOON)

    assert caught.value.params == {"field": "fingerprint", "reason": "changed_meanwhile"}


def test_operators_are_told_apart_by_name(program):
    one = Actor(ActorKind.SYSTEM, None, "Анна", ADMIN)
    other = Actor(ActorKind.SYSTEM, None, "Борис", ADMIN)
    draft = save(program, by=one)

    assert refused(approve_draft, program, draft, one) is Code.APPROVAL_BY_AUTHOR
    assert act(approve_draft, program, draft, other).state == "approved"


def test_dropped_draft_is_closed_and_its_name_free(program):
    draft = save(program)

    act(drop_draft, program, draft, ANNA)

    assert refused(publish_draft, program, draft, ANNA) is Code.DRAFT_CLOSED
    assert save(program).id != draft.id


def test_every_act_on_a_draft_is_audited(program):
    draft = save(program)
    act(approve_draft, program, draft, BORIS)
    act(publish_draft, program, draft, BORIS)

    with reading(program.id):
        acts = list(AuditRecord.objects.of(program.id).order_by("id").values_list("act", "actor_name"))
    assert acts[-3:] == [("draft_saved", "Анна"), ("draft_approved", "Борис"), ("rulebook_published", "Борис")]
