"""`books check` finds nothing in whole books, and names each row that was changed behind their back."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction

from kopilka.bookkeeping.documents import decision_from_text, to_text
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.row_counts import tell_row_counts
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.project.database_roles import as_owner
from kopilka.services.books import CHECKS, check_books, check_programs_of_rows
from kopilka.services.expiry import settle_due_lots
from kopilka.services.rebuilding import rebuild_books
from kopilka.services.returns import Article, return_purchase, return_unnamed
from kopilka.services.sealing import seal_entries
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, buy, with_key

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
NOBODY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def program(monkeypatch):
    """A little of everything: two members, points earned, spent, held, returned, adjusted, expired, sealed."""
    monkeypatch.setattr("kopilka.bookkeeping.sealing.MARGIN", timedelta(0))
    made = make_program(rulebook=FREE_RULES + "returns: {grace: {days: 14}}\n")
    anna, boris = make_member(made), make_member(made, "+79161234568")
    facts = {"program_id": made.id, "source": "till:1", "by": TILL_1}
    buy(made.id, anna, "1000", request=with_key("first"))
    spent = buy(made.id, anna, "100", spend=40)
    buy(made.id, boris, "500")
    buy(made.id, None, "70")
    return_purchase(purchase_id=spent.purchase_id, lines=None, external_id="r1", at=NOON + DAY, **facts)
    return_unnamed(member_id=boris, articles=[Article("BREAD", 500, 25_000)], external_id="r2", at=NOON + DAY, **facts)
    late = buy(made.id, anna, "60", spend=20, at=NOON + 364 * DAY)
    buy(made.id, anna, "60", spend=30, final=False, life_minutes=100, at=NOON + 364 * DAY)
    adjust_points(program_id=made.id, request=AdjustRequest(boris, "bonus", 5, "в подарок", SYSTEM_ACTOR, NOON))
    settle_due_lots(program_id=made.id, at=NOON + 365 * DAY)
    return_purchase(purchase_id=late.purchase_id, lines=None, external_id="r3", at=NOON + 366 * DAY, **facts)
    seal_entries(program_id=made.id, at=NOON)
    seal_entries(program_id=made.id, at=NOON + DAY)
    return made


def found(program) -> set[tuple[str, str]]:
    return {
        (result.invariant, one.what) for result in check_books(program_id=program.id) for one in result.findings
    }  # fmt: skip


def test_whole_books_are_clean(program):
    results = list(check_books(program_id=program.id))

    assert [(result.invariant, result.findings) for result in results] == [(name, ()) for name, _, _ in CHECKS]
    assert check_programs_of_rows().findings == ()
    assert list(rebuild_books(program_id=program.id)) == []


def test_only_the_wanted_invariants_are_checked(program):
    assert [result.invariant for result in check_books(program_id=program.id, only=["I4", "I8"])] == ["I4", "I4", "I8"]


def one(table: str, change: str, where: str = "1 = 1") -> str:
    """Change the first row of a table."""
    return every(table, change, f"id = (SELECT id FROM kopilka_{table} WHERE {where} ORDER BY id LIMIT 1)")


def every(table: str, change: str, where: str = "1 = 1") -> str:
    return f"UPDATE kopilka_{table} SET {change} WHERE {where}"


def text(column: str, old: str, new: str) -> str:
    return every("purchase", f"{column} = replace({column}, '{old}', '{new}')")


BREAKS = [
    ("I1", "operation_not_zero", one("ledgerentry", "units = units - 1", "wallet_id IS NULL")),
    ("I1", "account_on_wrong_side", one("ledgerentry", "account = 'held'", "wallet_id IS NULL")),
    ("I2", "wallet_not_its_entries", one("wallet", "available = available + 1")),
    ("I2", "entry_of_other_currency", one("ledgerentry", "currency = 'stars'", "wallet_id IS NOT NULL")),
    ("I3", "seal_broken", one("ledgerentry", "at = '2020-01-01 00:00:00'")),
    ("I3", "seal_missing", "DELETE FROM kopilka_entryseal WHERE number = 2"),
    ("I3", "day_seal_differs", every("dayseal", "day = '2020-01-01'")),
    ("I3", "day_seal_of_nothing", every("dayseal", "number = 9999")),
    ("I4", "lot_does_not_add_up", one("lot", "remaining = remaining - 1", "remaining > 0")),
    ("I4", "expired_lot_holds_points", one("lot", "expired = 1, remaining = remaining - 1", "remaining > 1")),
    (
        "I4",
        "lot_moved_by_stranger",
        every(
            "operation",
            "member_id = (SELECT id FROM kopilka_member ORDER BY id DESC LIMIT 1)",
            "id = (SELECT operation_id FROM kopilka_draw ORDER BY id LIMIT 1)",
        ),
    ),
    ("I4", "wallet_not_its_lots", one("lot", "active = NOT active", "remaining > 0")),
    ("I8", "hold_not_its_draws", every("hold", "units = units + 1")),
    ("I8", "hold_state_wrong", every("hold", "state = 'forgotten'")),
    ("I8", "held_not_its_holds", every("hold", "state = 'released', closed_at = created_at")),
    ("I12", "returned_more_than_sold", text("returned", '{"lines":{"1":', '{"lines":{"1":9')),
    ("I12", "purchase_not_its_returns", text("returned", '"lines":{"1":1000', '"lines":{"1":900')),
    ("I12", "refund_out_of_bounds", every("purchase", "returned_minor = returned_minor - 1", "returned_minor > 0")),
    ("I12", "refund_not_its_lines", every("return", "refund_minor = refund_minor + 1")),
    ("I12", "gave_back_more_than_spent", text("returned", '"given":{"', f'"given":{{"{NOBODY}":999,"')),
    ("I12", "took_back_more_than_earned", text("returned", '"taken":{"', f'"taken":{{"{NOBODY}":999,"')),
    ("I12", "return_of_nothing", every("purchase", "returned = NULL, returned_minor = 0")),
    ("I13", "return_made_a_new_lot", every("lot", "grace = false", "grace")),
    ("I13", "grace_without_return", one("lot", "grace = true")),
    ("I14", "key_without_content", every("operation", "fingerprint = NULL", "key IS NOT NULL")),
    ("I15", "purchase_without_operation", one("operation", "kind = 'move'", "kind = 'purchase'")),
    ("I15", "return_without_operation", one("operation", "kind = 'move'", "kind = 'return'")),
    ("I15", "purchase_without_event", "DELETE FROM kopilka_event WHERE kind = 'purchase_confirmed'"),
    ("I15", "return_without_event", "DELETE FROM kopilka_event WHERE kind = 'purchase_returned'"),
    ("I15", "operation_about_nothing", one("operation", "subject_id = NULL", "kind = 'return'")),
    ("I18", "ledger_not_as_decided", one("purchase", "state = 'cancelled'")),
    ("I18", "lines_do_not_sum", one("purchase", "paid_minor = paid_minor + 1")),
    ("I20", "reference_astray", one("lot", "purchase_id = {nobody}")),
    ("I21", "member_not_his_purchases", one("member", "purchases = purchases + 1")),
]


@pytest.mark.parametrize(("invariant", "what", "statement"), BREAKS, ids=[row[1] for row in BREAKS])
def test_changed_row_is_named(program, invariant, what, statement):
    tamper(program, statement)

    assert (invariant, what) in found(program)


def take_manual(decision):
    decision.lines[0].manual += 1


def take_earned(decision):
    decision.lots[0].units += 1


def take_spent(decision):
    next(line for line in decision.lines if line.spent).spent["bonus"] += 1


@pytest.mark.parametrize(
    ("change", "what", "where"),
    [
        (take_manual, "line_does_not_add_up", "paid_minor > 0"),
        (take_earned, "lot_not_its_lines", "paid_minor > 0"),
        (take_spent, "spent_not_its_lines", "returned_minor > 0 AND net_minor > paid_minor"),
    ],
)
def test_changed_decision_is_named(program, change, what, where):
    where = f"{where} ORDER BY id LIMIT 1"
    with transaction.atomic(), connection.cursor() as cursor:
        enter_program(program.id)
        cursor.execute(f"SELECT id, decision FROM kopilka_purchase WHERE {where}")
        key, text = cursor.fetchone()
        decision = decision_from_text(text)
        change(decision)
        cursor.execute("UPDATE kopilka_purchase SET decision = %s WHERE id = %s", [to_text(decision), key])

    assert ("I18", what) in found(program)


# What a constraint of the database forbids is found all the same, should the constraint be gone.
FORBIDDEN = [
    (
        "I4",
        "lot_out_of_bounds",
        ("Lot", "lot_expired_in_bounds"),
        one("lot", "amount = amount - expired - 1, expired = -1", "expired > 0 AND amount - expired > 2"),
    ),
    ("I7", "below_zero", ("Wallet", "wallet_available_not_negative"), one("wallet", "available = -1")),
    ("I8", "hold_captured_too_much", ("Hold", "hold_captured_in_bounds"), every("hold", "captured = units + 1")),
    ("I11", "purchase_twice", ("Purchase", "receipt_once"), every("purchase", "external_id = '1'")),
    ("I11", "return_twice", ("Return", "return_once"), every("return", "external_id = '1'")),
    ("I14", "key_twice", ("Operation", "operation_key_once"), every("operation", "key = 'k', key_owner = {nobody}")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("invariant", "what", "rule", "statement"), FORBIDDEN, ids=[row[1] for row in FORBIDDEN])
def test_what_a_constraint_forbids_is_found_too(program, invariant, what, rule, statement):
    with lifted(*rule):
        tamper(program, statement)
        seen = found(program)

    assert (invariant, what) in seen


@pytest.mark.usefixtures("only_on_sqlite")
def test_row_of_an_unknown_program_is_named(program):
    tamper(program, one("ledgerentry", "program_id = {nobody}"))

    assert [(one.what, one.details["table"]) for one in check_programs_of_rows().findings] == [
        ("row_without_program", "kopilka_ledgerentry")
    ]


def test_broken_seal_names_program_day_and_number(program):
    tamper(program, one("ledgerentry", "at = '2020-01-01 00:00:00'"))

    (result,) = check_books(program_id=program.id, only=["I3"])

    assert [
        (one.what, one.details["program"], one.details["day"], one.details["number"]) for one in result.findings
    ] == [("seal_broken", str(program.id), "2026-03-02", 1)]


def test_rebuilding_repairs_what_is_derived(program):
    tamper(program, every("wallet", "available = available + 7"))
    tamper(program, one("lot", "remaining = remaining - 1", "remaining > 0"))
    tamper(program, every("member", "spent_minor = 1"))

    compared = list(rebuild_books(program_id=program.id, write=False))
    rebuilt = list(rebuild_books(program_id=program.id))

    assert sorted(one.table for one in rebuilt) == ["Lot", "Member", "Member", "Wallet", "Wallet"]
    assert compared == rebuilt
    assert found(program) == set()


def tamper(program, statement: str) -> None:
    """Change rows as somebody with the owner's password could."""
    with as_owner() as owner, owner.cursor() as cursor:
        if owner.vendor == "postgresql":
            cursor.execute("SELECT set_config('kopilka.program', %s, false)", [str(program.id)])
            cursor.execute(statement.replace("{nobody}", f"'{NOBODY}'"))
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute(statement.replace("{nobody}", f"'{UUID(NOBODY).hex}'"))
            cursor.execute("PRAGMA foreign_keys = ON")


