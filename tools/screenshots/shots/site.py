"""Public pages: the installation's own, the program's, and what is printed."""

from __future__ import annotations

from tools.screenshots.stage import Guest, Shot, Stage


def calculated(guest: Guest) -> None:
    guest.page.goto(f"{guest.stage.address}{guest.stage.path('site-landing')}?amount=3000#calculator")


def of_friend(_stage: Stage) -> dict[str, object]:
    return {"code": "48151623"}


def of_coupon(_stage: Stage) -> dict[str, object]:
    return {"code": "from-the-net"}


SHOTS = (
    Shot("site-home"),
    Shot("site-demo"),
    Shot("site-landing"),
    Shot("site-landing~calculated", go=calculated),
    Shot("site-invite", parts=of_friend),
    Shot("site-coupon", parts=of_coupon),
    Shot("site-terms"),
    Shot("site-privacy"),
    Shot("site-ads"),
    Shot("site-posters"),
    Shot("site-poster"),
    Shot("site-tags"),
)
OTHERWISE = {
    "site-demo-device": "only takes",
    "site-poster-pdf": "a file",
    "site-tags-pdf": "a file",
}
