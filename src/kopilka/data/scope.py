"""Rows belong to programs: a queryset that refuses to run before it knows which program it is for."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class ProgramMissing(RuntimeError):
    """A query on a program's table was about to run without naming the program."""


class ProgramScoped(models.QuerySet[Any]):
    """`of(program_id)` first, everything else after: rows of no program are never read by accident."""

    _scoped = False

    def of(self, program_id: Any) -> Self:
        found = self.filter(program_id=program_id)
        found._scoped = True  # noqa: SLF001 - of our own class
        return found

    def across_programs(self) -> Self:
        """For jobs and checks that visit every program on purpose."""
        found = self.all()
        found._scoped = True  # noqa: SLF001 - of our own class
        return found

    def _clone(self) -> Self:
        made = super()._clone()  # type: ignore[misc]
        made._scoped = self._scoped  # noqa: SLF001 - of our own class
        return made

    def _fetch_all(self) -> None:
        self._must_be_scoped()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._must_be_scoped()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._must_be_scoped()
        return super().count()

    def exists(self) -> bool:
        self._must_be_scoped()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._must_be_scoped()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._must_be_scoped()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._must_be_scoped()
        return super().delete()

    def _must_be_scoped(self) -> None:
        if not self._scoped:
            raise ProgramMissing(f"{self.model.__name__}: call .of(program_id) first")


class AppendOnly(ProgramScoped):
    """Rows that are written once: neither update nor delete."""

    def update(self, **_kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class ProgramModel(models.Model):
    """A row of one program, with a UUIDv7 key. An update never writes `program_id`, and names it in its WHERE."""

    program: models.ForeignKey[Any, Any] = models.ForeignKey(
        "kopilka.Program", models.PROTECT, related_name="+", db_index=False
    )

    objects = ProgramScoped.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "rows"

    rows = models.Manager()  # Django's own need: related lookups and refresh_from_db

    def _do_update(  # Django's own hook, the one place where an UPDATE of a single row is put together
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any
    ) -> bool:
        kept = [value for value in values if value[0].attname != "program_id"]
        scoped = base_qs.filter(program_id=self.program_id)
        return bool(super()._do_update(scoped, using, pk_val, kept, update_fields, forced_update))  # type: ignore[misc]


class HotProgramModel(ProgramModel):
    """A program's row written at every purchase.

    Its `program` has no constraint in the database: checking it would lock the program's one row from every till at
    once. `kopilka books check` sweeps for rows of unknown programs instead (ADR 0006).
    """

    program = models.ForeignKey(
        "kopilka.Program", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta(ProgramModel.Meta):
        abstract = True
