"""What every table of ours promises: it belongs to a program and can be sharded by it."""

import pytest
from django.apps import apps
from django.db import models

from kopilka.project.database_roles import GLOBAL_TABLES

# Tables without a program: the programs themselves.
WITHOUT_PROGRAM = {"kopilka_program"}

MODELS = {model._meta.db_table: model for model in apps.get_app_config("kopilka").get_models()}


def of_programs() -> list[str]:
    return sorted(set(MODELS) - WITHOUT_PROGRAM - GLOBAL_TABLES)


@pytest.mark.parametrize("table", sorted(set(MODELS) - WITHOUT_PROGRAM))
def test_table_belongs_to_a_program(table):
    assert any(field.column == "program_id" for field in MODELS[table]._meta.fields)


@pytest.mark.parametrize("table", of_programs())
def test_unique_rules_start_with_the_program(table):
    meta = MODELS[table]._meta
    constraints = [c for c in meta.constraints if isinstance(c, models.UniqueConstraint)]

    assert [c.name for c in constraints if c.fields[:1] != ("program",)] == []
    assert [f.name for f in meta.fields if f.unique and not f.primary_key] == []


@pytest.mark.parametrize("table", sorted(MODELS))
def test_numbers_are_whole(table):
    inexact = (models.FloatField, models.DecimalField)

    assert [f.name for f in MODELS[table]._meta.fields if isinstance(f, inexact)] == []
