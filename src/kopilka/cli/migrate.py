"""`kopilka migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kopilka.project.database_roles import apply_roles, as_owner


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("migrate", help="bring the tables of the database up to date")
    parser.add_argument("--quiet", action="store_true", help="print nothing when all goes well")


def run(args: argparse.Namespace) -> int:
    migrate_database(verbosity=0 if args.quiet else 1)
    return 0


def migrate_database(*, verbosity: int) -> bool:
    """Apply migrations, then (on PostgreSQL) policies and rights. True when the database was empty before."""
    with as_owner() as owner:
        was_empty = not MigrationRecorder(owner).applied_migrations()
        call_command("migrate", verbosity=verbosity, interactive=False)
    if connection.vendor == "postgresql":
        apply_roles()
        if settings.DATABASE_OWNER is None:
            print(
                "kopilka: DATABASE_OWNER_URL is not set, so the application owns its tables"
                " and the database cannot keep it from rewriting the books",
                file=sys.stderr,
            )
    return was_empty
