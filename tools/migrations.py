"""`python -m tools.migrations`: fails when a model was changed without a migration."""

import os
import sys

import django
from django.core.management import call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")
    django.setup()
    call_command("makemigrations", check_changes=True, dry_run=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
