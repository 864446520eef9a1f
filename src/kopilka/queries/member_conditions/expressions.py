"""Two things of which each database has its own words: a text within a text, the month and day of a date."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Func, Q, TextField, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan


class MonthDay(Func):
    """A date as MM-DD. SQLite keeps dates as texts; to ask Django's own function for each of a million is slow."""

    output_field = CharField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 6, 5)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="to_char(%(expressions)s, 'MM-DD')", **context)


def has_word(column: str, word: str) -> Q:
    """Does a space-separated text hold this very word? Case counts, which LIKE on SQLite forgets."""
    space = Value(" ", output_field=TextField())
    spaced = Concat(space, F(column), space, output_field=TextField())
    return Q(GreaterThan(StrIndex(spaced, Value(f" {word} ")), 0))
