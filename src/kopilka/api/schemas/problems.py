"""A refusal, as RFC 9457 wants it."""

from __future__ import annotations

from kopilka.api.schemas.fields import Out


class ProblemOut(Out):
    """`code` is stable and for machines; parameters of the code stand beside it under their own names."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
