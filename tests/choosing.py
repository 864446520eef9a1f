"""Which tests tools.suite runs again in its second turn: those that can tell it from the first."""

from __future__ import annotations

import subprocess
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from kopilka.compiled import Form, form
from tests.api import server

FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "on_postgres"})
WAYS = (subprocess, psycopg, connection, connections, server.running)
AWAY_FROM_THE_ENGINE = ("tests/house/", "tests/data/", "tests/web/", "tests/api/", "tests/cli/")
"""Tests of texts, pages and doors. All others are run on the compiled form of the engine too, where there is one."""


def keep_those_that_differ(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second turn is on another database, and with the compiled form of the engine where it was made."""
    again = [item for item in items if meets_a_database(item) or meets_the_compiled_form(item, form())]
    left = set(items) - set(again)
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = again


def meets_a_database(item: Any) -> bool:
    """It asks for one, or its file knows another way to one: a connection, a driver, a process.

    Else it cannot: pytest-django keeps the connections of this process shut.
    """
    asks = item.get_closest_marker("django_db") or not FIXTURES.isdisjoint(item.fixturenames)
    return bool(asks) or any(_is_a_way(found) for found in vars(item.module).values())


def _is_a_way(found: Any) -> bool:
    starts_servers = str(getattr(found, "__module__", "")).startswith("tools.trust")
    return starts_servers or any(found is way for way in WAYS)


def meets_the_compiled_form(item: Any, form: Form) -> bool:
    return form is Form.COMPILED and not item.nodeid.startswith(AWAY_FROM_THE_ENGINE)
