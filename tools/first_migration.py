"""`python -m tools.first_migration`: write migration 0001 anew, until there is a release whose data must be kept.

`makemigrations` adds constraints one by one, and SQLite copies a whole table for each. Here every table is made at
once with all it has, those that others point to first.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kopilka.project.settings")

LABEL = "kopilka"


def main() -> int:
    import django

    django.setup()
    from django.apps import apps
    from django.db.migrations import Migration
    from django.db.migrations.operations import CreateModel
    from django.db.migrations.state import ModelState
    from django.db.migrations.writer import MigrationWriter

    made = Migration("0001_initial", LABEL)
    made.initial = True
    for model in in_order(list(apps.get_app_config(LABEL).get_models())):
        state = ModelState.from_model(model)
        made.operations.append(
            CreateModel(state.name, list(state.fields.items()), state.options, state.bases, state.managers)
        )
    writer = MigrationWriter(made, include_header=False)
    Path(writer.path).write_text(writer.as_string(), encoding="utf-8")
    return 0


def in_order(models: list) -> list:
    """Each after those it points to, else by name; the same sources give the same file."""
    ordered: list = []
    waiting = sorted(models, key=lambda model: model.__name__)
    while waiting:
        ready = [model for model in waiting if not _points_to(model) & {*waiting} - {model}]
        assert ready, f"tables that point to each other: {waiting}"
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def _points_to(model: type) -> set:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


if __name__ == "__main__":
    sys.exit(main())
