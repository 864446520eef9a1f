"""Public pages: the installation's own, the program's, and what is printed."""

from __future__ import annotations

from collections.abc import Callable

from tools.screenshots.stage import Guest, Shot, Stage


def calculated(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('site-landing')}?amount=3000#calculator")


def no_sum(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('site-landing')}?amount=abc#calculator")


def paper(query: str) -> Callable[[Guest], None]:
    """A poster on this paper."""
    return lambda guest: _go(guest, f"{guest.stage.path('site-poster')}?{query}")


def yellow(guest: Guest) -> None:
    _go(guest, f"{guest.stage.path('site-tags')}?only=yellow")


def _go(guest: Guest, path: str) -> None:
    guest.page.goto(guest.stage.address + path)


def of_friend(_stage: Stage) -> dict[str, object]:
    return {"code": "48151623"}


def of_coupon(_stage: Stage) -> dict[str, object]:
    return {"code": "from-the-net"}


SHOTS = (
    Shot("site-home"),
    Shot("site-demo"),
    Shot("site-landing"),
    Shot("site-landing~calculated", go=calculated),
    Shot("site-landing~no-sum", go=no_sum),
    Shot("site-invite", parts=of_friend),
    Shot("site-coupon", parts=of_coupon),
    Shot("site-terms"),
    Shot("site-privacy"),
    Shot("site-ads"),
    Shot("site-posters"),
    Shot("site-poster"),
    Shot("site-poster~coupon", go=paper("size=a5&to=coupon&code=from-the-net")),
    Shot("site-poster~tent", go=paper("size=tent")),
    Shot("site-poster~without-code", go=paper("to=invite"), status=422),
    Shot("site-tags"),
    Shot("site-tags~yellow", go=yellow),
)
OTHERWISE = {
    "site-demo-device": "only takes",
    "site-poster-pdf": "a file",
    "site-tags-pdf": "a file",
}
