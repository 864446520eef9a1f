"""Which columns of a table a multi-row statement writes; their kinds are read from the model, so they cannot drift."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db import models

from kopilka.data.ids import new_keys


class ColumnKind(StrEnum):
    """What a column holds, which decides how a whole column of values is handed to a database.

    A document is a text that is given as bytes (UTF-8), as JSON is written; a key is an id that is given as its bytes.
    """

    UUID = "uuid"
    KEY = "pg_catalog.uuid"
    INTEGER = "int8"
    TEXT = "text"
    DOCUMENT = "pg_catalog.text"
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


class Rows:
    """Named columns of one table of a program, `id` first; a row is a tuple of values in this order.

    `changes` are those a row that is there already gets anew (all but the id when not said), `documents` are texts
    that are given as bytes. With `makes_ids` rows come without ids, which nobody asks for before they are written.
    """

    def __init__(
        self,
        model: type[models.Model],
        *columns: str,
        changes: tuple[str, ...] = (),
        documents: tuple[str, ...] = (),
        makes_ids: bool = False,
    ) -> None:
        self.columns = columns
        self.changes = changes or columns[1:]
        self.table: str = model._meta.db_table
        self.makes_ids = makes_ids
        kinds = [ColumnKind.DOCUMENT if column in documents else _kind_of(model, column) for column in columns]
        if makes_ids:
            kinds[0] = ColumnKind.KEY
        self.kinds = tuple(kinds)

    def columns_of(self, values: Sequence[tuple[Any, ...]]) -> list[Sequence[Any]]:
        """The values of each column in place of those of each row."""
        columns: list[Sequence[Any]] = list(zip(*values, strict=True))
        if self.makes_ids:
            columns.insert(0, new_keys(len(values)))
        return columns
