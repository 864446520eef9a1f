"""A start either works or says in one line which variable is wrong and what to do."""

import os
import runpy
import stat
import subprocess
import sys

import pytest

from kopilka.project import settings as live
from kopilka.project.environment import SettingError, read_database

GOOD_SECRET = "k3yS-9fQz_0aWm7tXb2LrVc8Hn5JpD1eGu4"
VARIABLES = (
    "ALLOWED_HOSTS",
    "DATABASE_OWNER_URL",
    "DATABASE_URL",
    "DEBUG",
    "KOPILKA_ENV",
    "KOPILKA_WORKERS",
    "LANGUAGE",
    "PORT",
    "SECRET_KEY",
)


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Settings as a fresh process with only these variables would read them."""

    def load(**variables):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"KOPILKA_HOME": str(tmp_path / "home"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(live.__file__)

    return load


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"DEBUG": "1"},
            "DEBUG: in production it would show secrets to visitors;"
            " set DEBUG=0, or KOPILKA_ENV=development on your own machine",
        ),
        ({"DEBUG": "maybe"}, "DEBUG: 'maybe' is neither yes nor no; set it to 1 or 0"),
        (
            {"ALLOWED_HOSTS": "shop.example, *"},
            "ALLOWED_HOSTS: * lets anybody answer under any name;"
            " list the names of this site, as in ALLOWED_HOSTS=bonus.example.com",
        ),
        ({"KOPILKA_ENV": "test"}, "KOPILKA_ENV: 'test' is not known; set it to development or production"),
        ({"PORT": "http"}, "PORT: 'http' is not a whole number; set it to a whole number from 1 to 65535"),
        ({"PORT": "8_000"}, "PORT: '8_000' is not a whole number; set it to a whole number from 1 to 65535"),
        ({"PORT": "65536"}, "PORT: 65536 is out of range; set it to a whole number from 1 to 65535"),
        (
            {"KOPILKA_WORKERS": "0"},
            "KOPILKA_WORKERS: 0 is out of range; set it to a whole number from 1 to 64",
        ),
        ({"LANGUAGE": "de"}, "LANGUAGE: 'de' is not spoken here; set it to en or ru"),
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY: it is shorter than 32 characters; remove it (one is generated) or set 50 random characters",
        ),
        (
            {"SECRET_KEY": "abab" * 20},
            "SECRET_KEY: it has fewer than 10 different characters;"
            " remove it (one is generated) or set 50 random characters",
        ),
        (
            {"SECRET_KEY": "django-insecure-" + GOOD_SECRET},
            "SECRET_KEY: it begins with a word anybody would guess;"
            " remove it (one is generated) or set 50 random characters",
        ),
        (
            {"DATABASE_URL": "mysql://root@/shop"},
            "DATABASE_URL: the scheme 'mysql' is not supported;"
            " write postgres://user:password@host:port/name, postgres://user@/name?host=/socket/folder"
            " or sqlite:///path/to/file",
        ),
        (
            {"DATABASE_URL": "postgres://u@h/"},
            "DATABASE_URL: the name of the database is missing; end the address with /name",
        ),
        (
            {"DATABASE_URL": "postgres://h/name"},
            "DATABASE_URL: the user is missing; begin the address with postgres://user@",
        ),
        (
            {"DATABASE_URL": "postgres://u@h:x/name"},
            "DATABASE_URL: the port 'x' is not a number; write host:5432",
        ),
        (
            {"DATABASE_URL": "postgres://u@h/name?pool=9"},
            "DATABASE_URL: the option 'pool' is not known;"
            " use application_name, connect_timeout, host, port, sslcert, sslkey, sslmode, sslrootcert",
        ),
        (
            {"DATABASE_URL": "sqlite://"},
            "DATABASE_URL: the path of the file is missing; write sqlite:///path/to/file",
        ),
        (
            {"DATABASE_URL": "postgres://app@h/one", "DATABASE_OWNER_URL": "postgres://owner@h/two"},
            "DATABASE_OWNER_URL: it names another database than DATABASE_URL;"
            " name the same database, with the role that owns its tables",
        ),
    ],
)
def test_bad_value_is_one_clear_line(load, variables, line):
    with pytest.raises(SettingError) as refused:
        load(**variables)

    assert str(refused.value) == line


def test_command_prints_the_line_and_nothing_else(tmp_path):
    environment = {**os.environ, "KOPILKA_HOME": str(tmp_path), "KOPILKA_ENV": "production", "DEBUG": "1"}

    done = subprocess.run(
        [sys.executable, "-m", "kopilka.cli.main", "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "kopilka: DEBUG: in production it would show secrets to visitors;"
        " set DEBUG=0, or KOPILKA_ENV=development on your own machine\n"
    )


def test_developer_may_debug_with_any_secret_and_host(load):
    loaded = load(KOPILKA_ENV="development", DEBUG="1", ALLOWED_HOSTS="*", SECRET_KEY="short")

    assert (loaded["DEBUG"], loaded["ALLOWED_HOSTS"], loaded["SECRET_KEY"]) == (True, ["*"], "short")


def test_nothing_set_is_a_safe_start(load, tmp_path):
    loaded = load()

    assert loaded["KOPILKA_ENV"] == "production"
    assert loaded["DEBUG"] is False
    assert loaded["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert loaded["PORT"] == 8000
    assert loaded["LANGUAGE_CODE"] == "ru"
    assert loaded["DATABASES"]["default"]["NAME"] == str(tmp_path / "home" / "kopilka.sqlite3")


def test_secret_is_made_once_and_only_for_its_owner(load, tmp_path):
    first = load()["SECRET_KEY"]
    second = load()["SECRET_KEY"]

    kept = tmp_path / "home" / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_spoilt_secret_file_is_refused(load, tmp_path):
    kept = tmp_path / "home" / "secret_key"
    kept.parent.mkdir()
    kept.write_text("")

    with pytest.raises(SettingError, match=r"^SECRET_KEY: the file .* holds no usable secret; delete it"):
        load()


def test_given_secret_is_not_written_down(load, tmp_path):
    loaded = load(SECRET_KEY=GOOD_SECRET)

    assert loaded["SECRET_KEY"] == GOOD_SECRET
    assert not (tmp_path / "home" / "secret_key").exists()


@pytest.mark.parametrize(
    ("wish", "language"),
    [("ru", "ru"), ("en", "en"), ("en_US:en", "en"), ("de_DE:ru_RU:en", "ru"), ("EN-gb", "en"), ("", "ru")],
)
def test_language_of_the_system_is_understood(load, wish, language):
    assert load(LANGUAGE=wish)["LANGUAGE_CODE"] == language


def test_workers_follow_the_database(load):
    on_sqlite = load()["KOPILKA_WORKERS"]
    on_postgresql = load(DATABASE_URL="postgres://app@h/name")["KOPILKA_WORKERS"]

    assert (on_sqlite, on_postgresql) == (1, 2)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgres://app:p%40ss@db.example:5433/shop", ("app", "p@ss", "db.example", "5433", "shop")),
        ("postgresql://app@/shop?host=/run/Postgres", ("app", "", "/run/Postgres", "", "shop")),
        ("postgres://app@%2Frun%2FPostgres/shop", ("app", "", "/run/Postgres", "", "shop")),
        ("postgres://app@/shop?host=%2Frun%2Fpg&port=5434", ("app", "", "/run/pg", "5434", "shop")),
        ("postgres://app:a:b@[::1]:5432/shop", ("app", "a:b", "::1", "5432", "shop")),
    ],
)
def test_postgres_address_is_read(monkeypatch, address, expected):
    monkeypatch.setenv("DATABASE_URL", address)

    found = read_database("DATABASE_URL")

    assert found is not None
    assert tuple(found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_sqlite_connection_is_kept(load):
    assert load()["DATABASES"]["default"]["CONN_MAX_AGE"] is None


def test_postgres_connection_is_kept_and_checked(load):
    default = load(DATABASE_URL="postgres://app@h/name?sslmode=require")["DATABASES"]["default"]

    assert default["CONN_MAX_AGE"] is None
    assert default["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}
