"""Questions asked at every page, put into SQL once.

Django puts a queryset together anew each time it is run, which costs several times what the database needs to answer.
A `Prepared` question is a queryset with holes: compiled when it is first asked, filled and sent from then on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable

from kopilka.data.scope import ProgramScoped

_HOLE = re.compile(r"%s|:each_(\w+):")


class Hole(Expression):
    """One value, named when the question is asked: a UUID, a text, an integer, a moment or bytes; never None."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # noqa: ARG002 - Django's own hook
        return "%s", [self]


class Each(Hole):
    """Any number of values, behind `__in`. Where there are none, nothing can be found and nothing is asked."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # noqa: ARG002 - Django's own hook
        return f"(:each_{self.name}:)", []


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A value that stands in the queryset itself."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Many:
    name: str


_Holes = tuple[Hole | _Many | _Fixed, ...]
_Converters = tuple[tuple[int, Callable[[Any, Any, Any], Any], Any], ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`pieces`: the SQL, cut at each place of many values; `shape` makes what a row is given as."""

    pieces: tuple[str, ...]
    holes: _Holes
    converters: _Converters
    shape: Callable[[Sequence[Any]], Any]


class Prepared:
    """`write` gives the queryset: of a model's own columns or of `values_list`, without `select_related`."""

    def __init__(self, write: Callable[[], QuerySet[Any]]) -> None:
        self._write = write
        self._by_vendor: dict[str, _Compiled] = {}

    def all(self, **given: Any) -> list[Any]:
        """Rows as the queryset would give them."""
        now = connections[DEFAULT_DB_ALIAS]
        compiled = self._by_vendor.get(now.vendor) or self._compile(now)
        if len(compiled.pieces) > 1 and any(isinstance(one, _Many) and not given[one.name] for one in compiled.holes):
            return []
        sql, parameters = _filled(compiled, given, now)
        with now.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
        if rows and compiled.converters:
            rows = [_converted(row, compiled.converters, now) for row in rows]
        return [compiled.shape(row) for row in rows]

    def first(self, **given: Any) -> Any:
        """The first row, None where there is none; the queryset should end with [:1]."""
        found = self.all(**given)
        return found[0] if found else None

    def _compile(self, now: Any) -> _Compiled:
        rows = self._write()
        if isinstance(rows, ProgramScoped):
            rows._must_be_scoped()  # noqa: SLF001 - of our own class
        compiler = rows.query.get_compiler(connection=now)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select]
        found = compiler.get_converters(columns)
        converters = tuple((at, one, column) for at, (several, column) in found.items() for one in several)
        made = _Compiled(*_split(sql, parameters), converters, _shape(rows, columns))
        self._by_vendor[now.vendor] = made
        return made


def _shape(rows: Any, columns: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    kind, width = rows._iterable_class, len(columns)  # noqa: SLF001 - Django has no other way to ask
    if issubclass(kind, FlatValuesListIterable):
        return itemgetter(0)
    if issubclass(kind, ModelIterable):
        names = tuple(column.target.attname for column in columns)
        return lambda row: rows.model.from_db(DEFAULT_DB_ALIAS, names, row[:width])
    return lambda row: tuple(row[:width])


def _split(sql: str, parameters: Sequence[Any]) -> tuple[tuple[str, ...], _Holes]:
    left, begin = iter(parameters), 0
    holes: list[Hole | _Many | _Fixed] = []
    pieces: list[str] = []
    for hole in _HOLE.finditer(sql):
        if hole[1]:
            pieces.append(sql[begin : hole.start()])
            begin = hole.end()
            holes.append(_Many(hole[1]))
        else:
            value = next(left)
            holes.append(value if isinstance(value, Hole) else _Fixed(value))
    return (*pieces, sql[begin:]), tuple(holes)


def _filled(compiled: _Compiled, given: dict[str, Any], now: Any) -> tuple[str, list[Any]]:
    parameters: list[Any] = []
    sql, rest = compiled.pieces[0], iter(compiled.pieces[1:])
    for hole in compiled.holes:
        if isinstance(hole, _Fixed):
            parameters.append(hole.value)
        elif isinstance(hole, _Many):
            values = [_bound(one, now) for one in given[hole.name]]
            parameters += values
            sql += ", ".join(["%s"] * len(values)) + next(rest)
        else:
            parameters.append(_bound(given[hole.name], now))
    return sql, parameters


def _bound(value: Any, now: Any) -> Any:
    """A value as Django's backend hands it to the database."""
    if isinstance(value, UUID):
        return value if now.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return now.ops.adapt_datetimefield_value(value)
    return value


def _converted(row: Sequence[Any], converters: _Converters, now: Any) -> list[Any]:
    cells = list(row)
    for at, convert, column in converters:
        cells[at] = convert(cells[at], column, now)
    return cells
