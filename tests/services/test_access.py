"""API keys: shown once, known by their hash, taken away at once (T37)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.access import ApiKey
from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import BUNDLES, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import list_keys
from kopilka.services.access import create_key, find_key, hash_key, revoke_key
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program()


def make_key(program, bundle="till", **facts):
    return create_key(
        program_id=program.id, name="касса", capabilities=BUNDLES[bundle], by=SYSTEM_ACTOR, at=NOON, **facts
    )


def test_key_is_stored_as_a_hash_only(program):
    made = make_key(program, till="k1")

    head, prefix, secret = made.plain.split("_")
    row = ApiKey.objects.get()
    assert (head, prefix, len(secret)) == ("kp", made.prefix, 64)
    assert bytes(row.key_hash) == hash_key(made.plain)
    assert secret not in str([getattr(row, field.attname) for field in ApiKey._meta.concrete_fields])


def test_key_says_who_acts_and_where(program):
    made = make_key(program, till="k1", branch="centre")

    holder = find_key(made.plain, at=NOON)

    assert holder.program == program
    assert holder.actor == Actor(ActorKind.KEY, made.id, "касса", TILL, till="k1", branch="centre")


@pytest.mark.parametrize("plain", ["", "kp_", "kp_0000000000_" + "0" * 64, "ключ", "x" * 10_000])
def test_unknown_key_opens_nothing(program, plain):
    make_key(program)

    assert find_key(plain, at=NOON) is None


def test_revoked_key_opens_nothing_and_others_go_on(program):
    made, other = make_key(program), make_key(program)

    revoke_key(program_id=program.id, key=made.prefix, by=SYSTEM_ACTOR, at=NOON)
    revoke_key(program_id=program.id, key=str(made.id), by=SYSTEM_ACTOR, at=NOON + timedelta(days=1))

    assert find_key(made.plain, at=NOON) is None
    assert find_key(other.plain, at=NOON).key_id == other.id
    assert [key.revoked_at for key in list_keys(program.id)] == [NOON, None]


@pytest.mark.parametrize("named", ["id", "prefix", "unknown"])
def test_key_of_another_program_is_not_found(program, named):
    made = make_key(make_program("drugaya"))
    key = {"id": str(made.id), "prefix": made.prefix, "unknown": str(uuid4())}[named]

    with pytest.raises(Refusal) as refused:
        revoke_key(program_id=program.id, key=key, by=SYSTEM_ACTOR, at=NOON)

    assert (refused.value.code, refused.value.params) == (Code.NOT_FOUND, {"what": "api_key"})
    assert find_key(made.plain, at=NOON).key_id == made.id


def test_last_use_is_noted_at_most_once_a_minute(program):
    made = make_key(program)
    moments = [NOON, NOON + timedelta(seconds=59), NOON + timedelta(seconds=60)]

    seen = []
    for moment in moments:
        find_key(made.plain, at=moment)
        seen.append(list_keys(program.id)[0].last_used_at)

    assert seen == [moments[0], moments[0], moments[2]]


def test_keys_are_made_by_those_who_may_publish(program):
    till = Actor(ActorKind.KEY, UUID(int=1), "касса", TILL)

    with pytest.raises(Refusal) as refused:
        create_key(program_id=program.id, name="x", capabilities=TILL, by=till, at=NOON)

    assert (refused.value.code, refused.value.params) == (Code.NOT_ALLOWED, {"capability": "publish"})
    assert list_keys(program.id) == []


def test_making_and_revoking_leave_a_trail(program):
    made = make_key(program)

    revoke_key(program_id=program.id, key=made.prefix, by=SYSTEM_ACTOR, at=NOON)

    with transaction.atomic():
        enter_program(program.id)
        acts = AuditRecord.objects.of(program.id).order_by("id").values_list("act", "subject_id")
        assert list(acts) == [("program_created", program.id), ("key_created", made.id), ("key_revoked", made.id)]
