"""What every test may ask for, and databases that look like production: on PostgreSQL the tests connect as
an ordinary role that owns nothing, while the owner's role makes, empties and drops the test database."""

import asyncio
import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings

from kopilka.project.database_roles import apply_roles, as_owner
from kopilka.project.static_files import gather_files
from kopilka.services import pin_tries
from tests.api.server import running
from tests.browser import chrome, visit
from tests.choosing import keep_those_that_differ
from tests.emptying import Emptier

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # a browser's driver keeps an event loop in the thread of the tests

# Two cores shared by a server, a database and the tests: how long one example takes says nothing.
hypothesis_settings.register_profile("shared machine", deadline=None)
hypothesis_settings.load_profile("shared machine")

ROOT = Path(__file__).resolve().parent.parent

LEFT_OPEN = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
COSTLY_HASHER = pin_tries._HASHER
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
BROWSER = "browser"
REAL_DATA = "real data"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite a file of its own for each run and each xdist worker: an in-memory database has no WAL and
    no second connection, and two runs in one tree must not meet. As with tools.pg, nobody waits for the disk."""
    default = connections["default"]
    if default.vendor == "sqlite":
        options = default.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        default.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    ordinary = connections["default"]
    name = ordinary.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with as_owner() as owner:
            test_name = owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        ordinary.close()
        ordinary.settings_dict["NAME"] = test_name
        if ordinary.vendor == "postgresql":
            apply_roles()
    emptier = Emptier()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: emptier.empty())
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _: False)
        yield
    with django_db_blocker.unblock():
        emptier.close()
        ordinary.close()
        with as_owner() as owner:
            if owner.vendor == "postgresql":
                with owner.cursor() as cursor:
                    cursor.execute(LEFT_OPEN)
            owner.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _quick_pins():
    """Hashing a PIN takes thirty thousandths of a second on purpose, which thousands of sign-ins need not wait for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin_tries, "_HASHER", QUICK_HASHER)
        yield


@pytest.fixture
def costly_pins(monkeypatch):
    """PINs are hashed as in production."""
    monkeypatch.setattr(pin_tries, "_HASHER", COSTLY_HASHER)


@pytest.fixture
def on_postgres() -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture
def only_on_postgres(on_postgres):
    if not on_postgres:
        pytest.skip("only on PostgreSQL")


@pytest.fixture
def only_on_sqlite(on_postgres):
    if on_postgres:
        pytest.skip("only on SQLite")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with purchases of real shops, which never enters the repository."""
    place = os.environ.get("KOPILKA_DATA")
    folder = Path(place) if place else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"{REAL_DATA}: set KOPILKA_DATA")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip(f"{BROWSER}: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole site on a free port, over the database of the tests; started once for all tests that look at it.

    A test that uses it needs `@pytest.mark.django_db(transaction=True)`: the server sees only what is committed.
    """
    home = tmp_path_factory.mktemp("home")
    with override_settings(STATIC_ROOT=home / "static"):
        gather_files()  # as `kopilka up` does
    with django_db_blocker.unblock(), running(KOPILKA_HOME=str(home)) as server:
        yield server


@pytest.fixture(scope="session")
def browser(chromium):
    with chrome(chromium) as found:
        yield found


@pytest.fixture
def no_loop_of_the_browser():
    """For tests of loops of their own: a browser leaves its event loop running in this thread.

    Not for tests that use the database: which connection a thread has depends on whether a loop is running in it.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def visitor(browser, site, settings):
    """Makes visitors of the site: `visitor(language="en", dark=True, phone=True)`. None may meet a script's error."""
    settings.MEDIA_ROOT = site.home / "media"
    made = []

    def make(**options):
        made.append(visit(browser, site.url, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [trouble for one in made for trouble in one.trouble] == []


def pytest_terminal_summary(terminalreporter):
    """Tell tools.suite what was skipped and why, in a file it names."""
    place = os.environ.get("KOPILKA_SKIPPED")
    if not place:
        return
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    Path(place).write_text(json.dumps(reasons))


def pytest_collection_modifyitems(config, items):
    """Long tests first, so that no core is idle at the end while another does the last of them."""
    items.sort(key=lambda item: (BROWSER not in item.keywords, "slow" not in item.keywords))
    # tools.suite asks for it in its second turn; by hand all that is named is run.
    if os.environ.get("KOPILKA_TESTS") == "that differ":
        keep_those_that_differ(config, items)