@contextmanager
def lifted(model_name: str, constraint_name: str):
    """The tables are empty afterwards: what broke the constraint must go before it comes back."""
    model = apps.get_app_config("kopilka").get_model(model_name)
    rules = model._meta.constraints
    constraint = next(rule for rule in rules if rule.name == constraint_name)
    model._meta.constraints = [rule for rule in rules if rule is not constraint]
    connection.close()
    with as_owner() as owner, unconstrained(owner), owner.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model._meta.constraints = rules
        connection.close()
        with as_owner() as owner, unconstrained(owner):
            with owner.cursor() as cursor:
                for each in apps.get_app_config("kopilka").get_models():
                    if owner.vendor == "postgresql":
                        cursor.execute(f"TRUNCATE {each._meta.db_table} CASCADE")
                    else:
                        cursor.execute(f"DELETE FROM {each._meta.db_table}")
            with owner.schema_editor() as editor:
                editor.add_constraint(model, constraint)
            tell_row_counts(owner.alias, plan=True)  # SQLite has made the table anew, and forgotten its size


@contextmanager
def unconstrained(owner):
    """SQLite remakes a table to change its constraints, and may not do so while it watches references."""
    if owner.vendor == "sqlite":
        owner.disable_constraint_checking()
    yield
    if owner.vendor == "sqlite":
        owner.enable_constraint_checking()
