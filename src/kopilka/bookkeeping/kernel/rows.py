"""Which columns of a table a multi-row statement writes; their kinds are read from the model, so they cannot drift."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models


class ColumnKind(StrEnum):
    """What a column holds, which decides how a whole column of values is handed to a database."""

    UUID = "uuid"
    INTEGER = "int8"
    TEXT = "text"
    TIME = "timestamptz"
    FLAG = "bool"
    BYTES = "bytea"


_KINDS: tuple[tuple[type[models.Field[Any, Any]], ColumnKind], ...] = (
    (models.UUIDField, ColumnKind.UUID),
    (models.ForeignKey, ColumnKind.UUID),
    (models.IntegerField, ColumnKind.INTEGER),
    (models.CharField, ColumnKind.TEXT),
    (models.TextField, ColumnKind.TEXT),
    (models.DateTimeField, ColumnKind.TIME),
    (models.BooleanField, ColumnKind.FLAG),
    (models.BinaryField, ColumnKind.BYTES),
)


def _kind_of(model: type[models.Model], column: str) -> ColumnKind:
    found = next(one for one in model._meta.concrete_fields if one.column == column)
    return next(kind for cls, kind in _KINDS if isinstance(found, cls))


@dataclass(frozen=True)
class Rows:
    """Named columns of one table of a program, `id` first; a row is a tuple of values in this order.

    `changes` are those a row that is there already gets anew (all but the id when not said).
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    changes: tuple[str, ...]
    table: str = field(init=False)
    kinds: tuple[ColumnKind, ...] = field(init=False)

    def __init__(self, model: type[models.Model], *columns: str, changes: tuple[str, ...] = ()) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "changes", changes or columns[1:])
        object.__setattr__(self, "table", model._meta.db_table)
        object.__setattr__(self, "kinds", tuple(_kind_of(model, column) for column in columns))
