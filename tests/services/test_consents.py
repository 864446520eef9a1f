"""What members agree to: texts with versions, given at enrolment, taken back one by one."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.consents import CHANNELS, KINDS, Given
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.consents import (
    ConsentView,
    consent_history,
    consents_of,
    note_consents,
    publish_text,
    text_of,
    texts,
)
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.wording.consent_texts import CHANNEL_NAMES, PACKAGE, TITLES
from kopilka.wording.languages import Language
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)
ADS = Given("ads", "sms")


def enrol(program, *consents, **facts):
    typed = MemberFacts(phone="+79161234567", consents=consents, **facts)
    return enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=NOON).member.id


def publish(program, kind="terms"):
    return publish_text(
        program_id=program.id, kind=kind, text_ru="Наши условия", text_en="Our terms", by=SYSTEM_ACTOR, at=NOON
    )


def note(program, member_id, **said):
    return note_consents(
        program_id=program.id, member_id=member_id, door="card", evidence="form", by=SYSTEM_ACTOR, at=LATER, **said
    )


def test_every_kind_and_channel_has_its_words():
    assert sorted(PACKAGE) == sorted((kind, language) for kind in KINDS for language in Language)
    assert sorted(TITLES) == sorted(KINDS)
    assert sorted(CHANNEL_NAMES) == sorted(CHANNELS)


def test_texts_of_the_package_name_the_program_until_it_publishes_its_own():
    program = make_program()

    shown = texts(program, Language.RU)

    assert [(one.kind, one.version) for one in shown] == [("terms", 0), ("privacy", 0), ("ads", 0)]
    assert "«Лавка»" in shown[0].text
    assert not [one for one in shown if "{" in one.text]
    assert publish(program) == 1
    assert publish(program) == 2
    assert text_of(program, "terms", Language.EN).version == 2
    assert text_of(program, "terms", Language.RU, 1).text == "Наши условия"
    with pytest.raises(Refusal) as refused:
        text_of(program, "terms", Language.RU, 3)
    assert refused.value.code is Code.NOT_FOUND


def test_text_needs_both_languages():
    program = make_program()

    with pytest.raises(Refusal) as refused:
        publish_text(program_id=program.id, kind="ads", text_ru="Да", text_en=" \n", by=SYSTEM_ACTOR, at=NOON)

    assert (refused.value.code, refused.value.params) == (Code.MISSING, {"field": "text_en"})


def test_enrolment_writes_what_was_agreed_to():
    program = make_program()
    publish(program, "privacy")

    member_id = enrol(program, Given("terms"), Given("privacy"), ADS, ADS, door="till", evidence="cashier 01")

    assert consents_of(program.id, member_id) == [
        ConsentView("terms", "", given=True, version=0, at=NOON, door="till", evidence="cashier 01"),
        ConsentView("privacy", "", given=True, version=1, at=NOON, door="till", evidence="cashier 01"),
        ConsentView("ads", "sms", given=True, version=0, at=NOON, door="till", evidence="cashier 01"),
    ]


@pytest.mark.parametrize(
    "wrong", [Given("love"), Given("ads"), Given("ads", "owl"), Given("terms", "sms"), Given("terms", version=7)]
)
def test_unknown_consent_enrols_nobody(wrong):
    program = make_program()

    with pytest.raises(Refusal) as refused:
        enrol(program, Given("privacy"), wrong)

    assert (refused.value.code, refused.value.params["field"]) == (Code.INVALID, "consents")
    assert enrol(program)


def test_advertising_is_taken_back_as_it_was_given_and_both_are_kept():
    program = make_program()
    member_id = enrol(program, Given("terms"), ADS)

    held = note(program, member_id, withdrawn=[ADS, Given("ads", "push")])
    again = note(program, member_id, withdrawn=[ADS])

    assert [(one.kind, one.given) for one in held] == [("terms", True), ("ads", False)]
    assert again == held
    assert [(one.kind, one.given, one.at) for one in consent_history(program.id, member_id)] == [
        ("ads", False, LATER), ("ads", True, NOON), ("terms", True, NOON),
    ]  # fmt: skip


def test_consent_is_written_again_only_for_a_newer_text():
    program = make_program()
    member_id = enrol(program, Given("terms"))

    assert len(note(program, member_id, given=[Given("terms")])) == 1
    assert len(consent_history(program.id, member_id)) == 1
    publish(program)
    note(program, member_id, given=[Given("terms", version=0)])
    assert len(consent_history(program.id, member_id)) == 1
    note(program, member_id, given=[Given("terms")])
    assert [one.version for one in consent_history(program.id, member_id)] == [1, 0]


def test_terms_are_taken_back_by_leaving_only():
    program = make_program()
    member_id = enrol(program, Given("terms"))

    with pytest.raises(Refusal) as refused:
        note(program, member_id, withdrawn=[Given("terms")])

    assert refused.value.params == {"field": "consents", "reason": "needed_to_be_a_member"}
    assert consents_of(program.id, member_id)[0].given


def test_consents_of_another_program_are_not_seen():
    program, other = make_program(), make_program("other")
    member_id = make_member(program)

    with pytest.raises(Refusal) as refused:
        note(other, member_id, given=[ADS])

    assert refused.value.params == {"what": "member"}
    note(program, member_id, given=[ADS])
    assert consents_of(other.id, member_id) == []
