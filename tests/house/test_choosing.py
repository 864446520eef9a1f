"""What tools.suite leaves out in its second turn can tell neither the database nor the compiled form."""

import subprocess
from types import ModuleType, SimpleNamespace

import psycopg
import pytest
from django.db import connection

from kopilka.compiled import Form
from tests.api.server import running
from tests.choosing import meets_a_database, meets_the_compiled_form
from tools.trust.killing import run_kills


def item(*fixtures, marks=(), nodeid="", **known):
    module = ModuleType("plain")
    vars(module).update(known)
    return SimpleNamespace(
        module=module, fixturenames=fixtures, nodeid=nodeid, get_closest_marker=lambda mark: mark in marks
    )


def test_pure_test_meets_no_database():
    assert not meets_a_database(item("tmp_path", "settings", test_sum=test_pure_test_meets_no_database))


def test_test_that_asks_for_a_database_meets_it():
    assert meets_a_database(item(marks=["django_db"]))
    assert meets_a_database(item("shop", "transactional_db"))
    assert meets_a_database(item("only_on_sqlite", "on_postgres"))


@pytest.mark.parametrize("way", [subprocess, psycopg, connection, running, run_kills])
def test_test_whose_file_knows_a_way_to_a_database_meets_it(way):
    assert meets_a_database(item(way=way))


@pytest.mark.parametrize(
    ("nodeid", "form", "meets"),
    [
        ("tests/engine/test_money.py::test_a", Form.COMPILED, True),
        ("tests/wording/test_reasons.py::test_a", Form.COMPILED, True),
        ("tests/test_new.py::test_a", Form.COMPILED, True),
        ("tests/house/test_docs.py::test_a", Form.COMPILED, False),
        ("tests/engine/test_money.py::test_a", Form.NOT_BUILT, False),
        ("tests/engine/test_money.py::test_a", Form.OLD, False),
    ],
)
def test_compiled_form_is_met_by_all_that_the_engine_decides(nodeid, form, meets):
    assert meets_the_compiled_form(item(nodeid=nodeid), form) is meets
