"""A server that is killed under load loses nothing, doubles nothing, leaves nothing half."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tools.trust.killing import plain_environment, run_kills

pytestmark = pytest.mark.slow

KILLS = 5


@contextmanager
def empty_database():
    """The environment of a server with a database of its own: the tests' own one is in use by the tests."""
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url:
        yield "sqlite", plain_environment()
        return
    name = f"killed_{os.getpid()}"
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
                      " BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'")  # fmt: skip
        try:
            yield (
                "postgresql",
                {
                    **plain_environment(),
                    **{
                        key: urlunsplit(urlsplit(os.environ[key])._replace(path=f"/{name}"))
                        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
                    },
                },
            )
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_server_killed_under_load_keeps_every_answer():
    with empty_database() as (database, environment):
        report = run_kills(KILLS, environment=environment, database=database, seed=2)

    assert report.wrong == []
    assert report.kills == KILLS
    assert report.sent_again > 0
    assert report.answers["purchases 201"] == report.purchases > 0
