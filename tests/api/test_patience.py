"""Bodies that never come: the request ends with its own refusal, others are left alone.

The loops keep a time of their own, in which a minute passes at once: what a busy machine does to clocks says nothing.
"""

import asyncio
import selectors

import pytest

from kopilka.api.calls import BODY_SECONDS_MAX, read_body
from kopilka.api.faults import Fault, Problem

pytestmark = pytest.mark.usefixtures("no_loop_of_the_browser")


class Selector(selectors.DefaultSelector):
    """When nothing happens, the time somebody waits for comes at once."""

    now = 0.0

    def select(self, timeout=None):
        events = super().select(0 if timeout else timeout)
        if timeout and not events:
            self.now += timeout
        return events


def run(work):
    def new_loop():
        selector = Selector()
        loop = asyncio.SelectorEventLoop(selector)
        loop.time = lambda: selector.now
        return loop

    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


async def never():
    await asyncio.sleep(3 * BODY_SECONDS_MAX)


def coming(after: float):
    async def receive():
        await asyncio.sleep(after)
        return {"type": "http.request", "body": b"{}", "more_body": False}

    return receive


def test_a_body_that_does_not_come_is_given_up():
    async def both():
        return await asyncio.gather(read_body(never), read_body(coming(BODY_SECONDS_MAX / 8)), return_exceptions=True)

    late, good = run(both())

    assert (late.code, good) == (Fault.BODY_TIMEOUT, b"{}")


def test_each_request_has_its_own_time():
    async def one_after_another():
        return [await read_body(coming(BODY_SECONDS_MAX * 0.6)) for _ in range(3)]

    assert run(one_after_another()) == [b"{}"] * 3


def test_whoever_is_cancelled_by_others_is_not_told_to_be_late():
    async def cancelled():
        task = asyncio.create_task(read_body(never))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        run(cancelled())


def test_a_late_task_goes_on_as_any_other():
    async def again():
        with pytest.raises(Problem):
            await read_body(never)
        await asyncio.sleep(0.01)
        return await read_body(coming(0)), asyncio.current_task().cancelling()

    assert run(again()) == (b"{}", 0)
